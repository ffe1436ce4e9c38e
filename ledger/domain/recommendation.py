"""A recommendation of a commission of oversight, from the session that heard it to its verification (domain.md §3.12).

    issued → transmitted → in-process → reported → attended
                              ↑______reopened______|

How many are carried over at a year's end is a question to the registry; here each one only knows itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.recommendation import (
    RecommendationIssued,
    RecommendationReported,
    RecommendationReviewed,
    RecommendationTransmitted,
)
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.four_eyes import check_another_person, check_liaison, check_office_in, is_liaison
from ledger.domain.rules.numbering import check_predecessor
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.rules.superior import superior_session
from ledger.domain.unit import unit_on
from ledger.domain.world import Signed, State, World
from ledger.errors import RuleViolation
from ledger.ids import legal_day, parse_written

if TYPE_CHECKING:
    from datetime import date, datetime

    from ledger.acts.base import Act

LaterAct: TypeAlias = RecommendationTransmitted | RecommendationReported | RecommendationReviewed
RecommendationAct: TypeAlias = RecommendationIssued | LaterAct
Phase: TypeAlias = Literal["issued", "transmitted", "in-process", "reported", "attended", "reopened"]
_BEFORE: dict[type[Act], tuple[Phase, ...]] = {
    RecommendationTransmitted: ("issued", "transmitted", "in-process", "reopened"),
    RecommendationReported: ("transmitted", "in-process", "reported", "reopened"),
}
_REVIEWED: dict[str, tuple[Phase, ...]] = {"attended": ("reported",), "reopened": ("reported", "attended")}


@dataclass(frozen=True, slots=True)
class RecommendationState(State):
    """A recommendation.

    assembly: the body in whose session it was issued. unit: who is to attend it now.
    reporters: offices of all who ever reported, so that none of them verifies.
    """

    assembly: str
    unit: str
    due_on: date | None
    last_at: datetime
    phase: Phase = "issued"
    reporters: frozenset[str] = frozenset()


def check(state: RecommendationState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `recommendation/<commission>/<ordinal>/<n>`.

    Raises:
        RuleViolation: "recommendation-issued", "number-gap", "identifier-mismatch", "session-unknown",
            "session-not-in-basis", "not-superior", "ordinal-mismatch", "session-not-held", "unit-unknown",
            "officer-of-other-body", "recommendation-unknown", "back-dated", "recommendation-phase",
            "unit-not-responsible", "not-of-the-unit", "same-person", "impossible-date".
    """
    act = _narrow(signed.act)
    world.rule("recommendation")
    if isinstance(act, RecommendationIssued):
        if state is not None:
            raise RuleViolation("recommendation-issued", recommendation=act.stream())
        _check_issued(act, signed, world)
        return
    if state is None:
        raise RuleViolation("recommendation-unknown", recommendation=act.stream())
    check_not_before(signed, state.last_at)
    allowed = _REVIEWED[act.outcome] if isinstance(act, RecommendationReviewed) else _BEFORE[type(act)]
    if state.phase not in allowed:
        raise RuleViolation("recommendation-phase", recommendation=act.stream(), phase=state.phase)
    _check_later(state, act, signed, world)


def _check_issued(act: RecommendationIssued, signed: Signed, world: World) -> None:
    """In a session of the assembly that was held, numbered after it, to a unit that exists."""
    check_predecessor(world, act.stream())
    if act.identifier != f"CV/{act.ordinal}/{act.number}":
        raise RuleViolation("identifier-mismatch", identifier=act.identifier)
    session = superior_session(act.body, act.session, signed, world)
    check_office_in(signed, (act.body, session.body))
    if session.number != act.ordinal:
        raise RuleViolation("ordinal-mismatch", ordinal=act.ordinal, session=act.session)
    if session.phase not in {"open", "recess", "closed"}:
        raise RuleViolation("session-not-held", session=act.session)
    if parse_written(signed.statement.occurred_at) < session.begins_at:
        raise RuleViolation("back-dated", occurred_at=signed.statement.occurred_at, last=session.begins_at.isoformat())
    unit_on(world, act.unit, legal_day(signed.statement.occurred_at))
    if act.due_on is not None:
        calendar_day(act.due_on)


def _check_later(state: RecommendationState, act: LaterAct, signed: Signed, world: World) -> None:
    match act:
        case RecommendationTransmitted():
            check_office_in(signed, (act.body, state.assembly))
            unit_on(world, act.unit, legal_day(signed.statement.occurred_at))
        case RecommendationReported():
            if act.unit != state.unit:
                raise RuleViolation("unit-not-responsible", unit=act.unit)
            if not is_liaison(signed.statement.office, world):
                check_office_in(signed, (act.body, state.assembly))
            check_liaison(signed, act.unit, world)
        case RecommendationReviewed():
            check_office_in(signed, (act.body, state.assembly))
            world.rule("verification-by-another")
            check_another_person(signed, state.reporters, world)
        case _:
            assert_never(act)


def evolve(state: RecommendationState | None, signed: Signed) -> RecommendationState:
    """Return the state after the act."""
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if isinstance(act, RecommendationIssued):
        due = None if act.due_on is None else calendar_day(act.due_on)
        return RecommendationState(*signed.heading(), act.session.split("/")[1], act.unit, due, at)
    if state is None:
        raise RuleViolation("recommendation-unknown", recommendation=act.stream())
    version, index, statement = signed.heading()
    moved = replace(state, version=version, index=index, statement=statement, last_at=at)
    match act:
        case RecommendationTransmitted():
            return replace(moved, phase="transmitted", unit=act.unit)
        case RecommendationReported():
            reporters = state.reporters | {signed.statement.office}
            return replace(moved, phase="reported" if act.claim == "attended" else "in-process", reporters=reporters)
        case RecommendationReviewed():
            return replace(moved, phase=act.outcome)
        case _:
            assert_never(act)


def _narrow(act: Act) -> RecommendationAct:
    if not isinstance(act, RecommendationAct):
        raise TypeError(type(act).__name__)
    return act
