"""The calendar of a body's sessions of a year: approved, rescheduled, closed (domain.md §3.2, C1–C3; RLFEP 18.I).

    approved → (rescheduled | settled)* → closed

What became of an entry is not recorded here where a session says it: its stream is named by the entry, so it is read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.calendar import CalendarApproved, CalendarClosed, CalendarEntrySettled, CalendarSessionRescheduled
from ledger.domain.body import body_of, rules_of
from ledger.domain.holidays import holidays_for
from ledger.domain.rules.approval import approved_vote
from ledger.domain.rules.days import business_days_after, calendar_day, is_business_day
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.states import SessionState
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import legal_day, parse_written, stream_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from ledger.acts.base import Act

CalendarAct: TypeAlias = CalendarApproved | CalendarSessionRescheduled | CalendarEntrySettled | CalendarClosed
Outcome: TypeAlias = Literal["open", "held", "not-held", "cancelled"]
_OUTCOMES: Mapping[str, Outcome] = {
    "closed": "held",
    "imported": "held",
    "not-held": "not-held",
    "cancelled": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Planned:
    """An entry: which session, for which day now, for which first; how it was settled where no session says it."""

    series: str
    session: int
    day: date
    first_day: date
    settled: Literal["not-held", "cancelled"] | None = None


@dataclass(frozen=True, slots=True)
class CalendarState(State):
    """A body's calendar of a year."""

    body: str
    year: int
    entries: Mapping[int, Planned]
    last_at: datetime
    closed: bool = False


def check(state: CalendarState | None, signed: Signed, world: World) -> None:
    """Check an act of a calendar of sessions.

    Raises:
        RuleViolation: "calendar-approved", "calendar-unknown", "calendar-closed", "back-dated", as the checks below.
    """
    act = _narrow(signed.act)
    world.rule("calendars")
    if isinstance(act, CalendarApproved):
        if state is not None:
            raise RuleViolation("calendar-approved", calendar=act.stream())
        _check_approved(act, signed, world)
        return
    if state is None:
        raise RuleViolation("calendar-unknown", calendar=act.stream())
    if state.closed:
        raise RuleViolation("calendar-closed", calendar=act.stream())
    check_not_before(signed, state.last_at)
    match act:
        case CalendarSessionRescheduled():
            _check_rescheduled(state, act, world)
        case CalendarEntrySettled():
            _check_settled(state, act, signed, world)
        case CalendarClosed():
            _check_closed(state, act, world)
        case _:
            assert_never(act)


def _check_approved(act: CalendarApproved, signed: Signed, world: World) -> None:
    """Raise "entry-gap", "entry-repeated", "calendar-year"; C1 and days that do not count are remarked."""
    vote = approved_vote(act.body, act.vote, signed, world)
    if vote.session != f"{act.body}/{act.year}/ord/1":
        world.remark("calendar-not-in-first-session", calendar=act.stream(), vote=act.vote)
    sessions: set[tuple[str, int]] = set()
    days = [_day_of(act.year, entry.day) for entry in act.entries]
    for expected, entry in enumerate(act.entries, 1):
        if entry.entry != expected:
            raise RuleViolation("entry-gap", entry=entry.entry, expected=expected)
        if (entry.series, entry.session) in sessions:
            raise RuleViolation("entry-repeated", entry=entry.entry)
        sessions.add((entry.series, entry.session))
    rules = rules_of(body_of(world, act.body), legal_day(signed.statement.occurred_at))
    holidays = holidays_for(world, rules, min(days), max(days))
    for day in days:
        if not is_business_day(day, holidays):
            world.remark("calendar-on-holiday", calendar=act.stream(), day=str(day))


def _day_of(year: int, text: str) -> date:
    day = calendar_day(text)
    if day.year != year:
        raise RuleViolation("calendar-year", year=year, day=text)
    return day


