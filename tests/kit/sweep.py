"""What survives of a signed paper, or of a signature, of which one byte was changed."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from ledger.errors import UntrustedInputError
from ledger.pdf.signing import parse
from ledger.verify.signers import signer_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.pdf.signing import Signature
    from ledger.verify.trust import Trust


SWEPT, SWEPT_INSIDE = 2_000, 200


def sweep(signed: bytes) -> Iterator[tuple[int, bytes]]:
    """Give 2,000 places of a signed paper, 200 of them inside a /Contents, each with the paper changed there."""
    chance = random.Random(2026)
    inside = [place for s in parse(signed).signatures for place in range(s.covers - 33_000, s.covers - 300)]
    places = chance.sample(range(len(signed)), SWEPT - SWEPT_INSIDE) + chance.sample(inside, SWEPT_INSIDE)
    for place in places:
        raw = bytearray(signed)
        raw[place] ^= 1 << chance.randrange(8)
        yield place, bytes(raw)


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
