"""Dictámenes: a committee's opinion on an asunto, by a vote of its own meeting (domain.md §1 A12; S4 7.1(3))."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.asunto import DictamenIssued
from ledger.domain.asunto_state import AsuntoState, DictamenState
from ledger.domain.rules.approval import approved_vote
from ledger.domain.rules.numbering import check_predecessor, check_unused
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of

if TYPE_CHECKING:
    from ledger.acts.base import Act

_OPEN = frozenset({"submitted", "accepted", "listed"})


def check(state: DictamenState | None, signed: Signed, world: World) -> None:
    """Check a dictamen: the committee's next, on an asunto that is open, by an approved vote of the committee.

    Raises:
        RuleViolation: "dictamen-issued", "number-gap", "number-used", "asunto-unknown", "asunto-phase",
            "vote-unknown", "vote-not-in-basis", "vote-of-other-body", "vote-not-approved".
    """
    act = _narrow(signed.act)
    world.rule("dictamens")
    if state is not None:
        raise RuleViolation("dictamen-issued", dictamen=act.stream())
    check_unused(signed)
    check_predecessor(world, act.stream())
    asunto = read(world, AsuntoState, act.asunto) if kind_of(act.asunto) == "asunto" else None
    if asunto is None:
        raise RuleViolation("asunto-unknown", asunto=act.asunto)
    if asunto.phase not in _OPEN:
        raise RuleViolation("asunto-phase", asunto=act.asunto, phase=asunto.phase)
    approved_vote(act.body, act.vote, signed, world)


def evolve(_state: DictamenState | None, signed: Signed) -> DictamenState:
    """Return the dictamen; the vote's stream names the meeting."""
    act = _narrow(signed.act)
    meeting = act.vote.partition("/")[2].rpartition("/")[0]
    return DictamenState(*signed.heading(), act.body, act.asunto, act.sense, meeting)


def _narrow(act: Act) -> DictamenIssued:
    if not isinstance(act, DictamenIssued):
        raise TypeError(type(act).__name__)
    return act
