"""Periodic reports, and the facts out of which anybody computes them again (`ledger.reporting`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.report import OfReport, PeriodicReportAuthorized, PeriodicReportPrepared, ReportPresented
from ledger.reporting import fact_of
from ledger.reporting.facts import KINDS
from projections.base import Registry, Table, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

REPORTS = object_table(
    "reports",
    "body",
    "report_kind",
    "period",
    "number",
    "as_of",
    "content_sha256",
    "levels",
    "phase",
    "chain",
    "presented",
    json=("chain", "presented"),
    fixed=("report_kind", "period", "number", "as_of", "content_sha256", "levels"),
)
_FACT = ("body", "day", "what", "key", "said")
FACTS = Table(
    "report_facts",
    ("entry_index", *_FACT),
    ("entry_index",),
    json=frozenset({"said"}),
    fixed=frozenset(_FACT),
    born="entry_index",
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a report, and note what any other act tells for reports."""
    act = signed.act
    if isinstance(act, OfReport):
        _report(page, signed, act)
        return
    fact = fact_of(act, signed.index, signed.statement.occurred_at)
    if fact is not None:
        values = {"entry_index": fact.index, "body": fact.body, "day": fact.day, "what": fact.what, "key": fact.key}
        page.put(FACTS, values | {"said": dict(fact.said)})


def _report(page: Page, signed: Signed, act: OfReport) -> None:
    key = f"{act.body}/{act.report_kind}/{act.period}/{act.number}"
    signed_by = {"index": signed.index, "office": signed.statement.office}
    match act:
        case PeriodicReportPrepared():
            row: Row = {"id": key, **heading(signed), "body": act.body, "report_kind": act.report_kind}
            row |= {"period": act.period, "number": act.number, "as_of": act.as_of, "levels": act.levels}
            row |= {"content_sha256": act.content_sha256, "phase": "prepared", "chain": [signed_by], "presented": []}
            page.put(REPORTS, row)
        case PeriodicReportAuthorized():
            row = touch(page.edit(REPORTS, key), signed)
            row["chain"] = [*row["chain"], signed_by]
            if act.level == row["levels"]:
                row["phase"] = "authorised"
        case ReportPresented():
            row = touch(page.edit(REPORTS, key), signed)
            noted = {"index": signed.index, "session": act.session.partition("/")[2], "item": act.item}
            row.update(phase="presented", presented=[*row["presented"], noted])
        case _:
            pass


REGISTRY = Registry("reports", (REPORTS, FACTS), {"report": REPORTS, **dict.fromkeys(KINDS)}, handle)
