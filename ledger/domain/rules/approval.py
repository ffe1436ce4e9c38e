"""Votes on which other acts rest; an acta and its errata are approved by one of a later session (§3.7 L2, L7)."""

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


def vote_in_basis(stream: str, signed: Signed, world: World, *, as_it_stands: bool = True) -> VoteState:
    """Return a vote on which an act rests.

    Args:
        stream: The vote's stream, as the act names it.
        signed: The act with its basis.
        world: States to read.
        as_it_stands: Whether the basis must name the vote's present statement; else it is enough that it names the
            vote, for it may have gone on since, and what that means is another rule's.

    Raises:
        RuleViolation: "vote-unknown", "vote-not-in-basis".
    """
    vote = read(world, VoteState, stream) if kind_of(stream) == "vote" else None
    if vote is None:
        raise RuleViolation("vote-unknown", vote=stream)
    named = signed.statement.basis.get(stream)
    if named is None or (as_it_stands and named != vote.statement):
        raise RuleViolation("vote-not-in-basis", vote=stream)
    return vote


def approved_vote(body: str, stream: str, signed: Signed, world: World, *, imported: bool = True) -> VoteState:
    """Return a vote of a body that approved, on whose statement the act rests.

    Args:
        body: The body whose vote it must be.
        stream: The vote's stream, as the act names it.
        signed: The act with its basis.
        world: States to read.
        imported: Whether a vote out of another source will do; else only one declared in this ledger.

    Raises:
        RuleViolation: "vote-unknown", "vote-not-in-basis", "vote-of-other-body", "vote-not-approved".
    """
    vote = vote_in_basis(stream, signed, world)
    if vote.body != body:
        raise RuleViolation("vote-of-other-body", vote=stream)
    check_carried(vote, stream, imported=imported)
    return vote


def check_carried(vote: VoteState, stream: str, *, imported: bool) -> None:
    """Check that a vote was declared approved, or, where an import will do, that its source says so.

    Raises:
        RuleViolation: "vote-not-approved".
    """
    if (vote.phase != "declared" and not (imported and vote.phase == "imported")) or vote.result != "approved":
        raise RuleViolation("vote-not-approved", vote=stream, phase=vote.phase)


def carried_vote(stream: str, signed: Signed, world: World) -> VoteState:
    """Return a vote of any body, named in `basis`, that was declared approved in this ledger.

    Raises:
        RuleViolation: "vote-unknown", "vote-not-in-basis", "vote-not-approved".
    """
    vote = vote_in_basis(stream, signed, world, as_it_stands=False)
    check_carried(vote, stream, imported=False)
    return vote
