"""What only the Comité de Transparencia decides (LGTAIP 2025 arts. 39, 106, 134, 139): by a vote of its own session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.body import body_of
from ledger.domain.rules.approval import approved_vote
from ledger.domain.states import SessionState
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of, stream_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.domain.states import VoteState

PROFILE = "COMITE_TRANSPARENCIA"


def check_committee_vote(signed: Signed, body: str | None, stream: str | None, world: World) -> VoteState:
    """Check that a vote in `basis` was declared approved by a body that is a Comité de Transparencia on that day.

    Args:
        signed: The act that rests on it.
        body: The Comité, as the act names it.
        stream: The vote's stream, as the act names it.
        world: States to read.

    Raises:
        RuleViolation: "committee-vote-missing", "vote-not-in-basis", "vote-unknown", "vote-of-other-body",
            "vote-not-approved", "not-transparency-committee".
    """
    world.rule("transparency-committee")
    if body is None or stream is None:
        raise RuleViolation("committee-vote-missing", stream=signed.act.stream())
    vote = approved_vote(body, stream, signed, world, imported=False)
    session = read(world, SessionState, stream_name("session", vote.session))
    adopted = None if session is None else body_of(world, body).rules_on(session.day)
    if adopted is None or adopted.profile != PROFILE:
        raise RuleViolation("not-transparency-committee", body=body)
    return vote


def check_evidence(signed: Signed, stream: str | None, kinds: Iterable[str], world: World) -> None:
    """Check that an act stands, in `basis` as it stands, on something of one of these kinds.

    Raises:
        RuleViolation: "evidence-missing".
    """
    state = None if stream is None or kind_of(stream) not in set(kinds) else world.state(stream)
    if stream is None or state is None or signed.statement.basis.get(stream) != state.statement:
        raise RuleViolation("evidence-missing", stream=stream or "")
