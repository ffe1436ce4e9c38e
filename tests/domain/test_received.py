"""Actas of other bodies: received, checked, incidents raised, notified and cured, validated."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from ledger.acts.body import BodyRegistered
from ledger.acts.received import (
    ActaIncidentNotified,
    ActaIncidentRaised,
    ActaIncidentResolved,
    ExternalActaChecked,
    ExternalActaReceived,
    ExternalActaValidated,
    IncidentCode,
)
from ledger.domain import received
from ledger.domain.received import Incident, ReceivedState
from ledger.errors import RuleViolation
from tests.kit.council import SECRETARY, founded
from tests.kit.story import Said, Story, say

CODES = get_args(IncidentCode)
PLACE: dict[str, Any] = {"body": "hcd", "number": 1}
NOW = "2026-07-15T10:00:00-06:00"


def by_secretary(act: Any) -> Said:
    """Return the act signed by the secretary."""
    return say(act, office=SECRETARY)


def came(number: int = 1, **changes: Any) -> Said:
    """Return the reception of an acta of the jgu3."""
    made: dict[str, Any] = {"issuer": "jgu3", "reference": "ORD/7/2026", "held_on": "2026-07-01", "sheets": 14}
    made |= {"body": "hcd", "number": number, "received_on": "2026-07-15"} | changes
    return by_secretary(ExternalActaReceived(**made))


def checked(*unfulfilled: Any) -> Said:
    """Return a checklist on which these points are wanting."""
    kept = tuple(code for code in CODES if code not in unfulfilled)
    return by_secretary(ExternalActaChecked(**PLACE, fulfilled=kept, unfulfilled=unfulfilled))


def raised(incident: int, code: Any) -> Said:
    """Return an incident."""
    return by_secretary(ActaIncidentRaised(**PLACE, incident=incident, code=code))


def notified(incident: int, notified_on: str = "2026-07-15") -> Said:
    """Return the notice of an incident."""
    return by_secretary(ActaIncidentNotified(**PLACE, incident=incident, oficio="SG/112/2026", notified_on=notified_on))


def cured(incident: int) -> Said:
    """Return the cure of an incident."""
    return by_secretary(ActaIncidentResolved(**PLACE, incident=incident, how="document"))


def validated() -> Said:
    """Return the validation."""
    return by_secretary(ExternalActaValidated(**PLACE))


def story_of() -> Story:
    """Return a story with the body that receives and the one whose actas it receives."""
    return founded().given(BodyRegistered(body="jgu3", body_kind="council")).at(NOW)


def state_of(story: Story) -> ReceivedState:
    """Return the received acta as it stands."""
    state = story.state("received/hcd/1")
    assert isinstance(state, ReceivedState)
    return state


def test_an_acta_of_another_body_is_received_once() -> None:
    """Its number is the next, both bodies exist and differ, and it came after it was held and not tomorrow."""
    story = story_of()
    story.when(came(2)).refused("number-gap")
    story.when(came(body="nadie")).refused("body-unknown")
    story.when(came(issuer="nadie")).refused("body-unknown")
    story.when(came(issuer="hcd")).refused("issuer-is-receiver")
    story.when(came(held_on="2026-07-16")).refused("received-before-held")
    story.when(came(received_on="2026-07-16")).refused("received-in-future")
    story.when(came(held_on="2026-02-31")).refused("impossible-date")
    story.given(came(), came(2)).when(came()).refused("already-received")
    assert (state_of(story).issuer, state_of(story).phase) == ("jgu3", "received")


def test_the_checklist_answers_every_point_once() -> None:
    """Six points, each fulfilled or not, and one checklist an acta."""
    story = story_of()
    story.when(checked()).refused("received-unknown")
    story.given(came())
    story.when(validated()).refused("not-checked")
    story.when(raised(1, "QUORUM")).refused("not-checked")
    some = ExternalActaChecked(**PLACE, fulfilled=("QUORUM",), unfulfilled=("CLARITY",))
    story.when(by_secretary(some)).refused("checklist-incomplete")
    both = ExternalActaChecked(**PLACE, fulfilled=CODES, unfulfilled=("CLARITY",))
    story.when(by_secretary(both)).refused("checklist-incomplete")
    story.given(checked("CLARITY")).when(checked()).refused("already-checked")
    story.when(say(validated().act, at="2026-07-15T09:00:00-06:00")).refused("back-dated")


@pytest.mark.parametrize("code", CODES)
def test_an_acta_with_an_incident_is_validated_once_it_is_cured(code: Any) -> None:
    """Under each code: raised only where the checklist found it, notified before it is cured, cured before the end."""
    story = story_of().given(came(), checked(code))
    other = next(each for each in CODES if each != code)
    story.when(validated()).refused("incident-missing", point=code)
    story.when(raised(1, other)).refused("incident-not-listed", point=other)
    story.when(raised(2, code)).refused("incident-gap", expected=1)
    story.when(notified(1)).refused("incident-unknown")
    story.given(raised(1, code)).when(validated()).refused("incident-pending", incident=1)
    story.when(cured(1)).refused("incident-phase", phase="raised")
    story.when(notified(1, "2026-07-16")).refused("received-in-future")
    story.given(notified(1)).when(notified(1)).refused("incident-phase", phase="notified")
    story.given(cured(1)).when(cured(1)).refused("incident-phase", phase="resolved")
    story.given(validated()).when(raised(2, code)).refused("already-validated")
    assert (state_of(story).phase, state_of(story).incidents) == ("validated", {1: Incident(code, "resolved")})


def test_an_acta_without_incidents_is_validated() -> None:
    """Where every point is fulfilled nothing has to be cured."""
    story = story_of().given(came(), checked(), validated())
    assert state_of(story).phase == "validated"


def test_what_is_not_its_own_is_a_programming_error() -> None:
    """The aggregate never judges another's act, and does not go on from nothing."""
    story = Story()
    with pytest.raises(TypeError):
        received.evolve(None, story.signed(BodyRegistered(body="x", body_kind="council")))
    with pytest.raises(RuleViolation, match="received-unknown"):
        received.evolve(None, story.signed(validated()))
