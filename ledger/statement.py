"""Statement, signed act and entry: the bytes that are signed, carried and stored (format.md §3, §4, §6).

Bytes first: what was signed is kept as it came; a parse is accepted only if writing it again gives the same
bytes. Nothing here knows act types or rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from ledger.crypto import canonical
from ledger.crypto.b64 import decode_base64, encode_base64
from ledger.crypto.disclosure import digest
from ledger.crypto.dsse import PAYLOAD_TYPE, pae
from ledger.errors import UntrustedInputError
from ledger.ids import (
    ACT_TYPE,
    BASE64URL_SHA256,
    MAX_BASIS,
    MAX_ENTRY_BYTES,
    MAX_ORIGIN_BYTES,
    MAX_SEALED,
    MAX_STATEMENT_BYTES,
    MAX_STREAM_BYTES,
    ORIGIN,
    SEALED_NAME,
    SHA256_HEX,
    STREAM,
    parse_recorded,
    parse_written,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.crypto.keys import PrivateKey, PublicKey

__all__ = ["Entry", "SignedAct", "Statement", "sign"]

KEYS = frozenset(
    (
        "basis",
        "data",
        "ledger",
        "occurred_at",
        "office",
        "prev",
        "sealed",
        "signed_at",
        "signer",
        "stream",
        "type",
        "version",
    )
)
MAX_SIGNATURE_BYTES = 512
MAX_VERSION = 10**9


@dataclass(frozen=True, slots=True)
class Statement:
    """The bytes that an officer signs, and what they say (format.md §3). Instants stay as written."""

    raw: bytes
    basis: Mapping[str, str]
    data: Mapping[str, Any]
    ledger: str
    occurred_at: str
    office: str
    prev: str
    sealed: Mapping[str, str]
    signed_at: str
    signer: str
    stream: str
    type: str
    version: int
    sha256: str = field(default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", sha256(self.raw).hexdigest())

    @classmethod
    def parse(cls, raw: bytes) -> Statement:
        """Read a statement strictly.

        Raises:
            UntrustedInputError: what is wrong with it.
        """
        value = canonical.parse_canonical(raw, MAX_STATEMENT_BYTES)
        if not isinstance(value, dict) or value.keys() != KEYS:
            raise UntrustedInputError("bad-statement", "exactly twelve keys are wanted")
        _check_fields(value)
        return cls(raw=raw, **value)

    @classmethod
    def compose(cls, **fields: Any) -> Statement:
        """Write a statement from its twelve fields; it is read back, so that what is written can be read.

        Raises:
            UntrustedInputError: what is wrong with a field.
        """
        return cls.parse(orjson.dumps(fields, option=orjson.OPT_SORT_KEYS))


def _check_fields(value: dict[str, Any]) -> None:
    version = value["version"]
    if type(version) is not int or not 1 <= version <= MAX_VERSION:
        raise UntrustedInputError("bad-statement", "version")
    for key in ("ledger", "occurred_at", "office", "prev", "signed_at", "signer", "stream", "type"):
        if type(value[key]) is not str:
            raise UntrustedInputError("bad-statement", key)
    if len(value["ledger"]) > MAX_ORIGIN_BYTES or not ORIGIN.fullmatch(value["ledger"]):
        raise UntrustedInputError("bad-statement", "ledger")
    for key in ("office", "stream"):
        if len(value[key]) > MAX_STREAM_BYTES or not STREAM.fullmatch(value[key]):
            raise UntrustedInputError("bad-statement", key)
    for key in ("prev", "signer"):
        if not SHA256_HEX.fullmatch(value[key]):
            raise UntrustedInputError("bad-statement", key)
    if not ACT_TYPE.fullmatch(value["type"]):
        raise UntrustedInputError("bad-statement", "type")
    parse_written(value["occurred_at"])
    parse_written(value["signed_at"])
    _check_map(value["basis"], "basis", STREAM, SHA256_HEX, MAX_BASIS)
    _check_map(value["sealed"], "sealed", SEALED_NAME, BASE64URL_SHA256, MAX_SEALED)
    canonical.check_members(value["data"])
    if not value["sealed"].keys().isdisjoint(value["data"].keys()):
        raise UntrustedInputError("bad-statement", "a sealed name stands in data too")


def _check_map(value: Any, name: str, keys: re.Pattern[str], values: re.Pattern[str], most: int) -> None:
    if type(value) is not dict or len(value) > most:
        raise UntrustedInputError("bad-statement", name)
    for key, member in value.items():
        if len(key) > MAX_STREAM_BYTES or not keys.fullmatch(key):
            raise UntrustedInputError("bad-statement", f"{name}: {key[:70]}")
        if type(member) is not str or not values.fullmatch(member):
            raise UntrustedInputError("bad-statement", f"{name}: {key[:70]}")


@dataclass(frozen=True, slots=True)
class SignedAct:
    """A statement, its one signature, and the disclosures that go with it to the vault."""

    statement: Statement
    signature: bytes
    disclosures: Mapping[str, str] = field(default_factory=dict)

    def envelope(self) -> bytes:
        """Return the DSSE envelope as JCS (format.md §4)."""
        return b'{"payload":"%s","payloadType":"%s","signatures":[{"keyid":"%s","sig":"%s"}]}' % (
            encode_base64(self.statement.raw).encode(),
            PAYLOAD_TYPE.encode(),
            self.statement.signer.encode(),
            encode_base64(self.signature).encode(),
        )

    @classmethod
    def parse(cls, envelope: bytes, disclosures: Mapping[str, str] | None = None) -> SignedAct:
        """Read an envelope strictly: JCS, one signature, its keyid the statement's signer.

        Raises:
            UntrustedInputError: what is wrong with it.
        """
        if len(envelope) > MAX_ENTRY_BYTES:
            raise UntrustedInputError("too-large", f"{len(envelope)} bytes, at most {MAX_ENTRY_BYTES}")
        match = _ENVELOPE.fullmatch(envelope)
        if match is None:
            raise UntrustedInputError("bad-envelope")
        return _signed_act(match, dict(disclosures or {}))

    def verify(self, key: PublicKey) -> bool:
        """Tell whether the signature is the key's, and the key the signer's (V7)."""
        return key.keyid == self.statement.signer and key.verify(self.signature, pae(self.statement.raw))

    def check_disclosures(self) -> None:
        """Check that the disclosures are those of `sealed`, all of them, by digest; names beginning `block/` apart.

        Raises:
            UntrustedInputError: "disclosure-missing", "disclosure-unknown" or "disclosure-digest".
        """
        sealed = self.statement.sealed
        for name in sealed:
            if name not in self.disclosures:
                raise UntrustedInputError("disclosure-missing", name)
        for name, text in self.disclosures.items():
            if name not in sealed:
                if name.startswith("block/"):
                    continue
                raise UntrustedInputError("disclosure-unknown", name[:64])
            if not text.isascii() or digest(text) != sealed[name]:
                raise UntrustedInputError("disclosure-digest", name)


_SIGNED = (
    rb'\{"payload":"(?P<payload>[A-Za-z0-9+/=]*)","payloadType":"application/vnd\.acervo\.act\.v1\+json",'
    rb'"signatures":\[\{"keyid":"(?P<keyid>[0-9a-f]{64})","sig":"(?P<sig>[A-Za-z0-9+/=]*)"\}\]\}'
)
_ENVELOPE = re.compile(_SIGNED)
_ENTRY = re.compile(
    rb'\{"act":' + _SIGNED + rb',"index":(?P<index>0|[1-9][0-9]{0,15}),"recorded_at":"(?P<recorded>[0-9TZ:.-]{27})"\}'
)


def _signed_act(match: re.Match[bytes], disclosures: Mapping[str, str]) -> SignedAct:
    statement = Statement.parse(decode_base64(match["payload"].decode()))
    if statement.signer != match["keyid"].decode():
        raise UntrustedInputError("bad-envelope", "keyid is not the signer")
    signature = decode_base64(match["sig"].decode())
    if not 1 <= len(signature) <= MAX_SIGNATURE_BYTES:
        raise UntrustedInputError("bad-envelope", "signature")
    return SignedAct(statement, signature, disclosures)


def sign(statement: Statement, key: PrivateKey, disclosures: Mapping[str, str] | None = None) -> SignedAct:
    """Sign a statement with its signer's key."""
    return SignedAct(statement, key.sign(pae(statement.raw)), dict(disclosures or {}))


