"""Oficios that communicate an agreement to units, and their receipt (domain.md §1 B3)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.followup import AgreementCommunicated, CommunicationAcknowledged, CommunicationAuthorized
from ledger.domain.agreement_state import agreement_of
from ledger.domain.rules.four_eyes import check_liaison
from ledger.domain.unit import unit_on
from ledger.domain.world import Signed, State, World
from ledger.errors import RuleViolation
from ledger.ids import legal_day, stream_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.acts.base import Act

CommunicationAct: TypeAlias = CommunicationAuthorized | AgreementCommunicated | CommunicationAcknowledged


@dataclass(frozen=True, slots=True)
class Letter:
    """An oficio to a unit, and whether the unit acknowledged it."""

    unit: str
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class CommunicationState(State):
    """An agreement whose communication is authorised, with its oficios by number."""

    letters: Mapping[str, Letter] = field(default_factory=dict)


def check(state: CommunicationState | None, signed: Signed, world: World) -> None:
    """Check that an oficio is authorised, goes to a unit that exists, and is acknowledged once by that unit.

    Raises:
        RuleViolation: "agreement-unknown", "already-authorised", "communication-not-authorised", "oficio-used",
            "oficio-unknown", "oficio-acknowledged", "unit-unknown", "unit-suppressed", "not-of-the-unit".
    """
    act = _narrow(signed.act)
    world.rule("communication")
    agreement = agreement_of(world, stream_name("agreement", act.body, act.year, act.number))
    if isinstance(act, CommunicationAuthorized):
        if state is not None:
            raise RuleViolation("already-authorised", agreement=agreement.stream)
        return
    if state is None:
        raise RuleViolation("communication-not-authorised", agreement=agreement.stream)
    match act:
        case AgreementCommunicated():
            if act.oficio in state.letters:
                raise RuleViolation("oficio-used", oficio=act.oficio)
            unit_on(world, act.unit, legal_day(signed.statement.occurred_at))
        case CommunicationAcknowledged():
            letter = state.letters.get(act.oficio)
            if letter is None or letter.unit != act.unit:
                raise RuleViolation("oficio-unknown", oficio=act.oficio, unit=act.unit)
            if letter.acknowledged:
                raise RuleViolation("oficio-acknowledged", oficio=act.oficio)
            check_liaison(signed, act.unit, world)
        case _:
            assert_never(act)


def evolve(state: CommunicationState | None, signed: Signed) -> CommunicationState:
    """Return the state after the act."""
    act = _narrow(signed.act)
    version, index, statement = signed.heading()
    letters = {} if state is None else state.letters
    match act:
        case CommunicationAuthorized():
            pass
        case AgreementCommunicated():
            letters = {**letters, act.oficio: Letter(act.unit)}
        case CommunicationAcknowledged():
            letters = {**letters, act.oficio: replace(letters[act.oficio], acknowledged=True)}
        case _:
            assert_never(act)
    return CommunicationState(version, index, statement, letters)


def _narrow(act: Act) -> CommunicationAct:
    if not isinstance(act, CommunicationAct):
        raise TypeError(type(act).__name__)
    return act
