"""Requests to a Unidad de Transparencia and their clock (domain.md §3.14, §3.17; LGTAIP 2025 arts. 130–144).

    received → prevented → received          the term begins anew
    received → turned* → extended? → answered → appealed → resolved, or answered again
    a cancellation that was granted → blocked → erased (ledger.domain.erasure)

Terms are business days on the calendar of the body. What is late is answered all the same and remarked; what is overdue
is computed (`overdue_on`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.access import (
    AccessAppealResolved,
    AccessDeadlineExtended,
    AccessPreventionAnswered,
    AccessPreventionIssued,
    AccessRequestAnswered,
    AccessRequestAppealed,
    AccessRequestReceived,
    AccessRequestTurned,
    PersonalDataBlocked,
)
from ledger.domain.body import body_of, rules_of
from ledger.domain.classification_state import ClassificationState
from ledger.domain.holidays import business_deadline
from ledger.domain.rules.committee import check_committee_vote, check_evidence
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.numbering import check_predecessor, check_unused, series_stream
from ledger.domain.rules.sequence import check_not_before, day_received
from ledger.domain.transparency_states import AccessState, VersionState
from ledger.domain.unit import unit_on
from ledger.errors import RuleViolation
from ledger.ids import legal_day, parse_written

if TYPE_CHECKING:
    from datetime import date

    from ledger.acts.access import Modality, OfAccess
    from ledger.acts.base import Act
    from ledger.domain.world import Signed, World

ANSWER_DAYS, EXTENSION_DAYS, PREVENT_DAYS, CLARIFY_DAYS = 20, 10, 5, 10
"""Business days (LGTAIP 2025 arts. 130, 134)."""
LaterAct: TypeAlias = (
    AccessPreventionIssued
    | AccessPreventionAnswered
    | AccessRequestTurned
    | AccessDeadlineExtended
    | AccessRequestAnswered
    | AccessRequestAppealed
    | AccessAppealResolved
    | PersonalDataBlocked
)
AccessAct: TypeAlias = AccessRequestReceived | LaterAct
_OF_ARCO: frozenset[Modality] = frozenset({"granted", "denied"})
_AGAIN = frozenset({"modified", "revoked"})


def overdue_on(state: AccessState, day: date) -> bool:
    """Tell whether the answer was due before a day and is not there."""
    return state.open and day > state.due_on


def check(state: AccessState | None, signed: Signed, world: World) -> None:
    """Check an act on a request.

    Raises:
        RuleViolation: "request-received", "number-used", "number-gap", "body-unknown", "due-day-differs",
            "received-later", "request-unknown", "back-dated", "request-not-open", "request-lapsed",
            "already-prevented", "prevention-late", "not-prevented", "unit-unknown", "unit-suppressed",
            "already-extended", "term-over", "modality-of-other-right", "evidence-missing", "denial-ground",
            "version-not-approved", "not-classified", "not-answered", "not-appealed", "due-day-missing",
            "not-granted", "already-blocked", "disclosure-repeated", "deadline-past", "impossible-date", and those
            of `check_committee_vote`.
    """
    act = _narrow(signed.act)
    world.rule("access-request")
    today = legal_day(signed.statement.occurred_at)
    if isinstance(act, AccessRequestReceived):
        _check_received(state, act, signed, world)
        return
    if state is None:
        raise RuleViolation("request-unknown", request=act.stream())
    check_not_before(signed, state.last_at)
    if state.lapsed_on(today):
        raise RuleViolation("request-lapsed", due_on=state.due_on.isoformat())
    match act:
        case AccessPreventionIssued() | AccessPreventionAnswered():
            _check_prevention(state, act, today, world)
        case AccessRequestTurned():
            _check_open(state, act)
            for unit in act.units:
                unit_on(world, unit, today)
        case AccessDeadlineExtended():
            _check_extended(state, act, signed, world)
        case AccessRequestAnswered():
            _check_answered(state, act, signed, world)
        case AccessRequestAppealed():
            _check_appealed(state, act, today)
        case AccessAppealResolved():
            _check_resolved(state, act, today)
        case PersonalDataBlocked():
            _check_blocked(state, act, today, signed)
        case _:
            assert_never(act)


def check_due(act: OfAccess, due_on: str, since: date, days: int, world: World) -> None:
    """Check the last day of a term, as signed, against the body's calendar.

    Raises:
        RuleViolation: "due-day-differs", "body-unknown", "body-extinct", "no-rules-in-force", "impossible-date".
    """
    world.rule("access-term")
    expected = business_deadline(world, rules_of(body_of(world, act.body), since), since, days)
    if calendar_day(due_on) != expected:
        raise RuleViolation("due-day-differs", due_on=due_on, expected=expected.isoformat())


def _check_received(state: AccessState | None, act: AccessRequestReceived, signed: Signed, world: World) -> None:
    if state is not None:
        raise RuleViolation("request-received", request=act.stream())
    check_unused(signed)
    check_predecessor(world, act.stream(), series_stream(act.stream()))
    check_due(act, act.due_on, day_received(act.received_on, signed), ANSWER_DAYS, world)


def _check_open(state: AccessState, act: OfAccess) -> None:
    if not state.open:
        raise RuleViolation("request-not-open", request=act.stream(), phase=state.phase)


def _check_prevention(
    state: AccessState, act: AccessPreventionIssued | AccessPreventionAnswered, today: date, world: World
) -> None:
    if isinstance(act, AccessPreventionAnswered):
        if state.phase != "prevented":
            raise RuleViolation("not-prevented", request=act.stream())
        answered_on = calendar_day(act.answered_on)
        if not state.since <= answered_on <= today:
            raise RuleViolation("received-later", received_on=act.answered_on)
        check_due(act, act.due_on, answered_on, ANSWER_DAYS, world)
        return
    _check_open(state, act)
    if state.prevented:
        raise RuleViolation("already-prevented", request=act.stream())
    rules = rules_of(body_of(world, act.body), state.since)
    if today > business_deadline(world, rules, state.since, PREVENT_DAYS):
        raise RuleViolation("prevention-late", request=act.stream())
    check_due(act, act.due_on, today, CLARIFY_DAYS, world)


def _check_extended(state: AccessState, act: AccessDeadlineExtended, signed: Signed, world: World) -> None:
    """Once, before the term ends, by the Comité's resolution."""
    _check_open(state, act)
    if state.extended:
        raise RuleViolation("already-extended", request=act.stream())
    if overdue_on(state, legal_day(signed.statement.occurred_at)):
        raise RuleViolation("term-over", due_on=state.due_on.isoformat())
    check_committee_vote(signed, act.committee, act.vote, world)
    check_due(act, act.due_on, state.due_on, EXTENSION_DAYS, world)


