"""An acta's way to its body: circulated with a deadline, observed, approved, annexed to, corrected afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ledger.acts.acta import ActaDrafted, ActaSealed
from ledger.acts.circulation import (
    ActaApproved,
    ActaCirculated,
    ActaErrataIssued,
    ActaObservationFiled,
    ActaObservationResolved,
    AppendixAttached,
    Correction,
    RestatedResult,
)
from ledger.acts.vote import VoteAnnulled
from ledger.domain import appendix, circulation, errata
from ledger.domain.appendix import AppendixState
from ledger.domain.circulation import CirculationState
from ledger.domain.errata import ErrataState, erratas_of
from ledger.errors import RuleViolation
from ledger.ids import ZERO_HASH
from tests.domain.test_acta import OTHER, ROOT, SECRETARYS, acta_of, drafted, held, sealed, signed
from tests.domain.test_acta import refused as refuses
from tests.kit.council import CHAIR, SECRETARY, VOTING, Sitting
from tests.kit.story import Said, say

DUE = "2026-02-10T18:00:00-06:00"
LATER = "2026-02-25"
ABSENT = "patronal-4"


def circulated(sitting: Sitting, number: int = 1, draft: int = 1, root: str = ROOT, **changes: Any) -> Said:
    """Return a round of the draft to all voting seats."""
    made: dict[str, Any] = {"to": VOTING, "due_at": DUE}
    return say(
        ActaCirculated(**sitting.place, round=number, draft=draft, root=root, **(made | changes)), office=SECRETARY
    )


def observed(sitting: Sitting, number: int = 1, seat: str = "obrero-1", root: str = ROOT, **changes: Any) -> Said:
    """Return a member's observation."""
    act = ActaObservationFiled(**sitting.place, observation=number, seat=seat, root=root, **changes)
    return say(act, office=f"designation/hcd/{seat}/1")


def resolved(sitting: Sitting, number: int = 1, outcome: Any = "rejected") -> Said:
    """Return what became of an observation."""
    return say(ActaObservationResolved(**sitting.place, observation=number, outcome=outcome), office=SECRETARY)


def approved(sitting: Sitting, draft: int = 1, root: str = ROOT, vote: Sitting | None = None) -> Said:
    """Return the approval, by a sitting's first vote or by signature."""
    stream = None if vote is None else f"vote/{vote.path}/1"
    act = ActaApproved(**sitting.place, draft=draft, root=root, vote=stream)
    states = sitting.story.world.states
    named = (f"acta/{sitting.path}", *(() if stream is None else (stream,)))
    return say(act, office=SECRETARY, basis={name: states[name].statement for name in named if name in states})


def next_sitting(sitting: Sitting, favor: int = 12, contra: int = 0, abstencion: int = 0) -> Sitting:
    """Hold the vote of the next session in the same story, on its first item; the session stays open."""
    following = Sitting(sitting.story, number=2)
    sitting.story.at(f"{LATER[:8]}11T09:00:00-06:00")
    following.convene(begins_at=f"{LATER}T10:00:00-06:00")
    following.story.given(following.roll(VOTING), following.quorum(), following.opened(), following.taken_up())
    following.story.given(following.vote_opened())
    following.story.given(following.roll_call(favor, contra, abstencion))
    result: Any = "approved" if favor > len(VOTING) / 2 else "rejected"
    following.story.given(following.declared(favor, contra, abstencion, result))
    return following


def in_circulation() -> Sitting:
    """Return a sitting whose first draft is in circulation."""
    sitting = held()
    sitting.story.given(drafted(sitting), circulated(sitting))
    return sitting


def state_of(sitting: Sitting) -> CirculationState:
    """Return the circulation as it stands."""
    state = sitting.story.state(f"circulation/{sitting.path}")
    assert isinstance(state, CirculationState)
    return state


# -- circulation and observations --------------------------------------------------------------------------------------


