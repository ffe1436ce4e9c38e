"""How somebody comes to a seat by vote or oficio, and how he leaves it (domain.md §3.8, D1–D8)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ledger.acts.agreement import AgreementAdopted
from ledger.acts.designation import (
    DesignationAppointed,
    DesignationEnded,
    DesignationRatified,
    DesignationRegistered,
    ResignationFiled,
)
from ledger.domain.agreement_state import AgreementState
from ledger.domain.designation import holder_at, holders_at
from ledger.domain.states import VoteState
from ledger.errors import RuleViolation
from ledger.ids import parse_written
from tests.kit.council import SECRETARY, VOTING, Sitting
from tests.kit.seating import (
    BEGINS,
    ENDS,
    PROSECRETARY,
    SEAT,
    TODAY,
    approvable,
    approved,
    basis_of,
    held,
    proposed,
    seated,
    voted,
    with_ana,
)
from tests.kit.story import Said, Story, say

ANA = f"designation/hcd/{SEAT}/3"
LATER = "2026-08-12T10:00:00-06:00"


def ended(story: Story, cause: Any, number: int = 3, office: str = SECRETARY, **changes: Any) -> Said:
    """Return the end of a designation now, resting on its evidence."""
    act = DesignationEnded(body="hcd", seat=SEAT, number=number, cause=cause, **({"ended_at": story.now} | changes))
    return say(act, office=office, basis=basis_of(story, *filter(None, (act.evidence,))))


def ratified(story: Story, agreement: str, number: int = 3) -> Said:
    """Return the ratification of a provisional designation."""
    act = DesignationRatified(body="hcd", seat=SEAT, number=number, agreement=agreement)
    return say(act, office=SECRETARY, basis=basis_of(story, agreement))


def named(office: str = SECRETARY, body: str = "ccvn", seat: str = "secretario", **changes: Any) -> Said:
    """Return a designation by oficio."""
    made: dict[str, Any] = {"person": "carla", "capacity": "propietario", "begins_at": TODAY, "oficio": "SG/12/2026"}
    return say(DesignationAppointed(body=body, seat=seat, **({"number": 1} | made | changes)), office=office)


def resigned(office: str = ANA, at: str = LATER, number: int = 3) -> Said:
    """Return a resignation."""
    return say(ResignationFiled(body="hcd", seat=SEAT, number=number, effective_at=at), office=office)


# -- by vote -----------------------------------------------------------------------------------------------------------


def test_a_designation_needs_the_vote_of_the_competent_body() -> None:
    """D8: the assembly's for the council's members; the council's own vote, or a rejected one, does not designate."""
    story = seated().given(proposed(), approvable())
    voted(story, "hcd", 1)
    story.when(approved(story, "agreement/hcd/2026/1")).refused("body-not-competent", competent="agd")
    story.when(approved(story, "agreement/agd/2026/1")).refused("agreement-not-in-basis")
    story.when(replace(approved(story, "agreement/agd/2026/1"), basis=_all(story, "agreement/agd/2026/1"))).refused(
        "agreement-unknown"
    )
    voted(story, "agd", 1)
    agreement: Any = story.state("agreement/agd/2026/1")
    for changed in ({"vote": None}, {"imported": True}, {"vote": "vote/agd/2026/ord/9/1"}):
        story.put("agreement/agd/2026/1", replace(agreement, **changed))
        story.when(approved(story, "agreement/agd/2026/1")).refused("vote-required")
    story.put("agreement/agd/2026/1", agreement)
    vote: Any = story.state("vote/agd/2026/ord/1/1")
    for changed in ({"result": "rejected"}, {"phase": "annulled"}):
        story.put("vote/agd/2026/ord/1/1", replace(vote, **changed))
        story.when(approved(story, "agreement/agd/2026/1")).refused("vote-required")
    story.put("vote/agd/2026/ord/1/1", vote)
    story.given(approved(story, "agreement/agd/2026/1"))
    assert (held(story).way, held(story).provisional, held(story).proposal) == ("vote", False, 1)


