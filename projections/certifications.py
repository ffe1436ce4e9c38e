"""Certifications, and which objects they speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.certification import CertificationIssued, CertificationRevoked, CertificationSuperseded
from projections.base import Registry, Table, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
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
)
OBJECTS = Table(
    "certified_objects",
    ("certification", "ordinal", "object", "entry_index", "statement", "root"),
    ("certification", "ordinal"),
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a certification."""
    act = signed.act
    match act:
        case CertificationIssued():
            _issue(page, signed, act)
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
        },
    )
    page.add(
        OBJECTS,
        [(row_id, n, each.stream, each.index, each.statement, each.root) for n, each in enumerate(act.objects, 1)],
    )


REGISTRY = Registry("certifications", (CERTIFICATIONS, OBJECTS), {"certification": CERTIFICATIONS}, handle)
