"""Sessions with their orden del día and attendance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.queries.base import API, Kind, Listing, Texts, cut, find_row, rows_where, show, texts_of
from projections.sessions import AGENDA_ITEMS, ATTENDANCE, INTERVENTIONS, SESSIONS

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader, Window

SESSION = Kind("session", "sessions", SESSIONS, day="held_on", hidden=frozenset({"present"}))

_SHOWN = (
    "item",
    "item_kind",
    "added",
    "approved",
    "opened_index",
    "outcome",
    "outcome_index",
    "recused",
    "challenges",
    "amendments",
    "resolved_by",
    "committee",
)


def session(cursor: Reader, key: str) -> Object | None:
    """Return a session with the items of its last call, None where there is none."""
    row = find_row(cursor, SESSION, key)
    if row is None:
        return None
    found = show(SESSION, row, texts_of(cursor, [row]))
    items = rows_where(cursor, AGENDA_ITEMS, "session", key, ["call", "item"])
    listed = [item for item in items if item["call"] == row["call"]]
    texts = Texts(cursor, (item["text_index"] for item in listed if item["text_index"] is not None))
    found["items"] = [_item(item, texts) for item in listed]
    found["present"] = [
        {"seat": seat, "designation": designation, "index": index}
        for seat, (designation, index) in sorted(row["present"].items())
    ]
    found["links"] |= {
        "attendance": f"{API}/sessions/{key}/attendance",
        "interventions": f"{API}/sessions/{key}/interventions",
        "votes": f"{API}/votes?session={key}",
        "agreements": f"{API}/agreements?session={key}",
        "acta": f"{API}/actas/{key}",
    }
    return found


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
    shown = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return Listing(shown, following)


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
