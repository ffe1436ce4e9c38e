"""Signatures in a header, for what is no act: who may store a document."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from api.problems import ApiError
from ledger.clock import utc_now
from ledger.domain.trust import signer_of
from ledger.domain.world import View
from ledger.errors import RuleViolation, UntrustedInputError
from ledger.ids import parse_written

if TYPE_CHECKING:
    from ledger.application import Ledger
    from ledger.crypto.keys import Secret
    from ledger.domain.world import State

CONTEXT = "acervo/document/v1"
MAX_AGE = timedelta(minutes=15)
MAX_AHEAD = timedelta(minutes=5)
_HEADER = re.compile(r"keyid=([0-9a-f]{64}); time=([0-9T:+-]{25}); sig=([A-Za-z0-9+/]{4,700}={0,2})")


def message(origin: str, digest: str, publicity: str, time: str) -> bytes:
    """Return the bytes that are signed to store a document."""
    return "".join(f"{line}\n" for line in (CONTEXT, origin, digest, publicity, time)).encode()


def header(key: Secret, origin: str, digest: str, publicity: str, time: str) -> str:
    """Return the header's value, for clients."""
    signature = base64.b64encode(key.sign(message(origin, digest, publicity, time))).decode()
    return f"keyid={key.public.keyid}; time={time}; sig={signature}"


def fresh(ledger: Ledger) -> View:
    """Return the ledger's states as they stand: each is read again if it has moved."""

    def state(stream: str) -> State | None:
        ledger.stream_head(stream)  # another process may have moved it
        return ledger.state(stream)

    return View(state, ledger.origin)


def check_upload(ledger: Ledger, value: str, digest: str, publicity: str) -> None:
    """Check that a usable key of this ledger signed the wish to store a document.

    Raises:
        ApiError: 401 "upload-signature": malformed, too old, not the key's, or the key is not usable.
    """
    match = _HEADER.fullmatch(value)
    if match is None:
        raise ApiError(401, "upload-signature", "keyid=…; time=…; sig=…")
    keyid, time, encoded = match.groups()
    try:
        age = utc_now() - parse_written(time)
        signature = base64.b64decode(encoded, validate=True)
        key = signer_of(keyid, fresh(ledger)).key
    except (RuleViolation, UntrustedInputError, binascii.Error) as error:
        raise ApiError(401, "upload-signature", str(error)) from error
    if not -MAX_AHEAD <= age <= MAX_AGE:
        raise ApiError(401, "upload-signature", time)
    if not key.verify(signature, message(ledger.origin, digest, publicity, time)):
        raise ApiError(401, "upload-signature", "the signature does not verify")
