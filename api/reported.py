"""Periodic reports are computed again before they are recorded: a false one is refused, not only found later (V11).

What a report says is counted out of facts of many streams, which no rule reads; the registries keep those facts, and
this side of the arrow may ask them. Whoever records past this interface is found by the verifier as before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.routes.registry_base import wait
from ledger.acts import parse_act
from ledger.acts.report import PeriodicReportPrepared
from ledger.errors import RuleViolation
from projections.queries import reading, reports

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.system import System
    from ledger.statement import SignedAct


def check_reports(system: System, acts: Sequence[SignedAct]) -> None:
    """Check that each report that is prepared says what the entries up to its index say.

    One of an index that the ledger does not have yet is the rules' to refuse ("as-of-later").

    Raises:
        RuleViolation: "report-differs", with the hash that it should have.
        UntrustedInputError: what its data lack.
        ApiError: 409 "not-projected": the registries are not there yet; nothing is wrong with asking again.
    """
    for signed in acts:
        if signed.statement.type != PeriodicReportPrepared.type_name:
            continue
        act = parse_act(signed.statement.type, signed.statement.data)
        if not isinstance(act, PeriodicReportPrepared) or act.as_of >= system.size():
            continue
        wait(system, act.as_of)
        with reading(system.store.pool) as cursor:
            found = reports.computed(cursor, act.body, act.report_kind, act.period, act.as_of)["content_sha256"]
        if found != act.content_sha256:
            system.refusals.note(acts, "report-differs", system.store.now())
            raise RuleViolation("report-differs", report=act.stream(), computed=found)
