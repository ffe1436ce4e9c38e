"""Sessions: numbers, notice, attendance, quorum (domain.md §3.3, §3.19)."""

from __future__ import annotations

import pytest

from ledger.acts.body import BodyExtinguished, BodyRulesAdopted, ConvenerRule
from ledger.acts.session import (
    AgendaEntry,
    SessionCancelled,
)
from ledger.acts.trust import PersonRegistered, SeriesOpened
from ledger.domain import session
from tests.kit.agreements import resting
from tests.kit.council import DAY, NEXT_DAY, SECRETARY, SENT, Sitting, founded, remarks, rules
from tests.kit.story import Story, say
from tests.kit.vetoes import voted

# -- convening -------------------------------------------------------------------------------------------------


def test_a_convocation_lists_its_items_and_fixes_the_day() -> None:
    """The session's rules and seats are those of the legal day that the convocation names."""
    state = Sitting().convene(2).state
    assert (state.phase, state.day.isoformat(), sorted(state.items), state.call) == ("convened", DAY, [1, 2], 1)


def test_convener_allowed_r3() -> None:
    """R3: the chair convenes; another body only where the rules entitle it to that kind, by its approved vote."""
    vote = "vote/cvd/2026/ord/1/1"
    story = founded()
    first = Sitting(story)
    story.when(first.convened(decided_by=vote)).refused("convener-not-allowed", body="cvd")
    entitled = (ConvenerRule(kinds=("ordinary",)), ConvenerRule(kinds=("extraordinary",), body="cvd"))
    adopted = BodyRulesAdopted(body="hcd", profile="IMSS_AG", rules=rules(conveners=entitled), valid_from="2026-01-10")
    story.given(adopted)
    story.when(first.convened(session_kind="extraordinary")).refused("convener-not-allowed", body="")
    story.when(first.convened(decided_by=vote)).refused("convener-not-allowed", session_kind="ordinary")
    called = first.convened(decided_by=vote, session_kind="extraordinary")
    story.when(called).refused("vote-unknown")
    voted(story, "rejected", vote)
    story.when(resting(story, called, vote)).refused("vote-not-approved")
    voted(story, "approved", vote)
    story.when(called).refused("vote-not-in-basis")
    story.when(resting(story, called, vote)).accepted()


def test_session_number_gap_refused() -> None:
    """Session 2 is not convened before session 1 exists, whatever became of session 1."""
    story = founded()
    first, second = Sitting(story), Sitting(story, number=2)
    story.when(second.convened()).refused("number-gap")
    story.given(first.convened(), SessionCancelled(**first.place))
    story.when(second.convened()).accepted()


def test_year_rollover_resets_the_sequence_of_sessions() -> None:
    """Each year and series of a body begins at 1 again."""
    story = founded()
    story.given(Sitting(story).convened())
    Sitting(story, year=2027).convene(begins_at="2027-01-27T10:00:00-06:00")
    story.at(SENT).when(Sitting(story, series="ext").convened()).accepted()


def test_a_declared_series_begins_at_its_first_number() -> None:
    """A body whose paper numbering goes on opens its series at the next number."""
    story = founded().given(SeriesOpened(body="hcd", series="session.2026.ord", first=14))
    story.when(Sitting(story, number=1).convened()).refused("number-gap")
    story.when(Sitting(story, number=14).convened()).accepted()


def test_a_session_is_convened_once() -> None:
    """A second convocation of a session that was not declared without quorum is refused."""
    sitting = Sitting().convene()
    sitting.story.at(SENT).when(sitting.convened()).refused("session-already-convened")


def test_a_session_is_of_the_year_in_which_it_is_held() -> None:
    """The year of the name is the year of the day."""
    sitting = Sitting(year=2027)
    sitting.story.when(sitting.convened()).refused("session-year")


def test_items_are_numbered_from_one_without_gaps() -> None:
    """An agenda that skips or repeats a number is refused."""
    sitting = Sitting()
    for numbers in ((2,), (1, 3), (1, 1)):
        items = tuple(AgendaEntry(item=n, item_kind="decision") for n in numbers)
        sitting.story.when(sitting.convened(items=items)).refused("item-gap")


def test_nobody_convenes_for_the_past() -> None:
    """The hour of the session is not before the convocation."""
    sitting = Sitting()
    sitting.story.when(sitting.convened(), at=NEXT_DAY).refused("back-dated")


def test_extinct_body_accepts_no_sessions() -> None:
    """B3: a body that no longer exists on the day holds no session on it."""
    story = founded().given(BodyExtinguished(body="hcd", extinct_on="2026-01-28"))
    story.when(Sitting(story).convened()).refused("body-extinct")


def test_a_body_without_rules_convenes_nothing() -> None:
    """Before the first version of its rules a body decides nothing."""
    sitting = Sitting(year=2019)
    sitting.story.at("2019-01-01T09:00:00-06:00")
    sitting.story.when(sitting.convened(begins_at="2019-02-01T10:00:00-06:00")).refused("no-rules-in-force")


def test_short_notice_is_remarked_and_never_hidden() -> None:
    """S3: fewer than the five business days of the profile leave a remark with both numbers; enough leave none."""
    story = founded()
    story.given(Sitting(story).convened())
    assert remarks(story) == []
    story.at("2026-01-23T09:00:00-06:00").given(Sitting(story, series="ext").convened())
    assert story.world.remarks == [
        ("notice-short", {"session": "session/hcd/2026/ext/1", "days": 2, "required": 5}),
    ]
    free = founded(rules(notice_business_days=None))
    free.at("2026-01-28T09:00:00-06:00").given(Sitting(free).convened())
    assert remarks(free) == []
    assert "notice" not in free.world.rules


def test_dates_out_of_order_are_remarked_and_not_refused() -> None:
    """S4: the third extraordinary session may be held before the second (FIFOMI 2024)."""
    story = founded().given(Sitting(founded()).convened())
    story.given(Sitting(story, number=2).convened(begins_at="2026-01-27T10:00:00-06:00"))
    assert remarks(story) == ["session-dates-out-of-order"]


def test_a_session_that_was_not_convened_does_nothing() -> None:
    """Every other act needs the convocation."""
    sitting = Sitting()
    sitting.story.when(sitting.roll()).refused("session-unknown")


def test_an_act_of_another_kind_is_a_programming_error() -> None:
    """The registry never sends a person's registration here."""
    story = Story()
    signed = story.signed(PersonRegistered(person="p"))
    with pytest.raises(TypeError):
        session.check(None, signed, story.world)
    sitting = Sitting()
    with pytest.raises(Exception, match="session-unknown"):
        session.evolve(None, sitting.story.signed(say(sitting.roll(), office=SECRETARY)))
