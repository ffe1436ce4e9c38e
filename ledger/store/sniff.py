"""The media type of a document, from its first bytes; what a client claims is not asked."""

from __future__ import annotations

import re

SNIFFED_BYTES = 4_096
UNKNOWN = "application/octet-stream"

_SIGNATURES = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"OggS", "application/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (4, b"ftyp", "video/mp4"),
    (8, b"WAVE", "audio/wav"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
)
_OPEN_DOCUMENT = re.compile(rb"PK\x03\x04.{26}mimetype(application/vnd\.oasis\.opendocument\.[a-z-]{1,40})", re.DOTALL)
_BOM = b"\xef\xbb\xbf"
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13}) + b"\x7f"


def media_type(beginning: bytes, *, whole: bool) -> str:
    """Return the media type of a document that begins so.

    Args:
        beginning: Its first bytes, SNIFFED_BYTES of them or all.
        whole: Whether these are all; otherwise a character cut in two at the end is no objection to text.

    Returns:
        A type of the table, "application/xml", "text/plain" (well-formed UTF-8 without control characters, HTML
        included: it is never served as such), or UNKNOWN.
    """
    opened = _OPEN_DOCUMENT.match(beginning)
    if opened:
        return opened[1].decode()
    for offset, signature, name in _SIGNATURES:
        if beginning.startswith(signature, offset):
            return name
    text = beginning.removeprefix(_BOM)
    if not _is_text(text, whole=whole):
        return UNKNOWN
    return "application/xml" if text.startswith(b"<?xml") else "text/plain"


def _is_text(raw: bytes, *, whole: bool) -> bool:
    if len(raw.translate(None, _CONTROLS)) != len(raw):
        return False
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return not whole and error.reason == "unexpected end of data"
    return True
