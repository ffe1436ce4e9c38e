"""Oversight requirements: received with a legal term, answered by bundles and certificates (domain.md §3.18; LFRCF 9).

    received → answered → closed ; bundles are exported and findings linked and clarified on the way

That a requirement is overdue is computed as of a day and stands nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.oversight import (
    AuditFindingClarified,
    AuditFindingLinked,
    EvidenceBundleExported,
    OversightRequirementAnswered,
    OversightRequirementClosed,
    OversightRequirementReceived,
)
from ledger.domain.body import body_of, rules_of
from ledger.domain.certification import CertificationState
from ledger.domain.holidays import business_deadline
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.numbering import check_predecessor, check_unused
from ledger.domain.rules.sequence import check_not_before, day_received
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of, legal_day, parse_written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from ledger.acts.base import Act
    from ledger.acts.oversight import Authority

LaterAct: TypeAlias = (
    EvidenceBundleExported
    | OversightRequirementAnswered
    | AuditFindingLinked
    | AuditFindingClarified
    | OversightRequirementClosed
)
RequirementAct: TypeAlias = OversightRequirementReceived | LaterAct
TERMS: Mapping[Authority, tuple[int, int]] = {"asf": (10, 15)}
"""Least and most business days that an authority's own law sets (LFRCF 9); of the others the term is as they say."""


@dataclass(frozen=True, slots=True)
class RequirementState(State):
    """An oversight requirement.

    bundles: how many were exported for it. findings: number → outcome, None while it is open.
    """

    authority: Authority
    received_on: date
    due_on: date
    last_at: datetime
    phase: Literal["received", "answered", "closed"] = "received"
    bundles: int = 0
    findings: Mapping[int, str | None] = field(default_factory=dict)


def check(state: RequirementState | None, signed: Signed, world: World) -> None:
    """Check an act of an oversight requirement.

    Raises:
        RuleViolation: "already-required", "number-used", "received-later", "requirement-year", "number-gap",
            "body-unknown", "no-rules-in-force", "scope-repeated", "dates-out-of-order", "legal-term", "due-date",
            "requirement-unknown", "requirement-closed", "back-dated", "bundle-gap", "bundle-range",
            "already-answered", "answer-empty", "answered-before", "bundle-unknown", "certification-unknown",
            "certification-not-in-basis", "certification-not-in-force", "object-of-other-body", "finding-gap",
            "finding-of-later-act", "finding-unknown", "finding-settled", "not-answered", "finding-open",
            "closed-before".
    """
    act = _narrow(signed.act)
    world.rule("requirements")
    if isinstance(act, OversightRequirementReceived):
        _check_received(state, act, signed, world)
        return
    if state is None:
        raise RuleViolation("requirement-unknown", requirement=act.stream())
    if state.phase == "closed":
        raise RuleViolation("requirement-closed", requirement=act.stream())
    check_not_before(signed, state.last_at)
    match act:
        case EvidenceBundleExported():
            _check_exported(state, act, signed)
        case OversightRequirementAnswered():
            _check_answered(state, act, signed, world)
        case AuditFindingLinked():
            _check_linked(state, act, signed)
        case AuditFindingClarified():
            _check_clarified(state, act)
        case OversightRequirementClosed():
            _check_closed(state, act, signed)
        case _:
            assert_never(act)


def _check_received(
    state: RequirementState | None, act: OversightRequirementReceived, signed: Signed, world: World
) -> None:
    if state is not None:
        raise RuleViolation("already-required", requirement=act.stream())
    check_unused(signed)
    body_of(world, act.body)
    received = day_received(act.received_on, signed)
    if received.year != act.year:
        raise RuleViolation("requirement-year", year=act.year)
    check_predecessor(world, act.stream())
    if len(set(act.asks)) != len(act.asks):
        raise RuleViolation("scope-repeated", requirement=act.stream())
    if act.from_on is not None and act.to_on is not None and calendar_day(act.from_on) > calendar_day(act.to_on):
        raise RuleViolation("dates-out-of-order", from_on=act.from_on, to_on=act.to_on)
    _check_term(act, received, world)


