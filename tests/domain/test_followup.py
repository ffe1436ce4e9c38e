"""Follow-up of agreements: captured, communicated, fulfilled, printed, filed, cited (domain.md §3.6 A4–A7, B1–B7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ledger.acts.body import BodyRegistered
from ledger.acts.followup import (
    AgreementCaptured,
    AgreementCaptureReviewed,
    AgreementCited,
    AgreementCommunicated,
    AgreementFiled,
    AmountExercised,
    CommunicationAcknowledged,
    CommunicationAuthorized,
    DueDateExtended,
    DueDateSet,
    EvidenceSubmitted,
    FulfilmentRejected,
    FulfilmentVerified,
    GazettePublicationRecorded,
    ProgressReported,
    ResolutionDeclaredUnfulfillable,
    ResponsibilityAssigned,
    ResponsibilityTransferred,
)
from ledger.acts.trust import PersonRegistered, SeriesOpened
from ledger.acts.unit import UnitSuppressed
from ledger.domain import capture, citation, communication, filing, fulfilment, gazette
from ledger.domain.capture import CaptureState
from ledger.domain.citation import CitationState
from ledger.domain.communication import CommunicationState
from ledger.domain.filing import FilingState
from ledger.domain.fulfilment import FulfilmentState
from ledger.domain.rules.four_eyes import check_liaison
from ledger.domain.states import VoteState
from ledger.errors import RuleViolation
from tests.kit.agreements import (
    FIRST,
    LIAISON,
    OF_FIRST,
    RESOLVED,
    SECOND,
    adopted,
    agreement,
    assigned,
    captured,
    council,
    resting,
    two_agreements,
    vote,
)
from tests.kit.council import CHAIR, DAY, SECRETARY, VICE_CHAIR, designated
from tests.kit.story import Said, Story, say

STREAM = "fulfilment/hcd/2026/1/1"


def state_of(story: Story) -> FulfilmentState:
    """Return the fulfilment of the first resolutivo of 1/2026."""
    state = story.state(STREAM)
    assert isinstance(state, FulfilmentState)
    return state


def by_secretary(act: Any) -> Said:
    """Return the act as the secretary says it."""
    return say(act, office=SECRETARY)


def progress(office: str = LIAISON, unit: str = "dir") -> Said:
    """Return a report of progress."""
    return say(ProgressReported(**RESOLVED, unit=unit, percent=50), office=office)


def verified(outcome: Any = "fulfilled", office: str = SECRETARY) -> Said:
    """Return a verification."""
    return say(FulfilmentVerified(**RESOLVED, outcome=outcome), office=office)


# -- capture -----------------------------------------------------------------------------------------------------------


def test_capture_and_review_are_two_people() -> None:
    """G3: who captured does not review, whatever office he acts in; somebody else does."""
    story = two_agreements().story
    act = AgreementCaptured(**OF_FIRST, resolutions=("instruct", "authorise", "note"))
    review = AgreementCaptureReviewed(**OF_FIRST, outcome="confirmed")
    story.when(say(review, office=CHAIR)).refused("not-captured")
    story.given(by_secretary(act))
    story.when(by_secretary(review)).refused("same-person")
    story.given(designated("estado-3", 2, person="secretaria.1", capacity="suplente"))
    story.when(say(review, office="designation/hcd/estado-3/2")).refused("same-person", person="secretaria.1")
    story.when(review).refused("not-in-office")
    story.given(say(review, office=CHAIR))
    state = story.state("capture/hcd/2026/1")
    assert isinstance(state, CaptureState)
    assert (state.phase, state.captor) == ("confirmed", SECRETARY)
    story.when(by_secretary(act)).refused("already-captured")


def test_a_returned_capture_is_made_again() -> None:
    """A capture that the reviewer returns is corrected by another capture."""
    story = two_agreements().story
    act = AgreementCaptured(**OF_FIRST, resolutions=("instruct", "authorise", "note"))
    story.given(by_secretary(act), say(AgreementCaptureReviewed(**OF_FIRST, outcome="returned"), office=CHAIR))
    story.given(by_secretary(act), say(AgreementCaptureReviewed(**OF_FIRST, outcome="confirmed"), office=CHAIR))


def test_a_capture_has_every_resolutivo() -> None:
    """It has as many as were adopted, of an agreement that exists: capture never makes one (A1)."""
    story = two_agreements().story
    story.when(by_secretary(AgreementCaptured(**OF_FIRST, resolutions=("note",)))).refused("resolution-count")
    missing = AgreementCaptured(**(OF_FIRST | {"number": 9}), resolutions=("note",))
    story.when(by_secretary(missing)).refused("agreement-unknown")


# -- communication -----------------------------------------------------------------------------------------------------


def test_oficios_are_authorised_sent_and_acknowledged() -> None:
    """One authorisation, one oficio a number, one receipt by the unit that it went to."""
    story = two_agreements().story
    authorised = by_secretary(CommunicationAuthorized(**OF_FIRST))
    sent = by_secretary(AgreementCommunicated(**OF_FIRST, unit="dir", oficio="SG/001/2026"))
    received = say(CommunicationAcknowledged(**OF_FIRST, unit="dir", oficio="SG/001/2026"), office=LIAISON)
    story.when(sent).refused("communication-not-authorised")
    story.given(authorised)
    story.when(authorised).refused("already-authorised")
    story.when(received).refused("oficio-unknown")
    story.given(sent)
    story.when(sent).refused("oficio-used")
    other = CommunicationAcknowledged(**OF_FIRST, unit="dpes", oficio="SG/001/2026")
    story.when(by_secretary(other)).refused("oficio-unknown", unit="dpes")
    story.given(received)
    story.when(received).refused("oficio-acknowledged")
    state = story.state("communication/hcd/2026/1")
    assert isinstance(state, CommunicationState)
    assert state.letters["SG/001/2026"].acknowledged


def test_oficios_go_to_units_that_exist() -> None:
    """Neither an unknown unit nor a suppressed one receives anything; an enlace signs for his own unit."""
    story = two_agreements().story.given(by_secretary(CommunicationAuthorized(**OF_FIRST)))
    to_nobody = AgreementCommunicated(**OF_FIRST, unit="nada", oficio="1")
    story.when(by_secretary(to_nobody)).refused("unit-unknown")
    story.given(UnitSuppressed(unit="dpes", effective_on="2021-01-01"))
    story.when(by_secretary(to_nobody.model_copy(update={"unit": "dpes"}))).refused("unit-suppressed")
    story.given(by_secretary(AgreementCommunicated(**OF_FIRST, unit="dg", oficio="1")))
    received = CommunicationAcknowledged(**OF_FIRST, unit="dg", oficio="1")
    story.when(say(received, office=LIAISON)).refused("not-of-the-unit")
    story.given(by_secretary(received))


# -- responsibility and due days ---------------------------------------------------------------------------------------


def test_responsibility_follows_a_reviewed_capture() -> None:
    """Nothing is assigned before two people have captured it, of what is only noted, or of no resolutivo."""
    story = two_agreements().story
    act = ResponsibilityAssigned(**RESOLVED, units=("dir",))
    story.when(by_secretary(act)).refused("capture-not-reviewed")
    story.given(by_secretary(AgreementCaptured(**OF_FIRST, resolutions=("instruct", "authorise", "note"))))
    story.when(by_secretary(act)).refused("capture-not-reviewed")
    story.given(say(AgreementCaptureReviewed(**OF_FIRST, outcome="confirmed"), office=CHAIR))
    story.when(by_secretary(act.model_copy(update={"resolution": 3}))).refused("no-follow-up")
    story.when(by_secretary(act.model_copy(update={"resolution": 4}))).refused("resolution-unknown")
    story.when(by_secretary(act.model_copy(update={"units": ("nada",)}))).refused("unit-unknown")
    story.when(by_secretary(act.model_copy(update={"units": ("dir", "dir")}))).refused("unit-repeated")
    story.when(by_secretary(act.model_copy(update={"due_on": "2026-02-30"}))).refused("impossible-date")
    story.given(by_secretary(act))
    story.when(by_secretary(act)).refused("already-assigned")


def test_original_due_date_stays_visible() -> None:
    """A5: a day is set once and only moves later; the first one stays in the state."""
    story = assigned(two_agreements().story)
    story.when(by_secretary(DueDateSet(**RESOLVED, due_on="2026-04-01"))).refused("due-already-set")
    story.when(by_secretary(DueDateExtended(**RESOLVED, due_on="2026-03-31"))).refused("not-an-extension")
    story.when(by_secretary(DueDateExtended(**RESOLVED, due_on="2026-04-31"))).refused("impossible-date")
    story.given(by_secretary(DueDateExtended(**RESOLVED, due_on="2026-04-30")))
    state = state_of(story)
    assert (str(state.original_due_on), str(state.due_on)) == ("2026-03-31", "2026-04-30")


def test_a_due_date_may_be_set_later() -> None:
    """What had no day gets one, which is then the original; before it there is nothing to extend."""
    story = assigned(two_agreements().story, due_on=None)
    story.when(by_secretary(DueDateExtended(**RESOLVED, due_on="2026-04-30"))).refused("not-an-extension")
    story.given(by_secretary(DueDateSet(**RESOLVED, due_on="2026-05-01")))
    assert str(state_of(story).original_due_on) == "2026-05-01"


def test_responsibility_is_transferred() -> None:
    """Another unit that exists answers in place of one that did."""
    story = assigned(two_agreements().story)
    act = ResponsibilityTransferred(**RESOLVED, from_unit="dir", to_unit="dpes")
    story.when(by_secretary(act.model_copy(update={"from_unit": "dg"}))).refused("unit-not-responsible")
    story.when(by_secretary(act.model_copy(update={"to_unit": "dir"}))).refused("unit-repeated")
    story.when(by_secretary(act.model_copy(update={"to_unit": "nada"}))).refused("unit-unknown")
    story.given(by_secretary(act))
    assert state_of(story).units == ("dpes",)
    story.when(progress()).refused("unit-not-responsible")


# -- reports and their verification ------------------------------------------------------------------------------------


def test_fulfilment_needs_verification_by_another_person() -> None:
    """A4: the word of who is obliged fulfils nothing, nor does the verification of who reported for him."""
    story = assigned(two_agreements().story)
    story.when(verified()).refused("nothing-reported", phase="assigned")
    story.given(progress(SECRETARY))
    assert state_of(story).phase == "reported"
    story.when(verified()).refused("same-person")
    story.when(say(FulfilmentRejected(**RESOLVED), office=SECRETARY)).refused("same-person")
    story.given(verified("partial", VICE_CHAIR))
    assert state_of(story).phase == "partial"
    story.when(verified(office=VICE_CHAIR)).refused("nothing-reported", phase="partial")
    story.given(say(EvidenceSubmitted(**RESOLVED, unit="dir"), office=LIAISON))
    story.when(verified()).refused("same-person")  # he reported once: he is no judge of this resolutivo any more
    story.given(verified(office=CHAIR))
    assert state_of(story).phase == "fulfilled"


def test_rejected_reports_are_made_again() -> None:
    """What is rejected stays open until it is reported and verified."""
    story = assigned(two_agreements().story).given(progress())
    story.given(by_secretary(FulfilmentRejected(**RESOLVED)))
    assert state_of(story).phase == "rejected"
    story.when(verified()).refused("nothing-reported")
    story.given(progress(), verified())
    story.when(progress()).refused("follow-up-closed")


def test_a_unit_reports_by_its_own_enlace() -> None:
    """An enlace reports for his unit only, and only a responsible unit is reported for; one is assigned first."""
    story = captured(two_agreements().story)
    story.when(progress()).refused("not-assigned")
    story.given(by_secretary(ResponsibilityAssigned(**RESOLVED, units=("dpes", "dg"))))
    story.when(progress()).refused("unit-not-responsible", unit="dir")
    story.when(progress(unit="dpes")).refused("not-of-the-unit")
    story.given(progress(SECRETARY, "dpes"))
    story.when(say(progress().act, office=LIAISON, at=f"{DAY}T09:00:00-06:00")).refused("back-dated")


def test_a_founding_office_speaks_for_no_unit() -> None:
    """Offices without a seat are not enlaces; authority is judged elsewhere."""
    story = two_agreements().story
    check_liaison(story.when(progress().act).signed, "dir", story.world)
    story.world.states.pop("body/unidades")
    check_liaison(story.when(progress()).signed, "dpes", story.world)


def test_amounts_are_added_up_against_the_authority() -> None:
    """Exercised centavos add up; more than authorised is recorded and remarked; none without authority."""
    story = assigned(two_agreements().story, authorized_amount=1_000_00)
    spend = say(AmountExercised(**RESOLVED, unit="dir", amount=600_00), office=LIAISON)
    story.given(spend)
    assert not story.world.remarks
    story.given(spend)
    assert (state_of(story).exercised, state_of(story).authorized) == (1_200_00, 1_000_00)
    assert [code for code, _ in story.world.remarks] == ["amount-exceeded"]
    plain = assigned(two_agreements().story)
    plain.when(spend).refused("no-amount-authorised")


def test_the_body_declares_what_cannot_be_fulfilled() -> None:
    """Only a vote declared approved ends a resolutivo unfulfilled, of the same body or one above."""
    sitting = council()
    story = sitting.story
    assigned(story.given(adopted(sitting, 1)))
    vote(sitting, 2)
    approved = f"vote/{sitting.path}/2"
    act = ResolutionDeclaredUnfulfillable(**RESOLVED, vote=approved)
    found = story.state(approved)
    assert isinstance(found, VoteState)
    story.given(BodyRegistered(body="otro", body_kind="board"))
    story.put("vote/otro/2026/ord/1/1", replace(found, body="otro"))
    beside = act.model_copy(update={"vote": "vote/otro/2026/ord/1/1"})
    story.when(resting(story, beside, "vote/otro/2026/ord/1/1")).refused("not-superior")
    story.when(resting(story, act)).refused("vote-not-in-basis")
    story.given(resting(story, act, approved))
    assert state_of(story).phase == "unfulfillable"
    story.when(progress()).refused("follow-up-closed", phase="unfulfillable")


# -- gazette, index, citations -----------------------------------------------------------------------------------------


def test_a_gazette_prints_after_the_adoption_and_once() -> None:
    """An edition is not before the adoption nor after today; the day of effect is free."""
    story = two_agreements().story.at("2026-02-20T10:00:00-06:00")
    data: dict[str, Any] = OF_FIRST | {"gazette": "dof", "published_on": "2026-02-10", "effective_from": "2026-01-29"}
    printed = GazettePublicationRecorded(**data)
    story.given(by_secretary(printed))
    story.when(by_secretary(printed)).refused("gazette-repeated")
    story.given(by_secretary(printed.model_copy(update={"gazette": "gaceta-cdmx"})))
    for day in ("2026-01-27", "2026-02-21"):
        story.when(by_secretary(printed.model_copy(update={"published_on": day}))).refused("dates-out-of-order")
    story.when(by_secretary(printed.model_copy(update={"published_on": "2026-02-30"}))).refused("impossible-date")
    story.when(by_secretary(printed.model_copy(update={"effective_from": "2026-02-30"}))).refused("impossible-date")


def test_the_chronological_index_has_no_gap() -> None:
    """Agreements are filed in order, each once; a series that went on from paper begins where it does."""
    story = two_agreements().story
    first = AgreementFiled(**OF_FIRST, series_code="1C.4")
    second = first.model_copy(update={"number": 2})
    story.when(by_secretary(second)).refused("number-gap")
    story.given(by_secretary(first), by_secretary(second))
    story.when(by_secretary(first)).refused("already-filed")
    story.when(by_secretary(first.model_copy(update={"number": 3}))).refused("agreement-unknown")
    state = story.state("filing/hcd/2026/2")
    assert isinstance(state, FilingState)
    assert state.series_code == "1C.4"
    paper = two_agreements().story.given(BodyRegistered(body="otro", body_kind="board"))
    paper.given(SeriesOpened(body="otro", series="agreement.2026", first=2))
    paper.put("agreement/otro/2026/2", replace(agreement(paper), body="otro", number=2))
    paper.given(by_secretary(second.model_copy(update={"body": "otro"})))


def test_an_unknown_identifier_is_cited_and_flagged() -> None:
    """A7: what the ledger does not have may be cited and is remarked; later it resolves."""
    story = two_agreements().story
    unknown = AgreementCited(**OF_FIRST, identifier="667/2001")
    story.given(by_secretary(unknown))
    assert story.world.remarks == [("unresolved-reference", {"agreement": FIRST, "identifier": "667/2001"})]
    story.when(by_secretary(unknown)).refused("already-cited")
    story.put("agreement/hcd/2001/667", replace(agreement(story), year=2001, number=667, identifier="667/2001"))
    resolved = unknown.model_copy(update={"target": "agreement/hcd/2001/667"})
    story.given(by_secretary(resolved))
    story.when(by_secretary(resolved)).refused("already-cited")
    state = story.state("citation/hcd/2026/1")
    assert isinstance(state, CitationState)
    assert (state.cited, state.unresolved) == (frozenset({"667/2001"}), frozenset[str]())
    story.when(by_secretary(resolved.model_copy(update={"identifier": "3/2026", "target": SECOND}))).refused(
        "citation-mismatch"
    )
    own = AgreementCited(**OF_FIRST, identifier="1/2026", target=FIRST)
    story.when(by_secretary(own)).refused("citation-mismatch")
    story.given(by_secretary(AgreementCited(**OF_FIRST, identifier="2/2026", target=SECOND)))


# -- the aggregates ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("aggregate", [capture, citation, communication, filing, fulfilment, gazette])
def test_aggregates_take_their_own_acts(aggregate: Any) -> None:
    """No other act stands in their streams."""
    foreign = two_agreements().story.when(PersonRegistered(person="x")).signed
    with pytest.raises(TypeError):
        aggregate.evolve(None, foreign)


def test_nothing_evolves_out_of_an_empty_stream_but_its_first_act() -> None:
    """A review without capture and a report without assignment leave no state."""
    story = two_agreements().story
    with pytest.raises(RuleViolation):
        capture.evolve(None, story.when(AgreementCaptureReviewed(**OF_FIRST, outcome="confirmed")).signed)
    with pytest.raises(RuleViolation):
        fulfilment.evolve(None, story.when(progress()).signed)
