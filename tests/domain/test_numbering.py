"""Numbers without gaps, and series that do not begin at 1 (format.md §3; A2)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger.acts.body import BodyRegistered
from ledger.acts.trust import PersonRegistered, SeriesOpened
from ledger.domain import series
from ledger.domain.rules.numbering import check_predecessor, check_unused, series_stream
from ledger.domain.world import State
from ledger.errors import RuleViolation
from tests.kit.story import Story, say


def council() -> Story:
    """Return a story with a registered council."""
    return Story().given(BodyRegistered(body="hcd", body_kind="council"))


def opened(name: str, first: int) -> SeriesOpened:
    """Return the opening of a series of the council."""
    return SeriesOpened(body="hcd", series=name, first=first)


def used(story: Story, stream: str) -> Story:
    """Place an act, whatever it is, in the stream."""
    return story.put(stream, State(1, 5, "0" * 64))


def next_refused(story: Story, stream: str) -> bool:
    """Tell whether the number that ends the stream's name is refused as not the next."""
    try:
        check_predecessor(story.world, stream, series_stream(stream))
    except RuleViolation as refusal:
        if refusal.code != "number-gap":
            raise
        return True
    return False


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        ("agreement/hcd/2026/19", "series/hcd/agreement.2026"),
        ("session/hcd/2026/ord/3", "series/hcd/session.2026.ord"),
        ("certification/hcd/2026/7", "series/hcd/certification.2026"),
    ],
)
def test_the_series_of_a_stream(stream: str, expected: str) -> None:
    """A series is named by kind, year and what else stands between body and number."""
    assert series_stream(stream) == expected


def test_a_series_begins_at_one_and_leaves_no_gap() -> None:
    """Number 1 needs nothing, every other one its predecessor, whatever became of it."""
    story = council()
    assert not next_refused(story, "agreement/hcd/2026/1")
    assert next_refused(story, "agreement/hcd/2026/2")
    used(story, "agreement/hcd/2026/1")
    assert not next_refused(story, "agreement/hcd/2026/2")
    assert next_refused(story, "agreement/hcd/2026/3")


def test_the_year_rolls_over() -> None:
    """The last number of a year is no predecessor of the next year's: it begins at 1 again."""
    story = used(council(), "agreement/hcd/2025/218")
    assert not next_refused(story, "agreement/hcd/2026/1")
    assert next_refused(story, "agreement/hcd/2026/219")


def test_a_series_may_begin_elsewhere_when_declared() -> None:
    """SeriesOpened says the first number; neither 1 nor any other number may then come first."""
    story = council().given(opened("agreement.2026", 176))
    assert next_refused(story, "agreement/hcd/2026/1")
    assert next_refused(story, "agreement/hcd/2026/175")
    assert next_refused(story, "agreement/hcd/2026/177")
    assert not next_refused(story, "agreement/hcd/2026/176")
    used(story, "agreement/hcd/2026/176")
    assert not next_refused(story, "agreement/hcd/2026/177")
    assert next_refused(story, "agreement/hcd/2027/176")


def test_streams_without_series_always_begin_at_one() -> None:
    """Votes within a session cannot be declared to begin elsewhere."""
    story = council()
    check_predecessor(story.world, "vote/hcd/2026/ord/3/1")
    with pytest.raises(RuleViolation, match="number-gap"):
        check_predecessor(story.world, "vote/hcd/2026/ord/3/2")


def test_a_series_is_opened_once_and_before_its_first_number() -> None:
    """After number 1, or a second time, the declaration would open a gap."""
    story = council().given(opened("session.2026.ord", 5))
    story.when(opened("session.2026.ord", 6)).refused("series-already-open", first=5)
    used(story, "agreement/hcd/2026/1").when(opened("agreement.2026", 10)).refused("series-begun")


@pytest.mark.parametrize("name", ["agreement", "agreement.26", "vote.2026.ord", "session.2026", "acta.2026"])
def test_only_known_series_are_opened(name: str) -> None:
    """A name that no numbered stream belongs to is refused."""
    council().when(opened(name, 5)).refused("series-unknown")


def test_a_series_needs_its_body() -> None:
    """No series of a body that is not there."""
    Story().when(opened("agreement.2026", 5)).refused("body-unknown")


def test_an_act_of_another_kind_is_a_programming_error() -> None:
    """Only acts of series come here."""
    stray = Story().signed(say(PersonRegistered(person="p1")))
    with pytest.raises(TypeError, match="PersonRegistered"):
        series.check(None, stray, Story().world)


def test_a_void_act_uses_its_number_up() -> None:
    """It leaves no state; the next number is no gap, and another act in its stream is refused."""
    story = council()
    story.world.voids.add("agreement/hcd/2026/1")
    assert not next_refused(story, "agreement/hcd/2026/2")
    assert next_refused(story, "agreement/hcd/2026/3")
    story.put("agreement/hcd/2026/2", State(1, 5, "0" * 64))
    again = story.signed(opened("agreement.2026", 1))
    check_unused(again)
    with pytest.raises(RuleViolation, match="number-used"):
        check_unused(replace(again, statement=again.statement._replace(version=2)))
