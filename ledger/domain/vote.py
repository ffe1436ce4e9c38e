"""A vote of a session (domain.md §3.5): opened, cast in one of four ways, closed, declared.

    open → recorded → declared          roll call, show of hands, secret, consensus, election: one act of the secretary
    open → closed → declared            ballots: each member's own act in a stream of its own
    open | recorded | closed → annulled ; imported

A vote happens in an open session with quorum, on the item that the body has taken up (S2, I1); how it begins is in
`opening`. The declared result is recomputed from what was cast and the body's rules of the day (V3).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

from ledger.acts.vote import (
    CastingVoteExercised,
    ConsensusDeclared,
    ElectionTallyRecorded,
    RollCallRecorded,
    SecretTallyRecorded,
    ShowOfHandsRecorded,
    VoteAnnulled,
    VoteClosed,
    VoteDeclared,
    VoteImported,
    VoteOpened,
)
from ledger.domain import election
from ledger.domain.attendance import check_actor, open_session, presiding, seat_of_office, session_open_at
from ledger.domain.body import BodyState, body_of, rules_of
from ledger.domain.opening import check_opened, opened
from ledger.domain.rules import majority
from ledger.domain.states import SETTLED, SessionState, VoteState
from ledger.domain.tally import (
    check_abstention,
    check_consensus,
    check_roll_call,
    check_seats,
    check_secret,
    check_show_of_hands,
    check_tellers,
    declared_result,
    outcome,
    tally_of,
)
from ledger.domain.vote_import import check_imported, evolve_imported
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import parse_written, stream_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.acts.base import Act

__all__ = ["VoteState", "check", "evolve"]

RecordedAct: TypeAlias = (
    RollCallRecorded | ShowOfHandsRecorded | SecretTallyRecorded | ElectionTallyRecorded | ConsensusDeclared
)
PendingAct: TypeAlias = RecordedAct | VoteClosed | CastingVoteExercised | VoteDeclared | VoteAnnulled
_METHODS: dict[type[Act], frozenset[str]] = {
    RollCallRecorded: frozenset({"roll-call"}),
    ShowOfHandsRecorded: frozenset({"show-of-hands", "acclamation"}),
    SecretTallyRecorded: frozenset({"secret"}),
    ElectionTallyRecorded: election.METHODS,
    ConsensusDeclared: frozenset({"consensus"}),
    VoteClosed: frozenset({"ballot"}),
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
        check_opened(state, act, signed, world)
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
        case VoteClosed():
            _check_closed(state, pending, signed, world)
        case CastingVoteExercised():
            _check_casting(state, pending, signed, world)
        case VoteDeclared():
            _check_declared(state, pending, signed, world)
        case VoteAnnulled():
            _check_annulled(state, world)
        case _:
            _check_recorded(state, pending, signed, world)


def _narrow(act: Act) -> PendingAct:
    if not isinstance(act, PendingAct):
        raise TypeError(type(act).__name__)
    return act


def _session(path: str, world: World) -> SessionState | None:
    return read(world, SessionState, stream_name("session", path))


# -- what was cast ---------------------------------------------------------------------------------------------


def _check_phase(state: VoteState, act: Act, phase: str) -> None:
    methods = _METHODS.get(type(act))
    if methods is not None and state.method not in methods:
        raise RuleViolation("other-method", method=state.method)
    if state.candidates and isinstance(act, RollCallRecorded | ShowOfHandsRecorded | SecretTallyRecorded):
        raise RuleViolation("candidates-differ", candidates=len(state.candidates))
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
        case ElectionTallyRecorded():
            check_seats(act.voters, state, session)
            check_tellers(act.tellers, session)
            election.check_tally(state, act)
            check_abstention(rules, act.blank)
        case ConsensusDeclared():
            check_consensus(state, act, session, world)
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


def _check_casting(state: VoteState, act: CastingVoteExercised, signed: Signed, world: World) -> None:
    """V4: only to break a tie, once, where the rules grant it, by who presides over the item, not recused."""
    world.rule("casting-vote")
    session, body = _check_ready(state, act, signed, world)
    if state.casting is not None:
        raise RuleViolation("casting-repeated", vote=f"{state.session}/{state.number}")
    rules = rules_of(body, session.day)
    if state.candidates:
        election.check_casting(rules, election.leaders(state.counts), act.candidate if act.choice == "favor" else None)
    elif act.candidate is not None:
        raise RuleViolation("candidate-not-tied", candidate=act.candidate)
    else:
        majority.check_casting(rules, outcome(state, tally_of(state, world), session, body))
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
    expected, elected = declared_result(state, tally, session, body)
    if act.result != expected:
        raise RuleViolation("result-mismatch", result=act.result, expected=expected)
    if act.elected != elected:
        raise RuleViolation("elected-mismatch", elected=act.elected or "", expected=elected or "")


def _check_annulled(state: VoteState, world: World) -> None:
    session = _session(state.session, world)
    if session is None or session.phase not in {"open", "recess", "quorum-lost"}:
        raise RuleViolation("session-not-open", session=state.session)


# -- evolve ----------------------------------------------------------------------------------------------------


def evolve(state: VoteState | None, signed: Signed) -> VoteState:
    """Return the state after the act."""
    act = signed.act
    if isinstance(act, VoteImported):
        return evolve_imported(act, signed)
    if isinstance(act, VoteOpened):
        return opened(act, signed)
    pending = _narrow(act)
    if state is None:
        raise RuleViolation("vote-unknown", vote=pending.vote_path)
    version, index, statement = signed.heading()
    last_at = parse_written(signed.statement.occurred_at)
    changes = _changes(state, pending)
    return replace(state, version=version, index=index, statement=statement, last_at=last_at, **changes)


def _changes(state: VoteState, act: PendingAct) -> dict[str, Any]:
    """Return what the act changes, by name: the state has many fields, and is written anew once."""
    match act:
        case VoteClosed():
            return {"phase": "closed", "voters": act.ballots}
        case CastingVoteExercised():
            return {"casting": act.choice, "cast_for": act.candidate}
        case VoteDeclared():
            # Whose seat voted is kept for who dissents later (V6); of a secret vote nobody's, and nobody does (V5).
            eligible = {} if state.method == "secret" else state.eligible
            counted = _counted(act.favor, act.contra, act.abstencion)
            return counted | {"phase": "declared", "result": act.result, "elected": act.elected, "eligible": eligible}
        case VoteAnnulled():
            return {"phase": "annulled", "eligible": {}}
        case _:
            return _recorded(state, act) | {"phase": "recorded"}


def _recorded(state: VoteState, act: RecordedAct) -> dict[str, Any]:
    match act:
        case RollCallRecorded():
            counted = _counted(len(act.favor), len(act.contra), len(act.abstencion))
            cast = {*act.favor, *act.contra, *act.abstencion}
            return counted | {"against": (*act.contra, *act.abstencion), "silent": _silent(state, cast)}
        case ShowOfHandsRecorded():
            return _counted(act.favor, act.contra, act.abstencion) | {"against": act.dissenters}
        case SecretTallyRecorded():
            return _counted(act.favor, act.contra, act.abstencion)
        case ElectionTallyRecorded():
            counts = {count.person: count.votes for count in act.counts}
            silent = () if state.method == "secret" else _silent(state, act.voters)
            return _counted(*election.tally(counts, act.blank)) | {"counts": counts, "silent": silent}
        case ConsensusDeclared():
            counted = _counted(len(act.consenting), len(act.objecting), 0)
            cast = {*act.consenting, *act.objecting}
            return counted | {"against": act.objecting, "silent": _silent(state, cast)}
        case _:
            assert_never(act)


def _silent(state: VoteState, cast: Collection[str]) -> tuple[str, ...]:
    return tuple(seat for seat in state.eligible if seat not in cast)


def _counted(favor: int, contra: int, abstencion: int) -> dict[str, Any]:
    return {"favor": favor, "contra": contra, "abstencion": abstencion, "voters": favor + contra + abstencion}
