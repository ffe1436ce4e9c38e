"""Vetoes of both kinds: who may, what it suspends, who decides (domain.md §3.10 Y1–Y4; LSS 269)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ledger.acts.followup import EvidenceSubmitted, ProgressReported
from ledger.acts.validity import AgreementAnnulled, AgreementModified, AgreementReinstated
from ledger.domain import veto as aggregate
from ledger.domain.agreement_state import AgreementState
from ledger.domain.body import BodyState
from ledger.domain.designation import DesignationState
from ledger.domain.fulfilment import FulfilmentState
from ledger.domain.rules.overdue import days_overdue
from ledger.errors import RuleViolation
from tests.kit.agreements import FIRST, LIAISON, OF_FIRST, RESOLVED, SECOND, VETO, agreement, resting
from tests.kit.council import SECRETARY, VICE_CHAIR, rules
from tests.kit.story import Said, Story, say
from tests.kit.vetoes import (
    AG_SECRETARY,
    SESSION,
    VOTE,
    admitted,
    council_under_assembly,
    drafted,
    exercised,
    in_session,
    integrated,
    resolved,
    submitted,
    suspended,
    up_to_session,
    veto_of,
    voted,
)


def progress() -> Said:
    """Return progress that the enlace reports on the first resolutivo."""
    return say(ProgressReported(**RESOLVED, unit="dir", percent=50), office=LIAISON)


def reinstated(story: Story) -> Said:
    """Return the reinstatement of the first agreement."""
    return resting(story, AgreementReinstated(**OF_FIRST, case=VETO), VETO)


# -- Y1: who, until when ------------------------------------------------------------------------------------------


def test_y1_only_the_president_of_that_body_vetoes() -> None:
    """Y1: the vice-chair, the secretary and the president of another body have no veto; the president has."""
    story = council_under_assembly()
    for office in (VICE_CHAIR, SECRETARY, "designation/agd/presidencia/1", "ledger"):
        story.when(exercised(story, office)).refused("not-the-president", office=office)
    story.given(exercised(story))
    assert (veto_of(story).phase, veto_of(story).effect, veto_of(story).resolver) == ("exercised", "suspended", "agd")


def test_y1_a_former_president_does_not_veto() -> None:
    """Y1: on that date: a designation that has ended holds the seat no more."""
    story = council_under_assembly()
    stream = "designation/hcd/estado-1/1"
    held = story.state(stream)
    assert isinstance(held, DesignationState)
    story.put(stream, replace(held, ends_at=agreement(story).last_at))
    story.when(exercised(story)).refused("not-in-office")


def test_y1_veto_outside_its_window_refused() -> None:
    """Y1: the window counts business days from the adoption; its last day is still in time."""
    story = council_under_assembly(window_business_days=3)
    story.at("2026-02-03T09:00:00-06:00").when(exercised(story)).refused("veto-too-late", until="2026-02-02")
    story.at("2026-02-02T23:00:00-06:00").given(exercised(story))
    early = council_under_assembly()
    early.put(FIRST, replace(agreement(early), adopted_on=date(2026, 2, 9)))
    early.when(exercised(early)).refused("back-dated")


def test_a_body_without_the_right_has_no_veto() -> None:
    """The power, the right itself and who resolves are the rules' to give; nothing is vetoed twice."""
    story = council_under_assembly()
    story.when(exercised(story, power="president")).refused("not-the-resolver", power="director-general")
    story.when(exercised(story, resolver="hcd")).refused("not-the-resolver", resolver="agd")
    story.when(replace(exercised(story), basis={})).refused("agreement-not-in-basis")
    body = story.state("body/hcd")
    assert isinstance(body, BodyState)
    story.put("body/hcd", replace(body, rules=body.rules[:1]))
    story.when(exercised(story)).refused("no-veto-right", body="hcd")
    story.put("body/hcd", body).given(exercised(story))
    story.when(exercised(story)).refused("already-vetoed")
    story.put(FIRST, replace(agreement(story), validity="revoked"))
    story.when(exercised(story)).refused("agreement-without-effect")


