"""Agreements, and identifiers put aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.texts import text
from projections.agreements import AGREEMENTS, QUARANTINED
from projections.queries.base import Kind, shown
from projections.queries.cases import beside
from projections.queries.follow_up import relations_of, validity_on, without_follow_up
from projections.queries.transparency import publicity_of

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader


def _told(cursor: Reader, rows: list[Row]) -> list[Object]:
    """Tell how agreements stand on the day of the question, and how far they are public."""
    found = shown(cursor, AGREEMENT, [_as_of(cursor, row) for row in rows])
    return [_standing(one) | publicity_of(row, one) for row, one in zip(rows, found, strict=True)]


def _whole(cursor: Reader, row: Row, found: Object) -> Object:
    """Tell an agreement's relations both ways, what of it needs no follow-up, its interpretations and its veto."""
    found["relations"] = relations_of(cursor, row["stream"])
    found["without_follow_up"] = without_follow_up(cursor, row["id"])
    return found | beside(cursor, row["id"])


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


def _standing(found: Object) -> Object:
    validity = found["validity"]
    if validity == "suspended" and found["suspensions"][-1]["cause"] == "veto":
        validity = "suspended-by-veto"
    return found | {
        "validity_text": text(f"validity-{validity}"),
        "validity_text_en": text(f"validity-{validity}", "en"),
    }


AGREEMENT = Kind(
    "agreement",
    "agreements",
    AGREEMENTS,
    day="adopted_on",
    links={
        "communication": "communications/{id}",
        "gazettes": "gazette-prints/{id}",
        "vote": "votes/{vote}",
        "session": "sessions/{session}",
    },
    tell=_told,
    whole=_whole,
    adds=(
        "validity_text",
        "validity_text_en",
        "publicity",
        "publicity_text",
        "publicity_text_en",
        "relations",
        "without_follow_up",
        "interpretations",
        "veto",
    ),
)
QUARANTINED_IDENTIFIER = Kind("quarantined-identifier", "quarantined-identifiers", QUARANTINED)
