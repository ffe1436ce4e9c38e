"""Interpretations of an agreement (domain.md §1 B8): requested → drafted → issued → superseded.

The agreement's stream has no part in it: its text stays what it was, whatever is said of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.interpretation import (
    InterpretationDrafted,
    InterpretationIssued,
    InterpretationRequested,
    InterpretationSuperseded,
)
from ledger.domain.agreement_state import agreement_of
from ledger.domain.rules.four_eyes import check_another_person
from ledger.domain.rules.numbering import check_predecessor
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.validity import check_resolution
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import parse_written, stream_name

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.acts.base import Act

LaterAct: TypeAlias = InterpretationDrafted | InterpretationIssued | InterpretationSuperseded
InterpretationAct: TypeAlias = InterpretationRequested | LaterAct
Phase: TypeAlias = Literal["requested", "drafted", "issued", "superseded"]
_BEFORE: dict[type[Act], tuple[Phase, ...]] = {
    InterpretationDrafted: ("requested", "drafted"),
    InterpretationIssued: ("drafted",),
    InterpretationSuperseded: ("issued",),
}


@dataclass(frozen=True, slots=True)
class InterpretationState(State):
    """A query on an agreement and its answer.

    drafter: office of the last project's author. by: number of the interpretation that took its place.
    """

    last_at: datetime
    phase: Phase = "requested"
    drafter: str | None = None
    by: int | None = None


def check(state: InterpretationState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `interpretation/<body>/<year>/<number>/<n>`.

    Raises:
        RuleViolation: "agreement-unknown", "interpretation-requested", "number-gap", "resolution-unknown",
            "interpretation-unknown", "back-dated", "interpretation-phase", "agreement-not-in-basis", "same-person",
            "interpretation-not-later".
    """
    act = _narrow(signed.act)
    world.rule("interpretation")
    agreement = agreement_of(world, stream_name("agreement", act.body, act.year, act.number))
    if isinstance(act, InterpretationRequested):
        if state is not None:
            raise RuleViolation("interpretation-requested", interpretation=act.stream())
        check_predecessor(world, act.stream())
        if act.resolution is not None:
            check_resolution(agreement, act.resolution)
        return
    if state is None:
        raise RuleViolation("interpretation-unknown", interpretation=act.stream())
    check_not_before(signed, state.last_at)
    if state.phase not in _BEFORE[type(act)]:
        raise RuleViolation("interpretation-phase", interpretation=act.stream(), phase=state.phase)
    match act:
        case InterpretationDrafted():
            pass
        case InterpretationIssued():
            if agreement.stream not in signed.statement.basis:
                raise RuleViolation("agreement-not-in-basis", agreement=agreement.stream)
            check_another_person(signed, () if state.drafter is None else (state.drafter,), world)
        case InterpretationSuperseded():
            _check_superseded(act, world)
        case _:
            assert_never(act)


def _check_superseded(act: InterpretationSuperseded, world: World) -> None:
    """Only a later one takes its place, so that no chain comes back."""
    stream = stream_name("interpretation", act.body, act.year, act.number, act.by)
    later = read(world, InterpretationState, stream)
    if act.by <= act.interpretation or later is None or later.phase != "issued":
        raise RuleViolation("interpretation-not-later", interpretation=act.stream(), by=stream)


def evolve(state: InterpretationState | None, signed: Signed) -> InterpretationState:
    """Return the state after the act."""
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if isinstance(act, InterpretationRequested):
        return InterpretationState(*signed.heading(), at)
    if state is None:
        raise RuleViolation("interpretation-unknown", interpretation=act.stream())
    version, index, statement = signed.heading()
    moved = replace(state, version=version, index=index, statement=statement, last_at=at)
    match act:
        case InterpretationDrafted():
            return replace(moved, phase="drafted", drafter=signed.statement.office)
        case InterpretationIssued():
            return replace(moved, phase="issued")
        case InterpretationSuperseded():
            return replace(moved, phase="superseded", by=act.by)
        case _:
            assert_never(act)


def _narrow(act: Act) -> InterpretationAct:
    if not isinstance(act, InterpretationAct):
        raise TypeError(type(act).__name__)
    return act
