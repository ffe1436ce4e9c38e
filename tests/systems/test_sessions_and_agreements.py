"""Rows A and B: sessions with their actas, agreements with what follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts import acta, circulation, followup, session, unit, validity

if TYPE_CHECKING:
    from tests.kit.telling import Row

FIRST: dict[str, Any] = {"body": "hcd", "year": 2026, "number": 1}
SITTING: dict[str, Any] = {"body": "hcd", "year": 2026, "series": "ord", "session": 1}
DAY = "2026-05-03"


@pytest.mark.system("A11")
def test_sessions_are_held(row: Row) -> None:
    """A session tells quorum, items and who came; nothing more happens in it once it is closed."""
    held = row.get("sessions/hcd/2026/ord/1")
    assert (held["phase"], held["quorum"]["required"], len(held["items"])) == ("closed", 7, 4)
    assert len(row.get("sessions/hcd/2026/ord/1/attendance")["data"]) == 12
    assert [each["key"] for each in row.get(status="not-held")["data"]] == []
    row.refuse("session-phase", session.ItemOpened(**SITTING, item=1))


@pytest.mark.system("A13")
def test_actas_are_drafted_approved_signed_sealed(row: Row) -> None:
    """An acta tells who signed and who refused; after its sealing no block changes."""
    sealed = row.get("actas/hcd/2026/ord/1")
    assert (sealed["phase"], sealed["signatures"]) == ("sealed", ["estado-1", "secretario"])
    act = acta.ActaSigned(**SITTING, seat="estado-2", root=sealed["root"])
    row.refuse("acta-sealed", act, row.told.town.officer("estado-2"), basis=["acta/hcd/2026/ord/1"])


@pytest.mark.system("A15")
def test_appendices_hang_on_actas(row: Row) -> None:
    """An appendix tells its sheets; its number follows the one before."""
    (attached,) = row.get()["data"]
    assert attached["sheets"] == 12
    act = circulation.AppendixAttached(**SITTING | {"session": 2}, appendix=7, sheets=1)
    sealed = {"document": {"name": "a.pdf", "media_type": "application/pdf", "size": 1, "sha256": "ab" * 32}}
    row.refuse("number-gap", act, sealed=sealed | {"title": "Lista"})


@pytest.mark.system("B1")
def test_agreements_are_captured_by_one_and_reviewed_by_another(row: Row) -> None:
    """A capture tells what each resolutivo does and who, another person, reviewed it; then it stands."""
    captured = row.get("captures/hcd/2026/1")
    assert (captured["phase"], captured["reviewer"]) == ("confirmed", "designation/hcd/estado-1/1")
    act = followup.AgreementCaptured(**FIRST, resolutions=("authorise", "note"), series_code="1C.4")
    row.refuse("already-captured", act)


@pytest.mark.system("B3")
def test_agreements_are_communicated_by_oficio(row: Row) -> None:
    """Oficios tell which of them lack an acknowledgement; a unit acknowledges its own."""
    sent = row.get("communications/hcd/2026/1")
    assert (len(sent["letters"]), sent["pending"]) == (2, 1)
    act = followup.CommunicationAcknowledged(**FIRST, unit="dpes", oficio="SG/dpes/2026")
    row.refuse("not-of-the-unit", act, row.told.town.officer("dir", "unidades"))


@pytest.mark.system("B4")
def test_fulfilment_is_watched(row: Row) -> None:
    """The board is computed as of a day; whoever answers for a resolutivo does not verify it (A4)."""
    (late,) = row.get(as_of=DAY, status="overdue")["data"]
    assert (late["key"], late["days_overdue"]) == ("hcd/2026/1/1", 3)
    enlace = row.told.town.officer("dir", "unidades")
    row.refuse("not-authorised", followup.FulfilmentVerified(**FIRST, resolution=1, outcome="fulfilled"), enlace)


@pytest.mark.system("B7")
def test_agreements_are_filed_in_order(row: Row) -> None:
    """The chronological index is of a body and year; what is filed already is not filed again."""
    assert [each["key"] for each in row.get(body="hcd", year=2026)["data"]] == ["hcd/2026/1"]
    row.refuse("already-filed", followup.AgreementFiled(**FIRST, series_code="1C.4"))


@pytest.mark.system("B11")
def test_units_have_a_history(row: Row) -> None:
    """A unit answers by the name of the day; a legacy agreement says that it is proved only since its import."""
    assert row.get("units/daed", as_of="2022-01-01")["code"] == "DAED"
    assert row.get("agreements/hcd/2021/1")["provenance"] == "imported"
    act = unit.UnitRenamed(unit="daed", code="OTRA", effective_on="2026-12-01")
    row.refuse("unit-suppressed", act, row.told.town.founder, sealed={"name": "Otra"})


@pytest.mark.system("B12")
def test_agreements_are_modified_revoked_and_printed(row: Row) -> None:
    """Relations stand at both ends; a revoked agreement is not modified any more (A7)."""
    ended = row.get("agreements/hcd/2021/1")
    assert [each["relation"] for each in ended["relations"]] == ["modifies", "revokes"]
    assert ended["validity"] == "revoked"
    assert row.get("gazette-prints/hcd/2026/1")["prints"][0]["gazette"] == "dof"
    by: dict[str, Any] = {"by": "agreement/hcd/2026/1", "by_resolution": 1, "effective_on": "2026-05-01"}
    act = validity.AgreementModified(body="hcd", year=2021, number=1, **by, resolutions=(1,))
    row.refuse("agreement-without-effect", act, basis=["agreement/hcd/2026/1"])
