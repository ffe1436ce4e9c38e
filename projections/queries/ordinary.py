"""How many ordinary sessions a year of a body had, and how many its rules ask for (domain.md §2.2 R1; LFEP 20)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.domain.calendar import ORDINARY
from projections.calendars import ENTRIES
from projections.queries.base import API, find_row, rows_where
from projections.queries.bodies import BODY, rules_on
from projections.queries.calendars import status_of
from projections.sessions import SESSIONS

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader


def ordinary_sessions(cursor: Reader, body: str, year: int, on: date) -> Object | None:
    """Return what a body's year has of ordinary sessions as of a day, None where there is no such body.

    Returns:
        `held` sessions; `on_paper`, those whose numbers come before the first that this ledger has; `planned`, entries
        of the year's calendar that are still to come; and, where the rules of the year's last day ask for a number,
        `required` and `missing`: how many that are required are neither held nor on paper by that day.
    """
    if find_row(cursor, BODY, body) is None:
        return None
    rows = rows_where(cursor, SESSIONS, "body", body, ["number"])
    own = {row["id"]: row for row in rows if row["year"] == year and row["series"] == ORDINARY}
    held = [row for row in own.values() if row["phase"] in {"closed", "imported"} and row["held_on"] <= on]
    found: Object = {
        "id": f"{API}/bodies/{body}/ordinary-sessions/{year}",
        "type": "ordinary-sessions",
        "body": body,
        "year": year,
        "on": on.isoformat(),
        "held": len(held),
        "on_paper": min((row["number"] for row in own.values()), default=1) - 1,
        "planned": _planned(cursor, body, year, own, on),
        "sessions": [f"{API}/sessions/{row['id']}" for row in held],
    }
    adopted = rules_on(cursor, body, date(year, 12, 31))
    required = None if adopted is None else adopted["rules"].get("min_ordinary_per_year")
    if required is None:
        return found
    return found | {"required": required, "missing": max(0, required - found["held"] - found["on_paper"])}


def _planned(cursor: Reader, body: str, year: int, sessions: dict[str, Row], on: date) -> int:
    """Return how many ordinary sessions the year's calendar has that are neither over nor missed by a day."""
    entries = rows_where(cursor, ENTRIES, "calendar", f"{body}/{year}", ["entry"])
    own = [entry for entry in entries if entry["session"].split("/")[2] == ORDINARY]
    coming = {"planned", "convened", "in-session"}
    return sum(status_of(entry, sessions.get(entry["session"]), on) in coming for entry in own)
