"""The circulation of an acta: rounds with a deadline, observations, approval (domain.md §3.7, L7).

    circulated → observed* → resolved* → approved
    a new draft → circulated again

All of it stands in one stream, so that an approval knows every observation there is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.circulation import ActaApproved, ActaCirculated, ActaObservationFiled, ActaObservationResolved
from ledger.domain.acta import ActaState, SignatureState
from ledger.domain.body import body_of
from ledger.domain.rules.approval import check_approving_vote
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.states import CirculationState, Observation
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import parse_written, stream_name

if TYPE_CHECKING:
    from ledger.acts.base import Act
    from ledger.acts.circulation import OfCirculation

__all__ = ["CirculationState", "Observation", "check", "evolve"]

LaterAct: TypeAlias = ActaObservationFiled | ActaObservationResolved | ActaApproved
CirculationAct: TypeAlias = ActaCirculated | LaterAct


def check(state: CirculationState | None, signed: Signed, world: World) -> None:
    """Check an act of the circulation of an acta.

    Raises:
        RuleViolation: "acta-unknown", "acta-sealed", "back-dated", "acta-not-in-basis", "acta-root", "round-gap",
            "already-circulated", "seat-repeated", "seat-unknown", "deadline-past", "circulation-unknown",
            "circulation-settled", "observation-gap", "not-addressed", "observation-late", "block-unknown",
            "observation-unknown", "observation-resolved", "observation-pending", "observation-not-incorporated",
            "signature-missing", "vote-unknown", "vote-not-in-basis", "vote-of-other-body", "vote-not-approved",
            "vote-not-later".
    """
    act = _narrow(signed.act)
    world.rule("acta-circulation")
    acta = unsealed(act, world)
    if state is not None:
        check_not_before(signed, state.last_at)
    if isinstance(act, ActaCirculated):
        _check_circulated(state, act, acta, signed, world)
        return
    if state is None:
        raise RuleViolation("circulation-unknown", circulation=act.stream())
    if state.approved_root is not None:
        raise RuleViolation("circulation-settled", circulation=act.stream())
    match act:
        case ActaObservationFiled():
            _check_filed(state, act, acta, signed)
        case ActaObservationResolved():
            _check_resolved(state, act)
        case ActaApproved():
            _check_approved(state, act, acta, signed, world)
        case _:
            assert_never(act)


def unsealed(act: OfCirculation, world: World) -> ActaState:
    """Return the acta, which is drafted and not sealed.

    Raises:
        RuleViolation: "acta-unknown", "acta-sealed".
    """
    stream = stream_name("acta", act.session_path)
    acta = read(world, ActaState, stream)
    if acta is None:
        raise RuleViolation("acta-unknown", acta=stream)
    if acta.phase == "sealed":
        raise RuleViolation("acta-sealed", acta=stream)
    return acta


def _check_is_present_draft(act: ActaCirculated | ActaApproved, acta: ActaState, signed: Signed) -> None:
    stream = stream_name("acta", act.session_path)
    if signed.statement.basis.get(stream) != acta.statement:
        raise RuleViolation("acta-not-in-basis", acta=stream)
    if (act.draft, act.root) != (acta.draft, acta.root):
        raise RuleViolation("acta-root", acta=stream)


def _check_circulated(
    state: CirculationState | None, act: ActaCirculated, acta: ActaState, signed: Signed, world: World
) -> None:
    _check_is_present_draft(act, acta, signed)
    expected = 1 if state is None else state.round + 1
    if act.round != expected:
        raise RuleViolation("round-gap", round=act.round, expected=expected)
    if state is not None and act.draft <= state.draft:
        raise RuleViolation("already-circulated", draft=act.draft)
    if len(set(act.to)) != len(act.to):
        raise RuleViolation("seat-repeated", acta=act.stream())
    body = body_of(world, act.body)
    for seat in act.to:
        if body.seat(seat) is None:
            raise RuleViolation("seat-unknown", seat=seat)
    if parse_written(act.due_at) <= parse_written(signed.statement.occurred_at):
        raise RuleViolation("deadline-past", due_at=act.due_at)


def _check_filed(state: CirculationState, act: ActaObservationFiled, acta: ActaState, signed: Signed) -> None:
    expected = len(state.observations) + 1
    if act.observation != expected:
        raise RuleViolation("observation-gap", observation=act.observation, expected=expected)
    if act.seat not in state.to:
        raise RuleViolation("not-addressed", seat=act.seat)
    if act.root != state.root:
        raise RuleViolation("acta-root", acta=stream_name("acta", act.session_path))
    if parse_written(signed.statement.occurred_at) > state.due_at:
        raise RuleViolation("observation-late", due_at=state.due_at.isoformat())
    if act.block is not None and act.block > acta.blocks and acta.root == act.root:
        raise RuleViolation("block-unknown", block=act.block)


def _check_resolved(state: CirculationState, act: ActaObservationResolved) -> None:
    found = state.observations.get(act.observation)
    if found is None:
        raise RuleViolation("observation-unknown", observation=act.observation)
    if found.outcome is not None:
        raise RuleViolation("observation-resolved", observation=act.observation, outcome=found.outcome)


def _check_approved(state: CirculationState, act: ActaApproved, acta: ActaState, signed: Signed, world: World) -> None:
    """Every observation is resolved, what was accepted is in a later draft, and somebody approved that one."""
    _check_is_present_draft(act, acta, signed)
    for number, observation in state.observations.items():
        if observation.outcome is None:
            raise RuleViolation("observation-pending", observation=number)
        if observation.outcome == "accepted" and act.draft <= observation.draft:
            raise RuleViolation("observation-not-incorporated", observation=number)
    if act.vote is not None:
        check_approving_vote(act, act.vote, signed, world)
        return
    world.rule("acta-approval")
    for seat in state.to:
        word = read(world, SignatureState, stream_name("signature", act.session_path, seat))
        if word is None or word.outcome != "signed" or not word.holds_for(acta):
            raise RuleViolation("signature-missing", seat=seat)


def evolve(state: CirculationState | None, signed: Signed) -> CirculationState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if isinstance(act, ActaCirculated):
        return CirculationState(
            version,
            index,
            statement,
            session=act.session_path,
            round=act.round,
            draft=act.draft,
            root=act.root,
            to=act.to,
            due_at=parse_written(act.due_at),
            last_at=at,
            observations={} if state is None else state.observations,
        )
    if state is None:
        raise RuleViolation("circulation-unknown", circulation=act.stream())
    moved = replace(state, version=version, index=index, statement=statement, last_at=at)
    match act:
        case ActaObservationFiled():
            filed = Observation(act.seat, state.draft)
            return replace(moved, observations={**state.observations, act.observation: filed})
        case ActaObservationResolved():
            resolved = replace(state.observations[act.observation], outcome=act.outcome)
            return replace(moved, observations={**state.observations, act.observation: resolved})
        case ActaApproved():
            return replace(moved, approved_root=act.root, vote=act.vote)
        case _:
            assert_never(act)


def _narrow(act: Act) -> CirculationAct:
    if not isinstance(act, ActaCirculated | ActaObservationFiled | ActaObservationResolved | ActaApproved):
        raise TypeError(type(act).__name__)
    return act
