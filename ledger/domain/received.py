"""Actas of other bodies: received, checked point by point, their incidents notified and cured (domain.md §1 D5, E).

received → checked → validated ; incident: raised → notified → resolved
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never, get_args

from ledger.acts.received import (
    ActaIncidentNotified,
    ActaIncidentRaised,
    ActaIncidentResolved,
    ExternalActaChecked,
    ExternalActaReceived,
    ExternalActaValidated,
    IncidentCode,
)
from ledger.domain.body import body_of
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.numbering import check_predecessor
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.world import Signed, State, World
from ledger.errors import RuleViolation
from ledger.ids import legal_day, parse_written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ledger.acts.base import Act

IncidentAct: TypeAlias = ActaIncidentRaised | ActaIncidentNotified | ActaIncidentResolved
LaterAct: TypeAlias = ExternalActaChecked | IncidentAct | ExternalActaValidated
ReceivedAct: TypeAlias = ExternalActaReceived | LaterAct
CODES: frozenset[str] = frozenset(get_args(IncidentCode))


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident: under which point, and how far it is."""

    code: IncidentCode
    phase: Literal["raised", "notified", "resolved"] = "raised"


@dataclass(frozen=True, slots=True)
class ReceivedState(State):
    """An acta of another body.

    unfulfilled: the points that the checklist found wanting; incidents: by number, from 1 without gaps.
    """

    issuer: str
    last_at: datetime
    phase: Literal["received", "checked", "validated"] = "received"
    unfulfilled: frozenset[str] = frozenset()
    incidents: Mapping[int, Incident] = field(default_factory=dict)


def check(state: ReceivedState | None, signed: Signed, world: World) -> None:
    """Check an act about an acta of another body.

    Raises:
        RuleViolation: "already-received", "number-gap", "body-unknown", "issuer-is-receiver", "impossible-date",
            "received-before-held", "received-in-future", "received-unknown", "already-validated", "back-dated",
            "already-checked", "checklist-incomplete", "not-checked", "incident-gap", "incident-not-listed",
            "incident-unknown", "incident-phase", "incident-missing", "incident-pending".
    """
    act = _narrow(signed.act)
    world.rule("received-actas")
    if isinstance(act, ExternalActaReceived):
        _check_received(state, act, signed, world)
        return
    if state is None:
        raise RuleViolation("received-unknown", received=act.stream())
    if state.phase == "validated":
        raise RuleViolation("already-validated", received=act.stream())
    check_not_before(signed, state.last_at)
    match act:
        case ExternalActaChecked():
            _check_checklist(state, act)
        case ActaIncidentRaised() | ActaIncidentNotified() | ActaIncidentResolved():
            _check_incident(state, act, signed)
        case ExternalActaValidated():
            _check_validated(state, act)
        case _:
            assert_never(act)


def _check_received(state: ReceivedState | None, act: ExternalActaReceived, signed: Signed, world: World) -> None:
    if state is not None:
        raise RuleViolation("already-received", received=act.stream())
    body_of(world, act.body)
    body_of(world, act.issuer)
    if act.issuer == act.body:
        raise RuleViolation("issuer-is-receiver", body=act.body)
    check_predecessor(world, act.stream())
    if calendar_day(act.received_on) < calendar_day(act.held_on):
        raise RuleViolation("received-before-held", received_on=act.received_on)
    _refuse_future(act.received_on, signed)


def _refuse_future(day: str, signed: Signed) -> None:
    if calendar_day(day) > legal_day(signed.statement.occurred_at):
        raise RuleViolation("received-in-future", day=day)


def _check_checklist(state: ReceivedState, act: ExternalActaChecked) -> None:
    if state.phase != "received":
        raise RuleViolation("already-checked", stream=act.stream())
    if sorted((*act.fulfilled, *act.unfulfilled)) != sorted(CODES):
        raise RuleViolation("checklist-incomplete", received=act.stream())


def _check_incident(state: ReceivedState, act: IncidentAct, signed: Signed) -> None:
    if state.phase == "received":
        raise RuleViolation("not-checked", received=act.stream())
    if isinstance(act, ActaIncidentRaised):
        expected = len(state.incidents) + 1
        if act.incident != expected:
            raise RuleViolation("incident-gap", incident=act.incident, expected=expected)
        if act.code not in state.unfulfilled:
            raise RuleViolation("incident-not-listed", point=act.code)
        return
    found = state.incidents.get(act.incident)
    if found is None:
        raise RuleViolation("incident-unknown", incident=act.incident)
    if isinstance(act, ActaIncidentNotified):
        _refuse_future(act.notified_on, signed)
    if found.phase != ("raised" if isinstance(act, ActaIncidentNotified) else "notified"):
        raise RuleViolation("incident-phase", incident=act.incident, phase=found.phase)


def _check_validated(state: ReceivedState, act: ExternalActaValidated) -> None:
    """Every unfulfilled point has its incident, and every incident is cured."""
    if state.phase == "received":
        raise RuleViolation("not-checked", received=act.stream())
    missing = state.unfulfilled - {incident.code for incident in state.incidents.values()}
    if missing:
        raise RuleViolation("incident-missing", point=min(missing))
    for number, incident in state.incidents.items():
        if incident.phase != "resolved":
            raise RuleViolation("incident-pending", incident=number)


def evolve(state: ReceivedState | None, signed: Signed) -> ReceivedState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if isinstance(act, ExternalActaReceived):
        return ReceivedState(version, index, statement, issuer=act.issuer, last_at=at)
    if state is None:
        raise RuleViolation("received-unknown", received=act.stream())
    moved = replace(state, version=version, index=index, statement=statement, last_at=at)
    match act:
        case ExternalActaChecked():
            return replace(moved, phase="checked", unfulfilled=frozenset(act.unfulfilled))
        case ActaIncidentRaised():
            return replace(moved, incidents={**state.incidents, act.incident: Incident(act.code)})
        case ActaIncidentNotified() | ActaIncidentResolved():
            phase: Literal["notified", "resolved"] = "notified" if isinstance(act, ActaIncidentNotified) else "resolved"
            incident = replace(state.incidents[act.incident], phase=phase)
            return replace(moved, incidents={**state.incidents, act.incident: incident})
        case ExternalActaValidated():
            return replace(moved, phase="validated")
        case _:
            assert_never(act)


def _narrow(act: Act) -> ReceivedAct:
    if not isinstance(
        act,
        ExternalActaReceived
        | ExternalActaChecked
        | ActaIncidentRaised
        | ActaIncidentNotified
        | ActaIncidentResolved
        | ExternalActaValidated,
    ):
        raise TypeError(type(act).__name__)
    return act
