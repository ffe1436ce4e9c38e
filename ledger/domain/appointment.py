"""Designations in the ledger: by vote, by oficio, provisional, ratified, resigned, ended (domain.md §3.8, C1–C7).

    proposal validated → approved by the competent body's vote → in force
    approved by another body's vote → provisional, in force → ratified | not ratified
    in force → resigned (filed, accepted) | substituted (a proposal of who follows) | removed (heard) | deceased

Whether somebody is in office, and until when, is `ledger.domain.designation`'s; here is how that came to be. What
founding officers and registrars enter from paper, and leaves, are checked there too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.designation import (
    DesignationAppointed,
    DesignationApproved,
    DesignationEnded,
    DesignationRatified,
    DesignationRegistered,
    ResignationFiled,
)
from ledger.domain import designation
from ledger.domain.body import body_of
from ledger.domain.designation import DesignationState, check_made, made, standing
from ledger.domain.hearing import HearingState
from ledger.domain.proposal import check_unused, validated
from ledger.domain.rules.entitlement import (
    bodies_that,
    check_competent,
    check_office_body,
    rule_for,
    rule_of_sector,
    settled_vote,
    voted_agreement,
)
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of, legal_day, parse_written, stream_name

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.acts.base import Act

OwnAct: TypeAlias = DesignationApproved | DesignationAppointed | DesignationRatified | ResignationFiled
LaterAct: TypeAlias = DesignationRatified | ResignationFiled


def check(state: DesignationState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `designation/<body>/<seat>/<n>`.

    Raises:
        RuleViolation: those of `designation.check` and of `check_made`; "vote-required", "vote-not-the-way",
            "not-of-the-body", "proposal-unknown", "proposal-not-in-basis", "proposal-phase", "proposal-differs",
            "proposal-used", "agreement-not-in-basis", "agreement-unknown", "body-not-competent",
            "vote-before-validation", "retroactive-designation", "not-provisional",
            "outside-term", "not-the-holder", "already-resigned", "resignation-not-filed", "resignation-later",
            "removal-without-hearing", "evidence-not-in-basis", "substitution-without-proposal",
            "substitute-of-other-capacity", "vote-before-designation", "ratification-undecided", "ratification-voted",
            those of `settled_vote`, and those of `rule_for`.
    """
    act = signed.act
    if not isinstance(act, OwnAct):
        designation.check(state, signed, world)
        if isinstance(act, DesignationRegistered):
            _check_paper(act, signed, world)
        if isinstance(act, DesignationEnded) and state is not None:  # None has been refused
            _check_grounds(state, act, signed, world)
        return
    world.rule("designations")
    if isinstance(act, DesignationApproved | DesignationAppointed):
        check_made(state, act, world)
        if isinstance(act, DesignationApproved):
            _check_approved(act, signed, world)
        else:
            _check_appointed(act, signed, world)
        return
    state = standing(state, act)
    match act:
        case DesignationRatified():
            _check_ratified(state, act, signed, world)
        case ResignationFiled():
            _check_resigned(state, act, signed)
        case _:
            assert_never(act)


# -- how somebody comes to a seat --------------------------------------------------------------------------------------


def _check_approved(act: DesignationApproved, signed: Signed, world: World) -> None:
    """D8: a validated proposal, and after it an approved vote of the body that designates."""
    rule = rule_for(signed, world, act.body, act.seat)
    if rule.way != "vote":
        raise RuleViolation("vote-not-the-way", sector=rule.sector)
    check_office_body(signed, world, act.body, rule)
    proposal = validated(world, stream_name("proposal", act.body, act.seat, act.proposal), signed)
    proposed = (proposal.person, proposal.capacity, proposal.begins_at, proposal.ends_at)
    if proposed != (act.person, act.capacity, parse_written(act.begins_at), _instant(act.ends_at)):
        raise RuleViolation("proposal-differs", proposal=act.proposal)
    check_unused(act.body, act.seat, act.proposal, world)
    agreement, vote = voted_agreement(act.agreement, signed, world)
    check_competent(vote, bodies_that(rule, act.body, provisional=act.effect == "provisional"))
    if vote.index < proposal.index:
        raise RuleViolation("vote-before-validation", vote=agreement.vote)
    if legal_day(act.begins_at) < agreement.adopted_on:
        raise RuleViolation("retroactive-designation", begins_at=act.begins_at, adopted_on=str(agreement.adopted_on))