def test_a_draft_is_circulated_as_it_stands() -> None:
    """The round is the next, of the acta's last draft, to seats that exist, each once, with a deadline ahead."""
    sitting = held()
    sitting.story.when(circulated(sitting)).refused("acta-unknown")
    sitting.story.given(drafted(sitting))
    sitting.story.when(replace(circulated(sitting), basis={})).refused("acta-not-in-basis")
    sitting.story.when(circulated(sitting, root=OTHER)).refused("acta-root")
    sitting.story.when(circulated(sitting, draft=2)).refused("acta-root")
    sitting.story.when(circulated(sitting, 2)).refused("round-gap", expected=1)
    sitting.story.when(circulated(sitting, to=("obrero-1", "obrero-1"))).refused("seat-repeated")
    sitting.story.when(circulated(sitting, to=("nadie",))).refused("seat-unknown")
    sitting.story.when(circulated(sitting, due_at="2026-01-28T10:00:00-06:00")).refused("deadline-past")
    sitting.story.given(circulated(sitting))
    sitting.story.when(circulated(sitting, 2)).refused("already-circulated")
    state = state_of(sitting)
    assert (state.round, state.draft, state.root, state.to, state.approved_root) == (1, 1, ROOT, VOTING, None)


def test_members_observe_the_draft_that_they_were_sent_until_the_deadline() -> None:
    """An observation is the next, of an addressed seat, on that draft and one of its blocks, in time."""
    sitting = held()
    sitting.story.given(drafted(sitting))
    sitting.story.when(observed(sitting)).refused("circulation-unknown")
    sitting.story.given(circulated(sitting))
    sitting.story.when(observed(sitting, 2)).refused("observation-gap", expected=1)
    sitting.story.when(observed(sitting, seat="invitada")).refused("not-addressed")
    sitting.story.when(observed(sitting, root=OTHER)).refused("acta-root")
    sitting.story.when(observed(sitting, block=10)).refused("block-unknown")
    sitting.story.given(observed(sitting, block=9), observed(sitting, 2, "patronal-1"))
    late = "2026-02-10T18:00:01-06:00"
    sitting.story.when(replace(observed(sitting, 3), at=late)).refused("observation-late")
    sitting.story.when(replace(observed(sitting, 3), at="2026-01-28T10:00:00-06:00")).refused("back-dated")
    assert [each.seat for each in state_of(sitting).observations.values()] == ["obrero-1", "patronal-1"]


def test_an_observation_is_resolved_once() -> None:
    """What is not there, or has its answer, is not answered."""
    sitting = in_circulation()
    sitting.story.when(resolved(sitting)).refused("observation-unknown")
    sitting.story.given(observed(sitting), resolved(sitting))
    sitting.story.when(resolved(sitting, outcome="accepted")).refused("observation-resolved", outcome="rejected")


# -- approval ----------------------------------------------------------------------------------------------------------


def test_an_acta_is_approved_by_the_vote_of_a_later_session() -> None:
    """L7: the approval names the vote in its basis; members absent from the session may abstain in that vote."""
    present = tuple(seat for seat in VOTING if seat != ABSENT)
    sitting = held(present)
    sitting.story.given(drafted(sitting), circulated(sitting))
    later = next_sitting(sitting, favor=11, abstencion=1)
    assert (later.vote_state().abstencion, ABSENT in sitting.state.attended) == (1, False)
    sitting.story.when(replace(approved(sitting, vote=later), basis={})).refused("acta-not-in-basis")
    alone = {f"acta/{sitting.path}": acta_of(sitting).statement}
    sitting.story.when(replace(approved(sitting, vote=later), basis=alone)).refused("vote-not-in-basis")
    sitting.story.given(approved(sitting, vote=later))
    assert (state_of(sitting).approved_root, state_of(sitting).vote) == (ROOT, f"vote/{later.path}/1")
    sitting.story.when(observed(sitting)).refused("circulation-settled")
    sitting.story.given(signed(sitting, SECRETARYS), signed(sitting, "estado-1"))
    sitting.story.given(sealed(sitting, SECRETARYS, "estado-1"))
    sitting.story.when(circulated(sitting, 2)).refused("acta-sealed")