def test_the_resolver_is_the_body_above_where_rules_name_none() -> None:
    """Y3: a president's veto goes to the body above; without one there is nobody to decide."""
    story = council_under_assembly(power="president", resolver=None)
    story.when(exercised(story, power="president")).refused("resolver-unknown")
    body = story.state("body/hcd")
    assert isinstance(body, BodyState)
    story.put("body/hcd", replace(body, parent="agd"))
    story.given(exercised(story, power="president"))
    assert veto_of(story).resolver == "agd"


# -- Y2: suspended from the exercise on ---------------------------------------------------------------------------


def test_y2_suspended_agreement_accepts_no_fulfilment_from_the_exercise_on() -> None:
    """Y2, A6: before the agreement's own stream says it, and after it."""
    story = council_under_assembly()
    evidence = say(EvidenceSubmitted(**RESOLVED, unit="dir"), office=LIAISON)
    story.when(progress()).accepted()
    story.given(exercised(story))
    for act in (progress(), evidence):
        story.when(act).refused("agreement-suspended", agreement=FIRST)
    story.given(suspended(story))
    story.when(progress()).refused("agreement-suspended", agreement=FIRST)


def test_y2_nothing_goes_on_before_the_suspension_is_registered() -> None:
    """Y2: the admission waits for the suspension in the agreement's stream."""
    story = council_under_assembly()
    story.given(exercised(story))
    story.when(admitted()).refused("agreement-not-suspended")
    story.given(suspended(story), admitted())
    assert agreement(story).validity == "suspended"


def test_inadmissible_veto_reinstates() -> None:
    """A veto that is not admitted lets the agreement be reinstated, and has no term."""
    story = council_under_assembly()
    story.given(exercised(story))
    story.given(suspended(story))
    story.when(admitted("inadmissible", due_on="2026-03-02")).refused("deadline-mismatch")
    story.given(admitted("inadmissible"))
    story.when(integrated()).refused("veto-phase", phase="inadmissible")
    story.given(reinstated(story))
    assert agreement(story).validity == "in-force"


def test_veto_suspends_then_reinstated_restores_overdue_clock() -> None:
    """§3.19: the days between exercise and reinstatement do not count; fulfilment is accepted again."""
    story = up_to_session(council_under_assembly())
    begins = veto_of(story).exercised_on
    voted(story).at("2026-02-04T12:00:00-06:00").given(resolved(story))
    story.at("2026-03-02T10:00:00-06:00").given(reinstated(story))
    assert agreement(story).validity == "in-force"
    story.given(progress())
    due = story.state("fulfilment/hcd/2026/1/1")
    assert isinstance(due, FulfilmentState)
    assert due.due_on == date(2026, 3, 31)
    spans = [(begins, date(2026, 3, 2))]
    assert (begins, days_overdue(due.due_on, date(2026, 1, 28), spans, date(2026, 4, 28))) == (date(2026, 2, 2), 0)
    assert days_overdue(due.due_on, date(2026, 1, 28), spans, date(2026, 4, 30)) == 2
    assert days_overdue(due.due_on, date(2026, 1, 28), [], date(2026, 4, 30)) == 30


# -- the file -----------------------------------------------------------------------------------------------------


def test_the_file_is_the_resolvers() -> None:
    """Admission, file, project and submission are acts of the resolver's secretary, in their order."""
    story = council_under_assembly()
    story.when(integrated()).refused("veto-unknown")
    story.given(exercised(story))
    story.given(suspended(story))
    story.when(integrated()).refused("veto-phase", phase="exercised")
    story.when(admitted(office=SECRETARY)).refused("officer-of-other-body", bodies="agd")
    story.when(admitted(office="ledger")).refused("officer-of-other-body")
    story.given(admitted())
    story.when(replace(integrated(), at="2026-02-01T10:00:00-06:00")).refused("back-dated")
    story.given(integrated())
    story.when(submitted()).refused("veto-phase")
    story.given(drafted("confirm"), drafted("overturn"))
    assert veto_of(story).sense == "overturn"


