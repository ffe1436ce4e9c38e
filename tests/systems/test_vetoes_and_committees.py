"""Rows A14, B2 and F2, told last of all: minutas of groups, agreements of committees, the Director General's veto."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.actas import ActaDesk
from ledger.acts import followup, validity, veto
from ledger.acts.body import BodyRulesAdopted, VetoRule
from ledger.profiles import load
from tests.kit.committee import Committee

if TYPE_CHECKING:
    from ledger.acts.acta import ActaDrafted
    from tests.kit.telling import Row


def draft(row: Row, committee: Committee, instrument: Any) -> tuple[ActaDrafted, dict[str, Any]]:
    """Draft the record of a body's session; return the act and what goes with it."""
    told = row.told
    act, blocks = ActaDesk(told.store, told.vault, told.ledger.state).draft(committee.path, instrument=instrument)
    return act, {"basis": [f"session/{committee.path}"], "blocks": blocks.disclosures}


def drafted(row: Row, committee: Committee, instrument: Any) -> None:
    """Let the secretary of a body record a draft."""
    act, how = draft(row, committee, instrument)
    row.told.town.submit([row.told.town.desk.sign(act, committee.clerk, **how)])


@pytest.mark.system("A14")
def test_minutas_are_the_lighter_record(row: Row) -> None:
    """A working group's minuta stands in the registry of actas by its instrument, and does not become an acta."""
    group = Committee(row.told.town, "gtt", "commission")
    group.settle()
    group.meet(adopting=False)
    drafted(row, group, "minuta")
    assert row.get(f"actas/{group.path}")["instrument"] == "minuta"
    assert [each["key"] for each in row.get(instrument="minuta")["data"]] == [group.path]
    changed, how = draft(row, group, "acta")
    row.refuse("instrument-changed", changed, group.clerk, **how)


@pytest.mark.system("B2")
def test_committees_have_actas_and_agreements_of_their_own(row: Row) -> None:
    """A committee's session, acta, agreement and capture are found by the committee; its own captor does not review."""
    committee = Committee(row.told.town, "cpd", decided_by="vote/hcd/2026/ord/1/1")
    committee.settle()
    committee.meet(adopting=True)
    drafted(row, committee, "acta")
    of: dict[str, Any] = {"body": "cpd", "year": committee.year, "number": 1}
    row.told.town.do(followup.AgreementCaptured(**of, resolutions=("approve",)), committee.clerk)
    assert [each["key"] for each in row.get(body="cpd")["data"]] == [f"cpd/{committee.year}/1"]
    assert row.get(f"captures/cpd/{committee.year}/1")["phase"] == "captured"
    assert row.get(f"actas/{committee.path}")["phase"] == "drafted"
    convened = row.get(f"sessions/{committee.path}")
    assert (convened["decided_by"], convened["links"]["decided_by"]) == (
        "vote/hcd/2026/ord/1/1",
        "/api/v1/votes/hcd/2026/ord/1/1",
    )
    review = followup.AgreementCaptureReviewed(**of, outcome="confirmed")
    row.refuse("same-person", review, committee.clerk)


@pytest.mark.system("F2")
def test_the_director_generals_veto_needs_the_assembly(row: Row) -> None:
    """The chair of the council vetoes; it is suspended until the assembly decides, and never by the council itself."""
    town = row.told.town
    rule = VetoRule(power="director-general", resolver="asamblea")
    rules = load("IMSS_HCT", body_code="HCD").model_copy(update={"veto": rule})
    town.do(BodyRulesAdopted(body="hcd", profile="IMSS_HCT", rules=rules, valid_from=town.now()[:10]), town.founder)
    last = max(each["number"] for each in row.get("agreements", body="hcd", year=2026)["data"])
    of: dict[str, Any] = {"body": "hcd", "year": 2026, "number": last}
    stream, case = f"agreement/hcd/2026/{last}", f"veto/hcd/2026/{last}"
    act = veto.VetoExercised(**of, power="director-general", resolver="asamblea", norms=("LSS 269",))
    grounds: dict[str, Any] = {"sealed": {"grounds": "Inobservancia de la norma."}, "basis": [stream]}
    row.refuse("not-the-resolver", act.model_copy(update={"resolver": "hcd"}), town.chair, **grounds)
    town.do(act, town.chair, **grounds)
    town.do(validity.AgreementSuspended(**of, case=case, cause="veto"), basis=[case])
    found = row.get(f"vetoes/hcd/2026/{last}")
    assert (found["power"], found["resolver"], found["phase"]) == ("director-general", "asamblea", "exercised")
    assert row.get(f"agreements/hcd/2026/{last}")["validity"] == "suspended"
    row.refuse("case-decides-otherwise", validity.AgreementReinstated(**of, case=case), basis=[case])