def test_only_an_approving_vote_of_a_later_session_of_the_body_approves() -> None:
    """A rejected vote, a vote of another body, of the session itself, or none at all approves no acta."""
    sitting = in_circulation()
    act = ActaApproved(**sitting.place, draft=1, root=ROOT, vote="vote/hcd/2026/ord/9/1")
    basis = {f"acta/{sitting.path}": acta_of(sitting).statement}
    sitting.story.when(say(act, basis=basis)).refused("vote-unknown")
    other = act.model_copy(update={"vote": f"session/{sitting.path}"})
    sitting.story.when(say(other, basis=basis)).refused("vote-unknown")
    later = next_sitting(sitting, favor=4, contra=8)
    sitting.story.when(approved(sitting, vote=later)).refused("vote-not-approved")
    foreign = replace(later.vote_state(), body="otro", result="approved")
    sitting.story.put(f"vote/{later.path}/1", foreign)
    sitting.story.when(approved(sitting, vote=later)).refused("vote-of-other-body")
    own = replace(later.vote_state(), body="hcd", session=sitting.path)
    sitting.story.put(f"vote/{sitting.path}/1", own)
    sitting.story.when(approved(sitting, vote=sitting)).refused("vote-not-later")


def test_an_acta_is_approved_by_the_signatures_of_all_addressed() -> None:
    """By signature: every seat addressed has signed this very draft; a refusal or silence is no approval."""
    sitting = held()
    sitting.story.given(drafted(sitting), circulated(sitting, to=("estado-1", "obrero-1")))
    sitting.story.when(approved(sitting)).refused("signature-missing", seat="estado-1")
    sitting.story.given(signed(sitting, "estado-1"), refuses(sitting, "obrero-1"))
    sitting.story.when(approved(sitting)).refused("signature-missing", seat="obrero-1")
    sitting.story.given(signed(sitting, "obrero-1"), approved(sitting))
    sitting.story.given(drafted(sitting, 2, OTHER))
    renewed = circulated(sitting, 2, 2, OTHER, to=("estado-1",))
    sitting.story.given(renewed).when(approved(sitting, 2, OTHER)).refused("signature-missing")


def test_an_acta_is_not_approved_while_an_observation_is_open_or_not_incorporated() -> None:
    """Each observation has its answer first, and what was accepted stands in a later draft."""
    sitting = in_circulation()
    sitting.story.given(observed(sitting))
    later = next_sitting(sitting)
    sitting.story.when(approved(sitting, vote=later)).refused("observation-pending", observation=1)
    sitting.story.given(resolved(sitting, outcome="accepted"))
    sitting.story.when(approved(sitting, vote=later)).refused("observation-not-incorporated")
    sitting.story.given(drafted(sitting, 2, OTHER))
    sitting.story.when(approved(sitting, vote=later)).refused("acta-root")
    sitting.story.given(approved(sitting, 2, OTHER, later))


def test_a_circulated_acta_is_sealed_only_as_approved() -> None:
    """Neither before its approval nor with a draft made after it is a circulated acta sealed."""
    sitting = in_circulation()
    both = (signed(sitting, SECRETARYS), signed(sitting, "estado-1"))
    sitting.story.given(*both).when(sealed(sitting, SECRETARYS, "estado-1")).refused("acta-not-approved")
    sitting.story.given(approved(sitting, vote=next_sitting(sitting)), drafted(sitting, 2, OTHER))
    again = (signed(sitting, SECRETARYS, OTHER), signed(sitting, "estado-1", OTHER))
    seal = sealed(sitting, SECRETARYS, "estado-1", root=OTHER)
    sitting.story.given(*again).when(seal).refused("acta-not-approved")


# -- minuta ------------------------------------------------------------------------------------------------------------


