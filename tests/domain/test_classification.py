"""Public by principle: what is withheld, on which trigger, by whom it is resolved, and when it ends (T1–T5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.acts.classification import Declassified, ReservationExtended
from ledger.acts.transparency import TextPublished
from ledger.acts.trust import PersonRegistered
from ledger.acts.vote import VoteAnnulled
from ledger.domain import classification
from ledger.domain.acta import ActaState
from ledger.domain.body import BodyState
from ledger.domain.classification import add_years
from ledger.domain.classification_state import ClassificationState, Classified
from ledger.domain.states import ItemState, SessionState
from ledger.errors import RuleViolation
from ledger.ids import ZERO_HASH
from tests.kit.agreements import FIRST, LIAISON, agreement, resting
from tests.kit.council import SECRETARY
from tests.kit.openness import (
    CTD,
    REQUEST,
    by_committee,
    committee_vote,
    confidential,
    open_council,
    proposed,
    requested,
    reserved,
    resolved,
)
from tests.kit.story import Said, Story, say

ITEM = "session/hcd/2026/ord/1"
AUTHORITY: dict[str, Any] = {"by": None, "trigger": "authority-resolution", "resolution": "A-1"}


def asked() -> Story:
    """Return a story with a request for information."""
    story = open_council()
    return story.given(requested())


def place(story: Story) -> int:
    """Return the index of the adoption of 1/2026."""
    return agreement(story).adopted_index


def state_of(story: Story) -> ClassificationState:
    """Return what is classified of 1/2026."""
    state = story.state(f"classification/{place(story)}")
    assert isinstance(state, ClassificationState)
    return state


def part_of(story: Story, proposal: int = 1) -> Classified:
    """Return one proposal and what became of it."""
    return state_of(story).parts[proposal]


def opening(story: Story, *names: str, at: str | None = None) -> Said:
    """Return the opening of texts of 1/2026."""
    return say(TextPublished(index=place(story), names=names), at=at)


def extended(story: Story, until_on: str = "2032-01-28", vote: str | None = None) -> Said:
    """Return an extension of the reservation."""
    stream = vote or committee_vote(story)
    act = ReservationExtended(index=place(story), proposal=1, body=CTD, vote=stream, until_on=until_on)
    return resting(story, act, stream)


def lifted(story: Story, cause: Any, *names: str, **changes: Any) -> Said:
    """Return a declassification."""
    act = Declassified(index=place(story), proposal=1, cause=cause, names=names, **changes)
    return resting(story, act, *([act.vote] if act.vote else []))


# -- triggers (T1) -----------------------------------------------------------------------------------------------------


def test_reservation_without_trigger_refused() -> None:
    """T1: without a request for that information, an authority's resolution or a public version nothing is proposed."""
    story = asked()
    code = "classification-without-trigger"
    story.when(proposed(story, by=None)).refused(code)
    story.when(proposed(story, by="access/ctd/2026/9")).refused(code)
    story.when(proposed(story, by=FIRST)).refused(code)
    story.when(replace(proposed(story), basis={})).refused(code, by=REQUEST)
    story.when(replace(proposed(story), basis={REQUEST: ZERO_HASH})).refused(code)
    story.when(proposed(story, trigger="public-version")).refused(code)
    story.when(proposed(story, resolution="A-1")).refused(code)
    story.when(proposed(story, **(AUTHORITY | {"resolution": None}))).refused(code)
    story.when(proposed(story, **(AUTHORITY | {"by": REQUEST}))).refused(code)
    settled = replace(story.state(REQUEST), phase="resolved")  # type: ignore[call-arg]
    story.put(REQUEST, settled).when(proposed(story)).refused(code)


def test_a_request_for_personal_data_triggers_no_classification() -> None:
    """What a data subject asks for is no request for information."""
    story = open_council()
    story.given(requested("access"))
    story.when(proposed(story)).refused("classification-without-trigger")


def test_a_resolution_of_an_authority_triggers() -> None:
    """The second trigger needs no request."""
    story = open_council()
    story.given(proposed(story, **AUTHORITY))
    assert part_of(story).phase == "proposed"


# -- one item, partial (T2) --------------------------------------------------------------------------------------------


