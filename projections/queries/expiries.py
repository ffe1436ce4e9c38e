"""What will end or fall due within some days: terms, credentials, resolutivos, reservations, deadlines to answer.

Nothing is recorded when a day comes: each kind of object says by its own arithmetic until when it runs, as of the day
of the question. What is over is not here: that is for the boards of each kind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from projections.queries.base import Filters, Listing, Window, cut, told
from projections.queries.certifications import REQUEST as CERTIFICATION_REQUEST
from projections.queries.follow_up import RESOLUTION
from projections.queries.requirements import REQUIREMENT
from projections.queries.rows import SCAN_PAGE, select
from projections.queries.seating import CREDENTIAL, DESIGNATION
from projections.queries.transparency import CLASSIFICATION
from projections.queries.transparency import REQUEST as ACCESS_REQUEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.base import Row
    from projections.queries.base import Kind, Object, Reader

SUSPENDED_DAYS = 730
"""How long before the first day a due day may lie that a suspension has put off into the span."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A kind of objects that end.

    kind: with the column of the day by which rows are looked for. due: (row, object as told) → its last day, None
    where it does not run. asks: whether it is told as of a day. before: days that the column may lie before the span.
    """

    kind: Kind
    due: Callable[[Row, Object], date | None]
    asks: bool = True
    before: int = 0


def _when(day: str, status: str, *running: str) -> Callable[[Row, Object], date | None]:
    """Return how an object's day is read where it says of itself that it runs."""

    def due(_row: Row, found: Object) -> date | None:
        return date.fromisoformat(found[day]) if day in found and found[status] in running else None

    return due


def _term(row: Row, found: Object) -> date | None:
    standing = found["standing"]
    if "days_left" not in standing or row["cause"] is not None:
        return None
    return date.fromisoformat(standing["on"]) + timedelta(days=standing["days_left"])


def _credential(row: Row, _found: Object) -> date | None:
    return date.fromisoformat(row["valid_to"][:10]) if row["phase"] == "issued" and row["valid_to"] else None


def _asked(row: Row, found: Object) -> date | None:
    return None if row["phase"] == "rejected" or found["certificates"] else row["due_on"]


SOURCES = {
    each.kind.name: each
    for each in (
        _Source(replace(DESIGNATION, day="ends"), _term),
        _Source(replace(CREDENTIAL, day="valid_until", tell=None), _credential, asks=False),
        _Source(
            replace(RESOLUTION, day="due_on"),
            _when("effective_due_on", "status", "in-process", "partially-fulfilled", "suspended", "modified"),
            before=SUSPENDED_DAYS,
        ),
        _Source(replace(CLASSIFICATION, day="until_on"), _when("until_on", "status", "in-force")),
        _Source(replace(ACCESS_REQUEST, day="due_on"), _when("due_on", "status", "in-process", "prevented")),
        _Source(replace(REQUIREMENT, day="due_on"), _when("due_on", "status", "pending")),
        _Source(replace(CERTIFICATION_REQUEST, day="due_on"), _asked, asks=False),
    )
}
KINDS = tuple(sorted(SOURCES))


def expiries(
    cursor: Reader, window: Window, on: date, days: int, *, kind: str | None = None, body: str | None = None
) -> Listing:
    """Return a part of what ends within so many days from a day on, the first to end first.

    Args:
        cursor: Reads registries at its moment.
        window: Which part; its place is the day, and kind and key of the object.
        on: The first day.
        days: How many days after it still count.
        kind: Only of this kind.
        body: Only of this body.
    """
    until = on + timedelta(days=days)
    names = SOURCES if kind is None else [kind]
    found = [each for name in names for each in _of(cursor, SOURCES[name], (on, until), body)]
    found.sort(key=_place)
    if window.after is not None:
        found = [each for each in found if _place(each) > window.after]
    placed = [each | {"at": _place(each)[0], "by": _place(each)[1]} for each in found]
    rows, following = cut(placed, window.limit, "at", "by")
    return Listing(
        [{name: value for name, value in row.items() if name not in {"at", "by"}} for row in rows], following
    )


def _place(found: Object) -> tuple[int, str]:
    return date.fromisoformat(found["due_on"]).toordinal(), f"{found['kind']} {found['key']}"


def _of(cursor: Reader, source: _Source, span: tuple[date, date], body: str | None) -> list[Object]:
    """Return what ends of one kind; rows are looked for around the span, and the object's own day decides."""
    on, until = span
    bounds = Filters(date_from=on - timedelta(days=source.before), date_to=until + timedelta(days=2))
    found: list[Object] = []
    after = None
    while True:
        rows, after = select(cursor, source.kind, bounds, Window(after, SCAN_PAGE), on if source.asks else None)
        asked: dict[str, Any] = {"on": on} if source.asks else {}
        for row, shown in zip(rows, told(cursor, source.kind, rows, **asked), strict=True):
            due = source.due(row, shown)
            if due is not None and on <= due <= until and body in {None, _body(row)}:
                found.append(_shown(source.kind, row, shown, due, on))
        if after is None:
            return found


def _body(row: Row) -> str | None:
    """Return whose object it is; a classification is about an object, whose stream names its body."""
    body = row.get("body")
    parts = str(row.get("object", "")).split("/")
    return str(body) if body is not None else parts[1] if len(parts) > 1 else None


def _shown(kind: Kind, row: Row, shown: Object, due: date, on: date) -> Object:
    body = _body(row)
    return {
        "type": "expiry",
        "kind": kind.name,
        "key": row["id"],
        **({} if body is None else {"body": body}),
        "due_on": due.isoformat(),
        "days_left": (due - on).days,
        "index": row["created_index"],
        "last_index": row["modified_index"],
        "links": {"object": shown["id"], "act": shown["links"]["act"]},
    }
