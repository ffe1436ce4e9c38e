"""Oversight requirements: what an authority asks by when, the bundles that were exported, the findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.oversight import (
    AuditFindingClarified,
    AuditFindingLinked,
    EvidenceBundleExported,
    OfRequirement,
    OversightRequirementAnswered,
    OversightRequirementClosed,
    OversightRequirementReceived,
)
from projections.base import Registry, Table, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

REQUIREMENTS = object_table(
    "requirements",
    "body",
    "year",
    "number",
    "authority",
    "reference",
    "asks",
    "from_on",
    "to_on",
    "received_on",
    "business_days",
    "due_on",
    "answered_on",
    "oficio",
    "certificates",
    "answer_bundles",
    "closed_on",
    "bundles",
    "findings",
    "open_findings",
    json=("asks", "certificates", "answer_bundles"),
)
BUNDLES = Table(
    "requirement_bundles",
    (
        "requirement",
        "bundle",
        "manifest_sha256",
        "tree_size",
        "root",
        "first_index",
        "last_index",
        "grants",
        "exported_on",
        "sealed",
        "entry_index",
    ),
    ("requirement", "bundle"),
    frozenset({"sealed"}),
)
FINDINGS = object_table(
    "requirement_findings",
    "requirement",
    "finding",
    "reference",
    "acts",
    "outcome",
    "settled_index",
    json=("acts",),
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of an oversight requirement."""
    act = signed.act
    match act:
        case OversightRequirementReceived():
            _receive(page, signed, act)
        case EvidenceBundleExported():
            _export(page, signed, act)
        case OversightRequirementAnswered():
            row = touch(page.edit(REQUIREMENTS, _id(act)), signed)
            row.update(answered_on=act.answered_on, oficio=act.oficio)
            row.update(certificates=list(act.certificates), answer_bundles=list(act.bundles))
        case AuditFindingLinked():
            _link(page, signed, act)
        case AuditFindingClarified():
            _moved(page, signed, act)["open_findings"] -= 1
            settled: Row = {"outcome": act.outcome, "settled_index": signed.index}
            touch(page.edit(FINDINGS, f"{_id(act)}/{act.finding}"), signed).update(settled)
        case OversightRequirementClosed():
            touch(page.edit(REQUIREMENTS, _id(act)), signed)["closed_on"] = act.closed_on
        case _:
            pass


def _id(act: OfRequirement) -> str:
    return f"{act.body}/{act.year}/{act.number}"


def _moved(page: Page, signed: Signed, act: OfRequirement) -> Row:
    """Return the requirement, touched; what a bundle or a finding seals is theirs."""
    row = page.edit(REQUIREMENTS, _id(act))
    kept = row["sealed"]
    touch(row, signed)["sealed"] = kept
    return row


def _receive(page: Page, signed: Signed, act: OversightRequirementReceived) -> None:
    asked = act.model_dump(mode="json", exclude={"asks"})
    empty: Row = {"answered_on": None, "oficio": None, "certificates": [], "answer_bundles": [], "closed_on": None}
    counts = {"bundles": 0, "findings": 0, "open_findings": 0}
    made = {"id": _id(act), **heading(signed), **asked, "asks": list(act.asks), **empty, **counts}
    page.put(REQUIREMENTS, made)


def _export(page: Page, signed: Signed, act: EvidenceBundleExported) -> None:
    _moved(page, signed, act)["bundles"] = act.bundle
    own = act.model_dump(mode="json", exclude={"body", "year", "number"})
    sealed = dict.fromkeys(sorted(signed.statement.sealed), signed.index)
    placed = {"requirement": _id(act), "exported_on": signed.statement.occurred_at[:10]}
    page.put(BUNDLES, {**placed, **own, "sealed": sealed, "entry_index": signed.index})


def _link(page: Page, signed: Signed, act: AuditFindingLinked) -> None:
    row = _moved(page, signed, act)
    row.update(findings=act.finding, open_findings=row["open_findings"] + 1)
    linked: Row = {"requirement": _id(act), "finding": act.finding, "reference": act.reference, "acts": list(act.acts)}
    empty: Row = {"outcome": None, "settled_index": None}
    page.put(FINDINGS, {"id": f"{_id(act)}/{act.finding}", **heading(signed), **linked, **empty})


REGISTRY = Registry("requirements", (REQUIREMENTS, BUNDLES, FINDINGS), {"requirement": REQUIREMENTS}, handle)
