"""What survives of a signature of which one byte was changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ledger.errors import UntrustedInputError
from ledger.verify.signers import signer_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.pdf.signing import Signature
    from ledger.verify.trust import Trust


def accepted(signature: Signature, trust: Trust, places: Iterable[int] | None = None) -> list[int]:
    """Return the places of a CMS at which a bit can be changed and the signature is still accepted.

    Args:
        signature: One that holds.
        trust: Roots of its authority, and of its time stamp's.
        places: Where to try; everywhere where absent.
    """
    assert refusal(signature, trust) == ""
    return [
        place
        for place in (range(len(signature.cms)) if places is None else places)
        if not refusal(replace(signature, cms=changed(signature.cms, place)), trust)
    ]


def refusal(signature: Signature, trust: Trust) -> str:
    """Return the code with which a signature is refused, "" where it is accepted."""
    try:
        return signer_of(signature, trust).code
    except UntrustedInputError as error:
        return error.code


def changed(raw: bytes, place: int) -> bytes:
    """Return the bytes with the lowest bit of one of them changed."""
    return raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
