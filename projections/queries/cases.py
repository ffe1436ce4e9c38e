"""Vetoes, recommendations with the balance of a year, interpretations beside their agreement."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.texts import text
from projections.interpretations import INTERPRETATIONS
from projections.queries.base import API, Kind, below, find_row, rows_where, shown
from projections.recommendations import RECOMMENDATIONS
from projections.vetoes import VETOES

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader

_DECIDED = frozenset({"inadmissible", "resolved"})


# -- vetoes ------------------------------------------------------------------------------------------------------------


def _vetoes(cursor: Reader, rows: list[Row]) -> list[Object]:
    """Y4: that a veto is overdue is computed as of the day of the question, and changes nothing."""
    day, told = cursor.moment.as_of, shown(cursor, VETO, rows)
    for row, found in zip(rows, told, strict=True):
        code = f"veto-is-{row['outcome'] or row['phase']}"
        found |= {"status_text": text(code), "status_text_en": text(code, "en")}
        if day is not None and row["due_on"] is not None and row["phase"] not in _DECIDED:
            late = max(0, (day - row["due_on"]).days)
            found |= {"overdue": late > 0, "days_overdue": late}
    return told


VETO = Kind(
    "veto",
    "vetoes",
    VETOES,
    day="exercised_on",
    links={
        "agreement": "agreements/{agreement}",
        "session": "sessions/{session}",
        "vote": "votes/{vote}",
        "modified_by": "agreements/{modified_by}",
    },
    tell=_vetoes,
    adds=("status_text", "status_text_en", "overdue", "days_overdue"),
)


# -- recommendations -------------------------------------------------------------------------------------------------


def _recommendations(cursor: Reader, rows: list[Row]) -> list[Object]:
    told = shown(cursor, RECOMMENDATION, rows)
    for row, found in zip(rows, told, strict=True):
        code = f"recommendation-is-{row['phase']}"
        found |= {"status_text": text(code), "status_text_en": text(code, "en")}
    return told


RECOMMENDATION = Kind(
    "recommendation",
    "recommendations",
    RECOMMENDATIONS,
    day="issued_on",
    links={"session": "sessions/{session}"},
    tell=_recommendations,
    adds=("status_text", "status_text_en"),
)


def balance(cursor: Reader, body: str, year: int) -> Object:
    """Return the balance of a commission's recommendations over a year (domain.md §3.12).

    `carried_over` is counted by itself: how many are open at the year's end. It equals
    `opening` + `new` + `reopened` − `attended`, where `attended` are those open or new that are attended at the end,
    and `reopened` those attended at the beginning that are open at the end.
    """
    first, after = date(year, 1, 1).isoformat(), date(year + 1, 1, 1).isoformat()
    rows = rows_where(cursor, RECOMMENDATIONS, "body", body, ["created_index"])
    before = {row["id"]: _phase_before(row, first) for row in rows}
    behind = {row["id"]: _phase_before(row, after) for row in rows}
    known = {key for key, phase in behind.items() if phase is not None}
    done = {key for key in known if before[key] == "attended"}
    finished = {key for key in known if behind[key] == "attended"}
    return {
        "type": "recommendation-balance",
        "id": f"{API}/recommendation-balances/{body}/{year}",
        "body": body,
        "year": year,
        "opening": sum(before[key] not in {None, "attended"} for key in known),
        "new": sum(before[key] is None for key in known),
        "attended": len(finished - done),
        "reopened": len(done - finished),
        "carried_over": len(known - finished),
        "open": [row["identifier"] for row in rows if row["id"] in known - finished],
    }


def _phase_before(row: Row, day: str) -> str | None:
    """Return how it stood when a day began; None where it was not issued yet."""
    steps = [step["phase"] for step in row["steps"] if step["on"] < day]
    return steps[-1] if steps else None


# -- interpretations -------------------------------------------------------------------------------------------------


INTERPRETATION = Kind(
    "interpretation",
    "interpretations",
    INTERPRETATIONS,
    links={"agreement": "agreements/{agreement}", "superseded_by": "interpretations/{agreement}/{superseded_by}"},
)


def beside(cursor: Reader, key: str) -> Object:
    """Return what an agreement's own page tells of its interpretations and of its veto."""
    found: Object = {"interpretations": below(cursor, INTERPRETATION, "agreement", key, ["interpretation"])}
    if find_row(cursor, VETO, key) is not None:
        found["veto"] = f"{API}/vetoes/{key}"
    return found
