"""Agreements, and identifiers put aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.texts import text
from projections.agreements import AGREEMENTS, QUARANTINED
from projections.queries.base import API, Kind, Listing, find_row, select, show, texts_of
from projections.queries.cases import beside
from projections.queries.follow_up import relations_of, validity_on, without_follow_up
from projections.queries.transparency import publicity_of

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Filters, Object, Reader, Window

AGREEMENT = Kind("agreement", "agreements", AGREEMENTS, day="adopted_on")
QUARANTINED_IDENTIFIER = Kind("quarantined-identifier", "quarantined-identifiers", QUARANTINED)


def agreement(cursor: Reader, key: str) -> Object | None:
    """Return an agreement `body/year/number` with its relations both ways, None where there is none."""
    row = find_row(cursor, AGREEMENT, key)
    if row is None:
        return None
    found = show(AGREEMENT, _as_of(cursor, row), texts_of(cursor, [row]))
    found["relations"] = relations_of(cursor, f"agreement/{key}")
    found["without_follow_up"] = without_follow_up(cursor, key)
    found |= beside(cursor, key)
    return _linked(found) | publicity_of(cursor, [row])[0]


def agreements(cursor: Reader, filters: Filters, window: Window) -> Listing:
    """Return a part of the list of agreements."""
    rows, following = select(cursor, AGREEMENT, filters, window)
    texts = texts_of(cursor, rows)
    told = [_linked(show(AGREEMENT, _as_of(cursor, row), texts)) for row in rows]
    return Listing([one | axis for one, axis in zip(told, publicity_of(cursor, rows), strict=True)], following)


def _as_of(cursor: Reader, row: Row) -> Row:
    """Return the agreement with what holds on the day of the question, if one is asked for: validity takes effect."""
    day = cursor.moment.as_of
    if day is None:
        return row
    begun = [each for each in row["suspensions"] if each["from"] <= day.isoformat()]
    spans = [{name: each[name] for name in each if name != "to" or each["to"] <= day.isoformat()} for each in begun]
    ended = row["ended_on"] if row["ended_on"] is not None and row["ended_on"] <= day else None
    validity = validity_on(row, day)
    cases = row["cases"] if validity == "suspended" else []
    return {**row, "validity": validity, "cases": cases, "suspensions": spans, "ended_on": ended}


def _linked(found: Object) -> Object:
    validity = found["validity"]
    if validity == "suspended" and found["suspensions"][-1]["cause"] == "veto":
        validity = "suspended-by-veto"
    found |= {"validity_text": text(f"validity-{validity}"), "validity_text_en": text(f"validity-{validity}", "en")}
    key = found["key"]
    found["links"] |= {"communication": f"{API}/communications/{key}", "gazettes": f"{API}/gazette-prints/{key}"}
    if "vote" in found:
        found["links"] |= {"vote": f"{API}/votes/{found['vote']}", "session": f"{API}/sessions/{found['session']}"}
    return found
