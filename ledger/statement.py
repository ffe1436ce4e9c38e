"""Statement, signed act and entry: the bytes that are signed, carried and stored (format.md §3, §4, §6).

Bytes first: what was signed is kept as it came; a parse is accepted only if writing it again gives the same
bytes. Nothing here knows act types or rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import sha256
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from ledger.crypto import canonical, disclosure
from ledger.crypto.dsse import ENVELOPE, pae, read_envelope, write_envelope
from ledger.errors import UntrustedInputError
from ledger.ids import (
    ACT_TYPE,
    BASE64URL_SHA256,
    MAX_BASIS,
    MAX_ENTRY_BYTES,
    MAX_INTEGER,
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
    from datetime import datetime

    from ledger.crypto.keys import PublicKey, Secret

__all__ = ["Entry", "EntryParts", "SignedAct", "Statement", "read_entry", "sign", "write_entry"]

# The fields that are text, with what each looks like and how long it may be.
_TEXTS = {
    "ledger": (ORIGIN, MAX_ORIGIN_BYTES),
    "office": (STREAM, MAX_STREAM_BYTES),
    "prev": (SHA256_HEX, 64),
    "signer": (SHA256_HEX, 64),
    "stream": (STREAM, MAX_STREAM_BYTES),
    "type": (ACT_TYPE, MAX_STREAM_BYTES),
}
KEYS = frozenset(("basis", "data", "occurred_at", "sealed", "signed_at", "version", *_TEXTS))
# All of them at once, a line each: quicker than one by one, and no field can hold a line break.
_ALL_TEXTS = re.compile(
    "\n".join(rf"(?=.{{1,{longest}}}$){pattern.pattern}" for pattern, longest in _TEXTS.values()), re.MULTILINE
)
_all_texts = itemgetter(*_TEXTS)
_BLOCK_NAME = re.compile("block/[1-9][0-9]{0,5}")


class Statement(NamedTuple):
    """The bytes that an officer signs, and what they say (format.md §3). Instants stay as written.

    A tuple, because a verifier makes two of them an act; the twelve stand in the order of JCS.

    Attributes:
        raw: JCS of the twelve that follow, at most 44 KiB.
        sha256: Of `raw`, lower-case hex: what `prev` and `basis` of later statements say.
    """

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
    sha256: str

    @classmethod
    def parse(cls, raw: bytes) -> Statement:
        """Read a statement strictly.

        Raises:
            UntrustedInputError: "too-large", "not-json", "not-canonical", "forbidden-character", "bad-instant" or
                "bad-statement", naming the field.
        """
        value = canonical.parse_canonical(raw, MAX_STATEMENT_BYTES)
        if not isinstance(value, dict) or value.keys() != KEYS:
            raise UntrustedInputError("bad-statement", "exactly twelve keys are wanted")
        _check_fields(value)
        return cls.of(raw, value)

    @classmethod
    def of(cls, raw: bytes, value: Mapping[str, Any]) -> Statement:
        """Return the statement whose bytes were read strictly, now or before, and say `value`: nothing is checked."""
        return cls._make((raw, *value.values(), sha256(raw).hexdigest()))

    @classmethod
    def compose(cls, **fields: Any) -> Statement:
        """Write a statement from its twelve fields, strings in NFC; it is read back, so that it can be read.

        Raises:
            UntrustedInputError: what is wrong with a field.
        """
        try:
            raw = orjson.dumps(canonical.nfc(fields), option=orjson.OPT_SORT_KEYS)
        except TypeError as error:
            raise UntrustedInputError("bad-statement", str(error)) from error
        return cls.parse(raw)


def _check_fields(value: dict[str, Any]) -> None:
    version = value["version"]
    if type(version) is not int or not 1 <= version <= MAX_INTEGER:
        raise UntrustedInputError("bad-statement", "version")
    _check_texts(value)
    parse_written(value["occurred_at"])
    parse_written(value["signed_at"])
    _check_map(value["basis"], "basis", STREAM, SHA256_HEX, MAX_BASIS)
    _check_map(value["sealed"], "sealed", SEALED_NAME, BASE64URL_SHA256, MAX_SEALED)
    canonical.check_members(value["data"])
    if value["sealed"] and not value["sealed"].keys().isdisjoint(value["data"]):
        raise UntrustedInputError("bad-statement", "a sealed name stands in data too")


def _check_texts(value: dict[str, Any]) -> None:
    for key in ("occurred_at", "signed_at"):
        if type(value[key]) is not str:
            raise UntrustedInputError("bad-statement", key)
    texts = _all_texts(value)
    try:
        if _ALL_TEXTS.fullmatch("\n".join(texts)):
            return
    except TypeError:
        pass  # one is no text
    for (key, (pattern, longest)), text in zip(_TEXTS.items(), texts, strict=True):
        if type(text) is not str or len(text) > longest or not pattern.fullmatch(text):
            raise UntrustedInputError("bad-statement", key)


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
        return write_envelope(self.statement.raw, self.statement.signer, self.signature).encode("ascii")

    @classmethod
    def parse(cls, envelope: bytes | Mapping[str, Any], disclosures: Mapping[str, str] | None = None) -> SignedAct:
        """Read an envelope strictly: JCS, one signature, its keyid the statement's signer.

        Args:
            envelope: Its bytes, or what a surrounding JSON document that was already parsed says.
            disclosures: By name, not looked at here: see `check_disclosures`.

        Raises:
            UntrustedInputError: "too-large", "bad-envelope", "base64-malformed" or what `Statement.parse` says.
        """
        raw = envelope if isinstance(envelope, bytes) else _rewrite(envelope)
        match = _ENVELOPE.fullmatch(_ascii(raw, "bad-envelope"))
        if match is None:
            raise UntrustedInputError("bad-envelope")
        return cls(*_signed(match), dict(disclosures or {}))

    def verify(self, key: PublicKey) -> bool:
        """Tell whether the signature is the key's, and the key the signer's (V7)."""
        return key.keyid == self.statement.signer and key.verify(self.signature, pae(self.statement.raw))

    def check_disclosures(self, *, blocks: bool = False) -> None:
        """Check that the disclosures are those of `sealed`, all of them, each by its name and digest.

        Args:
            blocks: Of an acta's draft: disclosures named `block/<n>` may come as well. They are committed by a root
                in the data, which `ledger.blocks.check_blocks` compares.

        Raises:
            UntrustedInputError: "disclosure-missing", "disclosure-unknown", "disclosure-name", "disclosure-digest" or
                what `disclosure.parse` says.
        """
        sealed = self.statement.sealed
        for name, text in self.disclosures.items():
            if type(name) is not str or type(text) is not str:
                raise UntrustedInputError("bad-disclosure", "not text")
            if name in sealed:
                if disclosure.digest(text) != sealed[name]:
                    raise UntrustedInputError("disclosure-digest", name)
            elif not blocks or not _BLOCK_NAME.fullmatch(name):
                raise UntrustedInputError("disclosure-unknown", name[:64])
            if disclosure.parse(text).name != name:
                raise UntrustedInputError("disclosure-name", name)
        for name in sealed:
            if name not in self.disclosures:
                raise UntrustedInputError("disclosure-missing", name)


_ENVELOPE = re.compile(ENVELOPE)
_ENTRY = re.compile(
    r'\{"act":' + ENVELOPE + r',"index":(?P<index>0|[1-9][0-9]{0,15}),"recorded_at":"(?P<recorded>[0-9TZ:.-]{27})"\}'
)


def _ascii(raw: bytes, code: str) -> str:
    """Return envelope or entry as text: both are ASCII, since what they carry is base64."""
    if len(raw) > MAX_ENTRY_BYTES:
        raise UntrustedInputError("too-large", f"{len(raw)} bytes, at most {MAX_ENTRY_BYTES}")
    try:
        return raw.decode("ascii")
    except UnicodeDecodeError as error:
        raise UntrustedInputError(code, "not ASCII") from error


def _rewrite(value: Any) -> bytes:
    """Write a parsed envelope again in JCS order; whatever else it may be, it will not match."""
    try:
        return orjson.dumps(dict(value), option=orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError) as error:
        raise UntrustedInputError("bad-envelope", str(error)) from error


def _signed(match: re.Match[str]) -> tuple[Statement, bytes]:
    payload, keyid, signature = read_envelope(match)
    statement = Statement.parse(payload)
    if statement.signer != keyid:
        raise UntrustedInputError("bad-envelope", "keyid is not the signer")
    return statement, signature


def sign(statement: Statement, key: Secret, disclosures: Mapping[str, str] | None = None) -> SignedAct:
    """Sign a statement with its signer's key."""
    return SignedAct(statement, key.sign(pae(statement.raw)), dict(disclosures or {}))


