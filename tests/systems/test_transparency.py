"""Rows B10, H1 to H5, H7: what is open, requests on their clock, what is classified, public versions, ARCO, formats."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from ledger.acts import access, classification, disclosure, transparency

if TYPE_CHECKING:
    from tests.kit.telling import Row

DAY = "2026-03-20"
AGREEMENT = "agreement/hcd/2026/1"


def unidad(row: Row) -> Any:
    """Return the Unidad de Transparencia."""
    return row.told.town.officer("unidad", "ctd")


@pytest.mark.system("B10")
def test_agreements_are_read_by_anybody(row: Row) -> None:
    """The public reads what is open and why the rest is not; what is reserved is not opened (A8)."""
    found = row.get("agreements/hcd/2026/1")
    assert (found["publicity"], found["texts"]["title"]["published"]) == ("partial", True)
    act = transparency.TextPublished(index=found["log"]["index"], names=("resolution/2",))
    row.refuse("text-classified", act, row.told.town.officer("custodio"))


@pytest.mark.system("H1")
def test_requests_have_their_clock(row: Row) -> None:
    """Received, made clear, turned, extended, answered, appealed; a due day that is not the term's is refused."""
    found = row.get("access-requests/ctd/2026/1", on=DAY)
    assert (found["status"], found["modality"]) == ("resolved", "public-version")
    today = row.told.instant[:10]
    act = access.AccessRequestReceived(
        body="ctd", year=2026, number=4, right="information", received_on=today, due_on=today
    )
    row.refuse("due-day-differs", act, unidad(row), sealed={"text": "Actas de 2026"})


@pytest.mark.system("H2")
def test_classification_needs_a_trigger(row: Row) -> None:
    """Proposed, resolved by the Comité, extended, lifted; without one of the three triggers nothing is proposed."""
    states = {each["status"] for each in row.get(on=DAY)["data"]}
    assert states == {"in-force", "declassified"}
    index = row.get("agreements/hcd/2026/1")["log"]["index"]
    act = classification.ClassificationProposed(
        index=index,
        proposal=2,
        object=AGREEMENT,
        names=("grounds",),
        character="confidential",
        trigger="request",
        unit="dir",
        ground="personal-data",
        from_on=row.told.instant[:10],
    )
    row.refuse("classification-without-trigger", act, sealed={"description": "Datos"})


@pytest.mark.system("H3")
def test_the_reserved_index_is_computed(row: Row) -> None:
    """The published index is what is computed again; a semester's is published once."""
    found = row.get("reserved-indexes/ctd/2025/2")
    assert found["matches"]
    act = disclosure.ReservedIndexPublished(
        body="ctd", year=2025, half=2, on="2025-12-31", size=1, sha256="ab" * 32, rows=0
    )
    row.refuse("index-published", act, unidad(row))


@pytest.mark.system("H4")
def test_public_versions_say_what_they_withhold(row: Row) -> None:
    """The version of the agreement takes one text out; it is approved once."""
    [found] = row.get(object=AGREEMENT)["data"]
    assert (found["holds"], found["withheld_count"], found["phase"]) == (True, 1, "approved")
    act = disclosure.PublicVersionApproved(index=found["entry_index"], version=1)
    row.refuse("version-approved", act)


@pytest.mark.system("H5")
def test_personal_data_are_cancelled(row: Row) -> None:
    """A cancellation was granted, its data blocked and erased; they are not blocked twice."""
    [found] = row.get("access-requests", on=DAY, right="cancellation")["data"]
    assert (found["modality"], len(found["blocked"])) == ("granted", 1)
    [data] = found["blocked"]
    act = access.PersonalDataBlocked(
        body="ctd",
        year=2026,
        number=found["number"],
        disclosures=(transparency.ErasedDisclosure(**data),),
        until_on=row.told.instant[:10],
    )
    row.refuse("already-blocked", act, unidad(row))


@pytest.mark.system("H7")
def test_official_formats_are_filled_and_filed(row: Row) -> None:
    """What was filed is what anybody computes again; the workbook reads back; no quarter is filed early."""
    [filed] = row.get(body="ctd")["data"]
    again = row.get(
        filed["links"]["format"].removeprefix("/api/v1/"), known_at=filed["size"] - 1, on=filed["stated_on"]
    )
    assert (again["sha256"], len(again["rows"]), again["size"]) == (filed["sha256"], filed["rows"], filed["size"])
    assert again["edition"] == filed["edition"]
    answer = row.http.get("/api/v1/sipot-formats/actas/2026/1?format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Reporte de Formatos"]
    actas = row.get("sipot-formats/actas/2026/1")
    assert [cell.value for cell in sheet[7]] == actas["columns"]
    assert sheet.max_row == 7 + len(actas["rows"])
    today = row.told.instant[:10]
    act = disclosure.TransparencyFormatExported(
        body="ctd",
        year=2026,
        quarter=1,
        form="actas",
        number=1,
        edition=actas["edition"],
        on=today,
        size=actas["size"],
        sha256=actas["sha256"],
        rows=len(actas["rows"]),
    )
    row.refuse("quarter-not-over", act, unidad(row))
