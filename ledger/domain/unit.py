"""Administrative units over time (domain.md §1 B11, §3.1 B5): one identity through every name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.unit import UnitCreated, UnitReassigned, UnitRenamed, UnitSuppressed
from ledger.domain.agreement_state import applicable
from ledger.domain.rules.days import calendar_day
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import stream_name

if TYPE_CHECKING:
    from datetime import date

    from ledger.acts.base import Act

UnitAct: TypeAlias = UnitCreated | UnitRenamed | UnitReassigned | UnitSuppressed
MAX_LEVELS = 32


@dataclass(frozen=True, slots=True)
class UnitState(State):
    """A unit as its last act left it.

    created_on, changed_on: first and last day on which something of it took effect.
    suppressed_on: first day on which it is no more.
    """

    unit: str
    code: str
    parent: str | None
    created_on: date
    changed_on: date
    suppressed_on: date | None = None


def unit_on(world: World, unit: str, day: date) -> UnitState:
    """Return a unit that exists on a day.

    Raises:
        RuleViolation: "unit-unknown", "unit-suppressed".
    """
    state = read(world, UnitState, stream_name("unit", unit))
    if state is None or day < state.created_on:
        raise RuleViolation("unit-unknown", unit=unit, day=day.isoformat())
    if state.suppressed_on is not None and state.suppressed_on <= day:
        raise RuleViolation("unit-suppressed", unit=unit, day=day.isoformat())
    return state


def check(state: UnitState | None, signed: Signed, world: World) -> None:
    """Check an act on a unit: in order of days, under units that exist, never under itself.

    Raises:
        RuleViolation: "impossible-date", "unit-used", "unit-unknown", "unit-suppressed", "unit-cycle",
            "dates-out-of-order", "agreement-not-in-basis", "agreement-unknown", "agreement-suspended",
            "agreement-without-effect".
    """
    act = _narrow(signed.act)
    world.rule("units")
    day = calendar_day(act.effective_on)
    if act.by is not None:
        if act.by not in signed.statement.basis:
            raise RuleViolation("agreement-not-in-basis", agreement=act.by)
        applicable(world, act.by)
    if isinstance(act, UnitCreated):
        if state is not None:
            raise RuleViolation("unit-used", unit=act.unit)
        _check_parent(act.unit, act.parent, day, world)
        return
    if state is None:
        raise RuleViolation("unit-unknown", unit=act.unit, day=act.effective_on)
    if state.suppressed_on is not None:
        raise RuleViolation("unit-suppressed", unit=act.unit, day=act.effective_on)
    if day < state.changed_on:
        raise RuleViolation("dates-out-of-order", unit=act.unit, last=state.changed_on.isoformat())
    if isinstance(act, UnitReassigned):
        _check_parent(act.unit, act.parent, day, world)
    if isinstance(act, UnitSuppressed) and act.successor is not None:
        unit_on(world, act.successor, day)
        if act.successor == act.unit:
            raise RuleViolation("unit-cycle", unit=act.unit, parent=act.successor)


def _check_parent(unit: str, parent: str | None, day: date, world: World) -> None:
    """Check that the unit above exists on the day and does not itself stand below."""
    if parent is None:
        return
    if parent != unit:
        unit_on(world, parent, day)
    above: str | None = parent
    for _ in range(MAX_LEVELS):
        if above is None:
            return
        if above == unit:
            break
        found = read(world, UnitState, stream_name("unit", above))
        above = None if found is None else found.parent
    raise RuleViolation("unit-cycle", unit=unit, parent=parent)


def evolve(state: UnitState | None, signed: Signed) -> UnitState:
    """Return the state after the act."""
    act = _narrow(signed.act)
    version, index, statement = signed.heading()
    day = calendar_day(act.effective_on)
    if isinstance(act, UnitCreated):
        return UnitState(version, index, statement, act.unit, act.code, act.parent, day, day)
    if state is None:
        raise RuleViolation("unit-unknown", unit=act.unit, day=act.effective_on)
    moved = replace(state, version=version, index=index, statement=statement, changed_on=day)
    match act:
        case UnitRenamed():
            return replace(moved, code=act.code or state.code)
        case UnitReassigned():
            return replace(moved, parent=act.parent)
        case UnitSuppressed():
            return replace(moved, suppressed_on=day)
        case _:
            assert_never(act)


def _narrow(act: Act) -> UnitAct:
    if not isinstance(act, UnitAct):
        raise TypeError(type(act).__name__)
    return act