def test_blanket_classification_refused() -> None:
    """T2: parts of one object are named; all of an agreement, or of an acta, is refused."""
    story = asked()
    whole = ("title", "resolution/1", "resolution/2", "resolution/3")
    story.when(proposed(story, *whole)).refused("classification-blanket")
    story.given(proposed(story, *whole[1:]))
    story.when(proposed(story, "title", proposal=2)).refused("classification-blanket")
    acta = ActaState(1, 3, ZERO_HASH, "hcd/2026/ord/1", 1, "a" * 64, 2, imported=False, drafted_index=3)
    story.put("acta/hcd/2026/ord/1", acta)
    of_acta: dict[str, Any] = {"object": "acta/hcd/2026/ord/1", "index": 3}
    story.when(proposed(story, "block/1", "block/2", **of_acta)).refused("classification-blanket")
    story.given(proposed(story, "block/2", **of_acta))


def test_a_classification_is_of_one_object_and_its_entry() -> None:
    """The object exists, the entry is recorded and not later than it; a second proposal names the same object."""
    story = asked()
    story.when(proposed(story, object="agreement/hcd/2026/9")).refused("classification-object")
    story.when(proposed(story, index=story.size)).refused("not-yet-recorded")
    story.when(proposed(story, index=story.size - 1)).refused("classification-object")
    story.when(proposed(story, "title", "title")).refused("name-repeated")
    story.when(proposed(story, proposal=2)).refused("proposal-gap", expected=1)
    story.given(proposed(story))
    story.when(proposed(story, "title", object="agreement/hcd/2026/2", proposal=2)).refused("classification-object")
    story.when(proposed(story, "title")).refused("proposal-gap", expected=2)
    story.when(proposed(story, proposal=2)).refused("already-classified")
    story.given(proposed(story, "title", proposal=2))


def test_an_imported_agreement_is_classified_by_name() -> None:
    """Of what was imported nobody knows how many resolutivos there are; what is named is still named."""
    story = asked()
    story.put(FIRST, replace(agreement(story), resolutions=None))
    story.given(proposed(story, "text"))
    other = replace(agreement(story), adopted_index=0)
    story.put(FIRST, other)
    story.given(proposed(story, "title", index=1))


def test_the_area_proposes_for_itself() -> None:
    """An enlace speaks for his own unit, and the unit exists."""
    story = asked()
    story.when(replace(proposed(story, unit="dpes"), office=LIAISON)).refused("not-of-the-unit")
    story.when(proposed(story, unit="nada")).refused("unit-unknown")
    story.given(replace(proposed(story), office=LIAISON))


# -- grounds and terms -------------------------------------------------------------------------------------------------


def test_reservation_over_five_years_refused() -> None:
    """Five years from the day on which it begins, and no day more (LGTAIP 104); the Comité cannot give more either."""
    story = asked()
    story.when(proposed(story, until_on="2031-01-29")).refused("reservation-too-long")
    story.given(proposed(story, until_on="2031-01-28"))
    story.when(resolved(story, "modified", until_on="2031-01-29")).refused("reservation-too-long")
    assert add_years(date(2024, 2, 29), 5) == date(2029, 3, 1)


def test_a_reservation_has_cause_and_term() -> None:
    """A fraction of article 112 and a span that begins today at the latest; confidential has neither cause nor term."""
    story = asked()
    story.when(proposed(story, until_on=None)).refused("reservation-without-term")
    story.when(proposed(story, fraction=None)).refused("classification-ground")
    story.when(proposed(story, ground="secrecy")).refused("classification-ground")
    story.when(proposed(story, from_on="2026-01-29", until_on="2026-02-01")).refused("reservation-backwards")
    story.when(proposed(story, until_on="2026-01-28")).refused("reservation-backwards")
    story.when(proposed(story, until_on="2027-02-30")).refused("impossible-date")
    story.when(confidential(story, until_on="2027-01-28")).refused("confidential-has-no-term")
    story.when(confidential(story, ground=None)).refused("classification-ground")
    story.when(confidential(story, fraction="I")).refused("classification-ground")
    story.given(confidential(story))
    assert part_of(story).until_on is None


def test_human_rights_and_corruption_are_never_reserved() -> None:
    """T3: neither where the proposal says so, nor for texts that were declassified for that reason."""
    story = asked()
    story.when(proposed(story, excluded=True)).refused("classification-excluded")
    story.given(proposed(story, "title", "resolution/2"))
    story.given(resolved(story))
    story.given(lifted(story, "human-rights-corruption", "title"))
    assert (part_of(story).phase, sorted(part_of(story).names)) == ("confirmed", ["resolution/2"])
    story.when(proposed(story, "title", proposal=2)).refused("classification-excluded", name="title")
    story.given(lifted(story, "human-rights-corruption"))
    assert (part_of(story).phase, len(state_of(story).barred)) == ("declassified", 2)
    story.given(confidential(story, "title", proposal=2))


