"""Asuntos and dictámenes: taken in, returned, accepted, judged by a committee, listed (domain.md §1 A4, A12, §3.4)."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from ledger.acts.asunto import AsuntoListed, AsuntoReviewed, AsuntoSubmitted, AsuntoWithdrawn, DictamenIssued
from ledger.acts.body import BodyRegistered, Seat, SeatsDefined
from ledger.acts.session import AgendaEntry, SessionCancelled
from ledger.acts.trust import PersonRegistered
from ledger.acts.unit import UnitCreated
from ledger.domain import asunto, dictamen
from ledger.domain.asunto_state import AsuntoState
from ledger.errors import RuleViolation
from tests.kit.council import SECRETARY, Sitting, designated, founded
from tests.kit.story import Said, Story, say

FIRST: dict[str, Any] = {"body": "hcd", "year": 2026, "number": 1}
STREAM = "asunto/hcd/2026/1"
SESSION = "session/hcd/2026/ord/1"
VOTE = "vote/hcd/2026/ord/1/1"
DICTAMEN = "dictamen/hcd/2026/1"
NEXT = "2026-02-25T10:00:00-06:00"


def submitted(**changes: Any) -> AsuntoSubmitted:
    """Return an asunto of the unit `dir`."""
    made: dict[str, Any] = {
        "round": 1,
        "unit": "dir",
        "item_kind": "decision",
        "oficio": "09 52 17 61 4A00/12",
        "oficio_on": "2026-01-10",
        "grounds": ("LSS 264 XVII", "LSS 40 C"),
    }
    return AsuntoSubmitted(**(FIRST | made | changes))


def reviewed(outcome: Any = "accepted", *missing: Any) -> AsuntoReviewed:
    """Return a review."""
    return AsuntoReviewed(**FIRST, outcome=outcome, missing=missing)


def listed(*dictamens: str, item: int = 1, session: str = SESSION) -> AsuntoListed:
    """Return a listing."""
    return AsuntoListed(**FIRST, session=session, item=item, dictamens=dictamens)


def issued(story: Story, number: int = 1, sense: Any = "favourable", **changes: Any) -> Said:
    """Return a dictamen by the vote of session 1."""
    made: dict[str, Any] = {"vote": VOTE, "asunto": STREAM, "sense": sense}
    act = DictamenIssued(**(FIRST | {"number": number} | made | changes))
    return say(act, basis={VOTE: story.state(VOTE).statement} if VOTE in story.world.states else {})


def taken_in(**changes: Any) -> Story:
    """Return a story with the council, a unit and its asunto accepted."""
    story = council().given(submitted(**changes))
    return story.given(reviewed())


def council() -> Story:
    """Return the council with the unit `dir`."""
    return founded().given(UnitCreated(unit="dir", code="DIR", effective_on="2020-01-01"))


def phase(story: Story) -> str:
    """Return the asunto's phase."""
    state = story.state(STREAM)
    assert isinstance(state, AsuntoState)
    return state.phase


# -- taken in --------------------------------------------------------------------------------------------------


def test_an_asunto_is_returned_and_brought_again() -> None:
    """What lacks something is returned saying what; the next round is reviewed anew (A4)."""
    story = council().given(submitted(grounds=()))
    story.when(reviewed()).refused("asunto-incomplete")
    story.when(reviewed("returned")).refused("nothing-missing")
    story.when(reviewed("accepted", "annex")).refused("asunto-incomplete")
    story.given(reviewed("returned", "grounds", "annex"))
    story.when(reviewed()).refused("asunto-phase", phase="returned")
    story.when(submitted()).refused("round-gap", expected=2)
    story.given(submitted(round=2)).given(reviewed())
    assert phase(story) == "accepted"
    story.when(submitted(round=3)).refused("asunto-phase", phase="accepted")


def test_returning_needs_a_reason() -> None:
    """The sealed reason is required where it is returned, and only there."""
    assert list(reviewed("returned", "oficio").sealed_required()) == ["reason"]
    assert not list(reviewed().sealed_required())


