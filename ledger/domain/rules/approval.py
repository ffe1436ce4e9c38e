"""Which vote may approve an acta or its errata: one of a later session of the same body (domain.md §3.7, L2, L7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.states import SessionState, VoteState
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of, stream_name

if TYPE_CHECKING:
    from ledger.acts.session import OfSession


def check_approving_vote(act: OfSession, stream: str, signed: Signed, world: World) -> None:
    """Check that a vote approves what is said of an earlier session.

    Members who were absent then may abstain now: abstentions count as the rules of the later session say.

    Args:
        act: Speaks of the earlier session.
        stream: The vote's stream.
        signed: The act with its basis.
        world: States to read.

    Raises:
        RuleViolation: "vote-unknown", "vote-not-in-basis", "vote-of-other-body", "vote-not-approved",
            "vote-not-later".
    """
    world.rule("acta-approval")
    vote = approved_vote(act.body, stream, signed, world)
    earlier = read(world, SessionState, stream_name("session", act.session_path))
    later = read(world, SessionState, stream_name("session", vote.session))
    if earlier is None or later is None or later.begins_at <= earlier.begins_at:
        raise RuleViolation("vote-not-later", vote=stream)


def approved_vote(body: str, stream: str, signed: Signed, world: World) -> VoteState:
    """Return a vote of a body that approved, on whose statement the act rests.

    Raises:
        RuleViolation: "vote-unknown", "vote-not-in-basis", "vote-of-other-body", "vote-not-approved".
    """
    vote = read(world, VoteState, stream) if kind_of(stream) == "vote" else None
    if vote is None:
        raise RuleViolation("vote-unknown", vote=stream)
    if signed.statement.basis.get(stream) != vote.statement:
        raise RuleViolation("vote-not-in-basis", vote=stream)
    if vote.body != body:
        raise RuleViolation("vote-of-other-body", vote=stream)
    if vote.phase not in {"declared", "imported"} or vote.result != "approved":
        raise RuleViolation("vote-not-approved", vote=stream, phase=vote.phase)
    return vote