def deliberating(outcome: Any = None) -> Story:
    """Return a story in which item 2 of a session is under deliberation, and the request is there."""
    story = asked()
    session = story.state(ITEM)
    assert isinstance(session, SessionState)
    return story.put(ITEM, replace(session, items={2: ItemState("decision", outcome)}))


def test_a_deliberation_ends_with_its_decision() -> None:
    """T4: cause VIII names the item; once that is resolved nothing is withheld on it any more."""
    story = deliberating()
    eighth: dict[str, Any] = {"fraction": "VIII", "session": ITEM, "item": 2}
    story.when(proposed(story, fraction="VIII")).refused("deliberation-unnamed")
    story.when(proposed(story, session=ITEM, item=2)).refused("deliberation-unnamed")
    story.given(proposed(story, **eighth))
    story.given(resolved(story))
    story.when(opening(story, "resolution/2")).refused("text-classified")
    story.when(lifted(story, "decision-adopted")).refused("declassification-cause")
    session = story.state(ITEM)
    assert isinstance(session, SessionState)
    story.put(ITEM, replace(session, items={2: ItemState("decision", "resolved")}))
    story.when(extended(story)).refused("reservation-expired")
    story.when(proposed(story, "title", proposal=2, **eighth)).refused("decision-adopted")
    story.given(opening(story, "resolution/2"), lifted(story, "decision-adopted"))
    assert part_of(story).phase == "declassified"


def test_what_is_public_stays_public() -> None:
    """An opened text is classified no more: a later reservation closes only what was not yet published."""
    story = asked()
    story.given(opening(story, "title"))
    story.when(proposed(story, "title")).refused("already-public", name="title")
    story.given(proposed(story))


# -- the Comité --------------------------------------------------------------------------------------------------------


def test_only_the_committee_resolves_by_vote() -> None:
    """The vote is in basis, of that body, approved, and the body is a Comité de Transparencia on the session's day."""
    story = asked()
    story.when(resolved(story)).refused("proposal-unknown")
    story.given(proposed(story))
    story.when(replace(resolved(story), basis={})).refused("vote-not-in-basis")
    story.when(resolved(story, vote=FIRST)).refused("vote-unknown")
    story.when(resolved(story, vote=committee_vote(story, 2, result="rejected"))).refused("vote-not-approved")
    story.when(resolved(story, vote=committee_vote(story, 3, phase="annulled"))).refused("vote-not-approved")
    story.when(resolved(story, body="hcd")).refused("vote-of-other-body")
    of_council = committee_vote(story, 4, "hcd")
    story.when(resolved(story, vote=of_council, body="hcd")).refused("not-transparency-committee")
    del story.world.states["session/ctd/2026/ord/1"]
    vote = "vote/ctd/2026/ord/1/1"
    story.when(resolved(story, vote=vote)).refused("not-transparency-committee")
    body = story.state("body/ctd")
    assert isinstance(body, BodyState)
    story.given(resolved(story))
    story.when(resolved(story)).refused("classification-settled", phase="confirmed")


def test_the_committee_modifies_names_or_term() -> None:
    """Of what was proposed a part, or another term; confirming and revoking leave both alone."""
    story = asked()
    story.given(proposed(story, "title", "resolution/2"))
    story.when(resolved(story, "modified")).refused("modification-empty")
    story.when(resolved(story, "modified", until_on="2028-01-28")).refused("modification-empty")
    story.when(resolved(story, names=("title",))).refused("modification-empty")
    story.when(resolved(story, "revoked", until_on="2027-01-28")).refused("modification-empty")
    story.when(resolved(story, "modified", names=("grounds",))).refused("name-not-classified")
    story.given(resolved(story, "modified", names=("title",), until_on="2027-01-28"))
    assert (sorted(part_of(story).names), str(part_of(story).until_on)) == (["title"], "2027-01-28")
    story.given(opening(story, "resolution/2"))


def test_a_confidential_text_gets_no_term_by_modification() -> None:
    """The Comité may leave less confidential, never until a day."""
    story = asked()
    story.given(confidential(story, "title", "resolution/2"))
    story.when(resolved(story, "modified", until_on="2027-01-28")).refused("confidential-has-no-term")
    story.given(resolved(story, "modified", names=("title",)))
    assert (sorted(part_of(story).names), part_of(story).until_on) == (["title"], None)


def test_a_revoked_proposal_withholds_nothing() -> None:
    """What the Comité does not confirm is public by principle, and may be proposed again."""
    story = asked()
    story.given(proposed(story))
    story.when(opening(story, "resolution/2")).refused("text-classified")
    story.given(resolved(story, "revoked"))
    story.given(proposed(story, proposal=2), resolved(story, "revoked", proposal=2), opening(story))


