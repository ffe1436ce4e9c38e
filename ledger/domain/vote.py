"""A vote of a session (domain.md §3.5): opened, cast in one of four ways, closed, declared.

    open → recorded → declared          roll call, show of hands, secret: one act of the secretary
    open → closed → declared            ballots: each member's own act in a stream of its own
    open | recorded | closed → annulled ; imported

A vote happens in an open session with quorum, on the item that the body has taken up (S2, I1). The declared
result is recomputed from what was cast and the body's rules of the day (V3).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.vote import (
    CastingVoteExercised,
    RollCallRecorded,
    SecretTallyRecorded,
    ShowOfHandsRecorded,
    VoteAnnulled,
    VoteClosed,
    VoteDeclared,
    VoteImported,
    VoteOpened,
)
from ledger.domain.attendance import check_actor, open_session, presiding, seat_of_office, session_open_at
from ledger.domain.body import BodyState, body_of, rules_of
from ledger.domain.completeness import vote_of
from ledger.domain.rules import majority
from ledger.domain.rules.numbering import check_predecessor, check_unused
from ledger.domain.states import SETTLED, SessionState, VoteState
from ledger.domain.tally import (
    check_eligible,
    check_roll_call,
    check_secret,
    check_show_of_hands,
    outcome,
    tally_of,
)
from ledger.domain.vote_import import check_imported, evolve_imported
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import parse_written, stream_name

if TYPE_CHECKING:
    from ledger.acts.base import Act

__all__ = ["VoteState", "check", "evolve"]

RecordedAct: TypeAlias = RollCallRecorded | ShowOfHandsRecorded | SecretTallyRecorded
PendingAct: TypeAlias = RecordedAct | VoteClosed | CastingVoteExercised | VoteDeclared | VoteAnnulled
_METHODS: dict[type[Act], str] = {
    RollCallRecorded: "roll-call",
    ShowOfHandsRecorded: "show-of-hands",
    SecretTallyRecorded: "secret",
    VoteClosed: "ballot",
}


def check(state: VoteState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `vote/<body>/<year>/<series>/<session>/<vote>`.

    Raises:
        RuleViolation: the code of the rule that refuses it; each rule below names its own.
    """
    act = signed.act
    world.rule("votes")
    if isinstance(act, VoteImported):
        check_imported(state, act, signed, world)
        return
    if isinstance(act, VoteOpened):
        _check_opened(state, act, signed, world)
        return
    pending = _narrow(act)
    if state is None:
        raise RuleViolation("vote-unknown", vote=pending.vote_path)
    if state.phase in SETTLED:
        raise RuleViolation("vote-settled", vote=pending.vote_path, phase=state.phase)
    at = parse_written(signed.statement.occurred_at)
    if at < state.last_at:
        raise RuleViolation("back-dated", occurred_at=signed.statement.occurred_at, last=state.last_at.isoformat())
    match pending:
        case RollCallRecorded() | ShowOfHandsRecorded() | SecretTallyRecorded():
            _check_recorded(state, pending, signed, world)
        case VoteClosed():
            _check_closed(state, pending, signed, world)
        case CastingVoteExercised():
            _check_casting(state, signed, world)
        case VoteDeclared():
            _check_declared(state, pending, signed, world)
        case VoteAnnulled():
            _check_annulled(state, world)
        case _:
            assert_never(pending)


def _narrow(act: Act) -> PendingAct:
    if not isinstance(act, PendingAct):
        raise TypeError(type(act).__name__)
    return act


def _session(path: str, world: World) -> SessionState | None:
    return read(world, SessionState, stream_name("session", path))


# -- opening ---------------------------------------------------------------------------------------------------


def _check_opened(state: VoteState | None, act: VoteOpened, signed: Signed, world: World) -> None:
    if state is not None:
        raise RuleViolation("vote-already-opened", vote=act.vote_path)
    at = parse_written(signed.statement.occurred_at)
    session = session_open_at(_session(act.session_path, world), act.session_path, world, at)
    if f"session/{session.path}" not in signed.statement.basis:
        raise RuleViolation("session-not-in-basis", session=session.path)
    if session.current_item != act.item:
        raise RuleViolation("item-not-open", item=act.item, current=session.current_item)
    check_actor(session, signed, world, act.item)
    check_unused(signed)
    _check_number(act, world)
    body = body_of(world, session.body)
    rules = rules_of(body, session.day)
    if act.method not in rules.methods:
        raise RuleViolation("method-not-allowed", method=act.method)
    majority.named(rules, act.majority)
    check_eligible(act.eligible, session, act.item, body, world=world, at=at)


def _check_number(act: VoteOpened, world: World) -> None:
    """Votes of a session are numbered from 1 without gaps, and one waits for the other."""
    check_predecessor(world, act.stream())
    before = vote_of(world, act.session_path, act.vote - 1) if act.vote > 1 else None
    if before is not None and before.phase not in SETTLED:
        raise RuleViolation("vote-pending", vote=f"{act.session_path}/{act.vote - 1}", phase=before.phase)


# -- what was cast ---------------------------------------------------------------------------------------------


def _check_phase(state: VoteState, act: Act, phase: str) -> None:
    method = _METHODS.get(type(act))
    if method is not None and method != state.method:
        raise RuleViolation("other-method", method=state.method)
    if state.phase != phase:
        raise RuleViolation("vote-phase", phase=state.phase)


