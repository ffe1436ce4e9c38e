"""DSSE v1 pre-authentication encoding (format.md §4): what a signature is over."""

from __future__ import annotations

__all__ = ["PAYLOAD_TYPE", "pae"]

PAYLOAD_TYPE = "application/vnd.acervo.act.v1+json"
_HEAD = b"DSSEv1 %d %s " % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode())


def pae(payload: bytes) -> bytes:
    """Return PAE(PAYLOAD_TYPE, payload)."""
    return b"%s%d %s" % (_HEAD, len(payload), payload)
