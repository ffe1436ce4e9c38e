"""V11 of periodic reports: the content, computed again from the entries, has the hash that was signed (E7, B5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts import parse_act
from ledger.reporting import content, fact_of, sha256_of
from ledger.reporting.facts import KINDS
from ledger.verify.history import quick_statement
from ledger.verify.outcome import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.acts.report import PeriodicReportPrepared
    from ledger.reporting import Fact
    from ledger.verify.history import History


def check_reports(history: History, reports: Sequence[tuple[int, PeriodicReportPrepared]], outcome: Outcome) -> None:
    """Compute every report again, out of the lawful entries up to the index that it names.

    Args:
        history: Of all entries; read a second time, and only where there are reports.
        reports: Index and act of each that was prepared.
        outcome: Gets the count, and a finding for each report that does not say what the entries say.
    """
    if not reports:
        return
    facts = _facts(history, max(act.as_of for _, act in reports))
    for index, act in reports:
        said = content(facts, act.body, act.report_kind, act.period, act.as_of)
        outcome.steps[11].checked("reports")
        if sha256_of(said) != act.content_sha256:
            outcome.find(Finding(11, "report-differs", index, detail=f"{act.stream()}: {sha256_of(said)}"))


def _facts(history: History, last: int) -> list[Fact]:
    facts = []
    for index in range(last + 1):
        if not history.is_lawful(index):
            continue
        statement, _ = quick_statement(history.entry(index))
        if statement.stream.partition("/")[0] not in KINDS:
            continue
        fact = fact_of(parse_act(statement.type, statement.data), index, statement.occurred_at)
        if fact is not None:
            facts.append(fact)
    return facts