def _check_paper(act: DesignationRegistered, signed: Signed, world: World) -> None:
    """D8: where a vote designates, paper does not; what founding officers bring from before is told for ever."""
    body = body_of(world, act.body)
    adopted, seat = body.rules_on(legal_day(signed.statement.occurred_at)), body.seats[act.seat]
    rule = None if adopted is None else rule_of_sector(adopted.rules, seat.sector)
    if rule is None or rule.way != "vote":
        return
    world.rule("designating-vote")
    if signed.statement.office != "ledger":
        raise RuleViolation("vote-required", seat=act.seat, sector=rule.sector)
    world.remark("designation-on-paper", seat=act.seat, number=act.number)


def _check_appointed(act: DesignationAppointed, signed: Signed, world: World) -> None:
    """D8: by oficio only where the rules say that no vote designates to seats of this sector."""
    rule = rule_for(signed, world, act.body, act.seat)
    if rule.way != "oficio":
        raise RuleViolation("vote-required", sector=rule.sector)
    check_office_body(signed, world, act.body, rule)


def _check_ratified(state: DesignationState, act: DesignationRatified, signed: Signed, world: World) -> None:
    if not state.provisional:
        raise RuleViolation("not-provisional", designation=state.stream)
    if not state.holds_title_at(parse_written(signed.statement.occurred_at)):
        raise RuleViolation("outside-term", ends_at=str(state.ends_at))
    rule = rule_for(signed, world, act.body, act.seat)
    check_office_body(signed, world, act.body, rule)
    _, vote = voted_agreement(act.agreement, signed, world)
    check_competent(vote, bodies_that(rule, act.body, provisional=False))
    if vote.index < state.index:
        raise RuleViolation("vote-before-designation", vote=act.agreement)


# -- how it ends -------------------------------------------------------------------------------------------------------


def _check_resigned(state: DesignationState, act: ResignationFiled, signed: Signed) -> None:
    """By himself, or as the secretary attests: nobody else who holds the seat resigns for him."""
    office = signed.statement.office
    if office.startswith(f"designation/{act.body}/{act.seat}/") and office != act.stream():
        raise RuleViolation("not-the-holder", seat=act.seat, designation=act.number)
    if state.resigned_from is not None:
        raise RuleViolation("already-resigned", designation=state.stream)
    effective = parse_written(act.effective_at)
    if effective < parse_written(signed.statement.occurred_at):
        raise RuleViolation("dates-out-of-order", effective_at=act.effective_at)
    if not state.holds_title_at(effective):
        raise RuleViolation("outside-term", effective_at=act.effective_at)


def _check_grounds(state: DesignationState, act: DesignationEnded, signed: Signed, world: World) -> None:
    """Check what an end rests on; paper alone is enough only for what came from paper and was not a removal (D7)."""
    on_paper = state.way in {"paper", "import"} and not _is_secretary(signed, world)
    match act.cause:
        case "removed":
            _check_removed(act, signed, world)
        case "resigned":
            if state.resigned_from is None and not on_paper:
                raise RuleViolation("resignation-not-filed", designation=state.stream)
            if state.resigned_from is not None and parse_written(act.ended_at) < state.resigned_from:
                raise RuleViolation("resignation-later", effective_at=state.resigned_from.isoformat())
        case "substituted":
            _check_substituted(state, act, signed, world, on_paper=on_paper)
        case "not-ratified":
            _check_not_ratified(state, act, signed, world)
        case "deceased" | "extinct":
            pass
        case _:
            assert_never(act.cause)


