"""Calendars of sessions: approved, rescheduled inside the window, closed without silent misses (domain.md §3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.body import BodyRegistered
from ledger.acts.calendar import (
    CalendarApproved,
    CalendarClosed,
    CalendarEntry,
    CalendarEntrySettled,
    CalendarSessionRescheduled,
)
from ledger.acts.session import QuorumNotReached, SessionCancelled
from ledger.domain import calendar
from ledger.domain.calendar import CalendarState
from ledger.errors import RuleViolation
from ledger.profiles import holidays
from tests.kit.council import Sitting, founded, rules
from tests.kit.story import Said, Story, say

if TYPE_CHECKING:
    from ledger.domain.calendar import Outcome

VOTE = "vote/hcd/2026/ord/1/1"
PLACE: dict[str, Any] = {"body": "hcd", "year": 2026}
DAYS = ("2026-01-28", "2026-02-25", "2026-03-25")


def approved(story: Story, *days: str, vote: str = VOTE, **changes: Any) -> Said:
    """Return the approval of a calendar of ordinary sessions, resting on a vote."""
    entries = tuple(CalendarEntry(entry=n, series="ord", session=n, day=day) for n, day in enumerate(days or DAYS, 1))
    made: dict[str, Any] = PLACE | {"entries": entries, "vote": vote}
    return say(CalendarApproved(**(made | changes)), basis={vote: story.state(vote).statement})


def voted(sitting: Sitting) -> Story:
    """Hold a session in which the council approves something, and close it."""
    sitting.recorded(12).story.given(sitting.declared(12, 0, 0, "approved"), sitting.concluded())
    return sitting.story.given(sitting.concluded(2, "deferred"), sitting.concluded(3, "deferred"), sitting.closed(1))


def council(**changes: Any) -> Story:
    """Return the story of a council that held its first session, and follows the calendar of holidays."""
    follows = {"holiday_calendar": "mx-federal", "reschedule_window": {"at_least": 5, "at_most": 15}}
    story = founded(rules(**(follows | changes))).given(holidays.edition("mx-federal", 2026, 2026))
    return voted(Sitting(story))


def planned(**changes: Any) -> Story:
    """Return the council's story with its calendar approved."""
    story = council(**changes)
    return story.given(approved(story))


def moved(entry: int, day: str) -> CalendarSessionRescheduled:
    """Return a rescheduling."""
    return CalendarSessionRescheduled(**PLACE, entry=entry, day=day)


def settled(entry: int, outcome: Any = "cancelled") -> CalendarEntrySettled:
    """Return a settlement."""
    return CalendarEntrySettled(**PLACE, entry=entry, outcome=outcome)


def closed(held: int, not_held: int = 0, cancelled: int = 0) -> CalendarClosed:
    """Return the close of the year."""
    return CalendarClosed(**PLACE, held=held, not_held=not_held, cancelled=cancelled)


def outcomes(story: Story) -> list[Outcome]:
    """Return how each entry ended."""
    state = story.state("calendar/hcd/2026")
    assert isinstance(state, CalendarState)
    return [calendar.outcome_of(state, entry, story.world) for entry in state.entries.values()]


# -- C1 --------------------------------------------------------------------------------------------------------


def test_calendar_approved_in_the_first_ordinary_session_c1() -> None:
    """By a vote of session 1 of the year it is approved and nothing is remarked."""
    story = planned()
    assert outcomes(story) == ["held", "open", "open"]
    assert not [code for code, _ in story.world.remarks if code.startswith("calendar")]
    story.when(approved(story)).refused("calendar-approved")


def test_calendar_approved_later_is_remarked_c1() -> None:
    """A vote of the second session approves it too, and the remark is told."""
    story = council()
    second = Sitting(story, number=2)
    begins = "2026-02-25T10:00:00-06:00"
    second.convene(begins_at=begins).story.given(second.roll(), second.quorum(), second.opened(), second.taken_up())
    story.given(second.vote_opened()).given(second.roll_call(12)).given(second.declared(12, 0, 0, "approved"))
    story.given(approved(story, vote="vote/hcd/2026/ord/2/1"))
    assert "calendar-not-in-first-session" in [code for code, _ in story.world.remarks]


def test_a_session_planned_for_a_holiday_is_remarked() -> None:
    """2 February 2026 is a statutory day of rest, 28 February a Saturday."""
    story = council()
    story.given(approved(story, "2026-01-28", "2026-02-02", "2026-02-28"))
    told = [params["day"] for code, params in story.world.remarks if code == "calendar-on-holiday"]
    assert told == ["2026-02-02", "2026-02-28"]


