"""A body: its versioned rules and its seats, as of any day (domain.md §2, §3.1).

What the rules of a past session were never changes (B1): versions follow one another by day, and only what
founding officers register from paper may lie in the past. A seat id is never used again (B2). An extinct body
takes no more acts of its own, and its past stays readable (B3). A name changes and the id stays (B5).

    active ⇄ suspended → extinct
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.body import (
    BodyExtinguished,
    BodyRegistered,
    BodyRenamed,
    BodyResumed,
    BodyRulesAdopted,
    BodySuspended,
    SeatsDefined,
    SeatsSuppressed,
)
from ledger.domain.rules.soundness import check_rules_sound
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import legal_day, stream_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.acts.base import Act
    from ledger.acts.body import Rules

CourseAct: TypeAlias = BodyRenamed | BodySuspended | BodyResumed
BodyAct: TypeAlias = BodyRegistered | BodyRulesAdopted | SeatsDefined | SeatsSuppressed | BodyExtinguished | CourseAct
_CACHED_DAYS = 512


@dataclass(frozen=True, slots=True)
class AdoptedRules:
    """A version of the body's rules, in force from `valid_from` until the next version's day."""

    valid_from: date
    profile: str
    rules: Rules


@dataclass(frozen=True, slots=True)
class SeatState:
    """A seat, existing on the days from `valid_from` on and before `valid_to`."""

    seat: str
    sector: str
    role: str
    voting: bool
    valid_from: date
    valid_to: date | None = None

    def exists_on(self, day: date) -> bool:
        """Tell whether the seat exists on the day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class BodyState(State):
    """A body with every version of its rules and every seat that it ever had, in order of definition.

    renamed_on: from which day on it has its present name; None while it has its first.
    suspensions: half-open spans of days on which it does not act; the last may be open.
    """

    body: str
    body_kind: str
    parent: str | None
    rules: tuple[AdoptedRules, ...] = ()
    seats: Mapping[str, SeatState] = field(default_factory=dict)
    extinct_on: date | None = None
    renamed_on: date | None = None
    suspensions: tuple[tuple[date, date | None], ...] = ()
    # What one day's composition costs to find is paid once; states are frozen, so nothing in it goes stale.
    _on: dict[date, tuple[SeatState, ...]] = field(init=False, default_factory=dict, repr=False, compare=False)

    def exists_on(self, day: date) -> bool:
        """Tell whether the body is not yet extinct on the day."""
        return self.extinct_on is None or day < self.extinct_on

    def suspended_on(self, day: date) -> bool:
        """Tell whether the body is suspended on the day."""
        spans = self.suspensions
        return bool(spans) and any(begin <= day and (end is None or day < end) for begin, end in spans)

    def rules_on(self, day: date) -> AdoptedRules | None:
        """Return the latest version valid on the day, or None before the first."""
        if self.rules and self.rules[-1].valid_from <= day:  # as nearly always
            return self.rules[-1]
        at = bisect_right(self.rules, day, key=lambda adopted: adopted.valid_from)
        return self.rules[at - 1] if at else None

    def seat(self, seat: str) -> SeatState | None:
        """Return the seat of that id, whether or not it still exists."""
        return self.seats.get(seat)

    def seats_on(self, day: date) -> tuple[SeatState, ...]:
        """Return the seats that exist on the day, vacant ones too, in order of definition; none once extinct."""
        found = self._on.get(day)
        if found is None:
            found = tuple(s for s in self.seats.values() if s.exists_on(day)) if self.exists_on(day) else ()
            if len(self._on) >= _CACHED_DAYS:
                self._on.clear()
            self._on[day] = found
        return found

    def voting_seats_on(self, day: date) -> tuple[SeatState, ...]:
        """Return the voting seats that exist on the day."""
        return tuple(seat for seat in self.seats_on(day) if seat.voting)


def body_of(world: World, body: str) -> BodyState:
    """Return the body's state.

    Raises:
        RuleViolation: "body-unknown".
    """
    state = read(world, BodyState, stream_name("body", body))
    if state is None:
        raise RuleViolation("body-unknown", body=body)
    return state


def rules_of(state: BodyState, day: date) -> Rules:
    """Return the rules by which the body acts on the day.

    Raises:
        RuleViolation: "body-extinct", "body-suspended", "no-rules-in-force".
    """
    if not state.exists_on(day):
        raise RuleViolation("body-extinct", body=state.body, extinct_on=str(state.extinct_on))
    if state.suspended_on(day):
        raise RuleViolation("body-suspended", body=state.body, day=day.isoformat())
    adopted = state.rules_on(day)
    if adopted is None:
        raise RuleViolation("no-rules-in-force", body=state.body, day=day.isoformat())
    return adopted.rules