def _check_term(act: OversightRequirementReceived, received: date, world: World) -> None:
    """LFRCF 9: ten to fifteen business days, on the calendar of holidays; the last of them is the due day."""
    world.rule("legal-term")
    least, most = TERMS.get(act.authority, (1, act.business_days))
    if not least <= act.business_days <= most:
        raise RuleViolation("legal-term", least=least, most=most, days=act.business_days)
    rules = rules_of(body_of(world, act.body), received)
    due = business_deadline(world, rules, received, act.business_days)
    if calendar_day(act.due_on) != due:
        raise RuleViolation("due-date", due_on=act.due_on, expected=due.isoformat())


def _check_exported(state: RequirementState, act: EvidenceBundleExported, signed: Signed) -> None:
    if act.bundle != state.bundles + 1:
        raise RuleViolation("bundle-gap", bundle=act.bundle, expected=state.bundles + 1)
    if not act.first_index <= act.last_index < act.tree_size <= signed.index:
        raise RuleViolation("bundle-range", first=act.first_index, last=act.last_index, size=act.tree_size)


def _check_answered(state: RequirementState, act: OversightRequirementAnswered, signed: Signed, world: World) -> None:
    """An answer rests on what was exported and certified, as it stands; a late one is an answer all the same."""
    if state.phase == "answered":
        raise RuleViolation("already-answered", requirement=act.stream())
    if not state.received_on <= calendar_day(act.answered_on) <= legal_day(signed.statement.occurred_at):
        raise RuleViolation("answered-before", answered_on=act.answered_on)
    if not act.certificates and not act.bundles and "answer" not in signed.statement.sealed:
        raise RuleViolation("answer-empty", requirement=act.stream())
    for bundle in act.bundles:
        if bundle > state.bundles:
            raise RuleViolation("bundle-unknown", bundle=bundle)
    for stream in act.certificates:
        _check_certificate(stream, act.body, signed, world)


def _check_certificate(stream: str, body: str, signed: Signed, world: World) -> None:
    state = read(world, CertificationState, stream) if kind_of(stream) == "certification" else None
    if state is None:
        raise RuleViolation("certification-unknown", certification=stream)
    if state.body != body:
        raise RuleViolation("object-of-other-body", stream=stream)
    if signed.statement.basis.get(stream) != state.statement:
        raise RuleViolation("certification-not-in-basis", certification=stream)
    if state.phase != "issued":
        raise RuleViolation("certification-not-in-force", certification=stream)


def _check_linked(state: RequirementState, act: AuditFindingLinked, signed: Signed) -> None:
    if act.finding != len(state.findings) + 1:
        raise RuleViolation("finding-gap", finding=act.finding, expected=len(state.findings) + 1)
    if max(act.acts) >= signed.index:
        raise RuleViolation("finding-of-later-act", act=max(act.acts))


def _check_clarified(state: RequirementState, act: AuditFindingClarified) -> None:
    if act.finding not in state.findings:
        raise RuleViolation("finding-unknown", finding=act.finding)
    if state.findings[act.finding] is not None:
        raise RuleViolation("finding-settled", finding=act.finding)


def _check_closed(state: RequirementState, act: OversightRequirementClosed, signed: Signed) -> None:
    if state.phase != "answered":
        raise RuleViolation("not-answered", requirement=act.stream())
    for finding, outcome in state.findings.items():
        if outcome is None:
            raise RuleViolation("finding-open", finding=finding)
    if not state.received_on <= calendar_day(act.closed_on) <= legal_day(signed.statement.occurred_at):
        raise RuleViolation("closed-before", closed_on=act.closed_on)


def evolve(state: RequirementState | None, signed: Signed) -> RequirementState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if isinstance(act, OversightRequirementReceived):
        received, due = calendar_day(act.received_on), calendar_day(act.due_on)
        return RequirementState(version, index, statement, act.authority, received, due, last_at=at)
    if state is None:
        raise RuleViolation("requirement-unknown", requirement=act.stream())
    moved = replace(state, version=version, index=index, statement=statement, last_at=at)
    match act:
        case EvidenceBundleExported():
            return replace(moved, bundles=act.bundle)
        case OversightRequirementAnswered():
            return replace(moved, phase="answered")
        case AuditFindingLinked():
            return replace(moved, findings={**state.findings, act.finding: None})
        case AuditFindingClarified():
            return replace(moved, findings={**state.findings, act.finding: act.outcome})
        case OversightRequirementClosed():
            return replace(moved, phase="closed")
        case _:
            assert_never(act)


def _narrow(act: Act) -> RequirementAct:
    if not isinstance(act, RequirementAct):
        raise TypeError(type(act).__name__)
    return act
