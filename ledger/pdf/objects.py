"""The few objects of a PDF that a signature touches, read as the text that they are (ISO 32000-1 §7.5).

Only what our own press prints is read: one classic cross-reference table, one trailer, dictionaries outside of object
streams. Anything else is refused, so that nothing is understood in two ways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TRAILER = re.compile(
    rb"trailer\n<</Size (?P<size>[1-9][0-9]{0,6})/Root (?P<root>[1-9][0-9]{0,6}) 0 R/Info (?P<info>[1-9][0-9]{0,6}) 0 R"
    rb"/ID\[(?P<id>[^\[\]]{0,200})\](?:/Prev (?P<prev>[0-9]{1,10}))?>>\nstartxref\n(?P<start>[0-9]{1,10})\n%%EOF"
)
_ENTRY = 20  # bytes of an entry of the table
MAX_PAGES = 5_000


@dataclass(frozen=True, slots=True)
class Trailer:
    """What stands at the end of a revision.

    Attributes:
        size: One more than the highest object's number. root, info: Numbers of the catalogue and of /Info.
        identity: What stands in /ID.
        start: Where the revision's table begins. prev: Where the one before begins, None in the first.
        end: Where the revision ends.
    """

    size: int
    root: int
    info: int
    identity: bytes
    start: int
    prev: int | None
    end: int


def trailer_of(pdf: bytes, start: int | None = None) -> Trailer:
    """Return the trailer behind the table at `start`, or the last one.

    Raises:
        UntrustedInputError: "pdf-malformed".
    """
    begin = pdf.rfind(b"trailer\n") if start is None else pdf.find(b"trailer\n", start)
    match = None if begin < 0 else _TRAILER.match(pdf, begin)
    if match is None or (start is not None and int(match["start"]) != start):
        raise UntrustedInputError("pdf-malformed", "trailer")
    prev = match["prev"]
    # The press ends with %%EOF; each revision begins on a line of its own and ends one.
    end = match.end() + (prev is not None)
    if prev is not None and pdf[match.end() : end] != b"\n":
        raise UntrustedInputError("pdf-malformed", "end")
    return Trailer(
        size=int(match["size"]),
        root=int(match["root"]),
        info=int(match["info"]),
        identity=match["id"],
        start=int(match["start"]),
        prev=None if prev is None else int(prev),
        end=end,
    )


class Base:
    """A PDF as it was printed: its trailer, the texts of its dictionaries, its pages in order.

    Args:
        pdf: Its bytes, whole.

    Raises:
        UntrustedInputError: "pdf-malformed" where it is none of our press.
    """

    def __init__(self, pdf: bytes) -> None:
        self.pdf = pdf
        self.trailer = trailer_of(pdf)
        if self.trailer.prev is not None or self.trailer.end != len(pdf) or not pdf.startswith(b"%PDF-1.7\n"):
            raise UntrustedInputError("pdf-malformed", "not one revision")
        head = b"xref\n0 %d\n" % self.trailer.size
        if not pdf.startswith(head, self.trailer.start):
            raise UntrustedInputError("pdf-malformed", "table")
        self._table = self.trailer.start + len(head)

    def text(self, number: int) -> bytes:
        """Return the dictionary of an object, from `<<` to `>>`.

        Raises:
            UntrustedInputError: "pdf-malformed".
        """
        at = self._table + _ENTRY * number
        entry = self.pdf[at : at + _ENTRY]
        if number >= self.trailer.size or not re.fullmatch(rb"[0-9]{10} 00000 n(\r\n| \n| \r)", entry):
            raise UntrustedInputError("pdf-malformed", f"object {number}")
        begin = int(entry[:10])
        head = b"%d 0 obj\n" % number
        end = self.pdf.find(b"\nendobj", begin)
        text = self.pdf[begin + len(head) : end]
        if not self.pdf.startswith(head, begin) or not (text.startswith(b"<<") and text.endswith(b">>")):
            raise UntrustedInputError("pdf-malformed", f"object {number}")
        return text

    def pages(self) -> list[int]:
        """Return the numbers of the pages' objects, in order.

        Raises:
            UntrustedInputError: "pdf-malformed".
        """
        found = list(self._pages(self._reference(self.text(self.trailer.root), b"Pages"), 0))
        if len(found) > MAX_PAGES:
            raise UntrustedInputError("pdf-malformed", "too many pages")
        return found

    def _pages(self, number: int, depth: int) -> Iterator[int]:
        text = self.text(number)
        if b"/Type/Pages" not in text:
            yield number
            return
        kids = re.search(rb"/Kids\[([0-9R ]*)\]", text)
        if kids is None or depth > 8:
            raise UntrustedInputError("pdf-malformed", "pages")
        for each in re.findall(rb"([0-9]+) 0 R", kids[1]):
            yield from self._pages(int(each), depth + 1)

    def _reference(self, text: bytes, name: bytes) -> int:
        match = re.search(rb"/%s ([1-9][0-9]{0,6}) 0 R" % name, text)
        if match is None:
            raise UntrustedInputError("pdf-malformed", name.decode())
        return int(match[1])

    def attachments(self) -> Iterator[bytes]:
        """Yield the embedded files that are stored as they are."""
        for match in re.finditer(rb"\n<</Length ([0-9]{1,9})/Type/EmbeddedFile[^\n]*>>\nstream\n", self.pdf):
            yield self.pdf[match.end() : match.end() + int(match[1])]


def revision(before: bytes, last: Trailer, objects: Mapping[int, bytes]) -> bytes:
    """Return what is appended to a PDF to add or replace objects: they, their table, their trailer.

    Args:
        before: The PDF so far.
        last: Its last trailer.
        objects: Number → text between `obj` and `endobj`.
    """
    out = bytearray(b"" if last.prev is not None else b"\n")
    places: dict[int, int] = {}
    for number, text in sorted(objects.items()):
        places[number] = len(before) + len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, text)
    start = len(before) + len(out)
    out += b"xref\n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n\r\n" % (number, place)
    size = max(last.size, max(places) + 1)
    out += b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[%b]" % (size, last.root, last.info, last.identity)
    out += b"/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (last.start, start)
    return bytes(out)
