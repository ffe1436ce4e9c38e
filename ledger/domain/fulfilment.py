"""Fulfilment of one resolutivo: who answers, by when, what was reported, who verified it (domain.md §3.6 A4–A6).

Nothing is fulfilled by the word of who is obliged: what was reported counts once somebody who reported none of it
has verified it. While the agreement is suspended nothing moves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.followup import (
    AmountExercised,
    DueDateExtended,
    DueDateSet,
    EvidenceSubmitted,
    FulfilmentRejected,
    FulfilmentVerified,
    OfResolution,
    ProgressReported,
    ResolutionDeclaredUnfulfillable,
    ResponsibilityAssigned,
    ResponsibilityTransferred,
)
from ledger.domain.agreement_state import applicable
from ledger.domain.capture import CaptureState
from ledger.domain.rules.approval import carried_vote
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.four_eyes import check_another_person, check_liaison
from ledger.domain.rules.superior import check_superior
from ledger.domain.unit import unit_on
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import legal_day, parse_written, stream_name

if TYPE_CHECKING:
    from datetime import date, datetime

    from ledger.acts.base import Act

Report: TypeAlias = ProgressReported | EvidenceSubmitted | AmountExercised
LaterAct: TypeAlias = (
    ResponsibilityTransferred
    | DueDateSet
    | DueDateExtended
    | Report
    | FulfilmentVerified
    | FulfilmentRejected
    | ResolutionDeclaredUnfulfillable
)
FulfilmentAct: TypeAlias = ResponsibilityAssigned | LaterAct
Phase: TypeAlias = Literal["assigned", "reported", "rejected", "partial", "fulfilled", "unfulfillable"]
CLOSED: frozenset[Phase] = frozenset({"fulfilled", "unfulfillable"})


@dataclass(frozen=True, slots=True)
class FulfilmentState(State):
    """A resolutivo in follow-up.

    due_on: by when; original_due_on: what was set first (A5).
    authorized, exercised: centavos; authorized is None where no amount was.
    reporters: offices of all who ever reported, so that none of them verifies.
    """

    units: tuple[str, ...]
    due_on: date | None
    original_due_on: date | None
    authorized: int | None
    last_at: datetime
    exercised: int = 0
    reporters: frozenset[str] = frozenset()
    phase: Phase = "assigned"


def check(state: FulfilmentState | None, signed: Signed, world: World) -> None:
    """Check an act on the fulfilment of a resolutivo.

    Raises:
        RuleViolation: "agreement-unknown", "agreement-suspended", "agreement-without-effect", "back-dated",
            "not-assigned", "follow-up-closed", and those of each act.
    """
    act = _narrow(signed.act)
    world.rule("fulfilment")
    applicable(world, agreement_stream(act))
    if isinstance(act, ResponsibilityAssigned):
        _check_assigned(state, act, signed, world)
        return
    if state is None:
        raise RuleViolation("not-assigned", agreement=agreement_stream(act), resolution=act.resolution)
    if parse_written(signed.statement.occurred_at) < state.last_at:
        raise RuleViolation("back-dated", occurred_at=signed.statement.occurred_at, last=state.last_at.isoformat())
    if state.phase in CLOSED:
        raise RuleViolation("follow-up-closed", agreement=agreement_stream(act), phase=state.phase)
    _check_later(state, act, signed, world)


def agreement_stream(act: OfResolution) -> str:
    """Return the stream of the agreement whose resolutivo it is."""
    return stream_name("agreement", act.body, act.year, act.number)


def _check_assigned(state: FulfilmentState | None, act: ResponsibilityAssigned, signed: Signed, world: World) -> None:
    """Once a resolutivo, after the capture was reviewed by a second person, to units that exist."""
    if state is not None:
        raise RuleViolation("already-assigned", agreement=agreement_stream(act), resolution=act.resolution)
    capture = read(world, CaptureState, stream_name("capture", act.body, act.year, act.number))
    if capture is None or capture.phase != "confirmed":
        raise RuleViolation("capture-not-reviewed", agreement=agreement_stream(act))
    if act.resolution > len(capture.resolutions):
        raise RuleViolation("resolution-unknown", agreement=agreement_stream(act), resolution=act.resolution)
    if capture.resolutions[act.resolution - 1] == "note":
        raise RuleViolation("no-follow-up", agreement=agreement_stream(act), resolution=act.resolution)
    if len(set(act.units)) != len(act.units):
        raise RuleViolation("unit-repeated", agreement=agreement_stream(act))
    for unit in act.units:
        unit_on(world, unit, legal_day(signed.statement.occurred_at))
    if act.due_on is not None:
        calendar_day(act.due_on)


def _check_later(state: FulfilmentState, act: LaterAct, signed: Signed, world: World) -> None:
    match act:
        case ResponsibilityTransferred():
            _check_obliged(state, act.from_unit)
            if act.to_unit in state.units:
                raise RuleViolation("unit-repeated", agreement=agreement_stream(act))
            unit_on(world, act.to_unit, legal_day(signed.statement.occurred_at))
        case DueDateSet() | DueDateExtended():
            _check_due(state, act)
        case ProgressReported() | EvidenceSubmitted() | AmountExercised():
            _check_report(state, act, signed, world)
        case FulfilmentVerified() | FulfilmentRejected():
            world.rule("verification-by-another")
            if state.phase != "reported":
                raise RuleViolation("nothing-reported", agreement=agreement_stream(act), phase=state.phase)
            check_another_person(signed, state.reporters, world)
        case ResolutionDeclaredUnfulfillable():
            check_superior(act.body, carried_vote(act.vote, signed, world).body, world)
        case _:
            assert_never(act)


def _check_obliged(state: FulfilmentState, unit: str) -> None:
    if unit not in state.units:
        raise RuleViolation("unit-not-responsible", unit=unit)


def _check_due(state: FulfilmentState, act: DueDateSet | DueDateExtended) -> None:
    """A5: a day is set once, and then only extended."""
    due_on = calendar_day(act.due_on)
    if isinstance(act, DueDateSet):
        if state.due_on is not None:
            raise RuleViolation("due-already-set", due_on=state.due_on.isoformat())
        return
    if state.due_on is None or due_on <= state.due_on:
        raise RuleViolation("not-an-extension", due_on=act.due_on)


def _check_report(state: FulfilmentState, act: Report, signed: Signed, world: World) -> None:
    _check_obliged(state, act.unit)
    check_liaison(signed, act.unit, world)
    if isinstance(act, AmountExercised):
        if state.authorized is None:
            raise RuleViolation("no-amount-authorised", agreement=agreement_stream(act), resolution=act.resolution)
        if state.exercised + act.amount > state.authorized:
            # What was spent is a fact and is recorded; that it exceeds the authority is for all to see.
            world.remark("amount-exceeded", agreement=agreement_stream(act), resolution=act.resolution)


def evolve(state: FulfilmentState | None, signed: Signed) -> FulfilmentState:
    """Return the state after the act."""
    act = _narrow(signed.act)
    occurred = parse_written(signed.statement.occurred_at)
    if isinstance(act, ResponsibilityAssigned):
        due = None if act.due_on is None else calendar_day(act.due_on)
        return FulfilmentState(*signed.heading(), act.units, due, due, act.authorized_amount, occurred)
    if state is None:
        raise RuleViolation("not-assigned", agreement=agreement_stream(act), resolution=act.resolution)
    version, index, statement = signed.heading()
    return _moved(replace(state, version=version, index=index, statement=statement, last_at=occurred), act, signed)


def _moved(state: FulfilmentState, act: LaterAct, signed: Signed) -> FulfilmentState:
    match act:
        case ResponsibilityTransferred():
            units = tuple(act.to_unit if unit == act.from_unit else unit for unit in state.units)
            changed = replace(state, units=units)
        case DueDateSet():
            changed = replace(state, due_on=calendar_day(act.due_on), original_due_on=calendar_day(act.due_on))
        case DueDateExtended():
            changed = replace(state, due_on=calendar_day(act.due_on))
        case ProgressReported() | EvidenceSubmitted() | AmountExercised():
            spent = act.amount if isinstance(act, AmountExercised) else 0
            reporters = state.reporters | {signed.statement.office}
            changed = replace(state, exercised=state.exercised + spent, reporters=reporters, phase="reported")
        case FulfilmentVerified():
            changed = replace(state, phase=act.outcome)
        case FulfilmentRejected():
            changed = replace(state, phase="rejected")
        case ResolutionDeclaredUnfulfillable():
            changed = replace(state, phase="unfulfillable")
        case _:
            assert_never(act)
    return changed


def _narrow(act: Act) -> FulfilmentAct:
    if not isinstance(act, FulfilmentAct):
        raise TypeError(type(act).__name__)
    return act
