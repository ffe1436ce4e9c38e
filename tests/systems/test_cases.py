"""Rows B8, E7, F1 and G1: interpretations, reports, vetoes, recommendations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts import interpretation, recommendation, report, veto
from ledger.acts.followup import ProgressReported
from ledger.reporting import content, sha256_of
from tests.kit.cases import Cases

if TYPE_CHECKING:
    from tests.kit.telling import Row

FIRST: dict[str, Any] = {"body": "cc", "year": 2026, "number": 1}


@pytest.mark.system("F1")
def test_a_veto_suspends_until_the_superior_body_decides(row: Row) -> None:
    """A veto that was overturned reinstated its agreement; another one stays open and suspends; none is said twice."""
    assert row.get("agreements/cc/2026/1")["validity"] == "in-force"
    assert row.get("agreements/cc/2026/2")["validity"] == "suspended"
    assert {each["key"] for each in row.get()["data"]} == {"cc/2026/1", "cc/2026/2"}
    again = veto.VetoExercised(**FIRST, power="president", resolver="hcd", norms=("LSS 264-XIV",))
    president = row.told.town.officer("presidente", "cc")
    row.refuse("already-vetoed", again, president, sealed={"grounds": "Otra vez."}, basis=["agreement/cc/2026/1"])


@pytest.mark.system("G1")
def test_recommendations_are_followed(row: Row) -> None:
    """Of two recommendations one was reopened and attended; what is attended is not reviewed again."""
    keys = [each["key"] for each in row.get()["data"]]
    assert keys == ["cvd/1/1", "cvd/1/2"]
    assert row.get("recommendations/cvd/1/1")["phase"] == "attended"
    act = recommendation.RecommendationReviewed(body="cvd", ordinal=1, number=1, outcome="attended")
    row.refuse("recommendation-phase", act)


@pytest.mark.system("B8")
def test_queries_are_answered_beside_the_agreement(row: Row) -> None:
    """A later answer supersedes the earlier; the superseded one is not issued again."""
    assert [each["key"] for each in row.get()["data"]] == ["cc/2026/1/1", "cc/2026/1/2"]
    act = interpretation.InterpretationIssued(**FIRST, interpretation=1)
    president = row.told.town.officer("presidente", "cc")
    how: dict[str, Any] = {"sealed": {"answer": "Otra."}, "basis": ["agreement/cc/2026/1"]}
    row.refuse("interpretation-phase", act, president, **how)


@pytest.mark.system("E7")
def test_reports_are_computed_again(row: Row) -> None:
    """A report is what the entries up to its index give: a false one is refused, and one of a number that stands."""
    prepared = row.get()["data"][0]
    found = row.get(f"reports/{prepared['key']}/content")
    assert found["matches"]
    of: dict[str, Any] = {"body": "hcd", "report_kind": "functioning", "period": "2026", "as_of": prepared["as_of"]}
    row.refuse("already-prepared", report.PeriodicReportPrepared(**of, number=1, content_sha256=found["signed_sha256"]))
    row.refuse("report-differs", report.PeriodicReportPrepared(**of, number=2, content_sha256="ab" * 32))
    unborn = of | {"as_of": 2**53 - 1}
    row.refuse("as-of-later", report.PeriodicReportPrepared(**unborn, number=2, content_sha256="ab" * 32))


@pytest.mark.system("B5")
def test_follow_up_reports_are_of_an_index(row: Row) -> None:
    """A report on the follow-up, prepared here, has the content that its index gives; a false one is not authorised."""
    town, store = row.told.town, row.told.store
    of: dict[str, Any] = {"body": "hcd", "report_kind": "follow-up", "period": "2026"}
    as_of = store.head().size - 1
    said = content(Cases(town, store).facts(), "hcd", "follow-up", "2026", as_of)
    bound: dict[str, Any] = {"as_of": as_of, "content_sha256": sha256_of(said)}
    town.do(report.PeriodicReportPrepared(**of, number=1, **bound), sealed={"analysis": "Un vencido."})
    town.do(report.PeriodicReportAuthorized(**of, number=1, **bound, level=1), town.chair)
    assert row.get("reports/hcd/follow-up/2026/1/content")["moment"]["as_of_position"] > as_of
    other = bound | {"content_sha256": "ab" * 32}
    act = report.PeriodicReportAuthorized(**of, number=1, **other, level=2)
    row.refuse("report-content", act, town.chair)


@pytest.mark.system("M1")
def test_directrices_are_followed_like_acuerdos(row: Row) -> None:
    """A directriz is a kind of agreement with its place on the board; while it is suspended nothing moves."""
    (directive,) = row.get("agreements", agreement_kind="directive")["data"]
    assert directive["key"] == "cc/2026/2"
    assert row.get("follow-up/cc/2026/2/1", as_of="2026-12-31")["status"] == "suspended"
    moved = ProgressReported(body="cc", year=2026, number=2, resolution=1, unit="dir", percent=10)
    clerk = row.told.town.officer("secretario", "cc")
    row.refuse("agreement-suspended", moved, clerk, sealed={"narrative": "x"})
