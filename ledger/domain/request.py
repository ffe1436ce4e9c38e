"""Requests for certification: admitted or not, compiled by one person, reviewed by another (domain.md §3.9, G3).

    requested → admitted → compiled ⇄ returned, compiled → reviewed ; → rejected ; → denied

A certificate is issued out of what was reviewed; several may be, so a request that was reviewed stays open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.petition import (
    CertificationCompiled,
    CertificationRequested,
    CertificationRequestResolved,
    CertificationReviewed,
)
from ledger.domain.body import body_of
from ledger.domain.content import check_content
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.four_eyes import check_another_person
from ledger.domain.rules.numbering import check_predecessor, check_unused
from ledger.domain.rules.sequence import check_not_before, day_received
from ledger.domain.world import Signed, State, World
from ledger.errors import RuleViolation
from ledger.ids import kind_of, parse_written

if TYPE_CHECKING:
    from datetime import date, datetime

    from ledger.acts.base import Act
    from ledger.acts.petition import Petitioner

LaterAct: TypeAlias = CertificationRequestResolved | CertificationCompiled | CertificationReviewed
RequestAct: TypeAlias = CertificationRequested | LaterAct
Phase: TypeAlias = Literal["requested", "admitted", "compiled", "returned", "reviewed", "rejected", "denied"]
ENDED: frozenset[Phase] = frozenset({"rejected", "denied"})
_MATTERS = frozenset({"requirement", "access"})


@dataclass(frozen=True, slots=True)
class RequestState(State):
    """A request for certification.

    on: the day on which it was received.
    draft, content, compiler: of the last compilation: its number, the hash of what it says, who made it.
    """

    petitioner: Petitioner
    on: date
    last_at: datetime
    phase: Phase = "requested"
    draft: int = 0
    content: str | None = None
    compiler: str | None = None


def check(state: RequestState | None, signed: Signed, world: World) -> None:
    """Check an act of a request.

    Raises:
        RuleViolation: "already-requested", "number-used", "request-year", "number-gap", "received-later",
            "dates-out-of-order", "impossible-date", "matter-unknown", "matter-not-in-basis", "request-unknown",
            "request-ended", "back-dated", "request-phase", "draft-gap", "same-person" and those of `check_content`.
    """
    act = _narrow(signed.act)
    world.rule("requests")
    if isinstance(act, CertificationRequested):
        _check_requested(state, act, signed, world)
        return
    if state is None:
        raise RuleViolation("request-unknown", request=act.stream())
    if state.phase in ENDED:
        raise RuleViolation("request-ended", request=act.stream(), phase=state.phase)
    check_not_before(signed, state.last_at)
    match act:
        case CertificationRequestResolved():
            if (act.outcome == "denied") == (state.phase == "requested"):
                raise RuleViolation("request-phase", request=act.stream(), phase=state.phase)
        case CertificationCompiled():
            _check_compiled(state, act, signed, world)
        case CertificationReviewed():
            _check_reviewed(state, act, signed, world)
        case _:
            assert_never(act)


def _check_requested(state: RequestState | None, act: CertificationRequested, signed: Signed, world: World) -> None:
    if state is not None:
        raise RuleViolation("already-requested", request=act.stream())
    check_unused(signed)
    body_of(world, act.body)
    received = day_received(act.received_on, signed)
    if received.year != act.year:
        raise RuleViolation("request-year", year=act.year)
    check_predecessor(world, act.stream())
    if act.due_on is not None and calendar_day(act.due_on) < received:
        raise RuleViolation("dates-out-of-order", due_on=act.due_on)
    if act.matter is None:
        return
    matter = world.state(act.matter) if kind_of(act.matter) in _MATTERS else None
    if matter is None:
        raise RuleViolation("matter-unknown", matter=act.matter)
    if signed.statement.basis.get(act.matter) != matter.statement:
        raise RuleViolation("matter-not-in-basis", matter=act.matter)


def _check_compiled(state: RequestState, act: CertificationCompiled, signed: Signed, world: World) -> None:
    if state.phase == "requested":
        raise RuleViolation("request-phase", request=act.stream(), phase=state.phase)
    if act.draft != state.draft + 1:
        raise RuleViolation("draft-gap", draft=act.draft, expected=state.draft + 1)
    check_content(act, act.body, state.petitioner, signed, world)


def _check_reviewed(state: RequestState, act: CertificationReviewed, signed: Signed, world: World) -> None:
    """G3: who compares it with the originals is another person than who put it together."""
    if state.phase != "compiled" or act.draft != state.draft or state.compiler is None:
        raise RuleViolation("request-phase", request=act.stream(), phase=state.phase)
    check_another_person(signed, (state.compiler,), world)


def evolve(state: RequestState | None, signed: Signed) -> RequestState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if isinstance(act, CertificationRequested):
        return RequestState(version, index, statement, act.petitioner, calendar_day(act.received_on), last_at=at)
    if state is None:
        raise RuleViolation("request-unknown", request=act.stream())
    moved = replace(state, version=version, index=index, statement=statement, last_at=at)
    match act:
        case CertificationRequestResolved():
            return replace(moved, phase=act.outcome)
        case CertificationCompiled():
            content, office = act.content_sha256(), signed.statement.office
            return replace(moved, phase="compiled", draft=act.draft, content=content, compiler=office)
        case CertificationReviewed():
            return replace(moved, phase="reviewed" if act.outcome == "approved" else "returned")
        case _:
            assert_never(act)


def _narrow(act: Act) -> RequestAct:
    if not isinstance(act, RequestAct):
        raise TypeError(type(act).__name__)
    return act
