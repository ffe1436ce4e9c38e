"""Certifications, and which objects they speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.certification import (
    CertificationDelivered,
    CertificationIssued,
    CertificationRevoked,
    CertificationSuperseded,
)
from projections.base import Registry, Table, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.acts.certification import CertifiedObject
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

CERTIFICATIONS = object_table(
    "certifications",
    "body",
    "year",
    "number",
    "phase",
    "copy_kind",
    "sheets",
    "reason",
    "superseded_by",
    "phase_index",
    "request",
    "negatives",
    "delivered_on",
    "channel",
    json=("negatives",),
)
OBJECTS = Table(
    "certified_objects",
    ("certification", "ordinal", "object", "entry_index", "statement", "root", "marks", "made_by", "folios"),
    ("certification", "ordinal"),
    frozenset({"marks", "made_by", "folios"}),
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a certification."""
    act = signed.act
    match act:
        case CertificationIssued():
            _issue(page, signed, act)
        case CertificationDelivered():
            row = touch(page.edit(CERTIFICATIONS, f"{act.body}/{act.year}/{act.number}"), signed)
            row.update(delivered_on=act.delivered_on, channel=act.channel)
        case CertificationRevoked():
            row = touch(page.edit(CERTIFICATIONS, f"{act.body}/{act.year}/{act.number}"), signed)
            row.update(phase="revoked", reason=act.reason, phase_index=signed.index)
        case CertificationSuperseded():
            row = touch(page.edit(CERTIFICATIONS, f"{act.body}/{act.year}/{act.number}"), signed)
            by = f"{act.body}/{act.by_year}/{act.by_number}"
            row.update(phase="superseded", superseded_by=by, phase_index=signed.index)
        case _:
            pass


def _issue(page: Page, signed: Signed, act: CertificationIssued) -> None:
    row_id = f"{act.body}/{act.year}/{act.number}"
    page.put(
        CERTIFICATIONS,
        {
            "id": row_id,
            **heading(signed),
            "body": act.body,
            "year": act.year,
            "number": act.number,
            "phase": "issued",
            "copy_kind": act.copy_kind,
            "sheets": act.sheets,
            "reason": None,
            "superseded_by": None,
            "phase_index": signed.index,
            "request": None if act.request is None else act.request.partition("/")[2],
            "negatives": [each.model_dump(mode="json", exclude_none=True) for each in act.negatives],
            "delivered_on": None,
            "channel": None,
        },
    )
    for ordinal, each in enumerate(act.objects, 1):
        page.put(OBJECTS, {"certification": row_id, "ordinal": ordinal, **_columns(each)})


def _columns(each: CertifiedObject) -> Row:
    return {
        "object": each.stream,
        "entry_index": each.index,
        "statement": each.statement,
        "root": each.root,
        "marks": list(each.marks),
        "made_by": list(each.by),
        "folios": None if each.folios is None else each.folios.model_dump(),
    }


REGISTRY = Registry("certifications", (CERTIFICATIONS, OBJECTS), {"certification": CERTIFICATIONS}, handle)
