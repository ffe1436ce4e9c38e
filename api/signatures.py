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
from ledger.errors import RuleViolation, UntrustedInputError
from ledger.ids import parse_written

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.application import Ledger
    from ledger.crypto.keys import PrivateKey
    from ledger.domain.world import State, World

CONTEXT = "acervo/document/v1"
MAX_AGE = timedelta(minutes=15)
MAX_AHEAD = timedelta(minutes=5)
_HEADER = re.compile(r"keyid=([0-9a-f]{64}); time=([0-9T:+-]{25}); sig=([A-Za-z0-9+/]{4,700}={0,2})")


def message(origin: str, digest: str, publicity: str, time: str) -> bytes:
    """Return the bytes that are signed to store a document."""
    return "".join(f"{line}\n" for line in (CONTEXT, origin, digest, publicity, time)).encode()


def header(key: PrivateKey, origin: str, digest: str, publicity: str, time: str) -> str:
    """Return the header's value, for clients."""
    signature = base64.b64encode(key.sign(message(origin, digest, publicity, time))).decode()
    return f"keyid={key.public.keyid}; time={time}; sig={signature}"


class _World:
    """The ledger's states as this process knows them, for the one question whose a key is."""

    def __init__(self, ledger: Ledger) -> None:
        self.origin = ledger.origin
        self._ledger = ledger

    def state(self, stream: str) -> State | None:
        """Return the stream's state; asking for its head first reads again what has moved."""
        self._ledger.stream_head(stream)
        return self._ledger.state(stream)

    def begun(self, stream: str) -> bool:
        """Tell whether an entry stands in the stream."""
        return self._ledger.stream_head(stream)[0] > 0

    def rule(self, code: str) -> None:
        """Do nothing: nothing is recorded."""

    def lacks(self, code: str) -> None:
        """Do nothing: nothing is recorded."""

    def remark(self, code: str, **params: object) -> None:
        """Do nothing: nothing is recorded."""

    def until(self, instant: datetime) -> None:
        """Do nothing: nothing is recorded."""


def check_upload(ledger: Ledger, value: str, digest: str, publicity: str) -> None:
    """Check that a usable key of this ledger signed the wish to store a document.

    Raises:
        ApiError: 401 "upload-signature": malformed, too old, not the key's, or the key is not usable.
    """
    match = _HEADER.fullmatch(value)
    if match is None:
        raise ApiError(401, "upload-signature", "keyid=…; time=…; sig=…")
    keyid, time, encoded = match.groups()
    world: World = _World(ledger)
    try:
        age = utc_now() - parse_written(time)
        signature = base64.b64decode(encoded, validate=True)
        key = signer_of(keyid, world).key
    except (RuleViolation, UntrustedInputError, binascii.Error) as error:
        raise ApiError(401, "upload-signature", str(error)) from error
    if not -MAX_AHEAD <= age <= MAX_AGE:
        raise ApiError(401, "upload-signature", time)
    if not key.verify(signature, message(ledger.origin, digest, publicity, time)):
        raise ApiError(401, "upload-signature", "the signature does not verify")
