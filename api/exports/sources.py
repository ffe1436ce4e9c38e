"""The rows of each table of open data, all of them, read page by page from one moment of the registries."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from api.routes.registries import PARTS
from ledger.clock import MEXICO_CITY
from projections.bodies import SEATS
from projections.queries import actas, agreements, bodies, follow_up, sessions, votes
from projections.queries.base import Filters, Listing, Window, listing, plain, rows_where, select

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.routes.resources import Resource
    from projections.queries.base import Kind, Object, Place, Reader

PAGE = 500
_ALL = Filters()
LISTED: dict[str, Resource] = {
    each.kind.path: each for part in PARTS for each in getattr(part, "RESOURCES", ()) if each.listed is not None
}
"""The registries that the interface lists, by their collection's path: they are what goes out."""


def objects(cursor: Reader, name: str, on: date) -> Iterator[Object]:
    """Yield every object of a registry as its list shows it, in the list's order.

    Args:
        cursor: On one moment of the registries.
        name: The registry's collection.
        on: The day for what is computed as of a day.
    """
    resource = LISTED[name]
    moments = {"on": on, "at": datetime.combine(on, time(23, 59, 59), MEXICO_CITY)}
    asked = {each: moments[each] for each in resource.kind.asks}
    yield from _pages(lambda window: listing(cursor, resource.kind, _ALL, window, **asked))


def _pages(read: Callable[[Window], Listing]) -> Iterator[Object]:
    after: Place | None = None
    while True:
        part = read(Window(after, PAGE))
        yield from part.data
        if part.following is None:
            return
        after = part.following


# -- what belongs to other registries' objects -----------------------------------------------------------------------


def _rows(cursor: Reader, kind: Kind) -> Iterator[list[Any]]:
    """Yield a registry's rows, a page at a time."""
    after: Place | None = None
    while True:
        rows, after = select(cursor, kind, _ALL, Window(after, PAGE))
        yield rows
        if after is None:
            return


def _seats(cursor: Reader) -> Iterator[Object]:
    for rows in _rows(cursor, bodies.BODY):
        for row in rows_where(cursor, SEATS, "body", [each["id"] for each in rows], ["body", "ordinal"]):
            yield {name: plain(value) for name, value in row.items()}


def _agenda_items(cursor: Reader) -> Iterator[Object]:
    for rows in _rows(cursor, sessions.SESSION):
        for item in sessions.items_of(cursor, rows):
            title = item.pop("title", {})
            yield {**item, "title": title.get("value")}


def _attendance(cursor: Reader) -> Iterator[Object]:
    for rows in _rows(cursor, sessions.SESSION):
        yield from sessions.attendance_of(cursor, [each["id"] for each in rows])


def _marks(cursor: Reader) -> Iterator[Object]:
    for rows in _rows(cursor, votes.VOTE):
        yield from votes.marks_of(cursor, rows)


def _relations(cursor: Reader) -> Iterator[Object]:
    for rows in _rows(cursor, agreements.AGREEMENT):
        yield from follow_up.relations_from(cursor, [each["stream"] for each in rows])


def _acta_blocks(cursor: Reader) -> Iterator[Object]:
    for rows in _rows(cursor, actas.ACTA):
        for row in rows:
            yield from _pages(lambda window, key=row["id"]: _blocks(cursor, key, window))  # type: ignore[misc]


def _blocks(cursor: Reader, key: str, window: Window) -> Listing:
    found = actas.blocks(cursor, key, window)
    if found is None:
        return Listing([])
    return Listing([{"acta": key, **each} for each in found.data], found.following)


BESIDE: dict[str, Callable[[Reader], Iterator[Object]]] = {
    "seats": _seats,
    "agenda-items": _agenda_items,
    "attendance": _attendance,
    "marks": _marks,
    "relations": _relations,
    "acta-blocks": _acta_blocks,
}
"""Tables of what belongs to objects of other registries."""