def test_a_minuta_tells_of_no_agreements_and_stays_a_minuta() -> None:
    """The lighter instrument has the same life, but no agreements, and no draft turns it into an acta."""
    sitting = held()
    sitting.story.given(drafted(sitting, instrument="minuta"))
    assert acta_of(sitting).instrument == "minuta"
    sitting.story.when(drafted(sitting, 2)).refused("instrument-changed", instrument="minuta")
    with_agreements = replace(sitting.state, agreements=(1,))
    sitting.story.put(f"session/{sitting.path}", with_agreements)
    sitting.story.when(drafted(sitting, 2, instrument="minuta")).refused("minuta-with-agreements")


# -- appendices --------------------------------------------------------------------------------------------------------


def appended(sitting: Sitting, number: int = 1, agreement: int | None = None) -> Said:
    """Return an appendix of twelve sheets."""
    return say(AppendixAttached(**sitting.place, appendix=number, sheets=12, agreement=agreement), office=SECRETARY)


def test_appendices_are_attached_in_order_until_the_acta_is_sealed() -> None:
    """Numbers without gaps, of a held session, of agreements that it adopted, and none after the sealing."""
    sitting = Sitting().open()
    sitting.story.when(appended(sitting)).refused("session-not-closed")
    sitting.story.given(sitting.closed())
    sitting.story.when(appended(sitting, 2)).refused("number-gap")
    sitting.story.when(appended(sitting, agreement=3)).refused("agreement-not-of-session")
    sitting.story.given(appended(sitting), appended(sitting, 2))
    sitting.story.when(appended(sitting)).refused("already-attached")
    state = sitting.story.state(f"appendix/{sitting.path}/2")
    assert isinstance(state, AppendixState)
    assert (state.session, state.number, state.sheets) == (sitting.path, 2, 12)
    sitting.story.put(f"session/{sitting.path}", replace(sitting.state, agreements=(3,)))
    sitting.story.given(appended(sitting, 3, agreement=3), drafted(sitting))
    sitting.story.given(signed(sitting, SECRETARYS), signed(sitting, "estado-1"))
    sitting.story.given(sealed(sitting, SECRETARYS, "estado-1")).when(appended(sitting, 4)).refused("acta-sealed")


# -- fe de erratas -----------------------------------------------------------------------------------------------------


def sealed_with_votes() -> tuple[Sitting, Sitting]:
    """Return a sitting with an approved and an annulled vote whose acta is sealed, and a later one with a vote."""
    sitting = Sitting().recorded(9, 2, 1)
    story = sitting.story.given(sitting.declared(9, 2, 1, "approved"), sitting.vote_opened(2))
    story.given(say(VoteAnnulled(**sitting.place, vote=2), office=SECRETARY), sitting.concluded(), sitting.closed(2))
    story.given(drafted(sitting), signed(sitting, SECRETARYS), signed(sitting, "estado-1"))
    story.given(sealed(sitting, SECRETARYS, "estado-1"))
    return sitting, next_sitting(sitting)


def corrected(sitting: Sitting, later: Sitting, number: int = 1, **changes: Any) -> Said:
    """Return a fe de erratas that corrects a name in block 3 and restates the session's one result."""
    kept = RestatedResult(vote=1, favor=9, contra=2, abstencion=1, result="approved")
    made: dict[str, Any] = {
        "corrections": (Correction(block=3, about="unit"),),
        "approved_by": f"vote/{later.path}/1",
        "results": (kept,),
    }
    states = sitting.story.world.states
    named = (f"acta/{sitting.path}", f"vote/{later.path}/1")
    basis = {name: states[name].statement for name in named if name in states}
    return say(ActaErrataIssued(**sitting.place, errata=number, **(made | changes)), office=SECRETARY, basis=basis)


