"""Vetoes of agreements, from exercise to resolution; that one is overdue is computed when asked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.acts.veto import (
    OfVeto,
    VetoAdmissionDecided,
    VetoCaseIntegrated,
    VetoExercised,
    VetoResolutionDrafted,
    VetoResolved,
    VetoSubmitted,
)
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

VETOES = object_table(
    "vetoes",
    "body",
    "year",
    "number",
    "agreement",
    "power",
    "resolver",
    "norms",
    "phase",
    "exercised_on",
    "due_on",
    "sheets",
    "sense",
    "session",
    "item",
    "vote",
    "outcome",
    "modified_by",
    "vetoer_sat",
    "resolved_on",
    json=("norms",),
    fixed=("number", "agreement", "power", "resolver", "norms", "exercised_on"),
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a veto."""
    act = signed.act
    if not isinstance(act, OfVeto):
        return
    key, today = f"{act.body}/{act.year}/{act.number}", date.fromisoformat(signed.statement.occurred_at[:10])
    if isinstance(act, VetoExercised):
        page.put(VETOES, {"id": key, **heading(signed), **_exercised(act, key, today)})
        return
    row = touch(page.edit(VETOES, key), signed)
    match act:
        case VetoAdmissionDecided():
            row.update(phase=act.outcome, due_on=None if act.due_on is None else date.fromisoformat(act.due_on))
        case VetoCaseIntegrated():
            row.update(phase="integrated", sheets=act.sheets)
        case VetoResolutionDrafted():
            row.update(phase="drafted", sense=act.sense)
        case VetoSubmitted():
            row.update(phase="submitted", session=act.session.partition("/")[2], item=act.item)
        case VetoResolved():
            by = None if act.by is None else act.by.partition("/")[2]
            row.update(phase="resolved", vote=act.vote.partition("/")[2], outcome=act.outcome, modified_by=by)
            row.update(vetoer_sat=act.vetoer_sat, resolved_on=today)
        case _:
            pass


def _exercised(act: VetoExercised, key: str, today: date) -> Row:
    own: Row = {"body": act.body, "year": act.year, "number": act.number, "agreement": key}
    own |= {"power": act.power, "resolver": act.resolver, "norms": list(act.norms)}
    own |= {"phase": "exercised", "exercised_on": today}
    later = ("due_on", "sheets", "sense", "session", "item", "vote", "outcome", "modified_by", "vetoer_sat")
    return own | dict.fromkeys((*later, "resolved_on"))


REGISTRY = Registry("vetoes", (VETOES,), {"veto": VETOES}, handle)
