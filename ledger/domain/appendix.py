"""Appendices: the documents of a session, attached to its acta by hash until it is sealed (domain.md §1 A15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.acts.circulation import AppendixAttached
from ledger.domain.acta import refuse_if_sealed, session_of
from ledger.domain.rules.numbering import check_predecessor
from ledger.domain.world import Signed, State, World
from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from ledger.acts.base import Act


@dataclass(frozen=True, slots=True)
class AppendixState(State):
    """An appendix of a session's acta; `sheets` is how many it has."""

    session: str
    number: int
    sheets: int
    agreement: int | None


def check(state: AppendixState | None, signed: Signed, world: World) -> None:
    """Check an appendix: the next of an acta that is not sealed.

    Raises:
        RuleViolation: "already-attached", "session-unknown", "session-not-closed", "acta-sealed", "number-gap",
            "agreement-not-of-session".
    """
    act = _narrow(signed.act)
    world.rule("appendices")
    if state is not None:
        raise RuleViolation("already-attached", appendix=act.stream())
    session = session_of(act.session_path, world)
    if session.phase not in {"closed", "imported"}:
        raise RuleViolation("session-not-closed", session=act.session_path)
    refuse_if_sealed(act.session_path, world)
    check_predecessor(world, act.stream())
    if act.agreement is not None and not session.imported and act.agreement not in session.agreements:
        raise RuleViolation("agreement-not-of-session", agreement=act.agreement)


def evolve(_state: AppendixState | None, signed: Signed) -> AppendixState:
    """Return the state after the act."""
    act = _narrow(signed.act)
    return AppendixState(
        *signed.heading(), session=act.session_path, number=act.appendix, sheets=act.sheets, agreement=act.agreement
    )


def _narrow(act: Act) -> AppendixAttached:
    if not isinstance(act, AppendixAttached):
        raise TypeError(type(act).__name__)
    return act