def _check_rescheduled(state: CalendarState, act: CalendarSessionRescheduled, world: World) -> None:
    """C2: inside the window; raise "entry-unknown", "entry-settled", "entry-unchanged", "outside-window" and others."""
    entry = _open_entry(state, act.entry, world)
    day = _day_of(state.year, act.day)
    if day == entry.day:
        raise RuleViolation("entry-unchanged", entry=act.entry)
    rules = rules_of(body_of(world, act.body), day)
    window = rules.reschedule_window
    if window is None:
        return
    world.rule("reschedule-window")
    first, last = sorted((entry.day, day))
    days = business_days_after(first, last, holidays_for(world, rules, first, last))
    days = days if entry.day < day else -days
    if not window.at_least <= days <= window.at_most:
        raise RuleViolation("outside-window", days=days, at_least=window.at_least, at_most=window.at_most)


def _check_settled(state: CalendarState, act: CalendarEntrySettled, signed: Signed, world: World) -> None:
    """A session that was convened speaks for itself; raise "entry-convened", "entry-not-due" and others."""
    entry = _open_entry(state, act.entry, world)
    if _session_of(state, entry, world) is not None:
        raise RuleViolation("entry-convened", entry=act.entry)
    if act.outcome == "not-held" and legal_day(signed.statement.occurred_at) < entry.day:
        raise RuleViolation("entry-not-due", entry=act.entry, day=str(entry.day))


def _check_closed(state: CalendarState, act: CalendarClosed, world: World) -> None:
    """C3: no silent misses; raise "entry-open", "calendar-counts"."""
    counted: Counter[Outcome] = Counter()
    for number, entry in state.entries.items():
        outcome = outcome_of(state, entry, world)
        if outcome == "open":
            raise RuleViolation("entry-open", entry=number, day=str(entry.day))
        counted[outcome] += 1
    if (act.held, act.not_held, act.cancelled) != (counted["held"], counted["not-held"], counted["cancelled"]):
        raise RuleViolation("calendar-counts", held=counted["held"], not_held=counted["not-held"])


def _open_entry(state: CalendarState, number: int, world: World) -> Planned:
    entry = state.entries.get(number)
    if entry is None:
        raise RuleViolation("entry-unknown", entry=number)
    outcome = outcome_of(state, entry, world)
    if outcome != "open":
        raise RuleViolation("entry-settled", entry=number, outcome=outcome)
    return entry


def _session_of(state: CalendarState, entry: Planned, world: World) -> SessionState | None:
    return read(world, SessionState, stream_name("session", state.body, state.year, entry.series, entry.session))


def outcome_of(state: CalendarState, entry: Planned, world: World) -> Outcome:
    """Return how an entry ended, by its session where there is one; "open" while it has not."""
    session = _session_of(state, entry, world)
    if session is None:
        return entry.settled or "open"
    return _OUTCOMES.get(session.phase, "open")


def evolve(state: CalendarState | None, signed: Signed) -> CalendarState:
    """Return the calendar after the act."""
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if isinstance(act, CalendarApproved):
        planned = {
            each.entry: Planned(each.series, each.session, calendar_day(each.day), calendar_day(each.day))
            for each in act.entries
        }
        return CalendarState(*signed.heading(), act.body, act.year, planned, at)
    if state is None:
        raise RuleViolation("calendar-unknown", calendar=act.stream())
    version, index, statement = signed.heading()
    moved = replace(state, version=version, index=index, statement=statement, last_at=at)
    match act:
        case CalendarSessionRescheduled():
            entry = replace(state.entries[act.entry], day=calendar_day(act.day))
            return replace(moved, entries={**state.entries, act.entry: entry})
        case CalendarEntrySettled():
            entry = replace(state.entries[act.entry], settled=act.outcome)
            return replace(moved, entries={**state.entries, act.entry: entry})
        case CalendarClosed():
            return replace(moved, closed=True)
        case _:
            assert_never(act)


def _narrow(act: Act) -> CalendarAct:
    if not isinstance(act, CalendarApproved | CalendarSessionRescheduled | CalendarEntrySettled | CalendarClosed):
        raise TypeError(type(act).__name__)
    return act
