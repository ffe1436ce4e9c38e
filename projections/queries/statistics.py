"""A body's year in figures: sessions due and held, attendance, time from a session's close to its sealed acta."""

from __future__ import annotations

from collections import Counter
from datetime import date
from statistics import median_low
from typing import TYPE_CHECKING, NamedTuple

from projections.actas import ACTAS
from projections.bodies import SEATS
from projections.calendars import CALENDARS, ENTRIES
from projections.queries.base import API, find_row, rows_where
from projections.queries.bodies import BODY
from projections.queries.calendars import status_of
from projections.sessions import ATTENDANCE, SESSIONS
from projections.times import TIMES

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader

OVER = frozenset({"closed", "imported"})
LIVE = frozenset({"open", "recess", "quorum-lost"})


class Span(NamedTuple):
    """Days, both included; None is open."""

    first: date | None
    last: date | None

    def holds(self, day: date) -> bool:
        """Tell whether a day is in it."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def statistics(cursor: Reader, key: str, span: Span, on: date) -> Object | None:
    """Return the figures of a body over the sessions of some days, as they stand on a day; None for no such body."""
    if find_row(cursor, BODY, key) is None:
        return None
    sessions = [
        row for row in rows_where(cursor, SESSIONS, "body", key, ["created_index"]) if span.holds(row["held_on"])
    ]
    held = [row for row in sessions if row["phase"] in OVER | LIVE]
    ended = [row for row in held if row["phase"] in OVER]
    said: Object = {"id": f"{API}/bodies/{key}/statistics", "type": "statistics", "body": key, "on": on.isoformat()}
    said |= {name: day.isoformat() for name, day in (("date_from", span.first), ("date_to", span.last)) if day}
    return said | {
        "sessions": _sessions(sessions, on) | {"due": _due(cursor, key, span, on)},
        "votes": sum(row["votes"] or 0 for row in ended),
        "agreements": sum(len(row["agreements"] or ()) for row in ended),
        "attendance": _attendance(cursor, key, held),
        "actas": _actas(cursor, key, [row for row in ended if row["closed_at"] is not None], on),
    }


def _sessions(sessions: list[Row], on: date) -> Object:
    """Count sessions by what became of them; one whose day passed and of which no act says anything is missed."""
    counts: Counter[str] = Counter()
    for row in sessions:
        if row["phase"] in OVER | LIVE:
            counts["held"] += 1
        elif row["phase"] in {"not-held", "cancelled"}:
            counts[row["phase"].replace("-", "_")] += 1
        else:
            counts["missed" if row["held_on"] < on else "convened"] += 1
    return {name: counts[name] for name in ("convened", "held", "not_held", "cancelled", "missed")}


def _due(cursor: Reader, key: str, span: Span, on: date) -> Object:
    """Count the entries of the body's approved calendars in the span, and what became of those whose day has come."""
    calendars = [row["id"] for row in rows_where(cursor, CALENDARS, "body", key)]
    entries = [row for row in rows_where(cursor, ENTRIES, "calendar", calendars) if span.holds(row["day"])]
    come = [row for row in entries if row["day"] <= on]
    sessions = {row["id"]: row for row in rows_where(cursor, SESSIONS, "id", [row["session"] for row in come])}
    counts = Counter(status_of(row, sessions.get(row["session"]), on) for row in come)
    return {"planned": len(entries), "come": len(come), "by_status": dict(sorted(counts.items()))}


def _attendance(cursor: Reader, key: str, held: list[Row]) -> Object:
    """Count voting seats that existed on each day, and in how many of them somebody sat at any time."""
    told = [row for row in held if row["has_attendance"]]
    voting = [seat for seat in rows_where(cursor, SEATS, "body", key) if seat["voting"]]
    came = {
        (row["session"], row["seat"])
        for row in rows_where(cursor, ATTENDANCE, "session", [session["id"] for session in told])
    }
    due = attended = 0
    for session in told:
        seats = [seat["seat"] for seat in voting if _exists(seat, session["held_on"])]
        due += len(seats)
        attended += sum((session["id"], seat) in came for seat in seats)
    said: Object = {"sessions": len(told), "seats": due, "attended": attended}
    return said | ({"permille": attended * 1000 // due} if due else {})


def _exists(seat: Row, day: date) -> bool:
    return seat["valid_from"] <= day and (seat["valid_to"] is None or day < seat["valid_to"])


def _actas(cursor: Reader, key: str, closed: list[Row], on: date) -> Object:
    """Return the days from each close to its sealed acta, from date to date, and how many closes wait for theirs."""
    actas = {row["id"]: row["sealed_index"] for row in rows_where(cursor, ACTAS, "body", key)}
    indexes = [index for index in actas.values() if index is not None]
    sealed_on = {row["entry_index"]: row["told_on"] for row in rows_where(cursor, TIMES, "entry_index", indexes)}
    taken, waiting = [], []
    for row in closed:
        day, index = date.fromisoformat(row["closed_at"][:10]), actas.get(row["id"])
        if index is None:
            waiting.append((on - day).days)
        else:
            taken.append((sealed_on[index] - day).days)
    said: Object = {"sealed": len(taken), "waiting": len(waiting)}
    if taken:
        said |= {"days_median": median_low(taken), "days_longest": max(taken)}
    if waiting:
        said["waiting_longest"] = max(waiting)
    return said
