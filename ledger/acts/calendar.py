"""Calendars: the days that do not count, and the sessions that a body plans for a year.

Holidays: LFT art. 74; LFPA art. 28; domain.md §3.14, §2.2 R4. Which days count is no fact of nature: a calendar is
adopted by an act, for a span of days, and amended by later acts; every notice and every deadline is counted on the
calendar as it stood when it was counted.

Sessions: RLFEP art. 18 fr. I (a calendar approved in the first ordinary session of the year); domain.md §3.2.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    FOUNDER,
    REGISTRAR,
    SECRETARY,
    Act,
    Code,
    Count,
    Day,
    Grant,
    Number,
    Part,
    SealedField,
    Slug,
    StreamName,
    Text,
    Year,
)
from ledger.ids import stream_name

MAX_HOLIDAYS = 400
MAX_ENTRIES = 120


class Holiday(Part):
    """A day from Monday to Friday that does not count, and by virtue of what.

    ground: "statutory" of the law itself (LFT 74), "declared" by an authority for that day (an earthquake, Maundy
        Thursday), "recess" of general holidays (LFPA 28).
    norm: the norm or the number of the publication, e.g. `LFT 74 I`.
    """

    day: Day
    ground: Literal["statutory", "declared", "recess"]
    norm: Code


class HolidaysAdopted(Act):
    """An edition of a calendar: of the days from `covers_from` to `covers_until` these are the holidays, no others.

    The days outside of that span stay as earlier editions said. A single day is declared, or made a business day
    again, by an edition that covers that day alone.
    """

    type_name: ClassVar[str] = "HolidaysAdopted/1"
    kind: ClassVar[str] = "holidays"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER, REGISTRAR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("source", Text, required=False),)
    calendar: Slug
    edition: Number
    covers_from: Day
    covers_until: Day
    days: Annotated[tuple[Holiday, ...], Field(max_length=MAX_HOLIDAYS)] = ()

    def stream(self) -> str:
        """One stream a calendar."""
        return stream_name("holidays", self.calendar)


# -- the year's sessions -----------------------------------------------------------------------------------------


class OfCalendar(Act):
    """An act of the calendar of a body's sessions of one year."""

    body: Slug
    year: Year

    def stream(self) -> str:
        """One stream a body and year."""
        return stream_name("calendar", self.body, self.year)


class CalendarEntry(Part):
    """A session planned for a day: the `session`-th of a series, by the number that it will bear."""

    entry: Number
    series: Slug
    session: Number
    day: Day


class CalendarApproved(OfCalendar):
    """The body approved its calendar; in its first ordinary session of the year, or it is remarked (C1)."""

    type_name: ClassVar[str] = "CalendarApproved/1"
    kind: ClassVar[str] = "calendar"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    basis_kinds: ClassVar[tuple[str, ...]] = ("vote",)
    entries: Annotated[tuple[CalendarEntry, ...], Field(min_length=1, max_length=MAX_ENTRIES)]
    vote: StreamName


class CalendarSessionRescheduled(OfCalendar):
    """A planned session is moved to another day, inside the window that the rules set, for a reason (C2)."""

    type_name: ClassVar[str] = "CalendarSessionRescheduled/1"
    kind: ClassVar[str] = "calendar"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)
    entry: Number
    day: Day


class CalendarEntrySettled(OfCalendar):
    """What was planned was not held, or is cancelled, for a reason: no silent misses (C3)."""

    type_name: ClassVar[str] = "CalendarEntrySettled/1"
    kind: ClassVar[str] = "calendar"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)
    entry: Number
    outcome: Literal["not-held", "cancelled"]


class CalendarClosed(OfCalendar):
    """The year is over: every entry ended one way or another, and these are the sums (C3)."""

    type_name: ClassVar[str] = "CalendarClosed/1"
    kind: ClassVar[str] = "calendar"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    held: Count
    not_held: Count
    cancelled: Count
