"""Who may propose for a seat, and whose vote designates (domain.md §3.8 D2, D8; LSS 258, 263; S4 4.VII).

A body's rules say so sector by sector: the organisations entitled to propose, whether a vote or an oficio designates,
whose vote it is, and whose vote may let a designation take effect until the competent body ratifies it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.agreement_state import AgreementState, applicable
from ledger.domain.body import body_of, rules_of
from ledger.domain.designation import DesignationState
from ledger.domain.rules.approval import vote_in_basis
from ledger.domain.states import VoteState
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of, legal_day

if TYPE_CHECKING:
    from datetime import date

    from ledger.acts.rules import Rules, SectorRule


def sector_rule(world: World, body: str, seat: str, day: date) -> SectorRule:
    """Return how a seat is filled by the rules in force on a day.

    Raises:
        RuleViolation: "body-unknown", "seat-unknown", "body-extinct", "no-rules-in-force", "sector-without-rule".
    """
    state = body_of(world, body)
    found = state.seat(seat)
    if found is None or not found.exists_on(day):
        raise RuleViolation("seat-unknown", body=body, seat=seat, day=day.isoformat())
    rule = rule_of_sector(rules_of(state, day), found.sector)
    if rule is None:
        raise RuleViolation("sector-without-rule", body=body, seat=seat, sector=found.sector)
    return rule


def rule_of_sector(rules: Rules, sector: str) -> SectorRule | None:
    """Return how the seats of a sector are filled; None where what exists on paper fills them."""
    return next((rule for rule in rules.sectors or () if rule.sector == sector), None)


def rule_for(signed: Signed, world: World, body: str, seat: str) -> SectorRule:
    """Return how a seat is filled on the legal day of the act.

    Raises:
        RuleViolation: as `sector_rule`.
    """
    world.rule("seat-entitlement")
    return sector_rule(world, body, seat, legal_day(signed.statement.occurred_at))


def check_entitled(rule: SectorRule, organization: str) -> None:
    """D2: check that the organisation may propose for the sector.

    Raises:
        RuleViolation: "organization-not-entitled".
    """
    if organization not in rule.proposers:
        raise RuleViolation("organization-not-entitled", organization=organization, sector=rule.sector)


def check_office_body(signed: Signed, world: World, body: str, rule: SectorRule) -> None:
    """Check that a secretary acts for the seat's own body or for one whose vote designates to it.

    Offices that are no secretary's (an enlace's, a registrar's, a founding officer's) are not asked.

    Raises:
        RuleViolation: "not-of-the-body".
    """
    office = signed.statement.office
    state = read(world, DesignationState, office) if kind_of(office) == "designation" else None
    if state is None or state.body in {body, rule.competent, rule.provisional}:
        return
    seat = body_of(world, state.body).seat(state.seat)
    if seat is not None and seat.role in {"secretary", "prosecretary"}:
        raise RuleViolation("not-of-the-body", office=office, body=body)


def bodies_that(rule: SectorRule, body: str, *, provisional: bool) -> str | None:
    """Return the body whose vote designates, or lets a designation take effect provisionally; None: no body's does."""
    return rule.provisional if provisional else rule.competent or body


def check_competent(vote: VoteState, competent: str | None) -> None:
    """D8: check that the vote is one of the competent body.

    Raises:
        RuleViolation: "body-not-competent".
    """
    if vote.body != competent:
        raise RuleViolation("body-not-competent", body=vote.body, competent=competent or "")


def voted_agreement(stream: str, signed: Signed, world: World) -> tuple[AgreementState, VoteState]:
    """Return an agreement in `basis` that applies, and the vote declared approved that it rests on (D8).

    Raises:
        RuleViolation: "agreement-not-in-basis", "agreement-unknown", "agreement-suspended",
            "agreement-without-effect", "vote-required": an import, which no vote of this ledger proves.
    """
    world.rule("designating-vote")
    if stream not in signed.statement.basis:
        raise RuleViolation("agreement-not-in-basis", agreement=stream)
    agreement = applicable(world, stream)
    if agreement.imported or agreement.vote is None:
        raise RuleViolation("vote-required", agreement=stream)
    vote = read(world, VoteState, agreement.vote)
    if vote is None or vote.phase != "declared" or vote.result != "approved":
        raise RuleViolation("vote-required", agreement=stream)
    return agreement, vote


def settled_vote(stream: str, signed: Signed, world: World) -> VoteState:
    """Return a declared vote in `basis`, whatever its result.

    Raises:
        RuleViolation: "vote-not-in-basis", "vote-unknown", "vote-not-declared".
    """
    world.rule("designating-vote")
    vote = vote_in_basis(stream, signed, world, as_it_stands=False)
    if vote.phase != "declared":
        raise RuleViolation("vote-not-declared", vote=stream, phase=vote.phase)
    return vote
