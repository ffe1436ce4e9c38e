"""Proposals for seats: filed by who is entitled, validated by another person or returned (domain.md §3.8, row C1).

    proposed → validated → (a vote approves it: `designation/<body>/<seat>/<n>`)
    proposed | validated → returned

A proposal that came back stays; whoever is entitled files the next one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never, get_args

from ledger.acts.nomination import (
    DesignationProposalReturned,
    DesignationProposed,
    DesignationValidated,
    Impediment,
    Point,
)
from ledger.domain.designation import DesignationState, designations_of
from ledger.domain.rules.entitlement import check_entitled, check_office_body, rule_for
from ledger.domain.rules.four_eyes import check_another_person, check_liaison
from ledger.domain.rules.numbering import check_predecessor
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.trust import founding
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import parse_written, stream_name

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.acts.base import Act

ProposalAct: TypeAlias = DesignationProposed | DesignationValidated | DesignationProposalReturned
POINTS: frozenset[str] = frozenset(get_args(Point))
IMPEDIMENTS: frozenset[str] = frozenset(get_args(Impediment))


@dataclass(frozen=True, slots=True)
class ProposalState(State):
    """A proposal for a seat: whom, by whom, for which term, and how far it is.

    office: in virtue of which it was filed.
    """

    body: str
    seat: str
    number: int
    organization: str
    person: str
    capacity: str
    begins_at: datetime
    ends_at: datetime | None
    renews: int | None
    office: str
    last_at: datetime
    phase: Literal["proposed", "validated", "returned"] = "proposed"


def check(state: ProposalState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `proposal/<body>/<seat>/<n>`.

    Raises:
        RuleViolation: "already-proposed", "number-gap", "body-unknown", "seat-unknown", "body-extinct",
            "no-rules-in-force", "sector-without-rule", "vote-not-the-way", "organization-not-entitled",
            "not-of-the-unit", "not-of-the-body", "person-unknown", "dates-out-of-order", "designation-unknown",
            "renewal-of-other", "proposal-unknown", "proposal-phase", "back-dated", "same-person", "not-in-office",
            "checklist-incomplete", "impediments-undeclared", "impediment-declared", "proposal-used".
    """
    act = _narrow(signed.act)
    world.rule("proposals")
    rule = rule_for(signed, world, act.body, act.seat)
    check_office_body(signed, world, act.body, rule)
    if isinstance(act, DesignationProposed):
        if rule.way != "vote":
            raise RuleViolation("vote-not-the-way", sector=rule.sector)
        check_entitled(rule, act.organization)
        check_liaison(signed, act.organization, world)
        _check_proposed(state, act, world)
        return
    if state is None:
        raise RuleViolation("proposal-unknown", proposal=act.stream())
    check_not_before(signed, state.last_at)
    match act:
        case DesignationValidated():
            if state.phase != "proposed":
                raise RuleViolation("proposal-phase", proposal=act.stream(), phase=state.phase)
            _check_validated(act)
            check_another_person(signed, {state.office}, world)
        case DesignationProposalReturned():
            if state.phase == "returned":
                raise RuleViolation("proposal-phase", proposal=act.stream(), phase=state.phase)
            check_unused(act.body, act.seat, act.proposal, world)
        case _:
            assert_never(act)


def _check_proposed(state: ProposalState | None, act: DesignationProposed, world: World) -> None:
    if state is not None:
        raise RuleViolation("already-proposed", proposal=act.stream())
    check_predecessor(world, act.stream())
    if act.ends_at is not None and parse_written(act.ends_at) <= parse_written(act.begins_at):
        raise RuleViolation("dates-out-of-order", begins_at=act.begins_at, ends_at=act.ends_at)
    if world.state(stream_name("person", act.person)) is None and act.person not in founding(world).founding_persons:
        raise RuleViolation("person-unknown", person=act.person)
    if act.renews is None:
        return
    before = read(world, DesignationState, stream_name("designation", act.body, act.seat, act.renews))
    if before is None:
        raise RuleViolation("designation-unknown", body=act.body, seat=act.seat, number=act.renews)
    if (before.person, before.capacity) != (act.person, act.capacity):
        raise RuleViolation("renewal-of-other", designation=act.renews)


def _check_validated(act: DesignationValidated) -> None:
    """Every point once; every impediment declared once (D4), none of them present."""
    if Counter(act.checklist) != Counter(POINTS):
        raise RuleViolation("checklist-incomplete", received=act.stream())
    if Counter(each.impediment for each in act.impediments) != Counter(IMPEDIMENTS):
        raise RuleViolation("impediments-undeclared", proposal=act.stream())
    for each in act.impediments:
        if each.answer == "present":
            raise RuleViolation("impediment-declared", impediment=each.impediment)


def check_unused(body: str, seat: str, number: int, world: World) -> None:
    """Check that no designation to the seat rests on the proposal.

    Raises:
        RuleViolation: "proposal-used".
    """
    for each in designations_of(world, body, seat):
        if each.proposal == number:
            raise RuleViolation("proposal-used", proposal=number, designation=each.number)


def validated(world: World, stream: str, signed: Signed) -> ProposalState:
    """Return a validated proposal that stands in `basis`.

    Raises:
        RuleViolation: "proposal-unknown", "proposal-not-in-basis", "proposal-phase".
    """
    state = world.state(stream)
    if not isinstance(state, ProposalState):
        raise RuleViolation("proposal-unknown", proposal=stream)
    if stream not in signed.statement.basis:
        raise RuleViolation("proposal-not-in-basis", proposal=stream)
    if state.phase != "validated":
        raise RuleViolation("proposal-phase", proposal=stream, phase=state.phase)
    return state


def evolve(state: ProposalState | None, signed: Signed) -> ProposalState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if isinstance(act, DesignationProposed):
        return ProposalState(
            version,
            index,
            statement,
            body=act.body,
            seat=act.seat,
            number=act.proposal,
            organization=act.organization,
            person=act.person,
            capacity=act.capacity,
            begins_at=parse_written(act.begins_at),
            ends_at=None if act.ends_at is None else parse_written(act.ends_at),
            renews=act.renews,
            office=signed.statement.office,
            last_at=at,
        )
    if state is None:
        raise RuleViolation("proposal-unknown", proposal=act.stream())
    phase: Literal["validated", "returned"] = "validated" if isinstance(act, DesignationValidated) else "returned"
    return replace(state, version=version, index=index, statement=statement, last_at=at, phase=phase)


def _narrow(act: Act) -> ProposalAct:
    if not isinstance(act, ProposalAct):
        raise TypeError(type(act).__name__)
    return act
