"""The removal of who holds a seat: asked for, heard, decided (domain.md §3.8 D7, row C7; LSS 263, 265).

    requested → heard → removed | kept ; kept → requested again

Nobody is removed without having been summoned and without the vote of the competent body after the hearing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.nomination import HearingHeld, RemovalDecided, RemovalRequested
from ledger.domain.designation import DesignationState
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.entitlement import (
    bodies_that,
    check_competent,
    check_entitled,
    check_office_body,
    rule_for,
    settled_vote,
)
from ledger.domain.rules.four_eyes import check_liaison
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import legal_day, parse_written, stream_name

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.acts.base import Act
    from ledger.acts.body import SectorRule

HearingAct: TypeAlias = RemovalRequested | HearingHeld | RemovalDecided


@dataclass(frozen=True, slots=True)
class HearingState(State):
    """The removal of who holds a seat by a designation.

    heard_index: place of the hearing; None before it.
    last_at: when the stream's last act occurred.
    """

    requested_at: datetime
    last_at: datetime
    phase: Literal["requested", "heard", "removed", "kept"] = "requested"
    heard_index: int | None = None


def check(state: HearingState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `hearing/<body>/<seat>/<designation>`.

    Raises:
        RuleViolation: "designation-unknown", "already-ended", "back-dated", "removal-pending", "removal-not-requested",
            "hearing-phase", "organization-not-entitled", "organization-missing", "not-of-the-unit", "not-of-the-body",
            "summons-too-late", "hearing-missing", "vote-unknown", "vote-not-in-basis", "vote-not-declared",
            "body-not-competent", "vote-before-hearing", "vote-decides-otherwise", and those of `rule_for`.
    """
    act = _narrow(signed.act)
    world.rule("hearings")
    held = read(world, DesignationState, stream_name("designation", act.body, act.seat, act.designation))
    if held is None:
        raise RuleViolation("designation-unknown", body=act.body, seat=act.seat, number=act.designation)
    if held.cause is not None:
        raise RuleViolation("already-ended", seat=act.seat, number=act.designation, cause=held.cause)
    if state is not None:
        check_not_before(signed, state.last_at)
    rule = rule_for(signed, world, act.body, act.seat)
    check_office_body(signed, world, act.body, rule)
    if isinstance(act, RemovalRequested):
        if state is not None and state.phase != "kept":
            raise RuleViolation("removal-pending", hearing=act.stream(), phase=state.phase)
        _check_requested(act, rule, signed, world)
        return
    if state is None:
        raise RuleViolation("removal-not-requested", hearing=act.stream())
    match act:
        case HearingHeld():
            _check_held(state, act, signed)
        case RemovalDecided():
            _check_decided(state, act, rule, signed, world)
        case _:
            assert_never(act)


def _check_requested(act: RemovalRequested, rule: SectorRule, signed: Signed, world: World) -> None:
    """By the sector that proposed him (D2), or for a justified cause that anybody may bring."""
    if act.organization is None:
        if act.by == "sector":
            raise RuleViolation("organization-missing", hearing=act.stream())
        return
    if act.by == "sector":
        check_entitled(rule, act.organization)
    check_liaison(signed, act.organization, world)


def _check_held(state: HearingState, act: HearingHeld, signed: Signed) -> None:
    if state.phase != "requested":
        raise RuleViolation("hearing-phase", hearing=act.stream(), phase=state.phase)
    summoned, held = calendar_day(act.summoned_on), legal_day(signed.statement.occurred_at)
    if not state.requested_at.date() <= summoned < held:
        raise RuleViolation("summons-too-late", summoned_on=act.summoned_on, held_on=held.isoformat())


def _check_decided(state: HearingState, act: RemovalDecided, rule: SectorRule, signed: Signed, world: World) -> None:
    """D7: the competent body's vote, declared after the hearing, says what the act says."""
    world.rule("removal-hearing")
    if state.heard_index is None:
        raise RuleViolation("hearing-missing", hearing=act.stream())
    if state.phase != "heard":
        raise RuleViolation("hearing-phase", hearing=act.stream(), phase=state.phase)
    vote = settled_vote(act.vote, signed, world)
    check_competent(vote, bodies_that(rule, act.body, provisional=False))
    if vote.index < state.heard_index:
        raise RuleViolation("vote-before-hearing", vote=act.vote)
    if (act.outcome == "removed") != (vote.result == "approved"):
        raise RuleViolation("vote-decides-otherwise", vote=act.vote, result=vote.result)


def evolve(state: HearingState | None, signed: Signed) -> HearingState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if isinstance(act, RemovalRequested):
        return HearingState(version, index, statement, requested_at=at, last_at=at)
    if state is None:
        raise RuleViolation("removal-not-requested", hearing=act.stream())
    moved = replace(state, version=version, index=index, statement=statement, last_at=at)
    match act:
        case HearingHeld():
            return replace(moved, phase="heard", heard_index=index)
        case RemovalDecided():
            return replace(moved, phase=act.outcome)
        case _:
            assert_never(act)


def _narrow(act: Act) -> HearingAct:
    if not isinstance(act, HearingAct):
        raise TypeError(type(act).__name__)
    return act
