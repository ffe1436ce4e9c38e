"""Terms: half-open, leaves taken out, holdover where the body's rules say so (format.md §2; domain.md §3.8, D6).

Legal source: LSS 258, 263, 265 (six years, revocable); a term ends with its last instant, so that a vote
cast on the day after the expiry is refused unless the profile lets holders continue until replaced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

Span: TypeAlias = "tuple[datetime, datetime | None]"


def within(begins_at: datetime, ends_at: datetime | None, instant: datetime) -> bool:
    """Tell whether the instant lies in the half-open span; None never ends."""
    return begins_at <= instant and (ends_at is None or instant < ends_at)


def overlap(one: Span, other: Span) -> bool:
    """Tell whether two half-open spans share an instant; an empty span shares none."""
    begins = max(one[0], other[0])
    ends = [end for end in (one[1], other[1]) if end is not None]
    return not ends or begins < min(ends)


def in_force(
    begins_at: datetime,
    ends_at: datetime | None,
    leaves: Collection[Span],
    instant: datetime,
    *,
    holdover: bool = False,
) -> bool:
    """Tell whether a term is in force at the instant: within its span and on no leave.

    Args:
        begins_at: First instant of the term.
        ends_at: First instant after it; None while it has no end.
        leaves: Half-open spans of leave.
        instant: The instant asked about.
        holdover: The holder continues after `ends_at` (the caller has seen that nobody replaced him).
    """
    if not within(begins_at, None if holdover else ends_at, instant):
        return False
    return not leaves or not any(within(begins, ends, instant) for begins, ends in leaves)


def next_change(
    begins_at: datetime, ends_at: datetime | None, leaves: Iterable[Span], after: datetime
) -> datetime | None:
    """Return the first instant later than `after` at which the term may come into or go out of force."""
    edges = [begins_at, ends_at, *(edge for span in leaves for edge in span)]
    return min((edge for edge in edges if edge is not None and edge > after), default=None)