def test_an_asunto_comes_through_a_unit_that_exists() -> None:
    """By oficio of a day that has come, numbered without gaps, of a known committee if any."""
    story = council()
    story.when(submitted(number=2)).refused("number-gap")
    story.when(submitted(unit="dpm")).refused("unit-unknown")
    story.when(submitted(oficio_on="2026-01-15")).refused("oficio-in-future")
    story.when(submitted(dictamen_of="cpd")).refused("body-unknown")
    story.when(submitted(body="otro")).refused("body-unknown")
    story.when(submitted()).accepted()


def test_a_liaison_speaks_for_his_own_unit() -> None:
    """The enlace of another unit brings nothing in its name, and takes nothing back."""
    story = council().given(UnitCreated(unit="df", code="DF", effective_on="2020-01-01"))
    seats = tuple(Seat(seat=unit, sector="ninguno", role="liaison", voting=False) for unit in ("dir", "df"))
    story.given(SeatsDefined(body="hcd", seats=seats, valid_from="2020-01-01"))
    story.given(*(PersonRegistered(person=f"{unit}.1") for unit in ("dir", "df")), designated("dir"), designated("df"))
    other, own = "designation/hcd/df/1", "designation/hcd/dir/1"
    story.when(say(submitted(), office=other)).refused("not-of-the-unit")
    story.given(say(submitted(), office=own))
    story.when(say(AsuntoWithdrawn(**FIRST), office=other)).refused("not-of-the-unit")
    story.when(say(AsuntoWithdrawn(**FIRST), office=own)).accepted()


# -- listed ----------------------------------------------------------------------------------------------------


def test_an_accepted_asunto_is_listed_under_an_item() -> None:
    """Only an accepted one, under an item of its kind in a session of its own body that is not over."""
    story = council().given(submitted())
    sitting = Sitting(story)
    story.when(listed()).refused("asunto-phase")
    story.given(reviewed()).when(listed()).refused("session-unknown")
    items = (AgendaEntry(item=1, item_kind="decision"), AgendaEntry(item=2, item_kind="information"))
    story.given(sitting.convened(items=items))
    story.when(listed(item=2)).refused("item-kind")
    story.when(listed(item=3)).refused("item-unknown")
    story.when(listed(session="vote/hcd/2026/ord/1/1")).refused("session-unknown")
    story.given(listed()).when(listed()).refused("asunto-phase", phase="listed")


def test_an_asunto_of_another_body_is_not_listed() -> None:
    """Its own body decides on it."""
    story = taken_in()
    sitting = Sitting(story)
    story.given(sitting.convened())
    state = story.state(STREAM)
    assert isinstance(state, AsuntoState)
    story.world.states[STREAM] = dataclasses.replace(state, body="otro")
    story.when(listed()).refused("session-of-other-body")


def test_what_was_put_off_is_listed_again() -> None:
    """Deferred in one session, it stands in the next; what was resolved does not, nor is it withdrawn."""
    story = taken_in()
    sitting = Sitting(story).open()
    story.given(listed(), sitting.concluded(1, "deferred"), sitting.concluded(2, "deferred"))
    story.given(sitting.concluded(3, "deferred"), sitting.closed())
    second = Sitting(story, number=2)
    story.given(second.convened(begins_at=NEXT))
    again = listed(session="session/hcd/2026/ord/2")
    story.given(again).at(NEXT).given(second.roll(), second.quorum(), second.opened(), second.taken_up())
    story.given(second.vote_opened()).given(second.roll_call(12), second.declared(12, 0, 0, "approved"))
    story.given(second.concluded())
    story.when(listed(session="session/hcd/2026/ord/2", item=2)).refused("asunto-phase")
    story.when(AsuntoWithdrawn(**FIRST)).refused("asunto-phase")


def test_what_a_cancelled_session_listed_is_listed_again() -> None:
    """The session under which it stood was not held."""
    story = taken_in()
    sitting = Sitting(story)
    story.given(sitting.convened(), listed(), SessionCancelled(**sitting.place))
    story.given(Sitting(story, number=2).convened(begins_at=NEXT))
    story.when(listed(session="session/hcd/2026/ord/2")).accepted()


