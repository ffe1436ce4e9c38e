"""Statutory holidays as data, each with its legal source: what an edition of a calendar is made from (LFT art. 74).

A file has `title_es`, `title_en` and rules: a `day` of a `month`, or its n-th `monday`; `every` so many years counted
from `first` on, up to `last`. It is only a proposal: what binds is the `HolidaysAdopted/1` that took the days over.
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, TypeAdapter, model_validator

from ledger.acts.base import Code, Day, Part
from ledger.acts.calendar import Holiday, HolidaysAdopted

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["declared", "edition", "statutory"]

FIRST_YEAR = 2006
"""Since the reform of 17 January 2006 three of the days are Mondays; earlier years are not these rules' business."""
_WEEK = 7


class Rule(Part):
    """A day that returns every year, or every so many years."""

    norm: Code
    source: Annotated[str, Field(min_length=10)]
    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)] | None = None
    monday: Annotated[int, Field(ge=1, le=4)] | None = None
    every: Annotated[int, Field(ge=1, le=12)] = 1
    first: Annotated[int, Field(ge=FIRST_YEAR)] = FIRST_YEAR
    last: int = 9999

    @model_validator(mode="after")
    def _one_way(self) -> Rule:
        if (self.day is None) == (self.monday is None):
            raise ValueError("a day or a monday")
        return self

    def in_year(self, year: int) -> date | None:
        """Return the day in a year, None where it does not fall in it."""
        if not self.first <= year <= self.last or (year - self.first) % self.every:
            return None
        if self.day is not None:
            return date(year, self.month, self.day)
        first = date(year, self.month, 1)
        return first + timedelta(days=-first.weekday() % _WEEK + _WEEK * ((self.monday or 1) - 1))


@cache
def _rules(calendar: str) -> tuple[Rule, ...]:
    entry = files("ledger.profiles").joinpath("calendars", f"{calendar}.toml")
    if not entry.is_file():
        raise KeyError(calendar)
    tables = tomllib.loads(entry.read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Rule, ...]).validate_python(tables["rule"])


def statutory(calendar: str, year: int) -> tuple[Holiday, ...]:
    """Return the statutory holidays of a year that fall on Monday to Friday, in order.

    Raises:
        KeyError: no such calendar is shipped.
        ValueError: the year is before the rules.
    """
    rules = _rules(calendar)
    if year < FIRST_YEAR:
        raise ValueError(year)
    found = {day: rule.norm for rule in rules if (day := rule.in_year(year)) is not None}
    return tuple(
        Holiday(day=day.isoformat(), ground="statutory", norm=norm)
        for day, norm in sorted(found.items())
        if day.weekday() < _WEEK - 2
    )


def declared(days: Iterable[Day], norm: Code) -> tuple[Holiday, ...]:
    """Return days that an authority declared not to count, all by one publication."""
    return tuple(Holiday(day=day, ground="declared", norm=norm) for day in days)


def edition(
    calendar: str, first_year: int, last_year: int, also: Iterable[Holiday] = (), *, number: int = 1
) -> HolidaysAdopted:
    """Return the edition that covers whole years: the statutory holidays, and those that were declared besides.

    Args:
        calendar: A shipped calendar, e.g. `mx-federal`; the stream is `holidays/<calendar>`.
        first_year: The first year covered.
        last_year: The last one.
        also: Days declared; a statutory one among them stays statutory.
        number: Of the edition.

    Raises:
        KeyError: no such calendar is shipped.
        ValueError: a year before the rules.
    """
    days = {holiday.day: holiday for holiday in also}
    days |= {each.day: each for year in range(first_year, last_year + 1) for each in statutory(calendar, year)}
    return HolidaysAdopted(
        calendar=calendar,
        edition=number,
        covers_from=f"{first_year}-01-01",
        covers_until=f"{last_year}-12-31",
        days=tuple(days[day] for day in sorted(days)),
    )