def test_d8_paper_does_not_designate_where_a_vote_does() -> None:
    """A registrar registers nobody to a seat that the rules fill by vote; what founding officers bring is told."""
    registrar = "designation/enlaces/registrador/1"
    paper = {"body": "hcd", "number": 3, "person": "ana", "capacity": "propietario", "begins_at": TODAY}
    act = DesignationRegistered.model_validate({"seat": SEAT, **paper})
    story = seated()
    before = len(_on_paper(story))
    story.when(say(act, office=registrar)).refused("vote-required", seat=SEAT, sector="obrero")
    story.given(act)
    assert len(_on_paper(story)) == before + 1
    by_oficio = {"seat": "prosecretaria", **paper, "number": 2, "person": "beto", "capacity": "suplente"}
    story.when(say(DesignationRegistered.model_validate(by_oficio), office=registrar)).accepted()
    without_rule = {"seat": "vocal-3", **paper, "body": "ccvn", "number": 1, "person": "carla"}
    story.when(say(DesignationRegistered.model_validate(without_rule), office=registrar)).accepted()
    of_no_rules = {"seat": "vocal-1", **paper, "body": "agd", "number": 1, "person": "beto"}
    story.when(say(DesignationRegistered.model_validate(of_no_rules), office=registrar)).accepted()
    assert len(_on_paper(story)) == before + 1


def _on_paper(story: Story) -> list[str]:
    return [params["seat"] for code, params in story.world.remarks if code == "designation-on-paper"]


def _all(story: Story, missing: str) -> dict[str, str]:
    return basis_of(story, f"proposal/hcd/{SEAT}/1") | {missing: "0" * 64}


def test_the_council_designates_to_the_body_below_it() -> None:
    """D8: which body is competent is data: the council for the consultative council, by either body's secretary."""
    story = seated().given(proposed(body="ccvn", seat="vocal-1"), approvable(body="ccvn", seat="vocal-1"))
    voted(story, "agd", 1)
    voted(story, "hcd", 1)
    of_council: dict[str, Any] = {"number": 1, "body": "ccvn", "seat": "vocal-1"}
    story.when(approved(story, "agreement/agd/2026/1", **of_council)).refused("body-not-competent", competent="hcd")
    story.when(approved(story, "agreement/hcd/2026/1", **of_council)).accepted()
    assert held(story, 1, "vocal-1", "ccvn").person == "ana"


def test_only_what_was_proposed_and_validated_is_approved() -> None:
    """The proposal stands in the basis, validated before the vote, and the designation is the one proposed."""
    story = seated().given(proposed())
    voted(story, "agd", 1)
    by = "agreement/agd/2026/1"
    story.when(approved(story, by)).refused("proposal-phase", phase="proposed")
    story.when(replace(approved(story, by), basis={})).refused("proposal-not-in-basis")
    story.when(approved(story, by, proposal=7)).refused("proposal-unknown")
    story.given(approvable())
    story.when(approved(story, by)).refused("vote-before-validation")
    voted(story, "agd", 2)
    by = "agreement/agd/2026/2"
    for other in ({"person": "beto"}, {"capacity": "suplente"}, {"ends_at": None}, {"begins_at": LATER}):
        story.when(approved(story, by, **other)).refused("proposal-differs")
    story.when(approved(story, by, number=5)).refused("number-gap")
    story.given(approved(story, by))


def test_a_vote_designates_nobody_backwards() -> None:
    """Nothing is retroactive: the term begins on the day of the agreement or later."""
    story = seated()
    story.given(proposed(begins_at="2026-05-26T00:00:00-06:00"), approvable())
    voted(story, "agd", 1)
    early = approved(story, "agreement/agd/2026/1", begins_at="2026-05-26T00:00:00-06:00")
    story.when(early).refused("retroactive-designation", adopted_on="2026-05-27")


def test_a_seat_has_one_propietario_and_one_suplente_at_any_instant() -> None:
    """D1: who is designated by vote shares no instant with another of his capacity; a suplente stands beside him."""
    story = with_ana().given(proposed(2, person="beto"), approvable(2))
    voted(story, "agd", 2)
    second = approved(story, "agreement/agd/2026/2", number=4, proposal=2, person="beto")
    story.when(second).refused("seat-occupied", designation=3)
    story.given(proposed(3, person="beto", capacity="suplente"), approvable(3))
    voted(story, "agd", 3)
    beside = approved(story, "agreement/agd/2026/3", number=4, proposal=3, person="beto", capacity="suplente")
    story.given(beside)
    both = holders_at(story.world, "hcd", SEAT, parse_written(LATER))
    assert [(each.person, each.capacity) for each in both] == [("ana", "propietario"), ("beto", "suplente")]


