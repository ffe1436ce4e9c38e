"""Recommendations of commissions of oversight; steps keep the day of each change, so that years can be balanced."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.acts.recommendation import (
    OfRecommendation,
    RecommendationIssued,
    RecommendationReported,
    RecommendationReviewed,
    RecommendationTransmitted,
)
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

RECOMMENDATIONS = object_table(
    "recommendations",
    "body",
    "ordinal",
    "number",
    "identifier",
    "session",
    "unit",
    "oficio",
    "due_on",
    "percent",
    "phase",
    "issued_on",
    "steps",
    json=("steps",),
    fixed=("ordinal", "number", "identifier", "session", "due_on", "issued_on"),
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a recommendation."""
    act = signed.act
    if not isinstance(act, OfRecommendation):
        return
    key, day = f"{act.body}/{act.ordinal}/{act.number}", signed.statement.occurred_at[:10]
    if isinstance(act, RecommendationIssued):
        row: Row = {"id": key, **heading(signed), "body": act.body, "ordinal": act.ordinal, "number": act.number}
        row |= {"identifier": act.identifier, "session": act.session.partition("/")[2], "unit": act.unit}
        due = None if act.due_on is None else date.fromisoformat(act.due_on)
        row |= {"oficio": None, "due_on": due, "percent": None, "phase": "issued", "steps": []}
        row["issued_on"] = date.fromisoformat(day)
        page.put(RECOMMENDATIONS, row)
    else:
        row = touch(page.edit(RECOMMENDATIONS, key), signed)
        match act:
            case RecommendationTransmitted():
                row.update(phase="transmitted", unit=act.unit, oficio=act.oficio)
            case RecommendationReported():
                row["phase"] = "reported" if act.claim == "attended" else "in-process"
                row["percent"] = row["percent"] if act.percent is None else act.percent
            case RecommendationReviewed():
                row["phase"] = act.outcome
            case _:
                pass
    row["steps"] = [*row["steps"], {"index": signed.index, "on": day, "phase": row["phase"], "unit": row["unit"]}]


REGISTRY = Registry("recommendations", (RECOMMENDATIONS,), {"recommendation": RECOMMENDATIONS}, handle)
