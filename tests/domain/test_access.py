"""Requests to the Unidad de Transparencia: a clock in business days, answers with what they rest on, appeals, ARCO."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.acts.access import (
    AccessAppealResolved,
    AccessDeadlineExtended,
    AccessPreventionAnswered,
    AccessPreventionIssued,
    AccessRequestAnswered,
    AccessRequestAppealed,
    AccessRequestTurned,
    PersonalDataBlocked,
)
from ledger.acts.transparency import ErasedDisclosure, PersonalDataErased
from ledger.acts.trust import PersonRegistered, SeriesOpened
from ledger.domain import access
from ledger.domain.access import overdue_on
from ledger.domain.transparency_states import AccessState, VersionState
from ledger.errors import RuleViolation
from ledger.ids import ZERO_HASH
from tests.kit.agreements import FIRST, agreement, resting
from tests.kit.council import SECRETARY
from tests.kit.openness import (
    CTD,
    DUE_ON,
    EXTENDED_ON,
    OF_REQUEST,
    REQUEST,
    committee_vote,
    confidential,
    open_council,
    requested,
    reserved,
    resolved,
)
from tests.kit.story import Said, Story, say

LATE = "2026-02-27T09:00:00-06:00"
DATUM = ErasedDisclosure(index=0, name="name", digest="a" * 43)


def asked(right: Any = "information") -> Story:
    """Return a story with a request."""
    story = open_council()
    return story.given(requested(right))


def state_of(story: Story) -> AccessState:
    """Return the request as it stands."""
    state = story.state(REQUEST)
    assert isinstance(state, AccessState)
    return state


def answered(story: Story, modality: Any = "delivered", *on: str, **changes: Any) -> Said:
    """Return an answer that rests on streams as they stand."""
    act = AccessRequestAnswered(**OF_REQUEST, modality=modality, on=on, **changes)
    return resting(story, act, *on, *([act.vote] if act.vote else []))


def extension(story: Story, due_on: str = EXTENDED_ON, **changes: Any) -> Said:
    """Return the extension by the Comité."""
    made: dict[str, Any] = {"committee": CTD, "vote": committee_vote(story), "due_on": due_on} | changes
    return resting(story, AccessDeadlineExtended(**OF_REQUEST, **made), made["vote"])


def prevention(due_on: str = "2026-02-12", at: str | None = None) -> Said:
    """Return a prevention."""
    return say(AccessPreventionIssued(**OF_REQUEST, due_on=due_on), office=SECRETARY, at=at)


def clarified(answered_on: str, due_on: str, at: str) -> Said:
    """Return the petitioner's answer to the prevention."""
    act = AccessPreventionAnswered(**OF_REQUEST, answered_on=answered_on, due_on=due_on)
    return say(act, office=SECRETARY, at=at)


def appealed(at: str | None = None, filed_on: str = "2026-01-28") -> Said:
    """Return a recurso de revisión."""
    return say(AccessRequestAppealed(**OF_REQUEST, appeal="RRA 1/26", filed_on=filed_on), office=SECRETARY, at=at)


def decided(outcome: Any, due_on: str | None = None) -> Said:
    """Return the guarantor's resolution."""
    return say(AccessAppealResolved(**OF_REQUEST, outcome=outcome, due_on=due_on), office=SECRETARY)


# -- the clock ---------------------------------------------------------------------------------------------------------


def test_the_term_is_twenty_business_days_of_the_calendar() -> None:
    """LGTAIP 134: the day after the receipt is the first; a holiday does not count; another day is refused."""
    story = open_council()
    story.when(requested(due_on="2026-02-25")).refused("due-day-differs", expected=DUE_ON)
    story.when(requested(received_on="2026-01-29", due_on="2026-02-27")).refused("received-later")
    story.given(requested())
    assert (state_of(story).due_on, state_of(story).phase) == (date(2026, 2, 26), "received")
    story.when(requested()).refused("request-received")


def test_requests_are_numbered_without_gaps() -> None:
    """The second needs the first, unless a series says where the numbers begin."""
    story = open_council()
    story.when(requested(number=41)).refused("number-gap")
    story.given(SeriesOpened(body=CTD, series="access.2026", first=41), requested(number=41))
    story.given(requested(number=42))


def test_a_request_is_overdue_from_the_day_after_its_due_day() -> None:
    """Overdue is computed: nothing records it, an answer ends it."""
    story = asked()
    assert [overdue_on(state_of(story), date(2026, 2, day)) for day in (26, 27)] == [False, True]
    story.given(answered(story))
    assert not overdue_on(state_of(story), date(2026, 2, 27))


