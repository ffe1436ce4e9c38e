"""The calendar of a body's sessions of a year: approved, rescheduled, closed (domain.md §3.2, C1–C3; RLFEP 18.I).

    approved → (rescheduled | settled)* → closed

What became of an entry is not recorded here where a session says it: its stream is named by the entry, so it is read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.calendar import CalendarApproved, CalendarClosed, CalendarEntrySettled, CalendarSessionRescheduled
from ledger.domain.body import body_of, rules_of
from ledger.domain.holidays import holidays_for
from ledger.domain.rules.approval import approved_vote
from ledger.domain.rules.days import business_days_after, calendar_day, is_business_day
from ledger.domain.rules.numbering import SeriesState, series_stream
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.states import SessionState
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import legal_day, parse_written, stream_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ledger.acts.base import Act
    from ledger.acts.rules import Rules

CalendarAct: TypeAlias = CalendarApproved | CalendarSessionRescheduled | CalendarEntrySettled | CalendarClosed
Outcome: TypeAlias = Literal["open", "held", "not-held", "cancelled"]
ORDINARY = "ord"
"""The series of ordinary sessions."""
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
            _remark_shortfall(state, world)
        case _:
            assert_never(act)


def _check_approved(act: CalendarApproved, signed: Signed, world: World) -> None:
    """Raise "entry-gap", "entry-repeated", "calendar-year", "ordinary-too-few"; C1 and holidays are remarked."""
    vote = approved_vote(act.body, act.vote, signed, world)
    if vote.session != f"{act.body}/{act.year}/{ORDINARY}/1":
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
    _check_minimum(act, rules, world)
    holidays = holidays_for(world, rules, min(days), max(days))
    for day in days:
        if not is_business_day(day, holidays):
            world.remark("calendar-on-holiday", calendar=act.stream(), day=str(day))


def _check_minimum(act: CalendarApproved, rules: Rules, world: World) -> None:
    """R1: a calendar has as many ordinary sessions as the rules ask of a year; fewer are told, or not approved."""
    required = rules.min_ordinary_per_year
    if required is None:
        return
    world.rule("ordinary-minimum")
    planned = sum(entry.series == ORDINARY for entry in act.entries)
    if planned >= required:
        return
    if rules.few_ordinary == "REFUSE":
        raise RuleViolation("ordinary-too-few", calendar=act.stream(), planned=planned, required=required)
    world.remark("ordinary-too-few", calendar=act.stream(), planned=planned, required=required)


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


def _remark_shortfall(state: CalendarState, world: World) -> None:
    """R1: what a year held fewer than the rules of its last day ask for is told for ever; nothing undoes it."""
    adopted = body_of(world, state.body).rules_on(date(state.year, 12, 31))
    required = None if adopted is None else adopted.rules.min_ordinary_per_year
    if required is None:
        return
    world.rule("ordinary-minimum")
    if read(world, SeriesState, series_stream(_ordinary(state, 1))) is not None:
        world.lacks("ordinary-minimum")  # the year's first sessions are on paper, not in this ledger
        return
    held = ordinary_held(state, world)
    if held < required:
        calendar = stream_name("calendar", state.body, state.year)
        world.remark("ordinary-shortfall", calendar=calendar, held=held, required=required)


def ordinary_held(state: CalendarState, world: World) -> int:
    """Return how many ordinary sessions of the year were held, planned or not."""
    held, number = 0, 1
    while world.begun(stream := _ordinary(state, number)):
        session = read(world, SessionState, stream)
        held += session is not None and _OUTCOMES.get(session.phase) == "held"
        number += 1
    return held


def _ordinary(state: CalendarState, number: int) -> str:
    return stream_name("session", state.body, state.year, ORDINARY, number)


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
