"""Recommendations of the Comisión de Vigilancia: issued in the assembly, verified by another, reopened (§3.12, G1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.body import BodyRegistered, Seat, SeatsDefined
from ledger.acts.designation import DesignationRegistered
from ledger.acts.recommendation import (
    RecommendationIssued,
    RecommendationReported,
    RecommendationReviewed,
    RecommendationTransmitted,
)
from ledger.domain import recommendation as aggregate
from ledger.domain.recommendation import RecommendationState
from ledger.errors import RuleViolation
from tests.kit.agreements import LIAISON, resting
from tests.kit.council import SECRETARY
from tests.kit.story import Said, Story, say
from tests.kit.vetoes import AG_PROSECRETARY, AG_SECRETARY, SESSION, council_under_assembly, in_session

if TYPE_CHECKING:
    from ledger.acts.base import Act

FIRST: dict[str, Any] = {"body": "cvd", "ordinal": 1, "number": 1}
STREAM = "recommendation/cvd/1/1"


def commission() -> Story:
    """Return an assembly in session and a commission of oversight under it, which has a chair of its own."""
    story = council_under_assembly().given(BodyRegistered(body="cvd", body_kind="commission", parent="agd"))
    seats = (Seat(seat="presidencia", sector="estado", role="chair", voting=True),)
    held = DesignationRegistered(
        body="cvd",
        seat="presidencia",
        number=1,
        person="estado-3.1",
        capacity="propietario",
        begins_at="2020-01-01T00:00:00-06:00",
    )
    story.given(SeatsDefined(body="cvd", seats=seats, valid_from="2020-01-01"), held)
    return in_session(story).at("2026-02-04T12:00:00-06:00")


def issued(story: Story, session: str = SESSION, office: str = AG_SECRETARY, **changes: Any) -> Said:
    """Return a recommendation to unit dir."""
    made: dict[str, Any] = FIRST | {"session": session, "identifier": "CV/1/1", "unit": "dir"} | changes
    return resting(story, RecommendationIssued(**made), session, office=office)


def by(act: Act, office: str = AG_SECRETARY) -> Said:
    """Return the act by the assembly's secretary unless said otherwise."""
    return say(act, office=office)


def transmitted(unit: str = "dir") -> Said:
    """Return the oficio to a unit."""
    return by(RecommendationTransmitted(**FIRST, unit=unit, oficio="SG/1/2026"))


def reported(claim: Any = "attended", office: str = LIAISON, unit: str = "dir") -> Said:
    """Return what a unit says."""
    return by(RecommendationReported(**FIRST, unit=unit, claim=claim, percent=60), office)


def reviewed(outcome: Any = "attended", office: str = AG_SECRETARY) -> Said:
    """Return a review."""
    return by(RecommendationReviewed(**FIRST, outcome=outcome), office)


def phase(story: Story) -> str:
    """Return where the recommendation stands."""
    state = story.state(STREAM)
    assert isinstance(state, RecommendationState)
    return state.phase


def test_a_recommendation_is_issued_in_a_session_of_the_assembly() -> None:
    """Its session is of the body above, was held, stands in basis, and gives the ordinal of the number."""
    story = commission()
    story.when(issued(story, "session/hcd/2026/ord/1")).refused("not-superior")
    story.when(replace(issued(story), basis={})).refused("session-not-in-basis")
    story.when(replace(issued(story), act=issued(story, SESSION, unit="nadie").act)).refused("unit-unknown")
    unknown = issued(story).act.model_copy(update={"session": "session/agd/2026/ext/9"})
    story.when(replace(issued(story), act=unknown)).refused("session-unknown")
    no_session = issued(story).act.model_copy(update={"session": "body/agd"})
    story.when(replace(issued(story), act=no_session)).refused("session-unknown")
    in_session(story, phase="convened").when(issued(story)).refused("session-not-held")
    in_session(story)
    story.when(replace(issued(story), at="2026-02-04T09:00:00-06:00")).refused("back-dated")
    story.when(issued(story, office=SECRETARY)).refused("officer-of-other-body")
    story.when(issued(story, due_on="2026-02-31")).refused("impossible-date")
    story.given(issued(story, office="designation/cvd/presidencia/1", due_on="2026-12-31"))
    state = story.state(STREAM)
    assert isinstance(state, RecommendationState)
    assert (state.assembly, state.unit, state.due_on, state.phase) == ("agd", "dir", date(2026, 12, 31), "issued")


def test_recommendations_are_numbered_cv_ordinal_n_without_gaps() -> None:
    """CV/<ordinal>/<n>: the printed number follows from the session and its predecessor."""
    story = commission()
    story.when(issued(story, number=2, identifier="CV/1/2")).refused("number-gap")
    story.when(issued(story, identifier="CV/12/1")).refused("identifier-mismatch")
    story.when(issued(story, ordinal=12, identifier="CV/12/1")).refused("ordinal-mismatch")
    story.given(issued(story))
    story.when(issued(story)).refused("recommendation-issued")
    story.given(issued(story, number=2, identifier="CV/1/2"))


def test_attended_is_verified_by_another_person() -> None:
    """Who reported it, in whatever office, does not verify it; the enlace never does."""
    story = commission().given()
    story.given(issued(story), transmitted(), reported("progress", AG_SECRETARY), reported())
    assert phase(story) == "reported"
    story.when(reviewed()).refused("same-person")
    story.when(reviewed(office=SECRETARY)).refused("officer-of-other-body")
    story.given(reviewed(office=AG_PROSECRETARY))
    assert phase(story) == "attended"


def test_a_unit_speaks_for_itself() -> None:
    """Only the unit that it was transmitted to reports, by its own enlace or as the secretariat says."""
    story = commission()
    story.when(transmitted()).refused("recommendation-unknown")
    story.given(issued(story))
    story.when(reported()).refused("recommendation-phase", phase="issued")
    story.when(transmitted("nadie")).refused("unit-unknown")
    story.given(transmitted("dpes"))
    story.when(reported()).refused("unit-not-responsible", unit="dir")
    story.when(reported(unit="dpes")).refused("not-of-the-unit", unit="dpes")
    story.when(reported(unit="dpes", office=SECRETARY)).refused("officer-of-other-body")
    story.given(reported("progress", AG_SECRETARY, "dpes"))
    assert phase(story) == "in-process"
    story.when(replace(transmitted(), at="2026-02-01T09:00:00-06:00")).refused("back-dated")


def test_what_was_attended_is_reopened_in_a_later_year() -> None:
    """Reopened from reported or attended, however late; then it goes on as before."""
    story = commission()
    story.given(issued(story), transmitted())
    story.when(reviewed("reopened")).refused("recommendation-phase", phase="transmitted")
    story.given(reported(), reviewed("reopened"), reported(), reviewed())
    story.at("2027-03-01T10:00:00-06:00").given(reviewed("reopened"))
    assert phase(story) == "reopened"
    story.when(reviewed()).refused("recommendation-phase")
    story.given(transmitted("dpes"))


def test_other_acts_are_not_of_a_recommendation() -> None:
    """The aggregate takes no act of another kind, and nothing follows what does not stand."""
    story = commission()
    with pytest.raises(TypeError):
        aggregate.check(None, story.signed(BodyRegistered(body="x", body_kind="other")), story.world)
    with pytest.raises(RuleViolation, match="recommendation-unknown"):
        aggregate.evolve(None, story.signed(transmitted()))