def test_a_late_answer_is_given_and_remarked() -> None:
    """Late is late, and better than never."""
    story = asked()
    story.given(replace(answered(story), at=LATE))
    assert ("answered-late", {"request": REQUEST, "due_on": DUE_ON}) in story.world.remarks


def test_the_term_is_extended_once_by_the_committee_before_it_ends() -> None:
    """Ten business days more, by vote of the Comité de Transparencia."""
    story = asked()
    story.when(extension(story, "2026-03-11")).refused("due-day-differs", expected=EXTENDED_ON)
    story.when(replace(extension(story), basis={})).refused("vote-not-in-basis")
    of_council = committee_vote(story, 2, "hcd")
    story.when(extension(story, committee="hcd", vote=of_council)).refused("not-transparency-committee")
    story.when(replace(extension(story), at=LATE)).refused("term-over")
    story.given(extension(story))
    story.when(extension(story)).refused("already-extended")
    assert state_of(story).due_on == date(2026, 3, 12)


def test_a_prevention_stops_the_clock_until_it_is_answered() -> None:
    """Within five business days, once; answered within ten, the term begins anew."""
    story = asked()
    story.when(clarified("2026-01-28", DUE_ON, story.now)).refused("not-prevented")
    story.when(prevention("2026-02-20", at="2026-02-06T09:00:00-06:00")).refused("prevention-late")
    story.when(prevention("2026-02-11")).refused("due-day-differs", expected="2026-02-12")
    story.given(prevention())
    story.when(prevention()).refused("request-not-open")
    assert not overdue_on(state_of(story), date(2026, 6, 1))
    late = "2026-02-13T09:00:00-06:00"
    story.when(clarified("2026-02-13", "2026-03-13", late)).refused("request-lapsed")
    story.when(clarified("2026-02-05", "2026-03-06", "2026-02-04T09:00:00-06:00")).refused("received-later")
    story.given(clarified("2026-02-04", "2026-03-04", "2026-02-04T09:00:00-06:00"))
    assert (state_of(story).phase, state_of(story).due_on) == ("received", date(2026, 3, 4))
    story.when(prevention("2026-02-18", at="2026-02-04T10:00:00-06:00")).refused("already-prevented")


# -- turned and answered -----------------------------------------------------------------------------------------------


def test_a_request_is_turned_to_units_that_exist() -> None:
    """More than once while it is open, never after the answer; nothing goes back in time."""
    story = asked()
    turned = say(AccessRequestTurned(**OF_REQUEST, units=("dir", "dpes")), office=SECRETARY)
    nowhere = AccessRequestTurned(**OF_REQUEST, units=("nada",))
    story.when(nowhere).refused("unit-unknown")
    story.when(replace(turned, at="2026-01-28T08:00:00-06:00")).refused("back-dated")
    story.given(turned, turned)
    assert state_of(story).phase == "turned"
    story.given(answered(story))
    story.when(turned).refused("request-not-open", phase="answered")


def test_an_act_on_no_request_is_refused() -> None:
    """Every later act has a request before it."""
    story = open_council()
    story.when(answered(story)).refused("request-unknown")
    with pytest.raises(RuleViolation):
        access.evolve(None, story.signed(answered(story)))


def test_an_answer_rests_on_what_it_says() -> None:
    """An approved public version, a classification in force, the Comité's word that it does not exist."""
    story = asked()
    story.when(answered(story, "public-version")).refused("version-not-approved")
    version = VersionState(1, 1, ZERO_HASH, 1, FIRST, ())
    story.put("version/1/1", version)
    story.when(answered(story, "public-version", "version/1/1")).refused("version-not-approved")
    story.put("version/1/1", replace(version, phase="approved"))
    story.when(replace(answered(story, "public-version", "version/1/1"), basis={})).refused("evidence-missing")
    story.when(answered(story, "reserved")).refused("not-classified")
    story.when(answered(story, "nonexistent")).refused("committee-vote-missing")
    story.when(answered(story, "granted")).refused("modality-of-other-right")
    story.when(answered(story, "delivered", denial="not-held")).refused("denial-ground")
    story.given(answered(story, "public-version", "version/1/1"))
    assert state_of(story).modality == "public-version"


def test_information_is_denied_as_classified_only_while_it_is() -> None:
    """Of the character that the Comité confirmed, and not after its term."""
    story = reserved()
    stream = f"classification/{agreement(story).adopted_index}"
    story.when(answered(story, "confidential", stream)).refused("not-classified")
    late = replace(answered(story, "reserved", stream), at="2028-01-28T09:00:00-06:00")
    story.when(late).refused("not-classified")
    story.given(answered(story, "reserved", stream))
    other = asked()
    other.given(confidential(other))
    other.when(answered(other, "confidential", stream)).refused("not-classified")
    other.given(resolved(other))
    other.given(answered(other, "confidential", stream))


