"""The days that are no business days (LFT art. 74; LFPA art. 28; domain.md §3.14, §2.2 R4).

Which days count is no fact of nature: a calendar is adopted by an act, for a span of days, and amended by later
acts; every notice and every deadline is counted on the calendar as it stood when it was counted.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import FOUNDER, REGISTRAR, Act, Code, Day, Grant, Number, Part, SealedField, Slug, Text
from ledger.ids import stream_name

MAX_HOLIDAYS = 400


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
