"""Canonical JSON (RFC 8785) of the restricted value model of format.md §2.

Values are objects, arrays, strings, integers and booleans: no null, no floats. Keys are ASCII, so that the
order of bytes is JCS's order of UTF-16 code units, and one serialiser with sorted keys writes JCS.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

import orjson

from ledger.errors import UntrustedInputError
from ledger.ids import DATA_KEY, MAX_DEPTH, MAX_INTEGER

__all__ = ["check_members", "check_text", "dumps", "loads", "nfc", "parse_canonical"]

# Control characters but \n, bidi controls, line and paragraph separators, noncharacters (format.md §2).
_FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
# In canonical text the only escapes of allowed characters are \" \\ and \n; with every \\ taken out, a backslash
# begins an escape.
_FORBIDDEN_ESCAPE = re.compile(rb'\\(?!["n])')
_CACHED_KEYS = 16
"""Objects of more keys than this are checked each time, so that the cache stays small whatever comes in."""


def dumps(value: Any) -> bytes:
    """Write a value of the model as JCS.

    Raises:
        UntrustedInputError: "not-canonical" or "forbidden-character" when the value is not of the model.
    """
    _check_value(value, 1)
    try:
        raw = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:  # lone surrogates
        raise UntrustedInputError("not-canonical", str(error)) from error
    check_text(raw)
    return raw


def loads(raw: bytes, max_bytes: int) -> Any:
    """Read JCS strictly: writing the value again gives the same bytes.

    Args:
        raw: What came from outside.
        max_bytes: Refuse anything longer.

    Raises:
        UntrustedInputError: "too-large", "not-json" or "not-canonical".
    """
    value = parse_canonical(raw, max_bytes)
    _check_value(value, 1)
    return value


def parse_canonical(raw: bytes, max_bytes: int) -> Any:
    """Read canonical text whose values the caller checks himself (`check_members`).

    Raises:
        UntrustedInputError: "too-large", "not-json" or "not-canonical".
    """
    if len(raw) > max_bytes:
        raise UntrustedInputError("too-large", f"{len(raw)} bytes, at most {max_bytes}")
    try:
        value = orjson.loads(raw)
        again = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError) as error:
        raise UntrustedInputError("not-json", str(error)) from error
    if again != raw:
        raise UntrustedInputError("not-canonical")
    check_text(raw)
    return value


def check_text(raw: bytes) -> None:
    """Refuse characters that format.md §2 forbids, in text that this module's serialiser has written.

    Raises:
        UntrustedInputError: "forbidden-character".
    """
    if b"\\" in raw and _FORBIDDEN_ESCAPE.search(raw.replace(b"\\\\", b"")):
        raise UntrustedInputError("forbidden-character", "an escape")
    # \x7f is the one forbidden ASCII character that JSON writes unescaped.
    if (not raw.isascii() and _FORBIDDEN.search(raw.decode())) or b"\x7f" in raw:
        raise UntrustedInputError("forbidden-character")


def check_members(data: Any) -> None:
    """Check an object that stands one level deep, as a statement's `data` does.

    Raises:
        UntrustedInputError: "not-canonical".
    """
    if type(data) is not dict:
        raise UntrustedInputError("not-canonical", "an object is wanted")
    _check_value(data, 2)


def nfc(value: Any) -> Any:
    """Return the value with every string in NFC: for writers only, verifiers do not look (format.md §2)."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case list() | tuple():
            return [nfc(member) for member in value]
        case dict():
            return {key: nfc(member) for key, member in value.items()}
        case _:
            return value


def _check_value(value: Any, depth: int) -> None:
    """Walk the value once. Strings are not looked at here: `check_text` reads them all at once."""
    kind = type(value)
    if kind is dict:
        keys = tuple(value)
        (_check_keys if len(keys) <= _CACHED_KEYS else _check_keys.__wrapped__)(keys)
        members = value.values()
    elif kind is list:
        members = value
    elif kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise UntrustedInputError("not-canonical", "integer out of range")
        return
    elif kind is str or kind is bool:
        return
    else:
        raise UntrustedInputError("not-canonical", f"a {kind.__name__} is no value of the format")
    if depth > MAX_DEPTH:
        raise UntrustedInputError("not-canonical", f"deeper than {MAX_DEPTH}")
    depth += 1
    for member in members:
        kind = type(member)
        if kind is not str and (kind is not int or not -MAX_INTEGER <= member <= MAX_INTEGER):
            _check_value(member, depth)


@lru_cache(maxsize=4096)
def _check_keys(keys: tuple[Any, ...]) -> None:
    """Check the keys of one object; the same few sets of keys come again and again."""
    for key in keys:
        if type(key) is not str or not DATA_KEY.fullmatch(key):
            raise UntrustedInputError("not-canonical", f"key {str(key)[:70]!r}")
