"""Standard base64, accepted only as it would be written (format §2: RFC 4648 §4 with padding, canonical)."""

from __future__ import annotations

import binascii

from ledger.errors import UntrustedInputError

__all__ = ["decode_base64", "encode_base64"]


def encode_base64(raw: bytes) -> str:
    """Write bytes as base64 with padding, on one line."""
    return binascii.b2a_base64(raw, newline=False).decode("ascii")


def decode_base64(text: str, size: int | None = None) -> bytes:
    """Read base64 strictly: writing the result again gives ``text``.

    Args:
        text: What came from outside.
        size: Exact number of bytes wanted, if it is fixed.

    Raises:
        UntrustedInputError: ``base64-malformed`` for other characters, stray bits, missing
            padding or another length.
    """
    try:
        raw = binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise UntrustedInputError("base64-malformed", str(error)) from error
    # Of characters of the alphabet alone, four say three bytes in one way; only the last four may have bits to spare.
    if len(text) != (len(raw) + 2) // 3 * 4 or encode_base64(raw[(len(raw) - 1) // 3 * 3 :]) != text[-4:]:
        raise UntrustedInputError("base64-malformed", "not canonical")
    if size is not None and len(raw) != size:
        raise UntrustedInputError("base64-malformed", f"{len(raw)} bytes where {size} were expected")
    return raw
