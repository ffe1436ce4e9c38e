"""Agreements, and identifiers put aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.texts import text
from projections.agreements import AGREEMENTS, QUARANTINED
from projections.queries.base import API, Kind, Listing, find, listing
from projections.queries.follow_up import relations_of, without_follow_up

if TYPE_CHECKING:
    from projections.queries.base import Filters, Object, Reader, Window

AGREEMENT = Kind("agreement", "agreements", AGREEMENTS, day="adopted_on")
QUARANTINED_IDENTIFIER = Kind("quarantined-identifier", "quarantined-identifiers", QUARANTINED)


def agreement(cursor: Reader, key: str) -> Object | None:
    """Return an agreement `body/year/number` with its relations both ways, None where there is none."""
    found = find(cursor, AGREEMENT, key)
    if found is None:
        return None
    found["relations"] = relations_of(cursor, f"agreement/{key}")
    found["without_follow_up"] = without_follow_up(cursor, key)
    return _linked(found)


def agreements(cursor: Reader, filters: Filters, window: Window) -> Listing:
    """Return a part of the list of agreements."""
    found = listing(cursor, AGREEMENT, filters, window)
    return Listing([_linked(each) for each in found.data], found.following)


def _linked(found: Object) -> Object:
    validity = found["validity"]
    found |= {"validity_text": text(f"validity-{validity}"), "validity_text_en": text(f"validity-{validity}", "en")}
    key = found["key"]
    found["links"] |= {"communication": f"{API}/communications/{key}", "gazettes": f"{API}/gazette-prints/{key}"}
    if "vote" in found:
        found["links"] |= {"vote": f"{API}/votes/{found['vote']}", "session": f"{API}/sessions/{found['session']}"}
    return found
