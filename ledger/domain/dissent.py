"""Votos particulares and reasoned votes: filed beside a declared result, which they do not change (domain.md §3.5 V6).

Only by a member who voted, within the days of the body's profile and before the acta is sealed, to which they
belong. Of a secret vote nothing is filed, for it would tell how its author voted (V5; format.md §8).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ledger.acts.position import DissentFiled
from ledger.domain.acta import refuse_if_sealed
from ledger.domain.body import body_of, rules_of
from ledger.domain.rules.approval import vote_in_basis
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.states import BallotState, DissentState, SessionState, VoteState
from ledger.domain.tally import check_own_seat
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import legal_day, stream_name

if TYPE_CHECKING:
    from ledger.acts.base import Act, Choice

__all__ = ["DissentState", "check", "choice_of", "evolve"]


def check(state: DissentState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `dissent/<vote>/<seat>`.

    Raises:
        RuleViolation: "vote-unknown", "vote-not-in-basis", "vote-not-declared", "vote-secret",
            "dissent-already-filed", "not-eligible", "other-holder", "did-not-vote", "voted-in-favour",
            "voted-against", "back-dated", "dissent-late", "acta-sealed".
    """
    act = _narrow(signed.act)
    world.rule("dissent")
    path = act.vote_path
    vote = vote_in_basis(f"vote/{path}", signed, world)
    if vote.phase != "declared":
        raise RuleViolation("vote-not-declared", vote=path, phase=vote.phase)
    if vote.method == "secret":
        raise RuleViolation("vote-secret", vote=path)
    if state is not None:
        raise RuleViolation("dissent-already-filed", vote=path, seat=act.seat)
    check_own_seat(vote, act.seat, signed)
    _check_choice(vote, act, world)
    check_not_before(signed, vote.last_at)
    _check_window(vote, signed, world)
    refuse_if_sealed(vote.session, world)


def _check_choice(vote: VoteState, act: DissentFiled, world: World) -> None:
    """A voto particular is of who did not vote in favour, one with reservations of who did."""
    choice, voted = choice_of(vote, act.seat, world)
    if not voted:
        raise RuleViolation("did-not-vote", seat=act.seat)
    if act.form == "particular" and choice == "favor":
        raise RuleViolation("voted-in-favour", seat=act.seat)
    if act.form == "concurring" and choice in {"contra", "abstencion"}:
        raise RuleViolation("voted-against", seat=act.seat)


def choice_of(vote: VoteState, seat: str, world: World) -> tuple[Choice | None, bool]:
    """Return how a seat that was eligible voted, None where no act says so, and whether it voted for all one knows."""
    if vote.method == "ballot":
        ballot = read(world, BallotState, stream_name("ballot", vote.session, vote.number, seat))
        return (None, False) if ballot is None else (ballot.choice, True)
    if seat in vote.against:
        return "contra", True
    told = vote.method in {"roll-call", "consensus", "acclamation"} and not vote.candidates
    return ("favor" if told else None), seat not in vote.silent


def _check_window(vote: VoteState, signed: Signed, world: World) -> None:
    session = read(world, SessionState, stream_name("session", vote.session))
    if session is None:
        raise RuleViolation("session-unknown", session=vote.session)
    days = rules_of(body_of(world, vote.body), session.day).dissent_days
    if days is None:
        return
    last = vote.last_at.date() + timedelta(days=days)
    if legal_day(signed.statement.occurred_at) > last:
        raise RuleViolation("dissent-late", last=last.isoformat(), days=days)


def evolve(_state: DissentState | None, signed: Signed) -> DissentState:
    """Return the state after the act."""
    act = _narrow(signed.act)
    return DissentState(*signed.heading(), act.seat, act.form)


def _narrow(act: Act) -> DissentFiled:
    if not isinstance(act, DissentFiled):
        raise TypeError(type(act).__name__)
    return act
