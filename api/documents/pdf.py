"""PDF of a document: PDF/A-3b, tagged, the same bytes for the same document (docs/documents.md).

The template gets the document as JSON and the QR as SVG; it reads no clock, no network, and no file but the layout's
own images. Fonts are those that typst carries; text is embedded as the glyphs that are used.
"""

from __future__ import annotations

import io
import json
import threading
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import orjson
import segno
import typst

from api.documents.layout import LayoutError
from api.documents.model import as_data
from ledger.pdf.signing import Box

if TYPE_CHECKING:
    from pathlib import Path

    from api.documents.layout import Layout
    from api.documents.model import Document

STANDARD: Final = "a-3b"
LETTER_HEIGHT = 792.0
_LOCK = threading.Lock()  # a compiler serves one at a time
QUIET = 2
"""Modules of white around the QR: it stands on white paper."""


def to_pdf(document: Document, layout: Layout) -> bytes:
    """Return the document as PDF.

    Raises:
        LayoutError: "layout-unreadable": the template does not compile.
    """
    inputs = _inputs(document, layout)
    stamp = datetime.fromisoformat(document.at)
    try:
        with _LOCK:
            raw = _compiler(layout.directory).compile(
                layout.template, format="pdf", sys_inputs=inputs, pdf_standards=[STANDARD], timestamp=stamp
            )
    except typst.TypstError as error:
        raise LayoutError("layout-unreadable", f"template.typ: {error}") from error
    if not isinstance(raw, bytes):
        raise TypeError(type(raw).__name__)
    return raw


def to_png(document: Document, layout: Layout, ppi: float = 60) -> list[bytes]:
    """Return the pages as pictures, for previews."""
    inputs = _inputs(document, layout)
    with _LOCK:
        pages = _compiler(layout.directory).compile(layout.template, format="png", ppi=ppi, sys_inputs=inputs)
    if pages is None:
        raise TypeError("no pages")
    return [pages] if isinstance(pages, bytes) else pages


def signature_boxes(document: Document, layout: Layout) -> list[Box]:
    """Return the empty boxes of the PDF, in the order of the document's signatories."""
    if not document.signatories:
        return []
    inputs = _inputs(document, layout)
    compiler = typst.Compiler(layout.template, root=layout.directory, ignore_system_fonts=True, sys_inputs=inputs)
    found = json.loads(compiler.query("<firma>", field="value"))
    return [
        Box(
            each["field"],
            each["page"],
            round(each["x"], 2),
            round(LETTER_HEIGHT - each["y"] - each["height"], 2),
            round(each["x"] + each["width"], 2),
            round(LETTER_HEIGHT - each["y"], 2),
        )
        for each in found
    ]


@lru_cache(maxsize=4)
def _compiler(directory: Path) -> typst.Compiler:
    """Return a compiler that keeps what it has read: the first document costs three times what the next ones do."""
    return typst.Compiler(root=directory, ignore_system_fonts=True)


def _inputs(document: Document, layout: Layout) -> dict[str, str]:
    at = datetime.fromisoformat(document.at)
    data: dict[str, Any] = {
        **{name: getattr(document, name) for name in _PLAIN},
        "date": [at.year, at.month, at.day],
        "blocks": [as_data(block) for block in document.blocks],
        "signatories": [asdict(each) for each in document.signatories],
        "seal": {
            **asdict(document.seal),
            "place": layout.say("index", index=document.seal.index, stream=document.seal.stream),
        },
        "evidence": [asdict(each) | {"content": list(each.content)} for each in document.evidence],
        "design": dict(layout.design),
        "phrases": dict(layout.phrases),
    }
    return {"document": orjson.dumps(data).decode(), "qr": qr_svg(document.seal.address)}


_PLAIN = (
    *("kind", "title", "subtitle", "closing", "titled", "institution", "body", "folio", "draft", "fictitious", "card"),
)


def qr_svg(address: str) -> str:
    """Return the QR of an address as SVG, error correction M: the same code stands on every page."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", scale=4, border=QUIET, xmldecl=False, svgns=True)
    return out.getvalue().decode()