def test_fe_de_erratas_links_both_ways() -> None:
    """The errata names acta and approving vote, the acta finds its erratas in order, and itself stays as sealed."""
    sitting, later = sealed_with_votes()
    before = acta_of(sitting)
    sitting.story.given(corrected(sitting, later), corrected(sitting, later, 2))
    found = list(erratas_of(sitting.path, sitting.story.world))
    assert [each.number for each in found] == [1, 2]
    first = found[0]
    assert isinstance(first, ErrataState)
    assert (first.session, first.acta_statement, first.approved_by, first.blocks) == (
        sitting.path,
        before.statement,
        f"vote/{later.path}/1",
        (3,),
    )
    assert acta_of(sitting) == before


@pytest.mark.parametrize(
    "kept",
    [
        (),
        (RestatedResult(vote=1, favor=2, contra=9, abstencion=1, result="rejected"),),
        (RestatedResult(vote=1, favor=10, contra=1, abstencion=1, result="approved"),),
        (RestatedResult(vote=2, favor=9, contra=2, abstencion=1, result="approved"),),
    ],
)
def test_an_errata_that_flips_a_result_is_refused(kept: tuple[RestatedResult, ...]) -> None:
    """Results and counts of the session's votes, all of them, read after the errata as they were declared."""
    sitting, later = sealed_with_votes()
    sitting.story.when(corrected(sitting, later, results=kept)).refused("errata-changes-outcome")


def test_a_fe_de_erratas_is_of_a_sealed_acta_and_approved_later() -> None:
    """Number, acta, blocks and the approving vote must be what the errata says that they are."""
    sitting, later = sealed_with_votes()
    story = sitting.story
    story.when(corrected(sitting, later, 2)).refused("number-gap")
    vote_only = {f"vote/{later.path}/1": later.vote_state().statement}
    story.when(replace(corrected(sitting, later), basis=vote_only)).refused("acta-not-in-basis")
    stale = {f"acta/{sitting.path}": acta_of(sitting).statement, f"vote/{later.path}/1": ZERO_HASH}
    story.when(replace(corrected(sitting, later), basis=stale)).refused("vote-not-in-basis")
    twice = (Correction(block=3, about="name"), Correction(block=3, about="date"))
    story.when(corrected(sitting, later, corrections=twice)).refused("block-repeated")
    beyond = (Correction(block=10, about="name"),)
    story.when(corrected(sitting, later, corrections=beyond)).refused("block-unknown", block=10)
    story.when(corrected(sitting, sitting)).refused("vote-not-later")
    story.given(corrected(sitting, later)).when(corrected(sitting, later)).refused("errata-already-issued")
    story.when(corrected(Sitting(story, 7), later)).refused("acta-unknown")


def test_a_draft_is_corrected_by_another_draft_and_not_by_errata() -> None:
    """Before the sealing there is nothing that could only be read otherwise."""
    sitting = held()
    sitting.story.given(drafted(sitting))
    later = next_sitting(sitting)
    sitting.story.when(corrected(sitting, later)).refused("not-sealed")


def test_an_errata_seals_what_each_block_says_and_is_to_read() -> None:
    """Both readings of each corrected block are required sealed values."""
    sitting, later = sealed_with_votes()
    assert list(corrected(sitting, later).act.sealed_required()) == ["says/3", "reads/3"]


# -- programming errors ------------------------------------------------------------------------------------------------


def test_what_is_not_theirs_is_a_programming_error() -> None:
    """An aggregate never judges another's act, and none goes on from nothing."""
    sitting = held()
    alien = sitting.story.signed(say(ActaSealed(**sitting.place, root=ROOT, signatures=("x",)), office=CHAIR))
    for module in (circulation, appendix, errata):
        with pytest.raises(TypeError):
            module.evolve(None, alien)
    assert isinstance(alien.act, ActaSealed)
    assert isinstance(drafted(sitting).act, ActaDrafted)
    with pytest.raises(RuleViolation, match="circulation-unknown"):
        circulation.evolve(None, sitting.story.signed(observed(sitting)))
