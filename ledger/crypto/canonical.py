"""Canonical JSON (RFC 8785) of the restricted value model of format.md §2.

Values are objects, arrays, strings, integers and booleans: no null, no floats. Keys are ASCII, so that the
order of bytes is JCS's order of UTF-16 code units, and one serialiser with sorted keys writes JCS.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from ledger.errors import UntrustedInputError
from ledger.ids import DATA_KEY, MAX_DEPTH, MAX_INTEGER

__all__ = ["check_text", "dumps", "loads"]

# Control characters but \n, bidi controls, line and paragraph separators, noncharacters (format.md §2).
_FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
# In canonical text the only escapes of allowed characters are \" \\ and \n.
_ALLOWED_ESCAPES = re.compile(rb'(?:[^\\]|\\["\\n])*')


def dumps(value: Any) -> bytes:
    """Write a value of the model as JCS.

    Raises:
        UntrustedInputError: "not-canonical" when the value is not of the model.
    """
    try:
        raw = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONEncodeError, TypeError) as error:
        raise UntrustedInputError("not-canonical", str(error)) from error
    check_text(raw)
    _check_value(value, 1)
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
    except (orjson.JSONDecodeError, orjson.JSONEncodeError, TypeError, RecursionError) as error:
        raise UntrustedInputError("not-json", str(error)) from error
    if again != raw:
        raise UntrustedInputError("not-canonical")
    check_text(raw)
    return value


def check_text(raw: bytes) -> None:
    """Refuse characters that format.md §2 forbids, in canonical text or in any UTF-8 text.

    Raises:
        UntrustedInputError: "forbidden-character".
    """
    if b"\\" in raw and not _ALLOWED_ESCAPES.fullmatch(raw):
        raise UntrustedInputError("forbidden-character")
    # \x7f is the one forbidden ASCII character that JSON writes unescaped.
    if (not raw.isascii() and _FORBIDDEN.search(raw.decode())) or b"\x7f" in raw:
        raise UntrustedInputError("forbidden-character")


def check_members(data: Any) -> None:
    """Check the values of an object whose members may nest to the format's depth, seen from the top.

    Raises:
        UntrustedInputError: "not-canonical".
    """
    if not isinstance(data, dict):
        raise UntrustedInputError("not-canonical", "an object is wanted")
    _check_value(data, 2)


def _check_value(value: Any, depth: int) -> None:
    kind = type(value)
    if kind is str or kind is bool:
        return
    if kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise UntrustedInputError("not-canonical", "integer out of range")
    elif kind is dict:
        _check_depth(depth)
        for key, member in value.items():
            if type(key) is not str or not DATA_KEY.fullmatch(key):
                raise UntrustedInputError("not-canonical", f"key {str(key)[:70]}")
            if type(member) is not str:
                _check_value(member, depth + 1)
    elif kind is list:
        _check_depth(depth)
        for member in value:
            if type(member) is not str:
                _check_value(member, depth + 1)
    else:
        raise UntrustedInputError("not-canonical", f"a {kind.__name__} is no value of the format")


def _check_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise UntrustedInputError("not-canonical", f"deeper than {MAX_DEPTH}")