def test_nobody_holds_two_voting_seats_of_a_body() -> None:
    """D3: a seat without vote, or a term that does not overlap, is no obstacle."""
    story = seated().given(proposed(person="obrero-1.1"), approvable())
    voted(story, "agd", 1)
    twice = approved(story, "agreement/agd/2026/1", person="obrero-1.1")
    story.when(twice).refused("person-seated", seat="obrero-1", designation=1)
    story.given(
        DesignationEnded(body="hcd", seat="obrero-1", number=1, ended_at="2026-06-01T00:00:00-06:00", cause="resigned")
    )
    story.given(twice)
    story.given(named(person="obrero-1.1"))


# -- by oficio ---------------------------------------------------------------------------------------------------------


def test_secretaries_are_named_by_oficio_and_members_are_not() -> None:
    """D8: by oficio only where the rules say so of the sector, by a secretary of a body concerned or a registrar."""
    story = seated()
    story.when(named(seat="vocal-1")).refused("vote-required", sector="obrero")
    story.when(named(seat="vocal-3")).refused("sector-without-rule")
    story.given(named())
    assert held(story, 1, "secretario", "ccvn").way == "oficio"
    own: dict[str, Any] = {"body": "hcd", "seat": "secretaria", "number": 2, "begins_at": ENDS}
    story.when(named(office="designation/ccvn/secretario/1", **own)).refused("seat-occupied")
    story.given(DesignationEnded(body="hcd", seat="secretaria", number=1, ended_at=ENDS, cause="resigned"))
    story.when(named(office="designation/ccvn/secretario/1", **own)).refused("not-of-the-body", body="hcd")
    story.given(named(office="ledger", **own))


def test_what_an_oficio_fills_no_vote_designates() -> None:
    """D8: the way to a seat is one; a proposal for it is not even admitted, and a vote does not fill it."""
    story = seated()
    agreement = "agreement/hcd/2026/1"
    voted(story, "hcd", 1)
    story.when(proposed(body="ccvn", seat="secretario")).refused("vote-not-the-way")
    story.when(approved(story, agreement, 1, body="ccvn", seat="secretario")).refused("vote-not-the-way")


# -- provisional -------------------------------------------------------------------------------------------------------


def test_a_provisional_designation_holds_the_seat_until_ratified() -> None:
    """Only the body that may, lets it take effect; the competent body ratifies it once."""
    story = seated().given(proposed(), approvable())
    voted(story, "agd", 1)
    story.when(approved(story, "agreement/agd/2026/1", effect="provisional")).refused("body-not-competent")
    story = with_ana("provisional").at(LATER)
    assert holder_at(story.world, "hcd", SEAT, 3, parse_written(LATER)).provisional
    voted(story, "hcd", 2)
    story.when(ratified(story, "agreement/hcd/2026/2")).refused("body-not-competent")
    voted(story, "agd", 1)
    story.given(ratified(story, "agreement/agd/2026/1"))
    assert not held(story).provisional
    assert held(story).in_force_at(parse_written(LATER))
    story.when(ratified(story, "agreement/agd/2026/1")).refused("not-provisional")


def test_a_designation_that_paper_calls_provisional_is_ratified_too() -> None:
    """Agreement 1/2005: what took effect provisionally before the ledger is ratified in it."""
    story = seated()
    paper: dict[str, Any] = {"body": "hcd", "seat": SEAT, "number": 3, "person": "ana", "capacity": "propietario"}
    story.given(DesignationRegistered(**paper, begins_at="2026-02-01T00:00:00-06:00", effect="provisional"))
    assert held(story).provisional
    voted(story, "agd", 1)
    story.given(ratified(story, "agreement/agd/2026/1"))
    assert (held(story).provisional, held(story).way) == (False, "paper")


