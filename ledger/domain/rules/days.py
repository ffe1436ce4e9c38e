"""Days that an act's data names."""

from __future__ import annotations

from datetime import date

from ledger.errors import RuleViolation


def calendar_day(text: str) -> date:
    """Return the day of `YYYY-MM-DD`; the schema admits 31 February, the calendar does not.

    Raises:
        RuleViolation: "impossible-date".
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RuleViolation("impossible-date", day=text) from error