def test_the_drafter_does_not_submit() -> None:
    """G3: another person submits the project, to an open session of the resolver, as an item of kind "case"."""
    story = council_under_assembly()
    story.given(exercised(story))
    story.given(suspended(story), admitted(), integrated(), drafted(office=AG_SECRETARY))
    in_session(story)
    story.when(submitted()).refused("same-person")
    story.given(drafted())
    story.when(submitted("session/agd/2026/ext/7")).refused("session-unknown")
    story.when(submitted(FIRST)).refused("session-unknown")
    story.when(submitted("session/hcd/2026/ord/1")).refused("session-of-other-body", resolver="agd")
    for item, code in ((9, "item-unknown"), (2, "item-not-a-case"), (3, "item-concluded")):
        story.when(submitted(item=item)).refused(code)
    in_session(story, phase="closed").when(submitted()).refused("session-not-open")
    in_session(story).given(submitted(), submitted())
    assert veto_of(story).session == SESSION


def test_the_term_to_resolve_is_that_of_the_rules() -> None:
    """The day by which to decide follows from the rules' business days; without a term it may be set, never past."""
    story = council_under_assembly(resolve_business_days=10)
    story.given(exercised(story))
    story.given(suspended(story))
    story.when(admitted()).refused("deadline-mismatch", expected="2026-02-16")
    story.when(admitted(due_on="2026-02-17")).refused("deadline-mismatch")
    story.given(admitted(due_on="2026-02-16"))
    assert veto_of(story).due_on == date(2026, 2, 16)
    free = council_under_assembly()
    free.given(exercised(free))
    free.given(suspended(free))
    free.when(admitted(due_on="2026-01-30")).refused("deadline-mismatch")
    body = free.state("body/hcd")
    assert isinstance(body, BodyState)
    free.put("body/hcd", replace(body, rules=body.rules[:1])).given(admitted(due_on="2026-02-20"))


def test_y4_no_silent_expiry() -> None:
    """Y4: long after the term the agreement is still suspended, and the veto may still be decided."""
    story = council_under_assembly(resolve_business_days=2)
    story.given(exercised(story))
    story.given(suspended(story), admitted(due_on="2026-02-04"), integrated(), drafted())
    in_session(story).at("2026-06-01T10:00:00-06:00")
    story.when(progress()).refused("agreement-suspended")
    assert (veto_of(story).effect, agreement(story).validity) == ("suspended", "suspended")
    story.when(reinstated(story)).refused("case-decides-otherwise")
    story.given(submitted())


# -- Y3: the resolver -----------------------------------------------------------------------------------------------


def test_dg_veto_needs_ag() -> None:
    """§3.19, Y3: a vote of the council itself, approved or not, does not decide on the Director General's veto."""
    story = up_to_session(council_under_assembly())
    own = "vote/hcd/2026/ord/1/1"
    story.when(resolved(story, vote=own)).refused("not-the-resolver", resolver="agd")
    story.when(reinstated(story)).refused("case-decides-otherwise", effect="suspended")
    voted(story, "rejected").when(resolved(story)).refused("vote-not-approved")
    voted(story).when(resolved(story)).accepted()
    assert (veto_of(story).phase, veto_of(story).effect) == ("resolved", "reinstated")
    story.when(drafted()).refused("veto-phase", phase="resolved")


def test_y3_the_vote_is_on_the_item_submitted_and_in_its_sense() -> None:
    """Y3: another item, another session, another sense than the project's decide nothing."""
    story = up_to_session(council_under_assembly())
    voted(story, item=2).when(resolved(story)).refused("vote-of-other-item")
    voted(story)
    story.when(replace(resolved(story), basis={})).refused("vote-not-in-basis")
    story.when(resolved(story, "confirmed")).refused("sense-mismatch", sense="overturn")
    story.when(resolved(story, by=SECOND)).refused("not-a-modification")
    session = story.world.states.pop(SESSION)
    story.when(resolved(story)).refused("session-unknown")
    story.put(SESSION, session).given(resolved(story))


