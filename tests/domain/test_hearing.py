"""Nobody is removed unheard (domain.md §3.8, D7; LSS 263, 265)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ledger.acts.designation import DesignationEnded, DesignationRegistered
from ledger.acts.nomination import HearingHeld, RemovalDecided, RemovalRequested
from ledger.acts.trust import PersonRegistered
from ledger.domain import hearing
from ledger.errors import RuleViolation
from tests.domain.test_appointment import ended
from tests.kit.council import SECRETARY
from tests.kit.seating import CDI, CTN, SEAT, basis_of, held, seated, voted, with_ana
from tests.kit.story import Said, Story, say

LATER = "2026-08-12T10:00:00-06:00"
HEARD = "2026-08-20T10:00:00-06:00"
HEARING = f"hearing/hcd/{SEAT}/3"
PLACE: dict[str, Any] = {"body": "hcd", "seat": SEAT, "designation": 3}


def requested(office: str = CTN, by: Any = "sector", organization: str | None = "ctn", **place: Any) -> Said:
    """Return a request for Ana's removal."""
    return say(RemovalRequested(**(PLACE | place), by=by, organization=organization), office=office)


def heard(summoned_on: str = "2026-08-14", at: str = HEARD, **place: Any) -> Said:
    """Return the hearing."""
    act = HearingHeld(**(PLACE | place), summoned_on=summoned_on, appeared=False)
    return say(act, office=SECRETARY, at=at)


def decided(story: Story, vote: str, outcome: Any = "removed") -> Said:
    """Return what the competent body decided."""
    act = RemovalDecided(**PLACE, outcome=outcome, vote=vote)
    return say(act, office=SECRETARY, basis=basis_of(story, vote))


def removed(story: Story, office: str = SECRETARY, **changes: Any) -> Said:
    """Return the removal, resting on the hearing."""
    return ended(story, "removed", office=office, **({"evidence": HEARING} | changes))


def test_removal_without_hearing_refused() -> None:
    """D7: whoever signs, and whether designated by vote or on paper, nobody is removed without hearing and vote."""
    story = with_ana().at(LATER)
    story.when(removed(story)).refused("removal-without-hearing", designation=3)
    story.when(removed(story, office="ledger")).refused("removal-without-hearing")
    story.given(requested())
    story.when(removed(story)).refused("removal-without-hearing")
    vote = voted(story, "agd", 5)
    story.when(decided(story, vote)).refused("hearing-missing")
    story.given(heard())
    story.when(removed(story)).refused("removal-without-hearing")
    paper = seated()
    term = {"person": "ana", "capacity": "propietario", "begins_at": "2026-02-01T00:00:00-06:00"}
    paper.given(DesignationRegistered.model_validate({"body": "hcd", "seat": SEAT, "number": 3, **term}))
    act = DesignationEnded(body="hcd", seat=SEAT, number=3, ended_at=paper.now, cause="removed")
    paper.when(act).refused("removal-without-hearing")


def test_removal_after_hearing_by_the_competent_bodys_vote() -> None:
    """D7: requested, summoned, heard, decided by the assembly's vote after the hearing; then it ends."""
    story = with_ana().at(LATER).given(requested())
    early = voted(story, "agd", 4)
    story.given(heard())
    story.when(decided(story, early)).refused("vote-before-hearing")
    story.when(decided(story, voted(story, "hcd", 6))).refused("body-not-competent", competent="agd")
    story.when(decided(story, "vote/agd/2026/ord/9/1")).refused("vote-unknown")
    story.when(decided(story, "session/agd/2026/ord/9")).refused("vote-unknown")
    against = voted(story, "agd", 5, "rejected")
    story.when(decided(story, against)).refused("vote-decides-otherwise", result="rejected")
    story.when(decided(story, voted(story, "agd", 7, phase="closed"))).refused("vote-not-declared")
    vote = voted(story, "agd", 8)
    story.when(replace(decided(story, vote), basis={})).refused("vote-not-in-basis")
    story.when(decided(story, vote, "kept")).refused("vote-decides-otherwise")
    story.given(decided(story, vote))
    story.when(decided(story, vote)).refused("hearing-phase", phase="removed")
    story.when(removed(story, ended_at=LATER)).refused("dates-out-of-order")
    story.when(replace(removed(story), basis={})).refused("evidence-not-in-basis")
    story.when(removed(story, evidence=None)).refused("removal-without-hearing")
    story.given(removed(story))
    assert held(story).cause == "removed"
    story.when(requested()).refused("already-ended")


def test_who_is_kept_may_be_accused_anew() -> None:
    """A vote against the removal keeps him; the next request needs a hearing of its own."""
    story = with_ana().at(LATER).given(requested())
    story.when(requested()).refused("removal-pending", phase="requested")
    story.given(heard())
    story.when(heard(at="2026-08-21T10:00:00-06:00")).refused("hearing-phase")
    story.given(decided(story, voted(story, "agd", 5, "rejected"), "kept"))
    story.when(removed(story)).refused("removal-without-hearing")
    story.given(requested())
    story.when(decided(story, voted(story, "agd", 6))).refused("hearing-missing")


def test_removal_is_asked_for_by_the_own_sector_or_for_a_cause() -> None:
    """D2: the sector's own organisations; for a justified cause nobody need be named."""
    story = with_ana().at(LATER)
    story.when(requested(organization=None)).refused("organization-missing")
    story.when(requested(organization="cdi", office=CDI)).refused("organization-not-entitled")
    story.when(requested(office=CDI)).refused("not-of-the-unit")
    story.when(requested(organization="cdi", by="cause", office=CDI)).accepted()
    other = with_ana().at(LATER)
    other.when(requested(organization=None, by="cause", office=SECRETARY)).accepted()


def test_a_summons_comes_before_the_hearing() -> None:
    """He is summoned after the request and before the day of the hearing."""
    story = with_ana().at(LATER)
    story.when(heard()).refused("removal-not-requested")
    with pytest.raises(RuleViolation, match="removal-not-requested"):
        story.assume(heard())
    story.given(requested())
    for day in ("2026-08-11", "2026-08-20"):
        story.when(heard(day)).refused("summons-too-late")
    story.when(heard(at="2026-08-01T10:00:00-06:00")).refused("back-dated")
    story.given(heard())


def test_there_is_nobody_to_remove() -> None:
    """A designation that was never made has no hearing."""
    story = with_ana()
    story.when(requested(designation=9)).refused("designation-unknown")


def test_an_act_of_another_kind_is_a_programming_error() -> None:
    """Only acts of hearings come here."""
    stray = Story().signed(say(PersonRegistered(person="p1")))
    with pytest.raises(TypeError, match="PersonRegistered"):
        hearing.evolve(None, stray)
