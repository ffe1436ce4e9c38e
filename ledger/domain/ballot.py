"""A member's own vote, in a stream of its own (domain.md §3.5 V1; format.md §3).

The member signs it with his own key and names in `basis` the vote that he saw. Changed before the close, both
acts stand and the last one counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ledger.acts.vote import BallotCast, BallotCorrected
from ledger.domain.attendance import open_session
from ledger.domain.body import body_of, rules_of
from ledger.domain.rules.approval import vote_in_basis
from ledger.domain.states import BallotState, SessionState, VoteState
from ledger.domain.tally import check_abstention
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import SIGNED_AFTER_RECORDED, parse_written

if TYPE_CHECKING:
    from ledger.acts.base import Act

__all__ = ["BallotState", "check", "evolve"]

BallotAct: TypeAlias = BallotCast | BallotCorrected


def check(state: BallotState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `ballot/<vote>/<seat>`.

    Raises:
        RuleViolation: "vote-unknown", "vote-not-in-basis", "other-method", "vote-closed", "not-eligible",
            "other-holder", "ballot-already-cast", "no-ballot", "session-not-open", "in-recess", "quorum-lost",
            "not-present", "recused", "abstention-not-allowed", "back-dated".
    """
    act = _narrow(signed.act)
    world.rule("ballots")
    path = act.vote_path
    vote = vote_in_basis(f"vote/{path}", signed, world, as_it_stands=False)
    if vote.method != "ballot":
        raise RuleViolation("other-method", method=vote.method)
    if vote.phase != "open":
        raise RuleViolation("vote-closed", vote=path, phase=vote.phase)
    if isinstance(act, BallotCast) != (state is None):
        raise RuleViolation("no-ballot" if state is None else "ballot-already-cast", vote=path, seat=act.seat)
    _check_not_before(vote, signed)
    designation = _check_holder(vote, act, signed)
    _check_present(vote, act, designation, world)


def _narrow(act: Act) -> BallotAct:
    if not isinstance(act, BallotCast | BallotCorrected):
        raise TypeError(type(act).__name__)
    return act


def _check_not_before(vote: VoteState, signed: Signed) -> None:
    """G8: nobody voted before the vote was open; clocks of two people may differ by what the stamping window admits."""
    occurred_at = signed.statement.occurred_at
    if parse_written(occurred_at) + SIGNED_AFTER_RECORDED < vote.last_at:
        raise RuleViolation("back-dated", occurred_at=occurred_at, last=vote.last_at.isoformat())


def _check_holder(vote: VoteState, act: BallotAct, signed: Signed) -> int:
    """Return the designation that the vote was opened for; no other holder of the seat votes in its place."""
    designation = vote.eligible.get(act.seat)
    if designation is None:
        raise RuleViolation("not-eligible", seat=act.seat)
    if signed.statement.office != f"designation/{act.body}/{act.seat}/{designation}":
        raise RuleViolation("other-holder", seat=act.seat, designation=designation)
    return designation


def _check_present(vote: VoteState, act: BallotAct, designation: int, world: World) -> None:
    """S5, R14: whoever left, or excused himself from the item after the vote began, votes no more."""
    session = open_session(read(world, SessionState, f"session/{vote.session}"), vote.session)
    there = session.present.get(act.seat)
    if there is None or there.designation != designation:
        raise RuleViolation("not-present", seat=act.seat)
    if act.seat in session.recused_from(vote.items):
        raise RuleViolation("recused", seat=act.seat, item=vote.item)
    if act.choice == "abstencion":
        check_abstention(rules_of(body_of(world, act.body), session.day), 1)


def evolve(_state: BallotState | None, signed: Signed) -> BallotState:
    """Return the state after the act; the designation is the office in virtue of which it was cast."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    designation = int(signed.statement.office.rpartition("/")[2])
    return BallotState(version, index, statement, act.choice, act.seat, designation)
