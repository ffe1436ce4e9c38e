"""Gaps: in the numbers of every series, and in the folios of every book (domain.md §3.7 L4, §4, §5.2)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from ledger.acts.base import voice_of
from ledger.acts.book import BookClosed, BookOpened, FolioCancelled, FoliosAssigned, InBook
from ledger.auditing.base import acts, counted, gaps, natural, ranges, spans_of
from ledger.domain.rules.numbering import series_stream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.auditing.base import Row, Span, Standing
    from ledger.domain.world import Signed

NUMBERED = frozenset(
    {
        "access",
        "agreement",
        "appendix",
        "asunto",
        "book",
        "certification",
        "consultation",
        "credential",
        "designation",
        "dictamen",
        "errata",
        "filing",
        "fixity",
        "interpretation",
        "proposal",
        "quarantine",
        "received",
        "recommendation",
        "recording",
        "report",
        "request",
        "requirement",
        "session",
        "version",
        "vote",
    }
)
"""Kinds of streams whose names end in a number that follows its predecessor's (format.md §3)."""
_OPENED = {"access": "access", "agreement": "agreement", "certification": "certification", "filing": "agreement"}
"""Kind → the kind of series whose opening says where its numbers begin; sessions have one a series of theirs."""


class Numbers:
    """One row a series: which numbers there are, and which are missing."""

    name: ClassVar[str] = "numbers"
    columns: ClassVar[tuple[str, ...]] = (
        "series",
        "kind",
        "first",
        "last",
        "present",
        "imported",
        "void",
        "missing_count",
        "missing",
        "out_of_order",
        "observation",
        "acts",
    )

    def __init__(self) -> None:
        self._series: dict[str, dict[int, int]] = defaultdict(dict)
        self._imported: dict[str, set[int]] = defaultdict(set)

    def take(self, signed: Signed) -> None:
        """Take the first act of a numbered stream."""
        if signed.act.kind not in NUMBERED:
            return
        series, number = _place(signed.statement.stream)
        if number not in self._series[series]:
            self._series[series][number] = signed.index
            if voice_of(signed.act, signed.statement.office) == "imported":
                self._imported[series].add(number)

    def rows(self, standing: Standing) -> Iterable[Row]:
        """Return the rows, by series."""
        void: dict[str, dict[int, int]] = defaultdict(dict)
        for stream, index in standing.void.items():
            if stream.partition("/")[0] in NUMBERED:
                series, number = _place(stream)
                if number not in self._series.get(series, {}):
                    void[series][number] = index
        for series in sorted({*self._series, *void}, key=natural):
            yield self._row(series, self._series.get(series, {}), void[series], standing)

    def _row(self, series: str, present: dict[int, int], void: dict[int, int], standing: Standing) -> Row:
        used = {**present, **void}
        first, last = min(_first(series, standing), *used), max(used)
        missing, _ = gaps(spans_of(used), first)
        behind = {end + 1 for _, end in missing}
        disordered = [number for number in _disordered(used) if number not in self._imported[series]]
        return (
            series,
            series.partition("/")[0],
            first,
            last,
            len(present),
            len(self._imported[series]),
            ranges(spans_of(void)),
            counted(missing),
            ranges(missing),
            ranges(spans_of(disordered)),
            _observation(missing, disordered, behind - self._imported[series]),
            acts(used[min(used)], used[last], *(used[number] for number in (*behind, *disordered, *void))),
        )


def _place(stream: str) -> tuple[str, int]:
    series, _, number = stream.rpartition("/")
    return series, int(number)


def _first(series: str, standing: Standing) -> int:
    kind, _, rest = series.partition("/")
    if kind == "session":
        return standing.first_number(series_stream(f"{series}/1"))
    opened = _OPENED.get(kind)
    return 1 if opened is None else standing.first_number(series_stream(f"{opened}/{rest}/1"))


def _disordered(used: dict[int, int]) -> Iterable[int]:
    """Yield numbers that were recorded before a smaller one."""
    latest = -1
    for number in sorted(used):
        if used[number] < latest:
            yield number
        latest = max(latest, used[number])


def _observation(missing: list[Span], disordered: list[int], behind: set[int]) -> str:
    """Say what is to be looked at; a gap before imported numbers is what the source did not bring."""
    if missing:
        return "gap" if behind else "gap-of-import"
    return "out-of-order" if disordered else ""


@dataclass(slots=True)
class _Book:
    """A book: how many folios it says that it has, which are used."""

    contents: str = ""
    folios: int | None = None
    spans: list[Span] = field(default_factory=list)
    cancelled: set[int] = field(default_factory=set)
    closed: tuple[int, int] | None = None
    acts: list[int] = field(default_factory=list)


class Folios:
    """One row a book: which folios are used, cancelled, missing or used twice."""

    name: ClassVar[str] = "folios"
    columns: ClassVar[tuple[str, ...]] = (
        "book",
        "contents",
        "folios",
        "last_used",
        "assigned",
        "cancelled",
        "missing_count",
        "missing",
        "used_twice",
        "closed_at_folio",
        "observation",
        "acts",
    )

    def __init__(self) -> None:
        self._books: dict[str, _Book] = defaultdict(_Book)

    def take(self, signed: Signed) -> None:
        """Take an act of a book."""
        act = signed.act
        if not isinstance(act, InBook) or act.kind != "book":
            return
        book = self._books[act.book_path]
        book.acts.append(signed.index)
        match act:
            case BookOpened():
                book.contents, book.folios = act.contents, act.folios
            case FoliosAssigned():
                book.spans.append((act.first, act.last))
            case FolioCancelled():
                book.spans.append((act.folio, act.folio))
                book.cancelled.add(act.folio)
            case BookClosed():
                book.closed = act.last_folio, act.cancelled
            case _:
                pass

    def rows(self, _standing: Standing) -> Iterable[Row]:
        """Return the rows, by book."""
        for path in sorted(self._books, key=natural):
            book = self._books[path]
            missing, twice = gaps(book.spans, 1)
            last_used = max((last for _, last in book.spans), default=0)
            yield (
                path,
                book.contents,
                book.folios,
                last_used,
                last_used - counted(missing) - len(book.cancelled),
                ranges(spans_of(book.cancelled)),
                counted(missing),
                ranges(missing),
                ranges(twice),
                None if book.closed is None else book.closed[0],
                _of_book(book, missing, twice, last_used),
                acts(*book.acts),
            )


def _of_book(book: _Book, missing: list[Span], twice: list[Span], last_used: int) -> str:
    if missing:
        return "gap"
    if twice:
        return "used-twice"
    if book.folios is None or last_used > book.folios:
        return "beyond-the-book"
    if book.closed is not None and book.closed != (last_used, len(book.cancelled)):
        return "closing-differs"
    return ""