def test_that_something_does_not_exist_is_the_committees_word() -> None:
    """LGTAIP 140–141; that another institution is competent is said by the Unidad alone."""
    story = asked()
    vote = committee_vote(story)
    story.given(answered(story, "nonexistent", committee=CTD, vote=vote))
    other = asked()
    other.given(answered(other, "incompetent"))


# -- appeals -----------------------------------------------------------------------------------------------------------


def test_an_answer_or_silence_is_appealed() -> None:
    """Against an answer at once, against silence once the term is over; not before, and not with a later day."""
    story = asked()
    story.when(appealed()).refused("not-answered")
    story.when(decided("confirmed")).refused("not-appealed")
    story.when(appealed(filed_on="2026-01-29")).refused("received-later")
    silent = asked()
    silent.given(appealed(LATE, "2026-02-27"))
    story.given(answered(story), appealed())
    assert state_of(story).phase == "appealed"


def test_a_revoked_answer_is_given_again() -> None:
    """What the guarantor modifies or revokes has a new day; what it confirms is at its end."""
    story = asked()
    story.given(answered(story), appealed())
    story.when(decided("revoked")).refused("due-day-missing")
    story.when(decided("confirmed", "2026-02-10")).refused("due-day-missing")
    story.when(decided("modified", "2026-01-27")).refused("deadline-past")
    story.given(decided("revoked", "2026-02-10"))
    assert (state_of(story).phase, state_of(story).due_on) == ("turned", date(2026, 2, 10))
    story.given(answered(story), appealed(), decided("confirmed"))
    assert state_of(story).phase == "resolved"


# -- ARCO --------------------------------------------------------------------------------------------------------------


def blocked(until_on: str = "2026-04-01", *data: ErasedDisclosure) -> Said:
    """Return the blocking of data."""
    return say(PersonalDataBlocked(**OF_REQUEST, disclosures=data or (DATUM,), until_on=until_on), office=SECRETARY)


def erased(story: Story, request: str = REQUEST, *data: ErasedDisclosure, at: str | None = None) -> Said:
    """Return the erasure on account of the request."""
    act = PersonalDataErased(
        disclosures=data or (DATUM,), ground="data-subject-right", irrecoverable_on="2026-12-31", request=request
    )
    streams = [request] if request in story.world.states else []
    return replace(resting(story, act, *streams), at=at)


def test_an_arco_denial_has_its_ground() -> None:
    """LGPDPPSO 49: denied for a reason that the law knows; information is not denied that way."""
    story = asked("rectification")
    story.when(answered(story, "denied")).refused("denial-ground")
    story.when(answered(story, "delivered")).refused("modality-of-other-right")
    story.given(answered(story, "denied", denial="legal-impediment"))
    story.when(blocked()).refused("not-granted")


def test_what_is_cancelled_is_blocked_and_then_erased() -> None:
    """A granted cancellation blocks the data until a day; from then on just these are erased."""
    story = asked("cancellation")
    story.when(blocked()).refused("not-granted")
    story.given(answered(story, "granted"))
    story.when(erased(story)).refused("not-blocked")
    story.when(blocked("2026-01-27")).refused("deadline-past")
    story.when(blocked("2026-04-01", DATUM, DATUM)).refused("disclosure-repeated")
    story.when(blocked("2026-04-01", DATUM.model_copy(update={"index": story.size}))).refused("not-yet-recorded")
    story.given(blocked())
    story.when(blocked()).refused("already-blocked")
    ready = "2026-04-01T09:00:00-06:00"
    story.when(erased(story, at="2026-03-31T09:00:00-06:00")).refused("still-blocked", until_on="2026-04-01")
    other = DATUM.model_copy(update={"digest": "b" * 43})
    story.when(erased(story, REQUEST, other, at=ready)).refused("not-blocked")
    story.when(replace(erased(story, at=ready), basis={})).refused("request-not-in-basis")
    story.when(erased(story, "access/ctd/2026/9", at=ready)).refused("request-unknown")
    story.when(erased(story, FIRST, at=ready)).refused("request-unknown")
    story.given(erased(story, at=ready))


def test_acts_of_other_streams_are_a_programming_error() -> None:
    """An aggregate takes only its own acts."""
    story = open_council()
    foreign = story.signed(PersonRegistered(person="x"))
    with pytest.raises(TypeError):
        access.check(None, foreign, story.world)
    with pytest.raises(TypeError):
        access.evolve(None, foreign)
