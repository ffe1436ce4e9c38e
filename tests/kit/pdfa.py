"""The structure that PDF/A-3b asks of a file, looked at object by object (ISO 19005-3); no validator of its own.

It finds what a wrong generator or a wrong signature would do to a file: a font that is not embedded, an action, an
attachment without a relationship, an appearance that is missing. veraPDF judges the rest.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterator

_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_FONTS = {"/Type1", "/TrueType", "/CIDFontType0", "/CIDFontType2"}
_ACTIONS = {"/JavaScript", "/Launch", "/Movie", "/Sound", "/ResetForm", "/ImportData", "/Rendition"}
_PRINT, _HIDDEN = 4, 2


def findings(raw: bytes) -> list[str]:
    """Return what stands against PDF/A-3b in a file; nothing where it is as it should be."""
    with pikepdf.open(BytesIO(raw)) as pdf:
        return [*_of_file(pdf), *(finding for each in pdf.objects for finding in _of_object(each))]


def _of_file(pdf: pikepdf.Pdf) -> Iterator[str]:
    root: Any = pdf.Root
    metadata = bytes(root.Metadata.read_bytes()) if "/Metadata" in root else b""
    part = re.search(rb"pdfaid:part[>=\"']+(\d)", metadata)
    level = re.search(rb"pdfaid:conformance[>=\"']+(\w)", metadata)
    if part is None or level is None or (part[1], level[1]) != (b"3", b"B"):
        yield "XMP does not say PDF/A-3B"
    if not any(each.S == "/GTS_PDFA1" and "/DestOutputProfile" in each for each in root.get("/OutputIntents", [])):
        yield "no output intent with a profile"
    if pdf.is_encrypted:
        yield "encrypted"
    if "/ID" not in pdf.trailer:
        yield "no file identifier"
    if not root.get("/MarkInfo", {}).get("/Marked", False) or "/StructTreeRoot" not in root:
        yield "not tagged"
    if str(root.get("/Lang", "")).lower() != "es-mx":
        yield "no language"
    if "/Names" in root and "/EmbeddedFiles" in root.Names and "/AF" not in root:
        yield "attachment without /AF in the catalogue"
    if root.get("/AcroForm", {}).get("/NeedAppearances", False):
        yield "NeedAppearances"


def _of_object(each: Any) -> Iterator[str]:
    if not isinstance(each, (pikepdf.Dictionary, pikepdf.Stream)):
        return
    if each.get("/Type") == "/Font" and str(each.get("/Subtype")) in _FONTS:
        descriptor: Any = each.get("/FontDescriptor", {})
        if not any(key in descriptor for key in _FONT_FILES):
            yield f"font not embedded: {each.get('/BaseFont')}"
    if str(each.get("/S", "")) in _ACTIONS:
        yield f"action {each.get('/S')}"
    if isinstance(each, pikepdf.Stream) and "/LZWDecode" in str(each.get("/Filter", "")):
        yield "LZW"
    if each.get("/Type") == "/Filespec" and "/EF" in each and "/AFRelationship" not in each:
        yield "attachment without a relationship"
    if each.get("/Subtype") == "/Widget":
        flags = int(each.get("/F", 0))
        if "/AP" not in each:
            yield "widget without appearance"
        if not flags & _PRINT or flags & _HIDDEN:
            yield "widget not printed, or hidden"


def complaints(raw: bytes) -> list[str]:
    """Return what qpdf has to say against a file."""
    with pikepdf.open(BytesIO(raw)) as pdf:
        return [str(each) for each in pdf.check_pdf_syntax()]


def streams(raw: bytes) -> list[bytes]:
    """Return every stream of a file decompressed, attachments and fonts with them, and every string in its objects."""
    found = [raw]
    with pikepdf.open(BytesIO(raw)) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Stream):
                found.append(each.read_bytes())
            found += _strings(each, 0)
    return found


def _strings(value: Any, depth: int) -> Iterator[bytes]:
    if isinstance(value, pikepdf.String):
        yield bytes(value)
        yield str(value).encode()
    elif isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)) and depth < 6:
        for item in value.as_dict().values() if isinstance(value, pikepdf.Dictionary) else value.stream_dict.values():
            if not getattr(item, "is_indirect", False):
                yield from _strings(item, depth + 1)
    elif isinstance(value, pikepdf.Array) and depth < 6:
        for item in value.as_list():
            if not getattr(item, "is_indirect", False):
                yield from _strings(item, depth + 1)


def attachments(raw: bytes) -> dict[str, bytes]:
    """Return the files that a PDF carries, by name."""
    with pikepdf.open(BytesIO(raw)) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