# -- its end -----------------------------------------------------------------------------------------------------------


def test_reserved_text_is_not_published_while_in_force() -> None:
    """One name, or all at once: what is reserved stays closed; the rest opens; after the term all of it does (T5)."""
    story = reserved()
    story.when(opening(story, "resolution/2")).refused("text-classified", name="resolution/2", until_on="2028-01-28")
    story.when(opening(story)).refused("text-classified", character="reserved")
    story.given(opening(story, "title"))
    story.when(opening(story, at="2028-01-27T23:59:59-06:00")).refused("text-classified")
    story.given(opening(story, "resolution/2", at="2028-01-28T00:00:00-06:00"))


def test_confidential_text_stays_closed() -> None:
    """It has no term: after any time it is refused."""
    story = asked()
    story.given(confidential(story), resolved(story))
    story.when(opening(story, "resolution/2", at="2090-01-01T00:00:00-06:00")).refused("text-classified", until_on="")


def test_a_reservation_is_extended_once_and_by_the_committee() -> None:
    """Before it ends, by at most five years more, by vote (LGTAIP 104)."""
    story = reserved()
    story.when(extended(story, "2033-01-29")).refused("reservation-too-long")
    story.when(replace(extended(story), basis={})).refused("vote-not-in-basis")
    late = replace(extended(story), at="2028-01-28T09:00:00-06:00")
    story.when(late).refused("reservation-expired")
    story.given(extended(story, "2033-01-28"))
    story.when(extended(story)).refused("already-extended")
    assert str(part_of(story).until_on) == "2033-01-28"


def test_only_a_reservation_is_extended() -> None:
    """Neither a proposal nor what is confidential has a term to extend."""
    story = asked()
    story.given(proposed(story))
    story.when(extended(story)).refused("not-reserved")
    story.when(lifted(story, "cause-ceased")).refused("not-reserved")
    story.given(resolved(story, "revoked"), confidential(story, proposal=2), resolved(story, proposal=2))
    vote = committee_vote(story)
    act = ReservationExtended(index=place(story), proposal=2, body=CTD, vote=vote, until_on="2027-01-28")
    story.when(by_committee(story, act, vote)).refused("not-reserved")


def test_declassification_has_its_cause() -> None:
    """T5: expired only after the term; by order with its number; by the Comité with its vote; because it ceased."""
    story = reserved("title", "resolution/2")
    story.when(lifted(story, "expired")).refused("reservation-not-expired")
    story.when(lifted(story, "order")).refused("declassification-cause")
    story.when(lifted(story, "committee")).refused("committee-vote-missing")
    story.when(lifted(story, "cause-ceased", "grounds")).refused("name-not-classified")
    story.given(lifted(story, "cause-ceased", "title"))
    story.given(opening(story, "title"))
    story.given(lifted(story, "committee", body=CTD, vote=committee_vote(story)))
    assert part_of(story).phase == "declassified"
    story.when(lifted(story, "order", resolution="A-2")).refused("not-reserved")
    other = reserved()
    other.given(lifted(other, "order", resolution="A-2"))
    third = reserved()
    third.given(replace(lifted(third, "expired"), at="2028-01-28T00:00:00-06:00"))


def test_acts_that_demand_texts_say_so() -> None:
    """A reservation carries the three parts of the harm test, an extension its own, a ceased cause its reason."""
    story = asked()
    harm = {"harm/risk", "harm/balance", "harm/proportionality"}
    assert set(proposed(story).act.sealed_required()) == {"description", *harm}
    assert set(confidential(story).act.sealed_required()) == {"description"}
    assert set(extended(story).act.sealed_required()) == harm
    assert set(lifted(story, "cause-ceased").act.sealed_required()) == {"reason"}
    assert not set(lifted(story, "expired").act.sealed_required())


def test_acts_of_other_streams_are_a_programming_error() -> None:
    """An aggregate takes only its own acts, and no later act makes a classification."""
    story = asked()
    foreign = story.signed(say(PersonRegistered(person="x"), office=SECRETARY))
    with pytest.raises(TypeError):
        classification.check(None, foreign, story.world)
    with pytest.raises(TypeError):
        classification.evolve(None, story.signed(VoteAnnulled(body="hcd", year=2026, series="ord", session=1, vote=1)))
    with pytest.raises(RuleViolation):
        classification.evolve(None, story.signed(lifted(story, "expired")))
