"""A second writer of RFC 8785, whole and slow: the public vectors prove it, and ours is compared with it."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any


def reference(value: Any) -> bytes:
    """Return RFC 8785 of a value that `json.loads` gives: null and floats too, any keys."""
    return _write(value).encode("utf-8")


def _write(value: Any) -> str:
    match value:
        case float():
            return number(value)
        case list():
            return f"[{','.join(map(_write, value))}]"
        case dict():
            members = sorted(value.items(), key=lambda item: item[0].encode("utf-16-be", "surrogatepass"))
            return "{" + ",".join(f"{_write(key)}:{_write(member)}" for key, member in members) + "}"
        case _:
            return json.dumps(value, ensure_ascii=False)


def number(value: float) -> str:
    """Write a float as ECMAScript's Number::toString does (RFC 8785 §3.2.2.3).

    Both languages take the shortest digits that read back as the same float; they differ in where the point stands.
    """
    if not math.isfinite(value):
        raise ValueError(value)
    if value == 0:
        return "0"
    sign, parts, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int)
    digits, point = "".join(map(str, parts)), len(parts) + exponent  # value = 0.digits × 10^point
    if len(digits) <= point <= 21:
        text = digits + "0" * (point - len(digits))
    elif 0 < point <= 21:
        text = f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        text = f"0.{'0' * -point}{digits}"
    else:
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        text = f"{digits[0]}{fraction}e{point - 1:+d}"
    return f"-{text}" if sign else text
