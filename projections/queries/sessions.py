"""Sessions with their orden del día and attendance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.agenda import AGENDA_ITEMS
from projections.queries.base import Kind, Listing, Texts, cut, rows_where
from projections.sessions import ATTENDANCE, INTERVENTIONS, SESSIONS

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader, Window

_SHOWN = tuple(name for name in AGENDA_ITEMS.columns if name not in {"session", "call", "text_index", "text_name"})


def _whole(cursor: Reader, row: Row, found: Object) -> Object:
    """Tell the items of a session's last call, and who is present."""
    found["items"] = [{name: item[name] for name in item if name != "session"} for item in items_of(cursor, [row])]
    found["present"] = [
        {"seat": seat, "designation": designation, "index": index}
        for seat, (designation, index) in sorted(row["present"].items())
    ]
    return found


SESSION = Kind(
    "session",
    "sessions",
    SESSIONS,
    day="held_on",
    hidden=frozenset({"present"}),
    links={
        "attendance": "sessions/{id}/attendance",
        "interventions": "sessions/{id}/interventions",
        "votes": "votes?session={id}",
        "notes": "notes?session={id}",
        "agreements": "agreements?session={id}",
        "acta": "actas/{id}",
        "decided_by": "votes/{decided_by.path}",
    },
    whole=_whole,
    adds=("items", "present"),
)


def items_of(cursor: Reader, rows: list[Row]) -> list[Object]:
    """Return the items of sessions' last calls, session by session, each with its title as far as it is open."""
    calls = {row["id"]: row["call"] for row in rows}
    items = rows_where(cursor, AGENDA_ITEMS, "session", list(calls), ["session", "call", "item"])
    listed = [item for item in items if item["call"] == calls[item["session"]]]
    texts = Texts(cursor, (item["text_index"] for item in listed if item["text_index"] is not None))
    return [{"session": item["session"], **_item(item, texts)} for item in listed]


def _item(row: Row, texts: Texts) -> Object:
    shown = {column: row[column] for column in _SHOWN if row[column] is not None}
    if row["text_index"] is not None:
        shown["title"] = texts.show(row["text_index"], row["text_name"])
    return shown


def attendance(cursor: Reader, key: str, window: Window) -> Listing:
    """Return who came and went, one row a stay, in order of arrival; each says whose word it is."""
    found = rows_where(cursor, ATTENDANCE, "session", key, ["arrived_index", "seat"])
    behind = [row for row in found if window.after is None or (row["arrived_index"], row["seat"]) > window.after]
    rows, following = cut(behind, window.limit, "arrived_index", "seat")
    return Listing([_stay(row) for row in rows], following)


def attendance_of(cursor: Reader, keys: list[str]) -> list[Object]:
    """Return who came and went in some sessions, session by session."""
    rows = rows_where(cursor, ATTENDANCE, "session", keys, ["session", "arrived_index", "seat"])
    return [_stay(row) for row in rows]


def _stay(row: Row) -> Object:
    return {name: value for name, value in row.items() if value is not None}


def interventions(cursor: Reader, key: str, window: Window) -> Listing:
    """Return who spoke on which item, in order; what was said is sealed until an act opens it."""
    found = rows_where(cursor, INTERVENTIONS, "session", key, ["entry_index"])
    behind = [row for row in found if window.after is None or row["entry_index"] > window.after[0]]
    rows, following = cut(behind, window.limit, "entry_index", "seat")
    texts = Texts(cursor, (row["entry_index"] for row in rows))
    shown = [
        {
            "item": row["item"],
            "seat": row["seat"],
            "voice": "attested",
            "index": row["entry_index"],
            "summary": texts.show(row["entry_index"], "summary"),
        }
        for row in rows
    ]
    return Listing(shown, following)