def _is_secretary(signed: Signed, world: World) -> bool:
    """Tell whether the signer acts as a secretary; a registrar enters what exists on paper."""
    office = signed.statement.office
    state = read(world, DesignationState, office) if kind_of(office) == "designation" else None
    seat = None if state is None else body_of(world, state.body).seat(state.seat)
    return seat is not None and seat.role in {"secretary", "prosecretary"}


def _check_removed(act: DesignationEnded, signed: Signed, world: World) -> None:
    """D7: never without the hearing and the competent body's vote, whoever signs and whatever paper there is."""
    world.rule("removal-hearing")
    stream = stream_name("hearing", act.body, act.seat, act.number)
    hearing = read(world, HearingState, stream)
    if hearing is None or act.evidence != stream or hearing.phase != "removed":
        raise RuleViolation("removal-without-hearing", seat=act.seat, designation=act.number)
    _check_in_basis(stream, signed)
    if parse_written(act.ended_at) < hearing.last_at:
        raise RuleViolation("dates-out-of-order", ended_at=act.ended_at, decided_at=hearing.last_at.isoformat())


def _check_substituted(
    state: DesignationState, act: DesignationEnded, signed: Signed, world: World, *, on_paper: bool
) -> None:
    if act.evidence is None:
        if not on_paper:
            raise RuleViolation("substitution-without-proposal", designation=state.stream)
        return
    proposal = validated(world, act.evidence, signed)
    if (proposal.body, proposal.seat) != (act.body, act.seat):
        raise RuleViolation("proposal-unknown", proposal=act.evidence)
    if proposal.capacity != state.capacity or proposal.person == state.person:
        raise RuleViolation("substitute-of-other-capacity", proposal=act.evidence, capacity=state.capacity)


def _check_not_ratified(state: DesignationState, act: DesignationEnded, signed: Signed, world: World) -> None:
    """The competent body's vote did not approve what was provisional."""
    if not state.provisional:
        raise RuleViolation("not-provisional", designation=state.stream)
    if act.evidence is None:
        raise RuleViolation("ratification-undecided", designation=state.stream)
    vote = settled_vote(act.evidence, signed, world)
    rule = rule_for(signed, world, act.body, act.seat)
    check_competent(vote, bodies_that(rule, act.body, provisional=False))
    if vote.index < state.index:
        raise RuleViolation("vote-before-designation", vote=act.evidence)
    if vote.result == "approved":
        raise RuleViolation("ratification-voted", vote=act.evidence)


def _check_in_basis(stream: str, signed: Signed) -> None:
    if stream not in signed.statement.basis:
        raise RuleViolation("evidence-not-in-basis", stream=stream)


# -- evolve ------------------------------------------------------------------------------------------------------------


def evolve(state: DesignationState | None, signed: Signed) -> DesignationState:
    """Return the state after the act."""
    act = _own(signed.act)
    if act is None:
        return designation.evolve(state, signed)
    if isinstance(act, DesignationApproved):
        return replace(made(act, signed), way="vote", provisional=act.effect == "provisional", proposal=act.proposal)
    if isinstance(act, DesignationAppointed):
        return replace(made(act, signed), way="oficio")
    if state is None:
        raise RuleViolation("designation-unknown", body=act.body, seat=act.seat, number=act.number)
    version, index, statement = signed.heading()
    moved = replace(state, version=version, index=index, statement=statement)
    match act:
        case DesignationRatified():
            return replace(moved, provisional=False)
        case ResignationFiled():
            return replace(moved, resigned_from=parse_written(act.effective_at))
        case _:
            assert_never(act)


def _own(act: Act) -> OwnAct | None:
    return act if isinstance(act, OwnAct) else None


def _instant(text: str | None) -> datetime | None:
    return None if text is None else parse_written(text)