def test_unfit_calendars_are_refused() -> None:
    """Without an approved vote in its basis, of another year, numbered with gaps, with a session twice."""
    story = council()
    story.when(say(approved(story).act, basis={})).refused("vote-not-in-basis")
    story.when(approved(story, "2027-01-28")).refused("calendar-year", day="2027-01-28")
    story.when(approved(story, "2026-02-30")).refused("impossible-date")
    gap = (CalendarEntry(entry=2, series="ord", session=1, day=DAYS[0]),)
    story.when(approved(story, entries=gap)).refused("entry-gap", expected=1)
    twice = tuple(CalendarEntry(entry=n, series="ord", session=1, day=DAYS[0]) for n in (1, 2))
    story.when(approved(story, entries=twice)).refused("entry-repeated", entry=2)
    story.when(say(CalendarApproved(**PLACE, entries=gap, vote="session/hcd/2026/ord/1"))).refused("vote-unknown")


# -- C2 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "days"),
    [("2026-03-03", 4), ("2026-03-04", 5), ("2026-03-19", 15), ("2026-03-20", 16), ("2026-02-17", -6)],
)
def test_reschedule_inside_the_window_c2(day: str, days: int) -> None:
    """Five to fifteen business days after the day planned (16 March is a holiday), neither less, more nor before."""
    attempt = planned().when(moved(2, day))
    if 5 <= days <= 15:
        attempt.accepted()
    else:
        attempt.refused("outside-window", days=days)


def test_without_a_window_any_other_day_of_the_year_will_do() -> None:
    """The first day planned stays known; the same day is no change, and another year is none of the calendar's."""
    story = planned(reschedule_window=None)
    story.when(moved(2, "2026-02-25")).refused("entry-unchanged")
    story.when(moved(2, "2027-02-25")).refused("calendar-year")
    story.when(moved(9, "2026-02-26")).refused("entry-unknown")
    story.when(moved(1, "2026-02-26")).refused("entry-settled", outcome="held")
    story.given(moved(2, "2026-02-18"))
    state = story.state("calendar/hcd/2026")
    assert isinstance(state, CalendarState)
    assert (str(state.entries[2].day), str(state.entries[2].first_day)) == ("2026-02-18", "2026-02-25")


# -- C3 --------------------------------------------------------------------------------------------------------


def test_no_silent_misses_c3() -> None:
    """A year closes only where each entry was held, not held or cancelled, and its sums are those."""
    story = planned()
    story.when(closed(1)).refused("entry-open", entry=2)
    second = Sitting(story, number=2)
    second.convene(begins_at="2026-02-25T10:00:00-06:00")
    assert outcomes(story) == ["held", "open", "open"]
    story.when(settled(2)).refused("entry-convened")
    story.given(QuorumNotReached(**second.place, present=0, base=12, required=7))
    story.when(settled(2)).refused("entry-settled", outcome="not-held")
    story.when(settled(3, "not-held")).refused("entry-not-due")
    story.given(settled(3)).when(settled(3)).refused("entry-settled", outcome="cancelled")
    assert outcomes(story) == ["held", "not-held", "cancelled"]
    story.when(closed(2, 1)).refused("calendar-counts", held=1, not_held=1)
    story.given(closed(1, 1, 1)).when(moved(3, "2026-04-01")).refused("calendar-closed")


def test_a_session_that_was_cancelled_or_passed_over_is_told_so_c3() -> None:
    """Its own cancellation says it; what was never convened is settled as not held once its day has come."""
    story = planned()
    second = Sitting(story, number=2)
    second.convene(begins_at="2026-02-25T10:00:00-06:00").story.given(SessionCancelled(**second.place))
    story.at("2026-03-26T09:00:00-06:00").given(settled(3, "not-held"))
    assert outcomes(story) == ["held", "cancelled", "not-held"]
    story.when(closed(1, 1, 1)).accepted()


def test_calendars_have_an_order() -> None:
    """Nothing before the approval, nothing back-dated, nothing of another kind."""
    story = council()
    story.when(moved(1, "2026-02-26")).refused("calendar-unknown")
    story.given(approved(story))
    story.when(settled(3), at="2026-01-28T10:00:00-06:00").refused("back-dated")
    act = story.when(BodyRegistered(body="x", body_kind="council"))
    with pytest.raises(TypeError, match="BodyRegistered"):
        calendar.check(None, act.signed, story.world)
    with pytest.raises(RuleViolation, match="calendar-unknown"):
        calendar.evolve(None, story.when(moved(1, "2026-02-26")).signed)
