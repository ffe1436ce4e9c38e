"""Sealed text handed to one reader by the custodian (format.md §8; domain.md §6.5)."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.acts.disclosure import ReservedDataConsulted
from ledger.domain.rules.numbering import check_predecessor, check_unused
from ledger.domain.world import Signed, State, World
from ledger.errors import RuleViolation


@dataclass(frozen=True, slots=True)
class ConsultationState(State):
    """What was handed out, by whose office."""

    consulted: int
    names: tuple[str, ...]
    office: str


def check(state: ConsultationState | None, signed: Signed, world: World) -> None:
    """Check that what is handed out is recorded, and that the consultation is the entry's next.

    Raises:
        RuleViolation: "consultation-recorded", "number-used", "number-gap", "not-yet-recorded", "name-repeated".
    """
    act = _narrow(signed)
    world.rule("consultation")
    if state is not None:
        raise RuleViolation("consultation-recorded", consultation=act.stream())
    check_unused(signed)
    check_predecessor(world, act.stream())
    if act.index >= signed.index:
        raise RuleViolation("not-yet-recorded", index=act.index)
    if len(set(act.names)) != len(act.names):
        raise RuleViolation("name-repeated", index=act.index)


def evolve(_state: ConsultationState | None, signed: Signed) -> ConsultationState:
    """Return the state after the act."""
    act = _narrow(signed)
    return ConsultationState(*signed.heading(), consulted=act.index, names=act.names, office=signed.statement.office)


def _narrow(signed: Signed) -> ReservedDataConsulted:
    if not isinstance(signed.act, ReservedDataConsulted):
        raise TypeError(type(signed.act).__name__)
    return signed.act
