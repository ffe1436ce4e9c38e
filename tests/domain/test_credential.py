"""Credentials: never beyond the designation, and invalid with a date (domain.md §3.8, D5, row C6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ledger.acts.credential import AccreditationRequested, AccreditationValidated, CredentialIssued, CredentialRevoked
from ledger.acts.trust import PersonRegistered
from ledger.domain import credential
from ledger.domain.credential import CredentialState, Standing, standing
from ledger.errors import RuleViolation
from ledger.ids import parse_written
from tests.domain.test_appointment import ANA, ended
from tests.kit.council import SECRETARY
from tests.kit.seating import ENDS, PROSECRETARY, SEAT, basis_of, held, with_ana
from tests.kit.story import Said, Story, say

NOW = "2026-07-02T10:00:00-06:00"
PLACE: dict[str, Any] = {"body": "hcd", "seat": SEAT, "designation": 3}


def requested(number: int = 1, office: str = ANA, **place: Any) -> Said:
    """Return a request."""
    return say(AccreditationRequested(**(PLACE | place), credential=number), office=office)


def validated(story: Story, number: int = 1, office: str = SECRETARY) -> Said:
    """Return a validation."""
    return say(AccreditationValidated(**PLACE, credential=number), office=office, basis=basis_of(story, ANA))


def issued(story: Story, number: int = 1, valid_to: str = ENDS, at: str | None = None) -> Said:
    """Return an issue."""
    act = CredentialIssued(**PLACE, credential=number, valid_to=valid_to)
    return say(act, office=SECRETARY, basis=basis_of(story, ANA), at=at)


def revoked(number: int = 1, reason: Any = "lost", replaced_by: int | None = None) -> Said:
    """Return a revocation."""
    return say(CredentialRevoked(**PLACE, credential=number, reason=reason, replaced_by=replaced_by), office=SECRETARY)


def carrying(valid_to: str = ENDS) -> Story:
    """Return a story in which Ana carries her first credential."""
    story = with_ana().at(NOW).given(requested())
    return story.given(validated(story), issued(story, valid_to=valid_to))


def state_of(story: Story, number: int = 1) -> CredentialState:
    """Return a credential as it stands."""
    state = story.state(f"credential/hcd/{SEAT}/3/{number}")
    assert isinstance(state, CredentialState)
    return state


def stands(story: Story, at: str, number: int = 1) -> Standing:
    """Return whether a credential is valid at an instant."""
    return standing(state_of(story, number), held(story), parse_written(at))


def test_a_credential_is_requested_validated_by_another_and_issued() -> None:
    """G3: who asks does not validate; each step follows the one before."""
    story = with_ana().at(NOW)
    story.when(validated(story)).refused("credential-unknown")
    story.when(requested(2)).refused("number-gap")
    story.given(requested(office=SECRETARY))
    story.when(requested()).refused("already-requested")
    story.when(validated(story)).refused("same-person")
    story.when(issued(story)).refused("credential-phase", phase="requested")
    story.when(replace(validated(story), basis={})).refused("designation-not-in-basis")
    story.given(validated(story, office=PROSECRETARY))
    story.when(issued(story, at="2026-07-01T10:00:00-06:00")).refused("back-dated")
    story.given(issued(story))
    assert (state_of(story).phase, state_of(story).issued_index) == ("issued", story.size - 1)


def test_a_credential_is_asked_for_by_its_holder_while_he_holds_the_seat() -> None:
    """Not before the term, not for a designation that is not there, not by another holder of the seat."""
    story = with_ana()
    story.when(requested()).refused("not-in-office")
    story.at(NOW)
    story.when(requested(designation=9)).refused("designation-unknown")
    story.when(requested(office=f"designation/hcd/{SEAT}/1")).refused("not-the-holder")
    story.given(requested(), validated(story))
    story.at("2032-07-01T10:00:00-06:00").when(issued(story, valid_to="2033-01-01T00:00:00-06:00")).refused(
        "not-in-office"
    )


def test_a_credential_ends_with_the_term_at_the_latest() -> None:
    """D5: valid_to is ahead and not after the designation's end."""
    story = with_ana().at(NOW).given(requested())
    story.given(validated(story))
    story.when(issued(story, valid_to="2032-07-01T00:00:01-06:00")).refused("credential-beyond-term", ends_at=ENDS)
    story.when(issued(story, valid_to=NOW)).refused("dates-out-of-order")
    story.given(issued(story))
    endless = with_ana().at(NOW)
    endless.put(ANA, replace(held(endless), ends_at=None)).given(requested())
    endless.given(validated(endless), issued(endless, valid_to="2050-01-01T00:00:00-06:00"))
    assert stands(endless, "2049-12-31T00:00:00-06:00") == Standing(valid=True)