def test_an_asunto_is_withdrawn_once_before_it_is_resolved() -> None:
    """Listed and pending it can be, withdrawn already it cannot."""
    story = taken_in()
    story.given(Sitting(story).convened(), listed(), AsuntoWithdrawn(**FIRST))
    assert phase(story) == "withdrawn"
    story.when(AsuntoWithdrawn(**FIRST)).refused("asunto-phase")


# -- dictámenes ------------------------------------------------------------------------------------------------


def opined(sense: Any = "favourable", **changes: Any) -> Story:
    """Return a story in which the body, as its own committee, gave a dictamen on the asunto."""
    story = taken_in(**({"dictamen_of": "hcd"} | changes))
    sitting = Sitting(story).recorded(12)
    story.given(sitting.declared(12, 0, 0, "approved"), sitting.concluded(1))
    story.given(sitting.concluded(2, "deferred"), sitting.concluded(3, "deferred"), sitting.closed(1))
    story.given(issued(story, sense=sense))
    return story.given(Sitting(story, number=2).convened(begins_at=NEXT))


def on_second(story: Story, *dictamens: str) -> Said:
    """Return the listing in session 2, resting on its dictámenes."""
    basis = {name: story.state(name).statement for name in dictamens if name in story.world.states}
    return say(listed(*dictamens, session="session/hcd/2026/ord/2"), basis=basis, office=SECRETARY)


def test_an_asunto_needs_the_dictamen_of_its_committee() -> None:
    """Not listed without it, nor with one on something else or outside of the basis (A12)."""
    story = opined()
    story.when(on_second(story)).refused("dictamen-missing", committee="hcd")
    story.when(on_second(story, "dictamen/hcd/2026/2")).refused("dictamen-unknown")
    story.when(on_second(story, SESSION)).refused("dictamen-unknown")
    story.when(listed(DICTAMEN, session="session/hcd/2026/ord/2")).refused("dictamen-not-in-basis")
    story.given(on_second(story, DICTAMEN))
    assert not [code for code, _ in story.world.remarks if code.startswith("dictamen")]


@pytest.mark.parametrize("sense", ["unfavourable", "conditioned"])
def test_a_dictamen_that_is_not_favourable_is_told(sense: str) -> None:
    """The council may decide all the same; the remark stays."""
    story = opined(sense)
    story.given(on_second(story, DICTAMEN))
    assert ("dictamen-not-favourable", {"dictamen": DICTAMEN, "sense": sense}) in story.world.remarks


def test_a_conditioned_dictamen_says_its_conditions() -> None:
    """They are sealed beside the document."""
    act = DictamenIssued(**FIRST, vote=VOTE, asunto=STREAM, sense="conditioned")
    assert list(act.sealed_required()) == ["document", "conditions"]


def test_a_dictamen_rests_on_a_vote_of_its_committee() -> None:
    """Issued once, numbered without gaps, on an asunto that is open, by an approved vote in its basis."""
    story = opined()
    story.when(issued(story)).refused("dictamen-issued")
    story.when(issued(story, 3)).refused("number-gap")
    story.when(issued(story, 2, asunto="asunto/hcd/2026/9")).refused("asunto-unknown")
    story.when(issued(story, 2, asunto=VOTE)).refused("asunto-unknown")
    story.when(issued(story, 2, vote="vote/hcd/2026/ord/1/9")).refused("vote-unknown")
    story.when(issued(story, 1, body="otro")).refused("vote-of-other-body")
    story.given(AsuntoWithdrawn(**FIRST)).when(issued(story, 2)).refused("asunto-phase", phase="withdrawn")


def test_the_aggregates_take_only_their_own_acts() -> None:
    """An act of another kind is a programming error; an act on no asunto is refused."""
    story = council()
    other = story.when(BodyRegistered(body="x", body_kind="council")).signed
    for module in (asunto, dictamen):
        with pytest.raises(TypeError, match="BodyRegistered"):
            module.check(None, other, story.world)
    story.when(reviewed()).refused("asunto-unknown")
    with pytest.raises(RuleViolation, match="asunto-unknown"):
        asunto.evolve(None, story.when(reviewed()).signed)
