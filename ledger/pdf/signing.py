"""Empty signature fields and signatures, each appended in exactly one form (PAdES, ETSI EN 319 142-1 §5).

A printed PDF is followed by one revision that adds a field for each signatory, and then by one revision a signature:
the field with its value, and the value. Nothing of them is left to choice, so that whoever reads a signed PDF makes
every revision again out of what it says and compares the bytes: what is behind the page can be a signature and nothing
else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

from ledger.errors import UntrustedInputError
from ledger.pdf.objects import Base, Trailer, revision, trailer_of

if TYPE_CHECKING:
    from collections.abc import Sequence

RESERVED = 16 * 1024
"""Bytes kept for a CMS: a chain of RSA-4096 and a time stamp with its own take less than half."""
MAX_SIGNATURES = 64
_NAME = re.compile(r"[a-z0-9.-]{1,100}")
_FIELD = re.compile(
    rb"\n(?P<number>[0-9]+) 0 obj\n<</Type/Annot/Subtype/Widget/FT/Sig/T\((?P<field>[a-z0-9.-]{1,100})\)/F 132"
    rb"/Rect\[(?P<rect>[0-9. ]+)\]/P (?P<page>[0-9]+) 0 R"
)
_VALUE = re.compile(
    rb"\n[0-9]+ 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M\(D:(?P<at>[0-9]{14})Z\)"
    rb"/ByteRange\[0 (?P<open>[0-9]{1,10}) (?P<close>[0-9]{1,10}) (?P<rest>[0-9]{1,10}) {0,40}\]/Contents<"
)
_WRITTEN = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True)
class Box:
    """Where a signature belongs.

    Attributes:
        field: Its name.
        page: From 1.
        x0, y0, x1, y1: Corners in points from the lower left, two decimals.
    """

    field: str
    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Opening:
    """A PDF that waits for one signature.

    Attributes:
        pdf: With room for the CMS.
        digest: SHA-256 of all bytes but that room.
        gap: Where the room is, from `<` to behind `>`.
    """

    pdf: bytes
    digest: bytes
    gap: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature of a PDF.

    Attributes:
        field: Which box it fills.
        at: When the signatory says he signed, UTC.
        cms: What fills the room, without the zeros behind it.
        digest: SHA-256 of what it covers.
        covers: How many bytes of the file that is, its own room included.
    """

    field: str
    at: datetime
    cms: bytes
    digest: bytes
    covers: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A PDF with its signatures taken off.

    Attributes:
        base: As it was printed.
        boxes: The fields that were added to it, empty where it was never prepared.
        signatures: In the order in which they were made.
    """

    base: bytes
    boxes: tuple[Box, ...]
    signatures: tuple[Signature, ...]


def prepare(pdf: bytes, boxes: Sequence[Box]) -> bytes:
    """Return a printed PDF with an empty field a box.

    Raises:
        UntrustedInputError: "pdf-malformed": no PDF of our press, or a box that is on none of its pages.
    """
    base = Base(pdf)
    pages, form = base.pages(), base.trailer.size
    objects: dict[int, bytes] = {}
    on_page: dict[int, list[int]] = {}
    for place, box in enumerate(boxes):
        if not 1 <= box.page <= len(pages) or not _NAME.fullmatch(box.field):
            raise UntrustedInputError("pdf-malformed", f"box {box.field[:100]}")
        number = form + 1 + 2 * place
        objects[number] = _field(box, pages[box.page - 1], number + 1)
        size = b"%b %b" % (_points(box.x1 - box.x0), _points(box.y1 - box.y0))
        objects[number + 1] = b"<</Type/XObject/Subtype/Form/BBox[0 0 %b]/Length 0>>\nstream\n\nendstream" % size
        on_page.setdefault(pages[box.page - 1], []).append(number)
    fields = b" ".join(b"%d 0 R" % (form + 1 + 2 * place) for place in range(len(boxes)))
    objects[form] = b"<</Fields[%b]/SigFlags 3>>" % fields
    objects[base.trailer.root] = _with(base.text(base.trailer.root), b"/AcroForm %d 0 R" % form)
    for page, numbers in on_page.items():
        objects[page] = _annotated(base.text(page), b" ".join(b"%d 0 R" % number for number in numbers))
    return pdf + revision(pdf, base.trailer, objects)


def _points(value: float) -> bytes:
    return f"{value:.2f}".encode()


def _field(box: Box, page: int, appearance: int, value: int | None = None) -> bytes:
    rect = b" ".join(map(_points, (box.x0, box.y0, box.x1, box.y1)))
    text = b"<</Type/Annot/Subtype/Widget/FT/Sig/T(%b)/F 132/Rect[%b]/P %d 0 R" % (box.field.encode(), rect, page)
    text += b"/AP<</N %d 0 R>>" % appearance
    return text + (b">>" if value is None else b"/V %d 0 R>>" % value)


def _with(dictionary: bytes, entry: bytes) -> bytes:
    return dictionary[:-2] + entry + b">>"


def _annotated(page: bytes, fields: bytes) -> bytes:
    if b"/Annots" not in page:
        return _with(page, b"/Annots[%b]" % fields)
    text, count = re.subn(rb"/Annots\[([^\]]*)\]", lambda m: b"/Annots[%b %b]" % (m[1].rstrip(), fields), page)
    if count != 1:
        raise UntrustedInputError("pdf-malformed", "annotations")
    return text


def open_signature(pdf: bytes, field: str, at: datetime) -> Opening:
    """Return the PDF with room for a signature in a field.

    Args:
        pdf: Prepared, perhaps signed by others.
        field: The box to be filled.
        at: When it is signed; seconds count.

    Raises:
        UntrustedInputError: "pdf-malformed"; "field-unknown", "field-signed".
    """
    parsed = parse(pdf)
    if any(signature.field == field for signature in parsed.signatures):
        raise UntrustedInputError("field-signed", field[:100])
    return _opening(pdf, parsed, field, at.astimezone(UTC))


def _opening(pdf: bytes, parsed: Parsed, field: str, at: datetime) -> Opening:
    base = Base(parsed.base)
    place = next((n for n, box in enumerate(parsed.boxes) if box.field == field), None)
    if place is None:
        raise UntrustedInputError("field-unknown", field[:100])
    box, number, last = parsed.boxes[place], base.trailer.size + 1 + 2 * place, trailer_of(pdf)
    written = at.strftime(f"{_WRITTEN}Z").encode()
    head = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:%b)" % written
    blank = head + b"/ByteRange[%b]/Contents<%b>>>" % (b" " * 40, b"0" * (2 * RESERVED))
    objects = {last.size: blank, number: _field(box, base.pages()[box.page - 1], number + 1, last.size)}
    grown = pdf + revision(pdf, last, objects)
    opens = grown.index(b"/Contents<", len(pdf)) + len(b"/Contents")
    closes = opens + 2 * RESERVED + 2
    ranges = b"0 %d %d %d" % (opens, closes, len(grown) - closes)
    at_ranges = grown.index(b"/ByteRange[", len(pdf)) + len(b"/ByteRange[")
    grown = grown[:at_ranges] + ranges.ljust(40) + grown[at_ranges + 40 :]
    return Opening(grown, sha256(grown[:opens] + grown[closes:]).digest(), (opens, closes))


def close(opening: Opening, cms: bytes) -> bytes:
    """Return the signed PDF.

    Raises:
        UntrustedInputError: "signature-too-long".
    """
    if len(cms) > RESERVED:
        raise UntrustedInputError("signature-too-long", f"{len(cms)} bytes, at most {RESERVED}")
    opens, closes = opening.gap
    return opening.pdf[: opens + 1] + cms.hex().encode().ljust(2 * RESERVED, b"0") + opening.pdf[closes - 1 :]


def parse(pdf: bytes) -> Parsed:
    """Take the signatures off, making each revision again and comparing it byte by byte.

    Raises:
        UntrustedInputError: "pdf-malformed"; "pdf-appended" where a revision is anything but fields or a signature.
    """
    ends = _revisions(pdf)
    base = pdf[: ends[0]]
    if len(ends) == 1:
        Base(base)
        return Parsed(base, (), ())
    prepared = pdf[: ends[1]]
    parsed = Parsed(base, _boxes(base, prepared), ())
    if prepare(base, parsed.boxes) != prepared:
        raise UntrustedInputError("pdf-appended", "fields")
    for before, end in pairwise(ends[1:]):
        signature = _signature(pdf[:before], pdf[:end], parsed)
        parsed = Parsed(base, parsed.boxes, (*parsed.signatures, signature))
    return parsed


def _revisions(pdf: bytes) -> list[int]:
    """Return where each revision ends, the first first; the last ends with the file."""
    last: Trailer = trailer_of(pdf)
    if last.end != len(pdf):
        raise UntrustedInputError("pdf-appended", "bytes behind the end")
    ends = [last.end]
    while last.prev is not None:
        before = trailer_of(pdf, last.prev)
        if before.end >= ends[-1] or len(ends) > MAX_SIGNATURES + 1:
            raise UntrustedInputError("pdf-malformed", "revisions")
        ends.append(before.end)
        last = before
    return ends[::-1]


def _boxes(base: bytes, prepared: bytes) -> tuple[Box, ...]:
    pages = {number: place for place, number in enumerate(Base(base).pages(), 1)}
    boxes = []
    for match in _FIELD.finditer(prepared, len(base) - 1):
        try:
            x0, y0, x1, y1 = map(float, match["rect"].split())
            boxes.append(
                (int(match["number"]), Box(match["field"].decode(), pages[int(match["page"])], x0, y0, x1, y1))
            )
        except (ValueError, KeyError) as error:
            raise UntrustedInputError("pdf-appended", "fields") from error
    return tuple(box for _, box in sorted(boxes, key=lambda each: each[0]))


def _signature(before: bytes, pdf: bytes, parsed: Parsed) -> Signature:
    added = pdf[len(before) - 1 :]
    field, value = _FIELD.search(added), _VALUE.search(added)
    if field is None or value is None:
        raise UntrustedInputError("pdf-appended", "not a signature")
    name = field["field"].decode()
    if any(signature.field == name for signature in parsed.signatures):
        raise UntrustedInputError("pdf-appended", f"{name} signed twice")
    try:
        at = datetime.strptime(value["at"].decode(), _WRITTEN).replace(tzinfo=UTC)
    except ValueError as error:
        raise UntrustedInputError("pdf-appended", "time of signature") from error
    opening = _opening(before, parsed, name, at)
    cms = _contents(pdf[opening.gap[0] : opening.gap[1]])
    if close(opening, cms) != pdf:
        raise UntrustedInputError("pdf-appended", f"{name} in another form")
    return Signature(name, at, cms, opening.digest, len(pdf))


def _contents(room: bytes) -> bytes:
    """Return the DER in `<hex>`: its own length says where it ends, zeros follow."""
    try:
        raw = bytes.fromhex(room[1:-1].decode("ascii"))
    except ValueError as error:
        raise UntrustedInputError("pdf-appended", "hex") from error
    if raw[:2] != b"\x30\x82":
        raise UntrustedInputError("pdf-appended", "no CMS")
    return raw[: 4 + int.from_bytes(raw[2:4], "big")]
