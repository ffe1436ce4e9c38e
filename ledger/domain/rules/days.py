"""Days that an act's data names, and business days.

A business day is a day from Monday to Friday that is no holiday (LFPA art. 28). Holidays are given to these
functions as a set; which set that is says a calendar adopted by acts (`ledger.domain.holidays`). Pure arithmetic.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_WEEK = 7
_WORKING = 5
_DAY = timedelta(days=1)
_LAST_CAUSE = date(2999, 12, 31)
NO_HOLIDAYS: AbstractSet[date] = frozenset()


def calendar_day(text: str) -> date:
    """Return the day of `YYYY-MM-DD`; the schema admits 31 February, the calendar does not.

    Raises:
        RuleViolation: "impossible-date".
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RuleViolation("impossible-date", day=text) from error


def is_business_day(day: date, holidays: AbstractSet[date] = NO_HOLIDAYS) -> bool:
    """Tell whether the day is one from Monday to Friday and no holiday."""
    return day.weekday() < _WORKING and day not in holidays


def business_days_after(since: date, until: date, holidays: AbstractSet[date] = NO_HOLIDAYS) -> int:
    """Return how many business days lie after `since` up to and with `until`; 0 when there is none.

    It is the inverse of `add_business_days`: a term that begins to run on the day after its cause (LFPA art. 38).
    """
    whole = max(0, (until - since).days)
    weeks, rest = divmod(whole, _WEEK)
    loose = sum(1 for n in range(1, rest + 1) if (since + timedelta(days=n)).weekday() < _WORKING)
    lost = sum(1 for day in holidays if since < day <= until and day.weekday() < _WORKING)
    return weeks * _WORKING + loose - lost


def business_days_between(begins: date, ends: date, holidays: AbstractSet[date] = NO_HOLIDAYS) -> int:
    """Return how many business days lie strictly between the two; 0 when there is none.

    Args:
        begins: E.g. the legal day on which a convocation was received.
        ends: E.g. the legal day of the session.
        holidays: The days that do not count.
    """
    return business_days_after(begins, max(begins, ends - _DAY), holidays)


def add_business_days(day: date, n: int, holidays: AbstractSet[date] = NO_HOLIDAYS) -> date:
    """Return the n-th business day after a day: the last day of a term of n business days.

    Args:
        day: The day of the cause, which does not count (LFPA art. 38).
        n: How many; 0 gives the day itself, whatever it is.
        holidays: The days that do not count.

    Raises:
        ValueError: n is negative.
        RuleViolation: "impossible-date" where the calendar of years has no such day any more.
    """
    if n < 0:
        raise ValueError(n)
    if day > _LAST_CAUSE:
        raise RuleViolation("impossible-date", day=day.isoformat())
    weeks, rest = divmod(n, _WORKING)
    if not holidays and day.weekday() < _WORKING:
        day += timedelta(days=_WEEK * weeks)
    else:
        rest = n
    while rest:
        day += _DAY
        rest -= is_business_day(day, holidays)
    return day
