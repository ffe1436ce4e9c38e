"""Convocations and the proof of their receipt: who had notice, in how many business days (LFEP 9; domain.md R4)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.domain.rules.days import business_days_between
from projections.calendars import HOLIDAYS
from projections.convocations import CONVOCATIONS, RECEIPTS
from projections.queries.base import API, Kind, rows_where, told
from projections.queries.bodies import rules_on

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader


def of_session(cursor: Reader, path: str) -> Object | None:
    """Return all convocations of a session in their order, the earlier ones kept; None where there is none."""
    rows = rows_where(cursor, CONVOCATIONS, "session", path, ["created_index"])
    if not rows:
        return None
    return {
        "id": f"{API}/sessions/{path}/convocations",
        "type": "convocation-proof",
        "session": f"{API}/sessions/{path}",
        "convocations": [
            _proved(cursor, row, found) for row, found in zip(rows, told(cursor, CONVOCATION, rows), strict=True)
        ],
    }


def _proved(cursor: Reader, row: Row, found: Object) -> Object:
    """Tell every receipt of a convocation, and whether it came in time."""
    adopted = rules_on(cursor, row["body"], row["held_on"])
    rules = {} if adopted is None else adopted["rules"]
    receipts = rows_where(cursor, RECEIPTS, "convocation", row["id"], ["seat", "entry_index"])
    holidays = _holidays(cursor, rules.get("holiday_calendar"))
    found["required_business_days"] = rules.get("notice_business_days")
    found["receipt_list"] = [_receipt(each, row["held_on"], rules, holidays) for each in receipts]
    return found


def _receipt(receipt: Row, held_on: date, rules: dict[str, Any], holidays: frozenset[date]) -> Object:
    days = business_days_between(date.fromisoformat(receipt["received_at"][:10]), held_on, holidays)
    shown: Object = {
        column: receipt[column]
        for column in ("seat", "designation", "received_at", "channel", "voice", "carpeta")
        if receipt[column] is not None
    }
    required = rules.get("notice_business_days")
    in_time = {} if required is None else {"in_time": days >= required}
    return shown | {"business_days": days, **in_time, "act": f"{API}/acts/{receipt['entry_index']}"}


def _holidays(cursor: Reader, calendar: str | None) -> frozenset[date]:
    rows = [] if calendar is None else rows_where(cursor, HOLIDAYS, "id", calendar)
    return frozenset(date.fromisoformat(each["day"]) for row in rows for each in row["days"])


CONVOCATION = Kind(
    "convocation",
    "convocations",
    CONVOCATIONS,
    day="held_on",
    links={"session": "sessions/{session}"},
    whole=_proved,
    adds=("required_business_days", "receipt_list"),
)
