"""A calendar of holidays: editions, each for a span of days, the later ones over the earlier (domain.md §3.14).

What is past stays as it was: an edition may extend the calendar backwards, over days of which nothing was said, and
never changes whether a day already lived under it was a business day.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ledger.acts.calendar import HolidaysAdopted
from ledger.domain.rules.days import NO_HOLIDAYS, add_business_days, calendar_day
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import legal_day, stream_name

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from ledger.acts.base import Act
    from ledger.acts.body import Rules

_DAY = timedelta(days=1)
_YEARS = (1800, 2999)


@dataclass(frozen=True, slots=True)
class HolidaysState(State):
    """A calendar after its last edition.

    covers_from, covers_until: first and last day of which it says whether they count.
    days: the holidays among them.
    """

    calendar: str
    edition: int
    covers_from: date
    covers_until: date
    days: frozenset[date]


def check(state: HolidaysState | None, signed: Signed, world: World) -> None:
    """Check an edition of a calendar.

    Raises:
        RuleViolation: "edition-gap", "dates-out-of-order", "holidays-out-of-span", "holidays-out-of-order",
            "holidays-apart" (a span that neither meets nor touches what is covered), "holidays-retroactive",
            "impossible-date".
    """
    world.rule("holidays")
    act = _narrow(signed.act)
    expected = 1 if state is None else state.edition + 1
    if act.edition != expected:
        raise RuleViolation("edition-gap", edition=act.edition, expected=expected)
    begins, ends, days = _span(act)
    _check_days(begins, ends, days)
    if state is None:
        return
    if begins > state.covers_until + _DAY or ends < state.covers_from - _DAY:
        raise RuleViolation("holidays-apart", covers_from=act.covers_from, covered_until=str(state.covers_until))
    today = legal_day(signed.statement.occurred_at)
    lived = {day for day in state.days if begins <= day <= ends and day < today}
    past = {day for day in days if state.covers_from <= day <= state.covers_until and day < today}
    if lived != past:
        raise RuleViolation("holidays-retroactive", day=str(min(lived ^ past)))


def _span(act: HolidaysAdopted) -> tuple[date, date, tuple[date, ...]]:
    days = tuple(calendar_day(holiday.day) for holiday in act.days)
    return calendar_day(act.covers_from), calendar_day(act.covers_until), days


def _check_days(begins: date, ends: date, days: tuple[date, ...]) -> None:
    for day in (begins, ends):
        if not _YEARS[0] <= day.year <= _YEARS[1]:
            raise RuleViolation("impossible-date", day=str(day))
    if ends < begins:
        raise RuleViolation("dates-out-of-order", covers_from=str(begins), covers_until=str(ends))
    if any(later <= earlier for earlier, later in itertools.pairwise(days)):
        raise RuleViolation("holidays-out-of-order")
    for day in days:
        if not begins <= day <= ends:
            raise RuleViolation("holidays-out-of-span", day=str(day))


def evolve(state: HolidaysState | None, signed: Signed) -> HolidaysState:
    """Return the calendar after an edition."""
    act = _narrow(signed.act)
    begins, ends, days = _span(act)
    if state is None:
        return HolidaysState(*signed.heading(), act.calendar, act.edition, begins, ends, frozenset(days))
    kept = frozenset(day for day in state.days if not begins <= day <= ends)
    covered = min(begins, state.covers_from), max(ends, state.covers_until)
    return HolidaysState(*signed.heading(), act.calendar, act.edition, *covered, kept | frozenset(days))


def _narrow(act: Act) -> HolidaysAdopted:
    if not isinstance(act, HolidaysAdopted):
        raise TypeError(type(act).__name__)
    return act


# -- what other rules ask --------------------------------------------------------------------------------------


def holidays_for(world: World, rules: Rules, begins: date, ends: date) -> AbstractSet[date]:
    """Return the holidays on which a body counts the business days from one day to another.

    Where the body names no calendar, Monday to Friday count. Where its calendar does not reach all these days, it is
    remarked ("holidays-uncovered"): a term that is found short is short, one found long enough may still have a
    holiday in it.
    """
    name = rules.holiday_calendar
    if name is None:
        return NO_HOLIDAYS
    world.rule("holidays-counted")
    state = read(world, HolidaysState, stream_name("holidays", name))
    if state is None or begins < state.covers_from or state.covers_until < ends:
        world.remark("holidays-uncovered", calendar=name, begins=str(begins), ends=str(ends))
    return NO_HOLIDAYS if state is None else state.days


def business_deadline(world: World, rules: Rules, since: date, n: int) -> date:
    """Return the last day of a term of n business days that begins to run on the day after `since`.

    Args:
        world: States to read; it is remarked where the calendar does not reach the deadline.
        rules: The body's rules, which name its calendar.
        since: The day of the cause.
        n: How many business days.
    """
    days = NO_HOLIDAYS
    if rules.holiday_calendar is not None:
        state = read(world, HolidaysState, stream_name("holidays", rules.holiday_calendar))
        days = NO_HOLIDAYS if state is None else state.days
    due = add_business_days(since, n, days)
    holidays_for(world, rules, since, due)
    return due
