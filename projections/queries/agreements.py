"""Agreements, and identifiers put aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.agreements import AGREEMENTS, QUARANTINED
from projections.queries.base import API, Kind, Listing, find, listing

if TYPE_CHECKING:
    from projections.queries.base import Filters, Object, Reader, Window

AGREEMENT = Kind("agreement", "agreements", AGREEMENTS, day="adopted_on")
QUARANTINED_IDENTIFIER = Kind("quarantined-identifier", "quarantined-identifiers", QUARANTINED)


def agreement(cursor: Reader, key: str) -> Object | None:
    """Return an agreement `body/year/number`, None where there is none."""
    found = find(cursor, AGREEMENT, key)
    return None if found is None else _linked(found)


def agreements(cursor: Reader, filters: Filters, window: Window) -> Listing:
    """Return a part of the list of agreements."""
    found = listing(cursor, AGREEMENT, filters, window)
    return Listing([_linked(each) for each in found.data], found.following)


def _linked(found: Object) -> Object:
    if "vote" in found:
        found["links"] |= {"vote": f"{API}/votes/{found['vote']}", "session": f"{API}/sessions/{found['session']}"}
    return found
