"""Calendars: which days count, by when a term ends, and what became of each session planned for a year."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

from ledger.domain.rules.days import add_business_days, is_business_day
from projections.calendars import CALENDARS, ENTRIES, HOLIDAYS
from projections.queries.base import API, Kind, find_row, rows_where
from projections.sessions import SESSIONS

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader

Status: TypeAlias = Literal["planned", "convened", "in-session", "held", "not-held", "cancelled", "missed"]
_ENDED: dict[str, Status] = {
    "closed": "held",
    "imported": "held",
    "not-held": "not-held",
    "cancelled": "cancelled",
}
_BEFORE = frozenset({"convened", "quorate"})
MAX_TERM = 1000
"""Business days that a term may be asked for."""


def deadline(cursor: Reader, key: str, since: date, n: int) -> Object | None:
    """Return the last day of a term of n business days that begins on the day after `since`, None without calendar.

    Args:
        cursor: Reads the calendar at its moment.
        key: The calendar.
        since: The day of the cause.
        n: Business days, at most MAX_TERM.
    """
    row = find_row(cursor, HOLIDAY_CALENDAR, key)
    if row is None:
        return None
    days = {date.fromisoformat(each["day"]): each for each in row["days"]}
    due = add_business_days(since, n, days.keys())
    between = [each for day, each in sorted(days.items()) if since < day <= due and is_business_day(day)]
    return {
        "calendar": f"{API}/holidays/{key}",
        "edition": row["edition"],
        "since": since.isoformat(),
        "business_days": n,
        "due_on": due.isoformat(),
        "holidays": between,
        "covered": bool(row["covers_from"] <= since and due <= row["covers_until"]),
    }


def _whole(cursor: Reader, row: Row, found: Object, on: date) -> Object:
    """Tell what became of each entry of a year's calendar as of a day."""
    entries = rows_where(cursor, ENTRIES, "calendar", row["id"], ["entry"])
    sessions = {row["id"]: row for row in rows_where(cursor, SESSIONS, "id", [each["session"] for each in entries])}
    shown = [_entry(each, sessions.get(each["session"]), on) for each in entries]
    counts = {status: sum(each["status"] == status for each in shown) for status in _statuses()}
    found["links"]["ordinary"] = f"{API}/bodies/{found['body']}/ordinary-sessions/{found['year']}"
    return found | {"on": on.isoformat(), "entry_list": shown, "counts": counts}


def _statuses() -> tuple[Status, ...]:
    return ("planned", "convened", "in-session", "held", "not-held", "cancelled", "missed")


def status_of(entry: Row, session: Row | None, on: date) -> Status:
    """Return what became of an entry as of a day; "missed" where its day passed and no act says anything (C3)."""
    if session is None:
        settled: Status | None = entry["settled"]
        return settled or ("missed" if entry["day"] < on else "planned")
    phase = session["phase"]
    if phase in _BEFORE:
        return "missed" if session["held_on"] < on else "convened"
    return _ENDED.get(phase, "in-session")


def _entry(entry: Row, session: Row | None, on: date) -> Object:
    status = status_of(entry, session, on)
    shown: Object = {
        "entry": entry["entry"],
        "session": entry["session"],
        "day": entry["day"].isoformat(),
        "first_day": entry["first_day"].isoformat(),
        "moved": entry["moved"],
        "status": status,
    }
    if entry["settled_index"] is not None:
        shown["settled_index"] = entry["settled_index"]
    if session is not None:
        shown |= {"held_on": session["held_on"].isoformat(), "link": f"{API}/sessions/{entry['session']}"}
        shown["on_its_day"] = session["held_on"] == entry["day"]
    return shown


HOLIDAY_CALENDAR = Kind("holiday-calendar", "holidays", HOLIDAYS)
SESSION_CALENDAR = Kind(
    "session-calendar",
    "calendars",
    CALENDARS,
    links={"vote": "votes/{vote.path}"},
    whole=_whole,
    adds=("on", "entry_list", "counts"),
)