def check(state: BodyState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `body/<body>`.

    Raises:
        RuleViolation: "body-already-registered", "body-unknown", "body-extinct", "rules-not-later",
            "rules-retroactive", "rules-unsound", "seat-used", "seat-unknown", "seat-suppressed",
            "dates-out-of-order", "body-suspended", "body-not-suspended".
    """
    act = _narrow(signed.act)
    world.rule("bodies")
    if isinstance(act, BodyRegistered):
        _check_registered(state, act, world)
        return
    if state is None:
        raise RuleViolation("body-unknown", body=act.body)
    if state.extinct_on is not None:
        raise RuleViolation("body-extinct", body=act.body, extinct_on=state.extinct_on.isoformat())
    match act:
        case BodyRulesAdopted():
            _check_rules(state, act, signed, world)
        case SeatsDefined():
            _check_defined(state, act)
        case SeatsSuppressed():
            _check_suppressed(state, act)
        case BodyExtinguished():
            _check_extinguished(state, act)
        case BodyRenamed() | BodySuspended() | BodyResumed():
            _check_course(state, act)
        case _:
            assert_never(act)


def _check_registered(state: BodyState | None, act: BodyRegistered, world: World) -> None:
    if state is not None:
        raise RuleViolation("body-already-registered", body=act.body)
    if act.parent is not None and body_of(world, act.parent).extinct_on is not None:
        raise RuleViolation("body-extinct", body=act.parent)


def _check_rules(state: BodyState, act: BodyRulesAdopted, signed: Signed, world: World) -> None:
    """B1: versions follow one another, and a later one never reaches back to days already lived under another.

    What founding officers register from paper may: it is remarked, and judges no act before its own index.
    """
    world.rule("rules-versions")
    valid_from = _day(act.valid_from)
    if state.rules and valid_from <= state.rules[-1].valid_from:
        raise RuleViolation("rules-not-later", valid_from=act.valid_from, last=str(state.rules[-1].valid_from))
    if state.rules and valid_from < legal_day(signed.statement.occurred_at):
        if signed.statement.office != "ledger":
            raise RuleViolation("rules-retroactive", valid_from=act.valid_from)
        world.remark("rules-retroactive", body=act.body, valid_from=act.valid_from)
    check_rules_sound(act.rules)


def _check_defined(state: BodyState, act: SeatsDefined) -> None:
    _day(act.valid_from)
    named: set[str] = set()
    for seat in act.seats:
        if seat.seat in state.seats or seat.seat in named:
            raise RuleViolation("seat-used", body=act.body, seat=seat.seat)
        named.add(seat.seat)


def _check_suppressed(state: BodyState, act: SeatsSuppressed) -> None:
    valid_to = _day(act.valid_to)
    if len(set(act.seats)) != len(act.seats):
        raise RuleViolation("seat-suppressed", body=act.body)
    for name in act.seats:
        seat = state.seats.get(name)
        if seat is None:
            raise RuleViolation("seat-unknown", body=act.body, seat=name)
        if seat.valid_to is not None:
            raise RuleViolation("seat-suppressed", body=act.body, seat=name)
        if valid_to <= seat.valid_from:
            raise RuleViolation("dates-out-of-order", seat=name, valid_from=str(seat.valid_from), valid_to=act.valid_to)


def _check_extinguished(state: BodyState, act: BodyExtinguished) -> None:
    extinct_on = _day(act.extinct_on)
    begun = [adopted.valid_from for adopted in state.rules] + [seat.valid_from for seat in state.seats.values()]
    if begun and extinct_on <= max(begun):
        raise RuleViolation("dates-out-of-order", extinct_on=act.extinct_on, last=str(max(begun)))


def _check_course(state: BodyState, act: CourseAct) -> None:
    """Names and suspensions follow one another by day; who is suspended is resumed before he is suspended anew."""
    begin, end = state.suspensions[-1] if state.suspensions else (None, None)
    last: date | None
    match act:
        case BodyRenamed():
            day, last = _day(act.effective_on), state.renamed_on
        case BodySuspended():
            if begin is not None and end is None:
                raise RuleViolation("body-suspended", body=act.body, day=begin.isoformat())
            day, last = _day(act.suspended_on), end
        case BodyResumed():
            if begin is None or end is not None:
                raise RuleViolation("body-not-suspended", body=act.body)
            day, last = _day(act.resumed_on), begin
        case _:
            assert_never(act)
    if last is not None and day <= last:
        raise RuleViolation("dates-out-of-order", day=day.isoformat(), last=last.isoformat())


def evolve(state: BodyState | None, signed: Signed) -> BodyState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    if isinstance(act, BodyRegistered):
        return BodyState(version, index, statement, act.body, act.body_kind, act.parent)
    if state is None:
        raise RuleViolation("body-unknown", body=act.body)
    moved = replace(state, version=version, index=index, statement=statement)
    match act:
        case BodyRulesAdopted():
            return replace(moved, rules=(*state.rules, AdoptedRules(_day(act.valid_from), act.profile, act.rules)))
        case SeatsDefined():
            begins = _day(act.valid_from)
            new = {s.seat: SeatState(s.seat, s.sector, s.role, s.voting, begins) for s in act.seats}
            return replace(moved, seats={**state.seats, **new})
        case SeatsSuppressed():
            ends = _day(act.valid_to)
            gone = {name: replace(state.seats[name], valid_to=ends) for name in act.seats}
            return replace(moved, seats={**state.seats, **gone})
        case BodyExtinguished():
            return replace(moved, extinct_on=_day(act.extinct_on))
        case BodyRenamed() | BodySuspended() | BodyResumed():
            return _after_course(moved, act)
        case _:
            assert_never(act)


def _after_course(state: BodyState, act: CourseAct) -> BodyState:
    match act:
        case BodyRenamed():
            return replace(state, renamed_on=_day(act.effective_on))
        case BodySuspended():
            return replace(state, suspensions=(*state.suspensions, (_day(act.suspended_on), None)))
        case BodyResumed():
            begin, _ = state.suspensions[-1]
            return replace(state, suspensions=(*state.suspensions[:-1], (begin, _day(act.resumed_on))))
        case _:
            assert_never(act)


def _narrow(act: Act) -> BodyAct:
    if not isinstance(act, BodyAct):
        raise TypeError(type(act).__name__)
    return act


def _day(text: str) -> date:
    """Return the day that an act's data names; the schema admits 31 February, the calendar does not."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RuleViolation("impossible-date", day=text) from error
