"""How many ordinary sessions a year has at least (domain.md §2.2 R1; LFEP 20, RLFEP 18.I)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger import profiles
from ledger.acts.calendar import CalendarEntry
from ledger.acts.session import SessionCancelled
from ledger.acts.trust import SeriesOpened
from tests.domain.test_calendar import DAYS, approved, closed, council, planned, settled
from tests.kit.council import Sitting, founded, rules

if TYPE_CHECKING:
    from tests.kit.story import Story

SHORT: dict[str, Any] = {"min_ordinary_per_year": 4, "few_ordinary": "REMARK"}


def told(story: Story, code: str) -> list[dict[str, Any]]:
    """Return the parameters of the remarks of a code."""
    return [params for found, params in story.world.remarks if found == code]


@pytest.mark.parametrize(("name", "least", "flag"), [("LFEP_BOARD", 4, "REFUSE"), ("IMSS_HCT", 4, "REMARK")])
def test_r1_boards_meet_four_times_a_year(name: str, least: int, flag: str) -> None:
    """Four ordinary sessions a year; a calendar of fewer is refused to a board and told of the council."""
    shipped = profiles.load(name)
    assert (shipped.min_ordinary_per_year, shipped.few_ordinary) == (least, flag)


def test_r1_a_calendar_with_fewer_ordinary_sessions_is_refused() -> None:
    """Three where four are asked for are not approved; extraordinary ones do not count, a fourth ordinary one does."""
    story = council(min_ordinary_per_year=4, few_ordinary="REFUSE")
    story.when(approved(story)).refused("ordinary-too-few", planned=3, required=4)
    entries = [CalendarEntry(entry=n, series="ord", session=n, day=day) for n, day in enumerate(DAYS, 1)]
    fourth: dict[str, Any] = {"entry": 4, "day": "2026-04-29"}
    extra = CalendarEntry(**fourth, series="ext", session=1)
    story.when(approved(story, entries=(*entries, extra))).refused("ordinary-too-few", planned=3)
    ordinary = CalendarEntry(**fourth, series="ord", session=4)
    story.when(approved(story, entries=(*entries, ordinary))).accepted()


def test_r1_a_calendar_with_fewer_ordinary_sessions_is_remarked() -> None:
    """Where the profile only wants it told, it is approved and told; where no law says a number, neither."""
    story = planned(**SHORT)
    assert [(each["planned"], each["required"]) for each in told(story, "ordinary-too-few")] == [(3, 4)]
    assert not told(planned(min_ordinary_per_year=None), "ordinary-too-few")


def test_r1_what_a_year_fell_short_of_is_told_when_it_closes() -> None:
    """One session held of two asked for: the calendar closes all the same and says so; with enough it says nothing."""
    for required, short in ((2, True), (1, False), (None, False)):
        story = planned(min_ordinary_per_year=required, few_ordinary="REMARK")
        story.given(settled(2), settled(3), closed(1, 0, 2))
        found = told(story, "ordinary-shortfall")
        assert [(each["held"], each["required"]) for each in found] == ([(1, 2)] if short else [])


def test_r1_ordinary_sessions_that_were_not_planned_count_as_well() -> None:
    """The year is judged by what was held, not by what the calendar named; a cancelled session is none."""
    story = council(min_ordinary_per_year=2, few_ordinary="REMARK")
    story.given(approved(story, DAYS[0]))
    second = Sitting(story, number=2)
    begins = "2026-02-25T10:00:00-06:00"
    second.convene(begins_at=begins).story.given(second.roll(), second.quorum(), second.opened())
    for item in (1, 2, 3):
        story.given(second.concluded(item, "deferred"))
    story.given(second.closed()).given(closed(1))
    assert not told(story, "ordinary-shortfall")


def test_r1_a_year_that_began_on_paper_is_not_judged() -> None:
    """Sessions before the ledger are no secret of it: how many there were it does not know, and says that."""
    story = founded(rules(**SHORT, holiday_calendar=None))
    story.given(SeriesOpened(body="hcd", series="session.2026.ord", first=5))
    fifth = Sitting(story, number=5)
    fifth.recorded(12).story.given(fifth.declared(12, 0, 0, "approved"), fifth.concluded())
    for item in (2, 3):
        story.given(fifth.concluded(item, "deferred"))
    story.given(fifth.closed(1))
    entry = (CalendarEntry(entry=1, series="ord", session=5, day=DAYS[0]),)
    story.given(approved(story, entries=entry, vote="vote/hcd/2026/ord/5/1"), closed(1))
    assert not told(story, "ordinary-shortfall")
    assert "ordinary-minimum" in story.world.lacking


def test_r1_sessions_that_were_not_held_do_not_count() -> None:
    """A cancelled session is none, nor is a number that a void act used up."""
    story = planned(min_ordinary_per_year=2, few_ordinary="REMARK")
    second = Sitting(story, number=2).convene(begins_at="2026-02-25T10:00:00-06:00")
    story.given(SessionCancelled(**second.place), settled(3))
    story.world.voids.add("session/hcd/2026/ord/3")
    story.given(closed(1, 0, 2))
    assert [each["held"] for each in told(story, "ordinary-shortfall")] == [1]