def _check_answered(state: AccessState, act: AccessRequestAnswered, signed: Signed, world: World) -> None:
    _check_open(state, act)
    today = legal_day(signed.statement.occurred_at)
    of_arco = act.modality in _OF_ARCO
    if act.modality != "incompetent" and of_arco != (state.right != "information"):
        raise RuleViolation("modality-of-other-right", modality=act.modality, right=state.right)
    if (act.modality == "denied") != (act.denial is not None):
        raise RuleViolation("denial-ground", modality=act.modality)
    for stream in act.on:
        check_evidence(signed, stream, {stream.partition("/")[0]}, world)
    match act.modality:
        case "public-version":
            found = [each for each in map(world.state, act.on) if isinstance(each, VersionState)]
            if not found or any(each.phase != "approved" for each in found):
                raise RuleViolation("version-not-approved", request=act.stream())
        case "reserved" | "confidential":
            _check_classified(act, today, world)
        case "nonexistent":
            check_committee_vote(signed, act.committee, act.vote, world)
        case _:
            pass
    if overdue_on(state, today):
        world.remark("answered-late", request=act.stream(), due_on=state.due_on.isoformat())


def _check_classified(act: AccessRequestAnswered, today: date, world: World) -> None:
    """What is denied as classified is classified, by the Comité, on the day of the answer."""
    found = [each for each in map(world.state, act.on) if isinstance(each, ClassificationState)]
    for each in found:
        standing = [each.standing(name, today, world) for part in each.parts.values() for name in part.names]
        if not any(part is not None and part.character == act.modality for part in standing):
            found = []
    if not found:
        raise RuleViolation("not-classified", request=act.stream(), modality=act.modality)


