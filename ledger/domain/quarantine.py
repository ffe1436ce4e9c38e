"""Identifiers that no grammar admits, kept as printed until somebody resolves them (domain.md §4.3.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.agreement import IdentifierCorrected, IdentifierQuarantined
from ledger.domain.agreement_ids import Quarantine, parse
from ledger.domain.body import body_of
from ledger.domain.rules.numbering import check_predecessor
from ledger.domain.world import Signed, State, World
from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from ledger.acts.base import Act

QuarantineAct: TypeAlias = IdentifierQuarantined | IdentifierCorrected


@dataclass(frozen=True, slots=True)
class QuarantineState(State):
    """An identifier as printed (sealed), why it was put aside, and what it was corrected to.

    corrections: every correction in order; the last one counts and all stay visible (domain.md G4).
    """

    body: str
    number: int
    reason: str
    corrections: tuple[str, ...] = ()

    @property
    def identifier(self) -> str | None:
        """The identifier as corrected, or None while nobody has resolved it."""
        return self.corrections[-1] if self.corrections else None


def check(state: QuarantineState | None, signed: Signed, world: World) -> None:
    """Check that an identifier is put aside in order, and corrected to one that a grammar admits.

    Raises:
        RuleViolation: "body-unknown", "already-quarantined", "number-gap", "quarantine-unknown",
            "identifier-malformed", "correction-unchanged".
    """
    act = _narrow(signed.act)
    match act:
        case IdentifierQuarantined():
            _check_quarantined(state, act, world)
        case IdentifierCorrected():
            world.rule("identifier")
            if state is None:
                raise RuleViolation("quarantine-unknown", body=act.body, number=act.number)
            parsed = parse(act.identifier)
            if isinstance(parsed, Quarantine) or parsed.canonical != act.identifier:
                raise RuleViolation("identifier-malformed", identifier=act.identifier)
            if act.identifier == state.identifier:
                raise RuleViolation("correction-unchanged", identifier=act.identifier)
        case _:
            assert_never(act)


def _check_quarantined(state: QuarantineState | None, act: IdentifierQuarantined, world: World) -> None:
    if state is not None:
        raise RuleViolation("already-quarantined", body=act.body, number=act.number)
    body_of(world, act.body)
    check_predecessor(world, act.stream())


def evolve(state: QuarantineState | None, signed: Signed) -> QuarantineState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    match act:
        case IdentifierQuarantined():
            return QuarantineState(version, index, statement, act.body, act.number, act.reason)
        case IdentifierCorrected():
            if state is None:
                raise RuleViolation("quarantine-unknown", body=act.body, number=act.number)
            corrections = (*state.corrections, act.identifier)
            return replace(state, version=version, index=index, statement=statement, corrections=corrections)
        case _:
            assert_never(act)


def _narrow(act: Act) -> QuarantineAct:
    if not isinstance(act, IdentifierQuarantined | IdentifierCorrected):
        raise TypeError(type(act).__name__)
    return act
