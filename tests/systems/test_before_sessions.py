"""Rows A: what comes before a session: calendar, asuntos, dictámenes, notice, folder; and its recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts import asunto, calendar, carpeta, convocation
from ledger.domain.carpeta import manifest_of

if TYPE_CHECKING:
    from tests.kit.telling import Row

YEAR: dict[str, Any] = {"body": "hcd", "year": 2026}
SITTING: dict[str, Any] = YEAR | {"series": "ext", "session": 1}
SESSION = "session/hcd/2026/ext/1"


@pytest.mark.system("A1")
def test_a_year_of_sessions_is_planned_and_told(row: Row) -> None:
    """Each session planned ends held, not held or cancelled; once closed the calendar moves no more."""
    planned = row.get("calendars/hcd/2026")
    assert [each["status"] for each in planned["entry_list"]] == ["held", "held", *["cancelled"] * 3]
    assert planned["counts"]["missed"] == 0
    moved = calendar.CalendarSessionRescheduled(**YEAR, entry=5, day="2026-05-29")
    row.refuse("calendar-closed", moved, sealed={"reason": "Otra fecha"})


@pytest.mark.system("A3")
def test_convocations_are_proved_by_receipts(row: Row) -> None:
    """A rectified convocation stands beside the earlier one, each with its receipts; once held none is added."""
    (_, second) = row.get("convocations", session="hcd/2026/ext/1")["data"]
    proved = row.get(f"convocations/{second['key']}")
    assert [(each["seat"], each["voice"], each["in_time"]) for each in proved["receipt_list"]] == [
        ("obrero-1", "attested", False),
        ("obrero-2", "own", False),
    ]
    receipt = convocation.Receipt(seat="obrero-3", designation=1, received_at=row.told.instant, channel="courier")
    late = convocation.ConvocationDelivered(**SITTING, convocation=second["key"], receipts=(receipt,))
    row.refuse("session-phase", late, basis=[SESSION])


@pytest.mark.system("A4")
def test_asuntos_are_taken_in(row: Row) -> None:
    """Returned for what it lacks, brought again, accepted and listed; what is accepted is not reviewed again."""
    taken = row.get("asuntos/hcd/2026/1")
    assert [each["outcome"] for each in taken["reviews"]] == ["returned", "accepted"]
    assert (taken["session"], taken["item"]) == ("hcd/2026/ext/1", 1)
    row.refuse("asunto-phase", asunto.AsuntoReviewed(**YEAR, number=1, outcome="accepted"))


@pytest.mark.system("A6")
def test_folders_are_frozen_with_their_addenda(row: Row) -> None:
    """Every document by its hash, the addendum with who got it; a folder is not frozen twice."""
    frozen = row.get("carpetas/hcd/2026/ext/1")
    assert [each["document"] for each in frozen["documents"]] == [1, 2, 3]
    assert frozen["addenda"][0]["receipts"][0]["seat"] == "obrero-1"
    held = (carpeta.CarpetaDocument(document=1, sha256="ab" * 32, pages=1),)
    again = carpeta.CarpetaFrozen(**SITTING, documents=held, manifest=manifest_of(held))
    row.refuse("carpeta-frozen", again, basis=[SESSION])


@pytest.mark.system("A10")
def test_recordings_are_bound_by_hash(row: Row) -> None:
    """A recording tells hash, length and custody; numbers have no gaps."""
    sealed = row.get("recordings/hcd/2026/ext/1/1")
    assert (sealed["sha256"], sealed["custody"]) == ("0a" * 32, "AV-2026/01")
    third = carpeta.RecordingSealed(
        **SITTING,
        recording=3,
        medium="video",
        sha256="0b" * 32,
        begins_at=sealed["begins_at"],
        duration_s=1,
        custody="AV-2026/02",
    )
    row.refuse("number-gap", third, basis=[SESSION])


@pytest.mark.system("A12")
def test_dictamens_support_an_item(row: Row) -> None:
    """A committee's dictamen tells its sense, its vote and the asunto that was listed with it; it is issued once."""
    issued = row.get("dictamens/hcd/2026/1")
    assert issued["sense"] == "conditioned"
    vote, stream = issued["vote"], issued["asunto"]
    again = asunto.DictamenIssued(**YEAR, number=1, vote=vote, asunto=stream, sense="favourable")
    document = {"name": "d.pdf", "media_type": "application/pdf", "size": 1, "sha256": "ab" * 32}
    row.refuse("dictamen-issued", again, basis=[vote], sealed={"document": document})
