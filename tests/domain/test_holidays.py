"""Calendars of holidays: statutory days as data, editions as acts, terms counted on them (LFT 74; domain.md §3.14)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger import profiles
from ledger.acts.body import BodyRegistered
from ledger.acts.calendar import Holiday, HolidaysAdopted
from ledger.domain import holidays as domain
from ledger.domain.holidays import HolidaysState, business_deadline, holidays_for
from ledger.domain.world import Signed
from ledger.profiles import holidays as data
from tests.kit.council import rules
from tests.kit.story import Story

HOLY_WEEK = ("2026-04-02", "2026-04-03")


def edition(first: str, last: str, *days: str, number: int = 1) -> HolidaysAdopted:
    """Return an edition of a calendar with some declared days."""
    told = data.declared(days, "AC-1/2026")
    return HolidaysAdopted(calendar="mx-federal", edition=number, covers_from=first, covers_until=last, days=told)


def adopted() -> Story:
    """Return a story with 2026 as the law has it, on 1 March of that year."""
    return Story("2026-03-01T09:00:00-06:00").given(data.edition("mx-federal", 2026, 2026))


def days_of(story: Story) -> frozenset[date]:
    """Return the calendar's holidays."""
    state = story.state("holidays/mx-federal")
    assert isinstance(state, HolidaysState)
    return state.days


# -- the data --------------------------------------------------------------------------------------------------


def test_statutory_days_of_a_year() -> None:
    """LFT art. 74 in 2026: three of its days are Mondays, and none falls on a weekend."""
    days = [holiday.day for holiday in data.statutory("mx-federal", 2026)]
    assert days == ["2026-01-01", "2026-02-02", "2026-03-16", "2026-05-01", "2026-09-16", "2026-11-16", "2026-12-25"]


@pytest.mark.parametrize(("year", "day"), [(2024, "2024-10-01"), (2018, None), (2030, "2030-10-01"), (2012, None)])
def test_the_day_of_the_transmission_of_power(year: int, day: str | None) -> None:
    """Every six years, on 1 October since 2024; 1 December of 2012 and 2018 were Saturdays."""
    found = [holiday.day for holiday in data.statutory("mx-federal", year) if holiday.norm == "LFT 74 VII"]
    assert found == ([] if day is None else [day])


def test_every_statutory_day_names_its_source() -> None:
    """Each rule of the file cites article and fraction."""
    assert all(rule.source.startswith("LFT art. 74 fr. ") for rule in data._rules("mx-federal"))


def test_unfit_data() -> None:
    """A calendar that is not shipped, a year before its rules and a rule of both kinds are errors."""
    with pytest.raises(KeyError):
        data.statutory("mars", 2026)
    with pytest.raises(ValueError, match="2005"):
        data.statutory("mx-federal", 2005)
    with pytest.raises(ValueError, match="a day or a monday"):
        data.Rule(norm="X", source="ten letters", month=1, day=1, monday=1)


def test_an_edition_of_whole_years_with_what_was_declared() -> None:
    """The statutory days of both years and the declared ones stand in it in order; a statutory one stays so."""
    made = data.edition("mx-federal", 2026, 2027, data.declared((*HOLY_WEEK, "2026-05-01"), "AC-1/2026"))
    days = [holiday.day for holiday in made.days]
    assert days == sorted(days)
    assert {holiday.day: holiday.ground for holiday in made.days}["2026-05-01"] == "statutory"
    assert {*HOLY_WEEK} <= set(days)
    assert (made.covers_from, made.covers_until) == ("2026-01-01", "2027-12-31")


# -- editions --------------------------------------------------------------------------------------------------


def test_a_later_edition_declares_a_day_and_restores_another() -> None:
    """A span of its own: within it the edition is all that holds, outside of it nothing changes."""
    story = adopted().given(edition("2026-04-02", "2026-04-03", *HOLY_WEEK, number=2))
    assert {date(2026, 4, 2), date(2026, 4, 3), date(2026, 5, 1)} <= days_of(story)
    story.given(edition("2026-04-03", "2026-04-03", number=3))
    assert date(2026, 4, 3) not in days_of(story)
    assert date(2026, 4, 2) in days_of(story)


def test_a_calendar_is_extended_both_ways() -> None:
    """Into the next year, and backwards over days of which nothing was said."""
    story = adopted().given(edition("2027-01-01", "2027-12-31", "2027-01-01", number=2))
    story.given(edition("2025-06-01", "2025-12-31", "2025-12-25", number=3))
    state = story.state("holidays/mx-federal")
    assert isinstance(state, HolidaysState)
    assert (state.covers_from, state.covers_until) == (date(2025, 6, 1), date(2027, 12, 31))
    assert {date(2025, 12, 25), date(2027, 1, 1)} <= state.days