def test_credential_after_revocation_invalid_with_date() -> None:
    """D5: it was valid, and since the instant of the revocation it is not; before it one can still ask."""
    story = carrying()
    assert stands(story, "2026-07-01T00:00:00-06:00") == Standing(valid=False, reason="not-issued")
    assert stands(story, story.now) == Standing(valid=True)
    before = story.now
    at = "2026-08-26T12:00:00-06:00"
    story.at(at).given(revoked())
    assert stands(story, "2026-09-01T00:00:00-06:00") == Standing(
        valid=False, reason="revoked", since=parse_written(at)
    )
    assert stands(story, before).valid
    story.when(revoked()).refused("credential-phase", phase="revoked")


def test_credential_of_an_ended_designation_invalid_with_date() -> None:
    """D5: nothing need be recorded of the credential; since the designation ended or expired it is not valid."""
    story = carrying()
    over = "2032-07-02T00:00:00-06:00"
    assert stands(story, over) == Standing(valid=False, reason="designation-expired", since=parse_written(ENDS))
    died = "2026-10-01T00:00:00-06:00"
    story.at("2026-10-02T00:00:00-06:00").given(ended(story, "deceased", ended_at=died))
    assert stands(story, over) == Standing(valid=False, reason="designation-ended", since=parse_written(died))
    story.given(revoked(reason="designation-ended"))
    assert stands(story, over).reason == "designation-ended"


def test_a_credential_of_a_shorter_validity_expires_by_itself() -> None:
    """It may end before the term; then another one may be asked for without any revocation."""
    story = carrying(valid_to="2027-01-01T00:00:00-06:00")
    story.when(requested(2)).refused("credential-in-force", credential=1)
    story.at("2027-01-01T00:00:00-06:00")
    assert stands(story, story.now).reason == "expired"
    story.given(requested(2))
    assert standing(state_of(story, 2), held(story), parse_written(story.now)).reason == "not-issued"


def test_a_lost_credential_is_replaced_by_the_next() -> None:
    """The old one says which takes its place, which can only be the next one."""
    story = carrying()
    story.when(requested(2)).refused("credential-in-force")
    story.when(revoked(replaced_by=3)).refused("replacement-gap", expected=2)
    story.given(revoked(replaced_by=2))
    assert stands(story, story.now).reason == "replaced"
    story.given(requested(2), validated(story, 2), issued(story, 2))
    assert stands(story, story.now, 2) == Standing(valid=True)


def test_only_an_issued_credential_is_revoked() -> None:
    """Neither one that is only asked for nor one that is not there."""
    story = with_ana().at(NOW)
    story.when(revoked()).refused("credential-unknown")
    with pytest.raises(RuleViolation, match="credential-unknown"):
        story.assume(revoked())
    story.given(requested()).when(revoked()).refused("credential-phase")


def test_an_act_of_another_kind_is_a_programming_error() -> None:
    """Only acts of credentials come here."""
    stray = Story().signed(say(PersonRegistered(person="p1")))
    with pytest.raises(TypeError, match="PersonRegistered"):
        credential.evolve(None, stray)
