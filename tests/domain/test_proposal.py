"""Proposals for seats: who may file them, who validates them, what comes back (domain.md §3.8, D2, D4, G3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ledger.acts.nomination import Declared, DesignationProposalReturned
from ledger.acts.trust import PersonRegistered
from ledger.domain import proposal
from ledger.domain.proposal import ProposalState
from ledger.domain.trust import LedgerState
from tests.kit.council import SECRETARY
from tests.kit.seating import (
    CDI,
    CTN,
    IMPEDIMENTS,
    POINTS,
    PROSECRETARY,
    SEAT,
    approvable,
    approved,
    proposed,
    seated,
    voted,
    with_ana,
)
from tests.kit.story import Said, Story, say


def returned(number: int = 1, *grounds: Any, office: str = SECRETARY) -> Said:
    """Return a proposal's return."""
    act = DesignationProposalReturned(body="hcd", seat=SEAT, proposal=number, grounds=grounds or ("DOCUMENTS",))
    return say(act, office=office)


def state_of(story: Story, number: int = 1) -> ProposalState:
    """Return a proposal as it stands."""
    state = story.state(f"proposal/hcd/{SEAT}/{number}")
    assert isinstance(state, ProposalState)
    return state


def test_only_an_organisation_entitled_to_the_sector_proposes() -> None:
    """D2: the rules name who may propose for a sector; whoever else does is refused."""
    story = seated()
    story.when(proposed(organization="cdi", office=CDI)).refused("organization-not-entitled", sector="obrero")
    story.when(proposed(seat="patronal-1")).refused("organization-not-entitled", sector="patronal")
    story.when(proposed(seat="estado-1")).refused("sector-without-rule", sector="estado")
    story.when(proposed(seat="secretaria")).refused("vote-not-the-way")
    story.when(proposed(seat="nadie")).refused("seat-unknown")
    story.given(proposed())
    assert (state_of(story).organization, state_of(story).phase) == ("ctn", "proposed")


def test_an_enlace_speaks_for_his_own_organisation_only() -> None:
    """D2: another organisation's enlace files nothing for it; a secretary of a body concerned may enter its oficio."""
    story = seated()
    story.when(proposed(office=CDI)).refused("not-of-the-unit", unit="ctn")
    story.when(proposed(body="ccvn", seat="vocal-1", office="designation/hcd/secretaria/1")).accepted()
    story.when(proposed(office=SECRETARY)).accepted()
    foreign = say(proposed(number=2).act, office="designation/ccvn/secretario/1")
    story.given(say(PersonRegistered(person="sec")))
    story.put("designation/ccvn/secretario/1", _secretary(story))
    story.when(foreign).refused("not-of-the-body", body="hcd")


def _secretary(story: Story) -> Any:
    held: Any = story.state("designation/hcd/secretaria/1")
    return replace(held, body="ccvn", seat="secretario", person="sec")


def test_proposals_are_numbered_by_seat_without_gaps() -> None:
    """The predecessor must exist, and the same number is not given twice."""
    story = seated()
    story.when(proposed(2)).refused("number-gap")
    story.given(proposed())
    story.when(proposed()).refused("already-proposed")
    story.when(proposed(2)).accepted()


def test_a_proposal_names_a_person_and_a_term() -> None:
    """The person is registered or founding, and the term ends after it begins."""
    story = seated()
    story.put("ledger", LedgerState(1, 0, "0" * 64, "o", "0" * 64, {"k": "founder-1"}, {}, "r", 1, simulated=False))
    story.when(proposed(person="nadie")).refused("person-unknown")
    story.when(proposed(ends_at="2026-07-01T00:00:00-06:00")).refused("dates-out-of-order")
    story.when(proposed(ends_at=None, person="founder-1")).accepted()


def test_a_ratification_for_a_new_term_is_of_the_same_person() -> None:
    """RATIFIED: a proposal that renews names a designation to the seat of the same person in the same capacity."""
    story = seated()
    story.when(proposed(renews=9)).refused("designation-unknown")
    story.when(proposed(renews=1)).refused("renewal-of-other")
    story.when(proposed(renews=1, person="obrero-2.1", capacity="suplente")).refused("renewal-of-other")
    story.when(proposed(renews=1, person="obrero-2.1")).accepted()
    assert state_of(story).renews == 1


def test_who_files_a_proposal_does_not_validate_it() -> None:
    """G3: whatever office he acts in, the person who filed it is not the one who validates."""
    story = seated().given(proposed(office=SECRETARY))
    story.when(approvable()).refused("same-person")
    story.when(approvable(office=PROSECRETARY)).accepted()


def test_a_proposal_is_validated_only_with_its_whole_checklist() -> None:
    """Every point, each once: what is wanting is a reason to return it."""
    story = seated().given(proposed())
    story.when(approvable(checklist=POINTS[1:])).refused("checklist-incomplete")
    story.when(approvable(checklist=(*POINTS[1:], POINTS[1]))).refused("checklist-incomplete")
    story.given(approvable())
    assert state_of(story).phase == "validated"
    story.when(approvable()).refused("proposal-phase", phase="validated")


def test_impediments_must_be_declared() -> None:
    """D4: each impediment of LFEP 19 is answered, once; one that is present refuses the validation."""
    story = seated().given(proposed())
    answers = [Declared(impediment=each, answer="none") for each in IMPEDIMENTS]
    story.when(approvable(impediments=tuple(answers[1:]))).refused("impediments-undeclared")
    story.when(approvable(impediments=())).refused("impediments-undeclared")
    present = Declared(impediment=IMPEDIMENTS[0], answer="present")
    story.when(approvable(impediments=(present, *answers[1:]))).refused("impediment-declared", impediment="KINSHIP")
    exempt = Declared(impediment=IMPEDIMENTS[0], answer="exempt")
    story.when(approvable(impediments=(exempt, *answers[1:]))).accepted()


def test_a_returned_proposal_stays_returned() -> None:
    """What came back is neither validated nor returned again; the next one is a new proposal."""
    story = seated()
    story.when(approvable()).refused("proposal-unknown")
    story.when(returned()).refused("proposal-unknown")
    with pytest.raises(Exception, match="proposal-unknown"):
        story.assume(returned())
    story.given(proposed())
    story.when(say(returned().act, office=SECRETARY, at="2026-05-27T09:00:00-06:00")).refused("back-dated")
    story.given(returned())
    story.when(approvable()).refused("proposal-phase", phase="returned")
    story.when(returned()).refused("proposal-phase")
    story.given(proposed(2), approvable(2), returned(2, "WITHDRAWN"))
    assert [state_of(story, n).phase for n in (1, 2)] == ["returned", "returned"]


def test_a_proposal_that_a_vote_approved_is_used() -> None:
    """One proposal, one designation: it is neither returned nor approved a second time."""
    story = with_ana()
    story.when(returned()).refused("proposal-used", designation=3)
    voted(story, "agd", 2)
    again = approved(story, "agreement/agd/2026/2", number=4, begins_at="2033-01-01T00:00:00-06:00", ends_at=None)
    story.when(again).refused("proposal-differs")


def test_the_proposals_office_is_a_registered_enlace() -> None:
    """An office that is no designation cannot be compared with who validates, so it is refused there."""
    story = seated().given(say(proposed().act, office=CTN))
    story.when(approvable(office="ledger")).refused("not-in-office")


def test_an_act_of_another_kind_is_a_programming_error() -> None:
    """Only acts of proposals come here."""
    stray = Story().signed(say(PersonRegistered(person="p1")))
    with pytest.raises(TypeError, match="PersonRegistered"):
        proposal.evolve(None, stray)
