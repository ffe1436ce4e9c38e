"""Objections: while one stands there is no consensus (domain.md §3.5; the rule of cabinets that decide by consensus).

    raised → withdrawn → raised …

One stream a member and vote, so that two who object at once do not collide. Only those object who could vote: who
has voice and no vote speaks, and blocks nothing (V2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ledger.acts.position import ObjectionRaised, ObjectionWithdrawn
from ledger.domain.attendance import open_session
from ledger.domain.rules.approval import vote_in_basis
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.states import ObjectionState, SessionState
from ledger.domain.tally import check_own_seat
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import parse_written

if TYPE_CHECKING:
    from ledger.acts.base import Act

__all__ = ["ObjectionState", "check", "evolve"]

ObjectionAct: TypeAlias = ObjectionRaised | ObjectionWithdrawn


def check(state: ObjectionState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `objection/<vote>/<seat>`.

    Raises:
        RuleViolation: "vote-unknown", "vote-not-in-basis", "other-method", "vote-closed", "not-eligible",
            "other-holder", "already-objecting", "not-objecting", "session-not-open", "in-recess", "quorum-lost",
            "not-present", "recused", "back-dated".
    """
    act = _narrow(signed.act)
    world.rule("consensus")
    path = act.vote_path
    vote = vote_in_basis(f"vote/{path}", signed, world)
    if vote.method != "consensus":
        raise RuleViolation("other-method", method=vote.method)
    if vote.phase != "open":
        raise RuleViolation("vote-closed", vote=path, phase=vote.phase)
    if isinstance(act, ObjectionRaised) == (state is not None and state.stands):
        raise RuleViolation("already-objecting" if isinstance(act, ObjectionRaised) else "not-objecting", seat=act.seat)
    check_not_before(signed, vote.last_at if state is None else max(state.last_at, vote.last_at))
    designation = check_own_seat(vote, act.seat, signed)
    session = open_session(read(world, SessionState, f"session/{vote.session}"), vote.session)
    there = session.present.get(act.seat)
    if there is None or there.designation != designation:
        raise RuleViolation("not-present", seat=act.seat)
    if act.seat in session.recused_from(vote.items):
        raise RuleViolation("recused", seat=act.seat, item=vote.item)


def evolve(_state: ObjectionState | None, signed: Signed) -> ObjectionState:
    """Return the state after the act."""
    act = _narrow(signed.act)
    occurred_at = parse_written(signed.statement.occurred_at)
    return ObjectionState(*signed.heading(), act.seat, isinstance(act, ObjectionRaised), occurred_at)


def _narrow(act: Act) -> ObjectionAct:
    if not isinstance(act, ObjectionRaised | ObjectionWithdrawn):
        raise TypeError(type(act).__name__)
    return act
