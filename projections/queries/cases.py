"""Vetoes, recommendations with the balance of a year, interpretations beside their agreement."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.texts import text
from projections.interpretations import INTERPRETATIONS
from projections.queries.base import API, Kind, Listing, find_row, rows_where, select, show, texts_of
from projections.recommendations import RECOMMENDATIONS
from projections.vetoes import VETOES

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Filters, Object, Reader, Texts, Window

VETO = Kind("veto", "vetoes", VETOES, day="exercised_on")
RECOMMENDATION = Kind("recommendation", "recommendations", RECOMMENDATIONS, day="issued_on")
INTERPRETATION = Kind("interpretation", "interpretations", INTERPRETATIONS)
_DECIDED = frozenset({"inadmissible", "resolved"})


# -- vetoes ------------------------------------------------------------------------------------------------------------


def veto(cursor: Reader, key: str) -> Object | None:
    """Return the veto of an agreement `body/year/number`, None where there is none."""
    row = find_row(cursor, VETO, key)
    return None if row is None else _veto(cursor, row, texts_of(cursor, [row]))


def vetoes(cursor: Reader, filters: Filters, window: Window) -> Listing:
    """Return a part of the list of vetoes."""
    rows, following = select(cursor, VETO, filters, window)
    texts = texts_of(cursor, rows)
    return Listing([_veto(cursor, row, texts) for row in rows], following)


def _veto(cursor: Reader, row: Row, texts: Texts) -> Object:
    """Y4: that a veto is overdue is computed as of the day of the question, and changes nothing."""
    found = show(VETO, row, texts)
    code = f"veto-is-{row['outcome'] or row['phase']}"
    found |= {"status_text": text(code), "status_text_en": text(code, "en")}
    day = cursor.moment.as_of
    if day is not None and row["due_on"] is not None and row["phase"] not in _DECIDED:
        late = max(0, (day - row["due_on"]).days)
        found |= {"overdue": late > 0, "days_overdue": late}
    found["links"]["agreement"] = f"{API}/agreements/{row['agreement']}"
    for name, path in (("session", "sessions"), ("vote", "votes"), ("modified_by", "agreements")):
        if row[name] is not None:
            found["links"][name] = f"{API}/{path}/{row[name]}"
    return found


# -- recommendations -------------------------------------------------------------------------------------------------


def recommendation(cursor: Reader, key: str) -> Object | None:
    """Return a recommendation `body/ordinal/number`, None where there is none."""
    row = find_row(cursor, RECOMMENDATION, key)
    return None if row is None else _recommendation(row, texts_of(cursor, [row]))


def recommendations(cursor: Reader, filters: Filters, window: Window) -> Listing:
    """Return a part of the list of recommendations."""
    rows, following = select(cursor, RECOMMENDATION, filters, window)
    texts = texts_of(cursor, rows)
    return Listing([_recommendation(row, texts) for row in rows], following)


def _recommendation(row: Row, texts: Texts) -> Object:
    found = show(RECOMMENDATION, row, texts)
    code = f"recommendation-is-{row['phase']}"
    found |= {"status_text": text(code), "status_text_en": text(code, "en")}
    found["links"]["session"] = f"{API}/sessions/{row['session']}"
    return found


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


def interpretation(cursor: Reader, key: str) -> Object | None:
    """Return an interpretation `body/year/number/n`, None where there is none."""
    row = find_row(cursor, INTERPRETATION, key)
    return None if row is None else _interpretation(row, texts_of(cursor, [row]))


def interpretations(cursor: Reader, filters: Filters, window: Window) -> Listing:
    """Return a part of the list of interpretations."""
    rows, following = select(cursor, INTERPRETATION, filters, window)
    texts = texts_of(cursor, rows)
    return Listing([_interpretation(row, texts) for row in rows], following)


def _interpretation(row: Row, texts: Texts) -> Object:
    found = show(INTERPRETATION, row, texts)
    found["links"]["agreement"] = f"{API}/agreements/{row['agreement']}"
    if row["superseded_by"] is not None:
        found["links"]["superseded_by"] = f"{API}/interpretations/{row['agreement']}/{row['superseded_by']}"
    return found


def beside(cursor: Reader, key: str) -> Object:
    """Return what an agreement's own page tells of its interpretations and of its veto."""
    rows = rows_where(cursor, INTERPRETATIONS, "agreement", key, ["interpretation"])
    texts = texts_of(cursor, rows)
    found: Object = {"interpretations": [_interpretation(row, texts) for row in rows]}
    if find_row(cursor, VETO, key) is not None:
        found["veto"] = f"{API}/vetoes/{key}"
    return found