def test_a_ratification_is_of_what_stands_provisionally_now() -> None:
    """Not before its term, not after its end, and not by a vote that was taken before it."""
    story = with_ana("provisional")
    voted(story, "agd", 1)
    story.when(ratified(story, "agreement/agd/2026/1")).refused("outside-term")
    story.at(LATER)
    vote: Any = story.state("vote/agd/2026/ord/1/1")
    story.put("vote/agd/2026/ord/1/1", replace(vote, index=1))
    story.when(ratified(story, "agreement/agd/2026/1")).refused("vote-before-designation")
    story.when(ratified(story, "agreement/agd/2026/1", number=9)).refused("designation-unknown")
    with pytest.raises(RuleViolation, match="designation-unknown"):
        story.assume(ratified(story, "agreement/agd/2026/1", number=9))


def test_what_is_not_ratified_ends() -> None:
    """The competent body's vote against it ends a provisional designation; an approving vote does not."""
    story = with_ana("provisional").at(LATER)
    story.when(ended(story, "not-ratified")).refused("ratification-undecided")
    approving = voted(story, "agd", 1)
    story.when(ended(story, "not-ratified", evidence=approving)).refused("ratification-voted")
    own = voted(story, "hcd", 3, "rejected")
    story.when(ended(story, "not-ratified", evidence=own)).refused("body-not-competent")
    against = voted(story, "agd", 2, "rejected")
    vote: Any = story.state(against)
    story.put(against, replace(vote, index=1))
    story.when(ended(story, "not-ratified", evidence=against)).refused("vote-before-designation")
    story.put(against, vote)
    story.given(ended(story, "not-ratified", evidence=against))
    assert held(story).cause == "not-ratified"
    definitive = with_ana().at(LATER)
    definitive.when(ended(definitive, "not-ratified", evidence=against)).refused("not-provisional")


# -- the vote of who was designated so ---------------------------------------------------------------------------------


def test_a_provisional_designation_may_vote() -> None:
    """A member designated provisionally attends, is eligible, and his ballot in a real session is accepted."""
    story = with_ana("provisional").at("2026-07-20T09:00:00-06:00")
    sitting = Sitting(story, series="ext")
    sitting.open([*(seat for seat in VOTING if seat != SEAT), f"{SEAT}/3"], begins_at="2026-07-29T10:00:00-06:00")
    story.given(sitting.taken_up())
    story.given(sitting.vote_opened(method="ballot"))
    story.given(say(sitting.ballot(SEAT, number=3).act, office=ANA, basis=basis_of(story, f"vote/{sitting.path}/1")))
    assert sitting.vote_state().eligible[SEAT] == 3


def test_a_vote_cast_the_day_after_expiry_is_refused() -> None:
    """D6: who attended yesterday is not seated the day after his term ended, so that no vote of his can be cast."""
    for day, code in (("2032-06-30", None), ("2032-07-01", "not-in-office")):
        story = with_ana().at(f"{day}T08:00:00-06:00")
        sitting = Sitting(story, year=2032).convene(begins_at=f"{day}T10:00:00-06:00")
        arriving = sitting.roll([f"{SEAT}/3"])
        if code is None:
            story.given(arriving)
        else:
            story.when(arriving).refused(code, seat=SEAT, designation=3)


def test_a_real_vote_of_the_council_designates() -> None:
    """End to end: proposal, validation, a session with its vote, the agreement adopted, and the designation by it."""
    of_council: dict[str, Any] = {"body": "ccvn", "seat": "vocal-1"}
    story = seated().given(proposed(**of_council), approvable(**of_council))
    sitting = Sitting(story)
    present = [seat for seat in VOTING if seat != SEAT]
    sitting.open(present, begins_at="2026-06-03T10:00:00-06:00")
    story.given(sitting.taken_up())
    story.given(sitting.vote_opened())
    story.given(sitting.roll_call(11))
    story.given(sitting.declared(11, 0, 0, "approved"))
    vote = f"vote/{sitting.path}/1"
    adopted = AgreementAdopted(
        body="hcd",
        year=2026,
        number=1,
        vote=vote,
        ordinal=1,
        identifier="ACDO.AS2.HCT.030626/1.P.DIR",
        resolutions=1,
    )
    story.given(say(adopted, office=SECRETARY, basis=basis_of(story, vote)))
    agreement, decided = story.state("agreement/hcd/2026/1"), story.state(vote)
    assert isinstance(agreement, AgreementState)
    assert isinstance(decided, VoteState)
    story.given(approved(story, agreement.stream, 1, **of_council))
    assert held(story, 1, "vocal-1", "ccvn").in_force_at(parse_written(BEGINS))