@dataclass(frozen=True, slots=True)
class Entry:
    """A leaf of the tree: the act, its index, the time it was recorded (format.md §6)."""

    raw: bytes
    index: int
    recorded_at: str
    act: SignedAct

    @classmethod
    def parse(cls, raw: bytes) -> Entry:
        """Read an entry strictly (V6).

        Raises:
            UntrustedInputError: what is wrong with it.
        """
        if len(raw) > MAX_ENTRY_BYTES:
            raise UntrustedInputError("too-large", f"{len(raw)} bytes, at most {MAX_ENTRY_BYTES}")
        match = _ENTRY.fullmatch(raw)
        if match is None:
            raise UntrustedInputError("bad-entry")
        recorded_at = match["recorded"].decode()
        parse_recorded(recorded_at)
        return cls(raw, int(match["index"]), recorded_at, _signed_act(match, {}))

    @classmethod
    def compose(cls, act: SignedAct, index: int, recorded_at: str) -> Entry:
        """Write an entry as the append function does.

        Raises:
            UntrustedInputError: "too-large", or "bad-entry" for an index or instant that cannot be.
        """
        raw = b'{"act":%s,"index":%d,"recorded_at":"%s"}' % (act.envelope(), index, recorded_at.encode())
        return cls.parse(raw)