def test_a_day_that_has_passed_stays_as_it_was() -> None:
    """No edition makes a past holiday a business day, nor a past business day a holiday; repeating it is lawful."""
    story = adopted()
    story.when(edition("2026-02-02", "2026-02-02", number=2)).refused("holidays-retroactive", day="2026-02-02")
    story.when(edition("2026-02-03", "2026-02-03", "2026-02-03", number=2)).refused("holidays-retroactive")
    story.when(edition("2026-02-02", "2026-02-02", "2026-02-02", number=2)).accepted()


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (edition("2026-06-01", "2026-06-02", number=3), "edition-gap"),
        (edition("2026-06-02", "2026-06-01", number=2), "dates-out-of-order"),
        (edition("2026-06-01", "2026-06-02", "2026-06-03", number=2), "holidays-out-of-span"),
        (edition("2026-06-01", "2026-06-02", "2026-06-02", "2026-06-01", number=2), "holidays-out-of-order"),
        (edition("2026-06-01", "2026-06-02", "2026-06-02", "2026-06-02", number=2), "holidays-out-of-order"),
        (edition("2028-01-01", "2028-01-31", number=2), "holidays-apart"),
        (edition("2025-01-01", "2025-12-30", number=2), "holidays-apart"),
        (edition("2026-02-30", "2026-03-01", number=2), "impossible-date"),
        (edition("0001-01-01", "2026-03-01", number=2), "impossible-date"),
        (edition("2026-03-01", "9999-12-31", number=2), "impossible-date"),
    ],
)
def test_unfit_editions_are_refused(act: HolidaysAdopted, code: str) -> None:
    """Gaps in numbers or days, and days out of place, are refused by name."""
    adopted().when(act).refused(code)


def test_the_first_edition_is_the_first() -> None:
    """A calendar begins with edition 1."""
    Story().when(edition("2026-01-01", "2026-12-31", number=2)).refused("edition-gap", expected=1)


def test_the_aggregate_takes_only_its_own_acts() -> None:
    """An act of another kind is a programming error."""
    story = Story()
    signed = story.when(BodyRegistered(body="hcd", body_kind="council")).signed
    assert isinstance(signed, Signed)
    with pytest.raises(TypeError, match="BodyRegistered"):
        domain.check(None, signed, story.world)


# -- what other rules ask --------------------------------------------------------------------------------------


def test_a_deadline_is_counted_on_the_calendar_that_the_body_follows() -> None:
    """Ten business days over Independence Day end a day later than from Monday to Friday alone."""
    world = adopted().world
    follows, none = rules(holiday_calendar="mx-federal"), rules()
    assert business_deadline(world, follows, date(2026, 9, 14), 10) == date(2026, 9, 29)
    assert business_deadline(world, none, date(2026, 9, 14), 10) == date(2026, 9, 28)
    assert not world.remarks


@pytest.mark.parametrize(("begins", "ends"), [("2025-12-30", "2026-01-05"), ("2026-12-30", "2027-01-05")])
def test_days_that_no_edition_covers_are_remarked(begins: str, ends: str) -> None:
    """A calendar that does not reach the days, on either side, is told; so is one that does not exist."""
    story = adopted()
    follows = rules(holiday_calendar="mx-federal")
    between = (date.fromisoformat(begins), date.fromisoformat(ends))
    assert holidays_for(story.world, follows, *between) == days_of(story)
    empty = Story().world
    assert business_deadline(empty, follows, date(2026, 9, 14), 10) == date(2026, 9, 28)
    for world in (story.world, empty):
        assert [code for code, _ in world.remarks] == ["holidays-uncovered"]


def test_profiles_name_the_shipped_calendar() -> None:
    """Whatever calendar a profile names is shipped as data."""
    named = {profiles.load(name).holiday_calendar for name in profiles.names()} - {None}
    assert named == {"mx-federal"}
    for name in named:
        assert data.statutory(str(name), 2026)


def test_holidays_are_data_of_the_act() -> None:
    """A holiday names the norm by which it is one."""
    fields: dict[str, Any] = {"day": "2026-05-05", "ground": "recess", "norm": "LFPA 28"}
    assert Holiday(**fields).norm == "LFPA 28"