# -- how it ends -------------------------------------------------------------------------------------------------------


def test_a_holder_resigns_himself_and_the_resignation_is_accepted() -> None:
    """Filed by himself, or as the secretary attests, once, from an instant ahead; it ends when accepted, not before."""
    story = with_ana().at("2026-08-01T10:00:00-06:00")
    story.when(ended(story, "resigned")).refused("resignation-not-filed")
    story.when(ended(story, "resigned", office="ledger")).refused("resignation-not-filed")
    story.when(resigned(office=f"designation/hcd/{SEAT}/1")).refused("not-the-holder", designation=3)
    story.when(resigned(at="2026-07-31T00:00:00-06:00")).refused("dates-out-of-order")
    story.when(resigned(at=ENDS)).refused("outside-term")
    story.given(resigned())
    assert held(story).in_force_at(parse_written(story.now))
    story.when(resigned(office=SECRETARY)).refused("already-resigned")
    story.when(ended(story, "resigned")).refused("resignation-later", effective_at=LATER)
    story.given(ended(story, "resigned", ended_at=LATER))
    assert not held(story).in_force_at(parse_written(LATER))
    story.when(resigned()).refused("already-ended", cause="resigned")


def test_a_resignation_on_paper_is_a_registrars() -> None:
    """What exists on paper a founding officer enters without a filing; a secretary may not."""
    story = seated().given(say(DesignationRegistered(**_paper("ana", 3))))
    story.when(ended(story, "resigned")).refused("resignation-not-filed")
    story.given(ended(story, "resigned", office="ledger"))


def _paper(person: str, number: int) -> dict[str, Any]:
    term = {"begins_at": "2026-02-01T00:00:00-06:00"}
    return {"body": "hcd", "seat": SEAT, "number": number, "person": person, "capacity": "propietario", **term}


def test_a_substitution_rests_on_the_proposal_of_who_follows() -> None:
    """A validated proposal for the same seat and capacity, of somebody else, in the basis."""
    story = with_ana().at(LATER)
    story.when(ended(story, "substituted")).refused("substitution-without-proposal")
    by = f"proposal/hcd/{SEAT}/2"
    story.given(proposed(2, person="beto", begins_at="2026-09-01T00:00:00-06:00"))
    story.when(ended(story, "substituted", evidence=by)).refused("proposal-phase")
    story.given(approvable(2))
    story.when(ended(story, "substituted", evidence=f"proposal/hcd/{SEAT}/1")).refused("substitute-of-other-capacity")
    other = {"body": "ccvn", "seat": "vocal-1"}
    story.given(proposed(1, **other), approvable(1, **other))
    story.when(ended(story, "substituted", evidence="proposal/ccvn/vocal-1/1")).refused("proposal-unknown")
    story.given(proposed(3, person="carla", capacity="suplente"), approvable(3))
    third = f"proposal/hcd/{SEAT}/3"
    story.when(ended(story, "substituted", evidence=third)).refused("substitute-of-other-capacity")
    story.given(ended(story, "substituted", evidence=by))
    assert held(story).cause == "substituted"
    paper = seated().given(say(DesignationRegistered(**_paper("ana", 3))))
    paper.given(ended(paper, "substituted", office="ledger"))


def test_death_needs_no_vote() -> None:
    """A death, or a seat that ceases, is entered by the secretary; the seat is vacant from that instant on."""
    story = with_ana().at(LATER)
    story.given(ended(story, "deceased"))
    assert holders_at(story.world, "hcd", SEAT, parse_written(story.now)) == ()
    story.when(ended(story, "deceased")).refused("already-ended")
    story.when(ended(story, "extinct", number=9)).refused("designation-unknown")


def test_an_act_on_a_designation_that_is_not_there_is_refused() -> None:
    """Neither resignation nor ratification makes a designation."""
    story = seated()
    story.when(resigned(number=7, office=SECRETARY)).refused("designation-unknown")
    story.when(named(office=PROSECRETARY)).accepted()
