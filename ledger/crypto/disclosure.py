"""Sealed values as salted disclosures (format.md §8, in the manner of RFC 9901)."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson

from ledger.crypto.canonical import check_text
from ledger.errors import UntrustedInputError
from ledger.ids import MAX_DISCLOSURE_BYTES, SEALED_NAME

__all__ = ["Disclosure", "decode_base64url", "digest", "encode_base64url", "make", "parse"]

SALT_BYTES = 16
_TEXT = re.compile(r"[A-Za-z0-9_-]+")


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
    """Return the disclosure of a value.

    Raises:
        UntrustedInputError: "bad-disclosure" for a name, salt or value that the format does not admit.
    """
    if len(salt) != SALT_BYTES or not SEALED_NAME.fullmatch(name):
        raise UntrustedInputError("bad-disclosure", name[:64])
    try:
        raw = orjson.dumps([encode_base64url(salt), name, value], option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONEncodeError, TypeError) as error:
        raise UntrustedInputError("bad-disclosure", str(error)) from error
    check_text(raw)
    return encode_base64url(raw)


def parse(text: str) -> Disclosure:
    """Read a disclosure strictly: writing it again gives the same text.

    Raises:
        UntrustedInputError: "bad-disclosure", "bad-base64url" or "forbidden-character".
    """
    if len(text) > MAX_DISCLOSURE_BYTES:
        raise UntrustedInputError("bad-disclosure", f"{len(text)} characters")
    raw = decode_base64url(text)
    try:
        parts = orjson.loads(raw)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise UntrustedInputError("bad-disclosure", str(error)) from error
    if not isinstance(parts, list) or len(parts) != 3:
        raise UntrustedInputError("bad-disclosure", "three members are wanted")
    salt, name, value = parts
    if not isinstance(salt, str) or not isinstance(name, str):
        raise UntrustedInputError("bad-disclosure", "salt and name are strings")
    disclosure = Disclosure(decode_base64url(salt), name, value)
    if make(name, value, disclosure.salt) != text:
        raise UntrustedInputError("bad-disclosure", "not canonical")
    return disclosure


def digest(text: str) -> str:
    """Return base64url(SHA-256) of the ASCII disclosure: what `sealed` maps its name to."""
    return encode_base64url(sha256(text.encode("ascii")).digest())
