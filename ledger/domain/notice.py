"""Notices that a term will end, to who is entitled to propose, and their receipt (domain.md §3.8, rows C4, C5).

    issued → acknowledged

One stream a designation: whoever issues the same notice twice is told that it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from ledger.acts.nomination import ExpiryNoticeAcknowledged, ExpiryNoticeIssued
from ledger.domain.body import body_of, rules_of
from ledger.domain.designation import DesignationState
from ledger.domain.rules.entitlement import check_entitled, rule_for
from ledger.domain.rules.four_eyes import check_liaison
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import legal_day, parse_written, stream_name

if TYPE_CHECKING:
    from datetime import date, datetime

    from ledger.acts.base import Act

NoticeAct: TypeAlias = ExpiryNoticeIssued | ExpiryNoticeAcknowledged


@dataclass(frozen=True, slots=True)
class NoticeState(State):
    """A notice: to whom, and what was answered; None while nothing was."""

    organization: str
    last_at: datetime
    answer: str | None = None


def days_left(ends_at: datetime, on: date) -> int:
    """Return how many days lie between a day and the day in which, or at whose beginning, a term ends."""
    return (ends_at.date() - on).days


def check(state: NoticeState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `notice/<body>/<seat>/<designation>`.

    Raises:
        RuleViolation: "already-notified", "designation-unknown", "already-ended", "term-without-end", "outside-term",
            "days-left-mismatch", "notice-too-early", "organization-not-entitled", "notice-unknown",
            "notice-acknowledged", "not-of-the-unit", "back-dated", and those of `rule_for`.
    """
    act = _narrow(signed.act)
    world.rule("expiry-notices")
    if isinstance(act, ExpiryNoticeIssued):
        if state is not None:
            raise RuleViolation("already-notified", notice=act.stream(), index=state.index)
        _check_issued(act, signed, world)
        return
    if state is None:
        raise RuleViolation("notice-unknown", notice=act.stream())
    if state.answer is not None:
        raise RuleViolation("notice-acknowledged", notice=act.stream(), answer=state.answer)
    check_not_before(signed, state.last_at)
    check_liaison(signed, state.organization, world)


def _check_issued(act: ExpiryNoticeIssued, signed: Signed, world: World) -> None:
    held = read(world, DesignationState, stream_name("designation", act.body, act.seat, act.designation))
    if held is None:
        raise RuleViolation("designation-unknown", body=act.body, seat=act.seat, number=act.designation)
    if held.cause is not None:
        raise RuleViolation("already-ended", seat=act.seat, number=act.designation, cause=held.cause)
    if held.ends_at is None:
        raise RuleViolation("term-without-end", seat=act.seat, number=act.designation)
    if not held.holds_title_at(parse_written(signed.statement.occurred_at)):
        raise RuleViolation("outside-term", ends_at=held.ends_at.isoformat())
    today = legal_day(signed.statement.occurred_at)
    left = days_left(held.ends_at, today)
    if act.days_left != left:
        raise RuleViolation("days-left-mismatch", days_left=act.days_left, expected=left)
    limit = rules_of(body_of(world, act.body), today).expiry_notice_days
    if limit is not None and left > limit:
        raise RuleViolation("notice-too-early", days_left=left, limit=limit)
    check_entitled(rule_for(signed, world, act.body, act.seat), act.organization)


def evolve(state: NoticeState | None, signed: Signed) -> NoticeState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if isinstance(act, ExpiryNoticeIssued):
        return NoticeState(version, index, statement, organization=act.organization, last_at=at)
    if state is None:
        raise RuleViolation("notice-unknown", notice=act.stream())
    return replace(state, version=version, index=index, statement=statement, last_at=at, answer=act.answer)


def _narrow(act: Act) -> NoticeAct:
    if not isinstance(act, NoticeAct):
        raise TypeError(type(act).__name__)
    return act
