"""Calendars: the days that do not count, edition by edition, and the sessions that a body planned for a year."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.acts.calendar import (
    CalendarApproved,
    CalendarClosed,
    CalendarEntrySettled,
    CalendarSessionRescheduled,
    HolidaysAdopted,
)
from projections.base import Registry, Table, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

HOLIDAYS = object_table(
    "holiday_calendars", "edition", "covers_from", "covers_until", "days", "editions", json=("days", "editions")
)
CALENDARS = object_table("session_calendars", "body", "year", "vote", "phase", "entries", fixed=("vote", "entries"))
ENTRIES = Table(
    "calendar_entries",
    ("calendar", "entry", "session", "first_day", "day", "moved", "settled", "settled_index", "planned_index"),
    ("calendar", "entry"),
    json=frozenset({"moved"}),
    fixed=frozenset({"session", "first_day", "planned_index"}),
    born="planned_index",
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a calendar."""
    act = signed.act
    match act:
        case HolidaysAdopted():
            _adopt(page, signed, act)
        case CalendarApproved():
            _approve(page, signed, act)
        case CalendarSessionRescheduled():
            touch(page.edit(CALENDARS, f"{act.body}/{act.year}"), signed)
            entry = page.edit(ENTRIES, f"{act.body}/{act.year}", act.entry)
            entry["moved"] = [*entry["moved"], {"from": entry["day"].isoformat(), "to": act.day, "index": signed.index}]
            entry["day"] = date.fromisoformat(act.day)
        case CalendarEntrySettled():
            touch(page.edit(CALENDARS, f"{act.body}/{act.year}"), signed)
            entry = page.edit(ENTRIES, f"{act.body}/{act.year}", act.entry)
            entry.update(settled=act.outcome, settled_index=signed.index)
        case CalendarClosed():
            touch(page.edit(CALENDARS, f"{act.body}/{act.year}"), signed)["phase"] = "closed"
        case _:
            pass


def _adopt(page: Page, signed: Signed, act: HolidaysAdopted) -> None:
    """Within its span the edition is all that holds; outside of it nothing changes."""
    begins, ends = act.covers_from, act.covers_until
    new = [each.model_dump() | {"edition": act.edition} for each in act.days]
    edition: Row = {"edition": act.edition, "covers_from": begins, "covers_until": ends, "index": signed.index}
    row = page.find(HOLIDAYS, act.calendar)
    if row is None:
        own: Row = {"covers_from": date.fromisoformat(begins), "covers_until": date.fromisoformat(ends)}
        own |= {"edition": act.edition, "days": new, "editions": [edition]}
        page.put(HOLIDAYS, {"id": act.calendar, **heading(signed), **own})
        return
    row = touch(page.edit(HOLIDAYS, act.calendar), signed)
    kept = [each for each in row["days"] if not begins <= each["day"] <= ends]
    row.update(
        edition=act.edition,
        covers_from=min(row["covers_from"], date.fromisoformat(begins)),
        covers_until=max(row["covers_until"], date.fromisoformat(ends)),
        days=sorted([*kept, *new], key=lambda each: str(each["day"])),
        editions=[*row["editions"], edition],
    )


def _approve(page: Page, signed: Signed, act: CalendarApproved) -> None:
    key = f"{act.body}/{act.year}"
    own: Row = {"body": act.body, "year": act.year, "vote": act.vote, "phase": "approved", "entries": len(act.entries)}
    page.put(CALENDARS, {"id": key, **heading(signed), **own})
    for entry in act.entries:
        day = date.fromisoformat(entry.day)
        page.put(
            ENTRIES,
            {
                "calendar": key,
                "entry": entry.entry,
                "session": f"{key}/{entry.series}/{entry.session}",
                "first_day": day,
                "day": day,
                "moved": [],
                "settled": None,
                "settled_index": None,
                "planned_index": signed.index,
            },
        )


REGISTRY = Registry("calendars", (HOLIDAYS, CALENDARS, ENTRIES), {"holidays": HOLIDAYS, "calendar": CALENDARS}, handle)