class EntryParts(NamedTuple):
    """What an entry says, for a verifier, who needs no more of it; `recorded` is the instant of `recorded_at`."""

    number: int
    recorded_at: str
    recorded: datetime
    statement: Statement
    signature: bytes


def read_entry(raw: bytes) -> EntryParts:
    """Read an entry strictly (V6).

    Raises:
        UntrustedInputError: what is wrong with it.
    """
    match = _ENTRY.fullmatch(_ascii(raw, "bad-entry"))
    if match is None:
        raise UntrustedInputError("bad-entry")
    number, recorded_at = int(match["index"]), match["recorded"]
    if number > MAX_INTEGER:
        raise UntrustedInputError("bad-entry", "index")
    return EntryParts(number, recorded_at, parse_recorded(recorded_at), *_signed(match))


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
        parts = read_entry(raw)
        return cls(raw, parts.number, parts.recorded_at, SignedAct(parts.statement, parts.signature))

    @classmethod
    def compose(cls, act: SignedAct, index: int, recorded_at: str) -> Entry:
        """Write an entry as the append function does.

        Raises:
            UntrustedInputError: "too-large", or "bad-entry" for an index or instant that cannot be.
        """
        return cls.parse(write_entry(act, index, recorded_at))


def write_entry(act: SignedAct, index: int, recorded_at: str) -> bytes:
    """Return an entry's bytes as the append function writes them (format.md §6); nothing is checked."""
    return b'{"act":%s,"index":%d,"recorded_at":"%s"}' % (act.envelope(), index, recorded_at.encode())
