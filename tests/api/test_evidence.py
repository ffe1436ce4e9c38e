"""An act's evidence over HTTP: what the page checks holds offline, too; where the printed code leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.documents.codes import code_of
from api.exporting import policy_of
from ledger.statement import Entry
from ledger.verdicts import conclude
from ledger.verify.bundle import Bundle
from ledger.verify.checks import verify
from ledger.verify.report import trusted_facts
from ledger.verify.trust import Trust
from tests.kit.system import noted

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from api.demo.town import Town
    from api.system import System


@pytest.mark.parametrize("kind", ["LedgerFounded/1", "KeyAccepted/1"])
def test_an_acts_evidence_verifies(http: httpx.Client, system: System, tmp_path: Path, kind: str) -> None:
    """The excerpt has the act, all of its stream and its signer's key, opens nothing, and no step finds anything."""
    acts = (Entry.parse(raw) for raw in system.entries(0, 100))
    index = next(act.index for act in acts if act.act.statement.type == kind)
    answer = http.get(f"/api/v1/acts/{index}/evidence")
    assert answer.headers["content-type"] == "application/zip"
    (tmp_path / "x.evidencia.zip").write_bytes(answer.content)
    with Bundle.open(tmp_path / "x.evidencia.zip") as bundle:
        outcome = verify(bundle, Trust(policy=policy_of(system)), jobs=0)
        held = {at: Entry.parse(raw).act.statement for at, raw, _ in bundle.excerpt()}
        assert not bundle.files["disclosures"]
    assert not outcome.failed
    stream = held[index].stream
    assert {Entry.parse(raw).index for raw in system.store.stream(stream)} <= held.keys()
    enrolled = [said for said in held.values() if said.stream == f"key/{held[index].signer}"]
    assert index == 0 or len(enrolled) == 2


def test_an_acts_evidence_shows_who_was_allowed_it(
    http: httpx.Client, system: System, town: Town, tmp_path: Path
) -> None:
    """Key, office and body come along, so that one act of each type is VALID offline as it is for the service."""
    noted(town, "extra")
    acts = {Entry.parse(raw).act.statement.type: Entry.parse(raw).index for raw in system.entries(0, 500)}
    assert {"SessionConvened/1", "KeyAccepted/1", "DesignationRegistered/1"} <= acts.keys()
    for kind, index in acts.items():
        (tmp_path / "x.evidencia.zip").write_bytes(http.get(f"/api/v1/acts/{index}/evidence").content)
        with Bundle.open(tmp_path / "x.evidencia.zip") as bundle:
            facts = trusted_facts(verify(bundle, Trust(policy=policy_of(system)), jobs=0), self_contained=False)
        told = http.get(f"/api/v1/acts/{index}/verification").json()
        assert told["headline"] == conclude(facts).headline == "VALID", kind


def test_evidence_of_nothing_is_not_found(http: httpx.Client) -> None:
    """An index beyond the log is a 404 problem."""
    assert http.get("/api/v1/acts/900000/evidence").status_code == 404


def test_a_code_leads_a_browser_to_the_page_and_a_machine_to_the_check(http: httpx.Client, system: System) -> None:
    """Accept: text/html goes to /verificar, whatever the hash; everything else to the service's answer, or 404."""
    code = code_of(3, system.entries(3, 1)[0])
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    assert http.get(f"/v/{code}", headers=browser).headers["location"] == f"/verificar?codigo={code}"
    assert http.get(f"/v/{code}").headers["location"] == "/api/v1/acts/3/verification"
    assert http.get("/v/3-00000000").status_code == 404
    assert http.get("/v/3-00000000", headers=browser).status_code == 303
    assert http.get("/v/nothing-at-all", headers=browser).status_code == 400


def test_the_saved_page_holds_the_key_of_today(http: httpx.Client, system: System) -> None:
    """One file to keep: the log's key is in it; its policy of content allows its own script and nothing else."""
    page = http.get("/verificar.html").text
    assert all(key.vkey in page for key in system.keys)
    assert "default-src 'none'; script-src 'sha256-" in page
    assert "src=" not in page.replace("default-src=", "")
    assert "import {" not in page
