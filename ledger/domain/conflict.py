"""Conflicts of interest that come to light after the vote (domain.md §3.5 V7; LFPA 21–23, LGRA 58).

To have taken part while impeded does not void what was decided; it makes answerable. So the report is an act of
its own, a remark for ever beside the vote, and the vote's result stays what it was: the body may vote again in a
new session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.position import ConflictReported
from ledger.domain.rules.approval import vote_in_basis
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.states import ConflictState, SessionState
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import legal_day, stream_name

if TYPE_CHECKING:
    from ledger.acts.base import Act

__all__ = ["ConflictState", "check", "evolve"]


def check(state: ConflictState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `conflict/<vote>/<seat>`.

    Raises:
        RuleViolation: "vote-unknown", "vote-not-in-basis", "vote-not-declared", "conflict-already-reported",
            "not-present", "already-recused", "back-dated", "impossible-date", "dates-out-of-order".
    """
    act = _narrow(signed.act)
    world.rule("conflict")
    path = act.vote_path
    vote = vote_in_basis(f"vote/{path}", signed, world)
    if vote.phase != "declared":
        raise RuleViolation("vote-not-declared", vote=path, phase=vote.phase)
    if state is not None:
        raise RuleViolation("conflict-already-reported", vote=path, seat=act.seat)
    session = read(world, SessionState, stream_name("session", vote.session))
    if session is None or act.seat not in session.attended:
        raise RuleViolation("not-present", seat=act.seat)
    if act.seat in session.recused_from(vote.items):
        raise RuleViolation("already-recused", seat=act.seat, item=vote.item)
    check_not_before(signed, vote.last_at)
    found = calendar_day(act.discovered_on)
    if found < vote.last_at.date() or found > legal_day(signed.statement.occurred_at):
        raise RuleViolation("dates-out-of-order", discovered_on=act.discovered_on)
    world.remark("conflict-after-vote", vote=f"vote/{path}", seat=act.seat)


def evolve(_state: ConflictState | None, signed: Signed) -> ConflictState:
    """Return the state after the act."""
    act = _narrow(signed.act)
    return ConflictState(*signed.heading(), act.seat, calendar_day(act.discovered_on))


def _narrow(act: Act) -> ConflictReported:
    if not isinstance(act, ConflictReported):
        raise TypeError(type(act).__name__)
    return act
