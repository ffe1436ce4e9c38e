"""Sealed values as salted disclosures (format.md §8, in the manner of RFC 9901)."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ledger.crypto import canonical
from ledger.crypto.merkle import leaf_hash, root_of
from ledger.errors import UntrustedInputError
from ledger.ids import MAX_DISCLOSURE_BYTES, SEALED_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Disclosure", "block_name", "block_root", "decode_base64url", "digest", "encode_base64url", "make", "parse"]

SALT_BYTES = 16
_TEXT = re.compile(r"[A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Disclosure:
    """An opened sealed value: 16 bytes of salt, its name, its value."""

    salt: bytes
    name: str
    value: Any


def encode_base64url(raw: bytes) -> str:
    """Write bytes as base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_base64url(text: str) -> bytes:
    """Read base64url without padding strictly.

    Raises:
        UntrustedInputError: "bad-base64url".
    """
    if not _TEXT.fullmatch(text):
        raise UntrustedInputError("bad-base64url", text[:40])
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise UntrustedInputError("bad-base64url", text[:40]) from error
    if encode_base64url(raw) != text:
        raise UntrustedInputError("bad-base64url", "not canonical")
    return raw


def make(name: str, value: Any, salt: bytes) -> str:
    """Return the disclosure of a value of the format's model; its strings are written in NFC.

    Args:
        name: What `sealed` calls the value, or `block/<n>`.
        value: Of the model of format.md §2, at most 7 levels deep.
        salt: 16 random bytes, never used before.

    Raises:
        UntrustedInputError: "bad-disclosure" for a name, salt or size that the format does not admit,
            "not-canonical" or "forbidden-character" for such a value.
    """
    _check_head(salt, name)
    text = encode_base64url(canonical.dumps([encode_base64url(salt), name, canonical.nfc(value)]))
    if len(text) > MAX_DISCLOSURE_BYTES:
        raise UntrustedInputError("bad-disclosure", f"{len(text)} characters, at most {MAX_DISCLOSURE_BYTES}")
    return text


def _check_head(salt: bytes, name: str) -> None:
    if len(salt) != SALT_BYTES or not SEALED_NAME.fullmatch(name):
        raise UntrustedInputError("bad-disclosure", f"salt or name {name[:64]!r}")


def parse(text: str) -> Disclosure:
    """Read a disclosure strictly: writing it again gives the same text.

    Raises:
        UntrustedInputError: "bad-disclosure", "bad-base64url", "not-json", "not-canonical" or "forbidden-character".
    """
    if len(text) > MAX_DISCLOSURE_BYTES:
        raise UntrustedInputError("bad-disclosure", f"{len(text)} characters, at most {MAX_DISCLOSURE_BYTES}")
    parts = canonical.loads(decode_base64url(text), MAX_DISCLOSURE_BYTES)
    if type(parts) is not list or len(parts) != 3:
        raise UntrustedInputError("bad-disclosure", "three members are wanted")
    salt, name, value = parts
    if type(salt) is not str or type(name) is not str:
        raise UntrustedInputError("bad-disclosure", "salt and name are strings")
    disclosure = Disclosure(decode_base64url(salt), name, value)
    _check_head(disclosure.salt, name)
    return disclosure


def digest(text: str) -> str:
    """Return base64url(SHA-256) of the ASCII disclosure: what `sealed` maps its name to.

    Raises:
        UntrustedInputError: "bad-disclosure" when the text is not ASCII.
    """
    if not text.isascii():
        raise UntrustedInputError("bad-disclosure", "not ASCII")
    return encode_base64url(sha256(text.encode("ascii")).digest())


def block_name(number: int) -> str:
    """Return the name of an acta's block; they are numbered from 1 in reading order."""
    return f"block/{number}"


def block_root(texts: Iterable[str]) -> str:
    """Return the RFC 9162 root, in hex, over the disclosures of an acta's blocks in reading order (format.md §3)."""
    return root_of([leaf_hash(text.encode("ascii")) for text in texts]).hex()