def _in_session(state: VoteState, signed: Signed, world: World) -> SessionState:
    """Return the session, open and with quorum while the vote is taken."""
    at = parse_written(signed.statement.occurred_at)
    session = session_open_at(_session(state.session, world), state.session, world, at)
    check_actor(session, signed, world, state.item)
    return session


def _check_recorded(state: VoteState, act: RecordedAct, signed: Signed, world: World) -> None:
    world.rule("tally")
    _check_phase(state, act, "open")
    session = _in_session(state, signed, world)
    rules = rules_of(body_of(world, session.body), session.day)
    match act:
        case RollCallRecorded():
            check_roll_call(state, act, session, rules)
        case ShowOfHandsRecorded():
            check_show_of_hands(state, act, session, rules)
        case SecretTallyRecorded():
            check_secret(state, act, session, rules)
        case _:
            assert_never(act)


def _check_closed(state: VoteState, act: VoteClosed, signed: Signed, world: World) -> None:
    world.rule("tally")
    _check_phase(state, act, "open")
    _in_session(state, signed, world)
    cast = tally_of(state, world).voters
    if act.ballots != cast:
        raise RuleViolation("ballot-count", ballots=act.ballots, real=cast)


# -- what follows ----------------------------------------------------------------------------------------------


def _check_ready(state: VoteState, act: Act, signed: Signed, world: World) -> tuple[SessionState, BodyState]:
    """Return session and body of a vote whose casting is over."""
    _check_phase(state, act, "closed" if state.method == "ballot" else "recorded")
    session = open_session(_session(state.session, world), state.session)
    check_actor(session, signed, world, state.item)
    return session, body_of(world, session.body)


def _check_casting(state: VoteState, signed: Signed, world: World) -> None:
    """V4: only to break a tie, once, where the rules grant it, by who presides over the item, not recused."""
    world.rule("casting-vote")
    session, body = _check_ready(state, signed.act, signed, world)
    if state.casting is not None:
        raise RuleViolation("casting-repeated", vote=f"{state.session}/{state.number}")
    majority.check_casting(rules_of(body, session.day), outcome(state, tally_of(state, world), session, body))
    seat = seat_of_office(signed.statement.office, state.body)
    if seat not in presiding(session, state.item, body):
        raise RuleViolation("not-presiding", seat=seat)
    if signed.statement.office != stream_name("designation", state.body, seat, session.present[seat].designation):
        raise RuleViolation("other-holder", seat=seat)


def _check_declared(state: VoteState, act: VoteDeclared, signed: Signed, world: World) -> None:
    """V3: tally and result follow from what was cast."""
    world.rule("tally")
    world.rule("majority")
    session, body = _check_ready(state, act, signed, world)
    tally = tally_of(state, world)
    if (act.favor, act.contra, act.abstencion) != tally:
        raise RuleViolation("tally-mismatch", favor=tally.favor, contra=tally.contra, abstencion=tally.abstencion)
    rules = rules_of(body, session.day)
    expected = majority.declared(rules, outcome(state, tally, session, body), state.casting)
    if act.result != expected:
        raise RuleViolation("result-mismatch", result=act.result, expected=expected)


def _check_annulled(state: VoteState, world: World) -> None:
    session = _session(state.session, world)
    if session is None or session.phase not in {"open", "recess"}:
        raise RuleViolation("session-not-open", session=state.session)


# -- evolve ----------------------------------------------------------------------------------------------------


def evolve(state: VoteState | None, signed: Signed) -> VoteState:
    """Return the state after the act."""
    act = signed.act
    if isinstance(act, VoteImported):
        return evolve_imported(act, signed)
    if isinstance(act, VoteOpened):
        return _opened(act, signed)
    pending = _narrow(act)
    if state is None:
        raise RuleViolation("vote-unknown", vote=pending.vote_path)
    version, index, statement = signed.heading()
    last_at = parse_written(signed.statement.occurred_at)
    return _after(replace(state, version=version, index=index, statement=statement, last_at=last_at), pending)


def _after(state: VoteState, act: PendingAct) -> VoteState:
    match act:
        case RollCallRecorded():
            return _recorded(state, len(act.favor), len(act.contra), len(act.abstencion))
        case ShowOfHandsRecorded() | SecretTallyRecorded():
            return _recorded(state, act.favor, act.contra, act.abstencion)
        case VoteClosed():
            return replace(state, phase="closed", voters=act.ballots)
        case CastingVoteExercised():
            return replace(state, casting=act.choice)
        case VoteDeclared():
            counted = _recorded(state, act.favor, act.contra, act.abstencion)
            return replace(counted, phase="declared", result=act.result, eligible={})
        case VoteAnnulled():
            return replace(state, phase="annulled", eligible={})
        case _:
            assert_never(act)


def _recorded(state: VoteState, favor: int, contra: int, abstencion: int) -> VoteState:
    voters = favor + contra + abstencion
    return replace(state, phase="recorded", favor=favor, contra=contra, abstencion=abstencion, voters=voters)


def _opened(act: VoteOpened, signed: Signed) -> VoteState:
    return VoteState(
        *signed.heading(),
        session=act.session_path,
        body=act.body,
        number=act.vote,
        item=act.item,
        method=act.method,
        majority=act.majority,
        phase="open",
        last_at=parse_written(signed.statement.occurred_at),
        eligible={holder.seat: holder.designation for holder in act.eligible},
        eligible_count=len(act.eligible),
    )