def _check_appealed(state: AccessState, act: AccessRequestAppealed, today: date) -> None:
    if calendar_day(act.filed_on) > today:
        raise RuleViolation("received-later", received_on=act.filed_on)
    if state.phase != "answered" and not overdue_on(state, calendar_day(act.filed_on)):
        raise RuleViolation("not-answered", request=act.stream())


def _check_resolved(state: AccessState, act: AccessAppealResolved, today: date) -> None:
    if state.phase != "appealed":
        raise RuleViolation("not-appealed", request=act.stream())
    if (act.outcome in _AGAIN) != (act.due_on is not None):
        raise RuleViolation("due-day-missing", outcome=act.outcome)
    if act.due_on is not None and calendar_day(act.due_on) < today:
        raise RuleViolation("deadline-past", due_on=act.due_on)


def _check_blocked(state: AccessState, act: PersonalDataBlocked, today: date, signed: Signed) -> None:
    if (state.right, state.phase, state.modality) != ("cancellation", "answered", "granted"):
        raise RuleViolation("not-granted", request=act.stream())
    if state.blocked:
        raise RuleViolation("already-blocked", request=act.stream())
    if any(each.index >= signed.index for each in act.disclosures):
        raise RuleViolation("not-yet-recorded", request=act.stream())
    if len({(each.index, each.name) for each in act.disclosures}) != len(act.disclosures):
        raise RuleViolation("disclosure-repeated")
    if calendar_day(act.until_on) < today:
        raise RuleViolation("deadline-past", due_on=act.until_on)


def evolve(state: AccessState | None, signed: Signed) -> AccessState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if isinstance(act, AccessRequestReceived):
        since, due_on = calendar_day(act.received_on), calendar_day(act.due_on)
        return AccessState(version, index, statement, act.right, since, due_on, at)
    if state is None:
        raise RuleViolation("request-unknown", request=act.stream())
    moved = replace(state, version=version, index=index, statement=statement, last_at=at)
    match act:
        case AccessPreventionIssued():
            due_on = calendar_day(act.due_on)
            moved = replace(moved, phase="prevented", prevented=True, since=at.date(), due_on=due_on)
        case AccessPreventionAnswered():
            since, due_on = calendar_day(act.answered_on), calendar_day(act.due_on)
            moved = replace(moved, phase="received", since=since, due_on=due_on)
        case AccessRequestTurned():
            moved = replace(moved, phase="turned")
        case AccessDeadlineExtended():
            moved = replace(moved, extended=True, due_on=calendar_day(act.due_on))
        case AccessRequestAnswered():
            moved = replace(moved, phase="answered", modality=act.modality)
        case AccessRequestAppealed():
            moved = replace(moved, phase="appealed")
        case AccessAppealResolved(due_on=None):
            moved = replace(moved, phase="resolved")
        case AccessAppealResolved():
            moved = replace(moved, phase="turned", due_on=calendar_day(act.due_on or ""))
        case PersonalDataBlocked():
            moved = replace(moved, blocked=frozenset(act.disclosures), blocked_until=calendar_day(act.until_on))
        case _:
            assert_never(act)
    return moved


def _narrow(act: Act) -> AccessAct:
    if not isinstance(act, AccessAct):
        raise TypeError(type(act).__name__)
    return act
