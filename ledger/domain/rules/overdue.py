"""When a resolutivo is overdue: its clock stops while the agreement is suspended (domain.md §3.6 A6).

Pure arithmetic of days. Nothing is recorded when something becomes overdue: it is computed as of a day. A span of
suspension is half-open, from the day on which it begins up to that on which it ends; None: it has not ended.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Span: TypeAlias = tuple[date, date | None]


def suspended_days(spans: Iterable[Span], since: date, on: date) -> int:
    """Return how many days from `since` up to `on` lie in spans of suspension, which do not overlap."""
    total = 0
    for begins, ends in spans:
        last = on if ends is None else min(ends, on)
        total += max(0, (last - max(begins, since)).days)
    return total


def effective_due(due_on: date, set_on: date, spans: Iterable[Span], on: date) -> date:
    """Return the day up to which the resolutivo is in time, as seen on a day: the day set, and the days suspended.

    Args:
        due_on: The day set.
        set_on: When it was set; suspension before that day was known to who set it.
        spans: Suspensions of the agreement.
        on: The day of the question.
    """
    return due_on + timedelta(days=suspended_days(spans, set_on, on))


def days_overdue(due_on: date, set_on: date, spans: Iterable[Span], on: date) -> int:
    """Return by how many days the resolutivo is late on a day; 0 while it is in time."""
    return max(0, (on - effective_due(due_on, set_on, spans, on)).days)
