"""The first cuatrimestral report on the bodies below the council: computed, authorised, noted in July (I4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.demo.year.chapters.m2026_07 import ORD_7
from api.demo.year.course import Event, on
from ledger.acts import report as report_acts
from ledger.reporting import content, sha256_of

if TYPE_CHECKING:
    from api.demo.year.teller import Teller

REPORT: dict[str, Any] = {"body": "hcd", "report_kind": "activity", "period": "2026-c1", "number": 1}
NOTED = 3
"""The item of the July session that took note of it."""


def prepared(t: Teller) -> None:
    """Compute the report as of the newest act, and let another person authorise the same hash."""
    t.send()
    as_of = max(fact.index for fact in t.facts)
    said = content(t.facts, REPORT["body"], REPORT["report_kind"], REPORT["period"], as_of)
    bound: dict[str, Any] = {**REPORT, "as_of": as_of, "content_sha256": sha256_of(said)}
    analysis = {"analysis": "Los órganos sesionaron con la frecuencia prevista."}
    t.sign(report_acts.PeriodicReportPrepared(**bound), "hcd/registrador", sealed=analysis)
    t.sign(report_acts.PeriodicReportAuthorized(**bound, level=1), "hcd/prosecretario")


def presented(t: Teller) -> None:
    """The council took note of it: there is no vote."""
    session = f"session/{ORD_7.path}"
    t.sign(report_acts.ReportPresented(**REPORT, session=session, item=NOTED), "hcd/secretario", basis=[session])


def events() -> list[Event]:
    """Return the chapter's events."""
    return [on("2026-07-10 10:00", prepared), on("2026-07-30 12:00", presented)]
