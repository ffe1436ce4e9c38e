"""Mandates out of another source, known by the day and not by the hour (domain.md §3.8; issue of the first import).

A source says that somebody took office, or went on leave, on a day. His mandate is in force on a legal day when
it is in force at some instant of it, as written; where one goes and another comes on the same day both are, and
that a seat has one mark a vote keeps them apart.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from ledger.domain.designation import DesignationState
from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from ledger.domain.world import World

_MIDNIGHT = time(0)


def in_force_on(mandate: DesignationState, day: date) -> bool:
    """Tell whether the mandate is in force at some instant of the legal day."""
    if mandate.begins_at.date() > day or _over_before(mandate.ends_at, day):
        return False
    return not any(_covers(begins, ends, day) for begins, ends in mandate.leaves)


def _over_before(ends: datetime | None, day: date) -> bool:
    """Tell whether a half-open span that ends there has no instant left on the day."""
    if ends is None:
        return False
    last = ends.date()
    return last < day or (last == day and ends.time() == _MIDNIGHT)


def _covers(begins: datetime, ends: datetime | None, day: date) -> bool:
    """Tell whether a leave covers the whole day."""
    first = begins.date()
    began = first < day or (first == day and begins.time() == _MIDNIGHT)
    return began and (ends is None or ends.date() > day)


def mandate_of(world: World, body: str, mark: str) -> DesignationState:
    """Return the mandate that a mark `seat/designation` names.

    Raises:
        RuleViolation: "designation-unknown".
    """
    state = world.state(f"designation/{body}/{mark}")
    if not isinstance(state, DesignationState):
        raise RuleViolation("designation-unknown", body=body, mark=mark)
    return state
