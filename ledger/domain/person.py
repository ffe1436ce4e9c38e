"""Persons, and void entries that are known (format.md §5, §6)."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.acts.trust import EntryAcknowledged, PersonRegistered
from ledger.domain.world import Signed, State, World
from ledger.errors import RuleViolation


@dataclass(frozen=True, slots=True)
class PersonState(State):
    """A person is registered; the name is sealed."""

    person: str


@dataclass(frozen=True, slots=True)
class AcknowledgementState(State):
    """A void entry is known."""

    acknowledged: int
    leaf: str


def check_person(state: PersonState | None, _signed: Signed, world: World) -> None:
    """Check the registration of a person.

    Raises:
        RuleViolation: "person-already-registered".
    """
    world.rule("persons")
    if state is not None:
        raise RuleViolation("person-already-registered", person=state.person)


def evolve_person(_state: PersonState | None, signed: Signed) -> PersonState:
    """Return the state after the act."""
    if not isinstance(signed.act, PersonRegistered):
        raise TypeError(type(signed.act).__name__)
    return PersonState(*signed.heading(), person=signed.act.person)


def check_acknowledgement(state: AcknowledgementState | None, signed: Signed, world: World) -> None:
    """Check the acknowledgement of a void entry.

    Raises:
        RuleViolation: "already-acknowledged", "not-yet-recorded".
    """
    act = signed.act
    if not isinstance(act, EntryAcknowledged):
        raise TypeError(type(act).__name__)
    world.rule("acknowledgement")
    if state is not None:
        raise RuleViolation("already-acknowledged", index=state.acknowledged)
    if act.index >= signed.index:
        raise RuleViolation("not-yet-recorded", index=act.index)


def evolve_acknowledgement(_state: AcknowledgementState | None, signed: Signed) -> AcknowledgementState:
    """Return the state after the act."""
    act = signed.act
    if not isinstance(act, EntryAcknowledged):
        raise TypeError(type(act).__name__)
    return AcknowledgementState(*signed.heading(), acknowledged=act.index, leaf=act.leaf)
