"""Queries on agreements and their answers, which stand beside the agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.interpretation import (
    InterpretationDrafted,
    InterpretationIssued,
    InterpretationRequested,
    InterpretationSuperseded,
    OfInterpretation,
)
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

INTERPRETATIONS = object_table(
    "interpretations",
    "body",
    "year",
    "number",
    "interpretation",
    "agreement",
    "petitioner_kind",
    "about",
    "resolution",
    "phase",
    "issued_index",
    "superseded_by",
    fixed=("number", "interpretation", "agreement", "petitioner_kind", "about", "resolution"),
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of an interpretation."""
    act = signed.act
    if not isinstance(act, OfInterpretation):
        return
    agreement = f"{act.body}/{act.year}/{act.number}"
    key = f"{agreement}/{act.interpretation}"
    if isinstance(act, InterpretationRequested):
        row: Row = {"id": key, **heading(signed), "body": act.body, "year": act.year, "number": act.number}
        row |= {"interpretation": act.interpretation, "agreement": agreement, "petitioner_kind": act.petitioner_kind}
        row |= {"about": act.about, "resolution": act.resolution, "phase": "requested"}
        page.put(INTERPRETATIONS, row | {"issued_index": None, "superseded_by": None})
        return
    row = touch(page.edit(INTERPRETATIONS, key), signed)
    match act:
        case InterpretationDrafted():
            row["phase"] = "drafted"
        case InterpretationIssued():
            row.update(phase="issued", issued_index=signed.index)
        case InterpretationSuperseded():
            row.update(phase="superseded", superseded_by=act.by)
        case _:
            pass


REGISTRY = Registry("interpretations", (INTERPRETATIONS,), {"interpretation": INTERPRETATIONS}, handle)