def test_y3_confirmed_annuls_the_agreement() -> None:
    """Confirmed: the agreement is annulled for good, and its number stays used."""
    story = up_to_session(council_under_assembly(), "confirm")
    voted(story).given(resolved(story, "confirmed"))
    story.when(reinstated(story)).refused("case-decides-otherwise", effect="annulled")
    story.given(resting(story, AgreementAnnulled(**OF_FIRST, case=VETO), VETO))
    state = story.state(FIRST)
    assert isinstance(state, AgreementState)
    assert state.validity == "annulled"
    story.when(progress()).refused("agreement-without-effect")


def test_y3_modified_needs_the_resolvers_agreement() -> None:
    """Modified: the assembly's agreement of the same vote modifies the vetoed one before it is reinstated."""
    story = up_to_session(council_under_assembly(), "modify")
    above = "agreement/agd/2026/1"
    voted(story)
    made = replace(agreement(story), body="agd", adopted_index=story.size, vote=VOTE, validity="in-force")
    story.put(above, made)
    body = story.state("body/hcd")
    assert isinstance(body, BodyState)
    story.put("body/hcd", replace(body, parent="agd"))
    story.when(resolved(story, "modified")).refused("modification-missing")
    story.when(resolved(story, "modified", by=above)).refused("modification-missing")
    act = AgreementModified(**OF_FIRST, by=above, by_resolution=1, resolutions=(2,), effective_on="2026-02-05")
    story.given(resting(story, act, above))
    story.put(above, replace(made, vote="vote/agd/2026/ext/1/9"))
    story.when(resolved(story, "modified", by=above)).refused("modification-missing")
    story.put(above, made).given(resolved(story, "modified", by=above))
    assert veto_of(story).effect == "reinstated"


def test_y3_vetoer_in_the_resolver_is_flagged() -> None:
    """Y3: that who vetoed sat in the assembly must be said, and is remarked; where he did not, it is not said."""
    story = voted(up_to_session(council_under_assembly()))
    story.when(resolved(story, vetoer_sat=False)).refused("vetoer-sat", vetoer_sat=True)
    story.given(resolved(story))
    assert ("vetoer-in-resolver", {"veto": VETO, "seats": "presidencia"}) in story.world.remarks
    away = voted(up_to_session(council_under_assembly(), present={}, attended=frozenset({"obrera"})))
    away.when(resolved(away)).refused("vetoer-sat", vetoer_sat=False)
    away.given(resolved(away, vetoer_sat=False))


def test_y3_vetoer_recuses_himself_where_the_rules_say_so() -> None:
    """Y3: under rules that want it, a vote in which he did not excuse himself decides nothing."""
    story = voted(up_to_session(council_under_assembly(vetoer_recused=True)))
    story.when(resolved(story)).refused("vetoer-not-recused", seats="presidencia")
    recused = voted(up_to_session(council_under_assembly(vetoer_recused=True), recused=frozenset({"presidencia"})))
    recused.given(resolved(recused))
    body = story.state("body/hcd")
    assert isinstance(body, BodyState)
    story.put("body/hcd", replace(body, rules=body.rules[:1])).given(resolved(story))


def test_other_acts_are_not_of_a_veto() -> None:
    """The aggregate takes no act of another kind, and nothing follows what does not stand."""
    story = council_under_assembly()
    with pytest.raises(TypeError):
        aggregate.check(None, story.signed(progress()), story.world)
    with pytest.raises(RuleViolation, match="veto-unknown"):
        aggregate.evolve(None, story.signed(admitted()))
    assert rules().veto is None
