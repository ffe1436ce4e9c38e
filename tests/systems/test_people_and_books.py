"""Rows C, D and E: who holds which seat; books and certificates; actas of other bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts import body, book, certification, designation, received

if TYPE_CHECKING:
    from tests.kit.telling import Row

BOOK: dict[str, Any] = {"body": "hcd", "year": 2026, "volume": 1}


@pytest.mark.system("C2")
def test_composition_at_any_date(row: Row) -> None:
    """Who held each seat on a day, as known on another; nobody is designated to a seat that somebody holds (D1)."""
    seats = {each["seat"]: each for each in row.get("bodies/hcd/composition", as_of="2026-03-02")["seats"]}
    assert seats["obrero-1"]["holders"][0]["capacity"] == "propietario"
    assert row.get("bodies/hcd/composition", as_of="2026-03-02", known_at=1)["seats"] == []
    act = designation.DesignationRegistered(
        body="hcd",
        seat="obrero-1",
        number=2,
        person="p-founder-1",
        capacity="propietario",
        begins_at="2026-01-01T00:00:00-06:00",
    )
    row.refuse("seat-occupied", act, row.told.town.founder)


@pytest.mark.system("D1")
def test_books_have_every_folio(row: Row) -> None:
    """A book tells each folio, the spoiled one among them; a closed one takes no more (L5)."""
    bound = row.get("books/hcd/2026/1")
    assert [each["cancelled"] for each in bound["contents_list"]] == [True, False, False]
    row.refuse("book-closed", book.FolioCancelled(**BOOK, folio=8), sealed={"reason": "Mancha"})


@pytest.mark.system("D2")
def test_books_are_formalised_and_transferred(row: Row) -> None:
    """A book that went to the Acervo says where it is; it does not go twice."""
    assert [each["key"] for each in row.get(status="archived")["data"]] == ["hcd/2026/1"]
    again = book.BookTransferred(**BOOK, location="AH-01/01")
    row.refuse("book-phase", again, row.told.town.officer("custodio"))


@pytest.mark.system("D3")
def test_the_archive_knows_what_is_on_loan(row: Row) -> None:
    """Loans and fixity checks stand beside the book; what is on loan is not lent again."""
    kept = row.get("books/hcd/2026/1")
    assert (kept["on_loan"], kept["last_check"], kept["location"]) == (2, "failed", "AH-04/01")
    act = book.ArchiveItemLoaned(**BOOK, loan=3, due_on="2026-12-03")
    row.refuse("book-on-loan", act, row.told.town.officer("custodio"), sealed={"borrower": "Otra persona"})


@pytest.mark.system("D5")
def test_actas_of_others_are_kept(row: Row) -> None:
    """A received acta says from whom and when it came; its number follows the one before."""
    assert row.get("received-actas/hcd/2")["phase"] == "validated"
    act = received.ExternalActaReceived(
        body="hcd",
        number=9,
        issuer="viejo",
        reference="ORD/9/2026",
        held_on="2026-02-10",
        received_on="2026-03-01",
        sheets=1,
    )
    sealed = {"document": {"name": "a.pdf", "media_type": "application/pdf", "size": 1, "sha256": "ab" * 32}}
    row.refuse("number-gap", act, sealed=sealed)


@pytest.mark.system("E1")
def test_other_bodies_stand_beside(row: Row) -> None:
    """Bodies of any kind are registered with their rules; a second of the same name is refused."""
    assert {each["key"] for each in row.get()["data"]} >= {"hcd", "viejo", "unidades"}
    act = body.BodyRegistered(body="viejo", body_kind="council")
    row.refuse("body-already-registered", act, row.told.town.founder, sealed={"name": "Otra vez"})


@pytest.mark.system("E2")
def test_incidents_are_notified_and_cured(row: Row) -> None:
    """Of two incidents one is cured; an acta with an open one is not validated."""
    reviewed = row.get("received-actas/hcd/1")
    assert (reviewed["incidents"], reviewed["open_incidents"]) == (2, 1)
    row.refuse("incident-pending", received.ExternalActaValidated(body="hcd", number=1))


@pytest.mark.system("D4")
def test_certificates_are_issued_superseded_revoked(row: Row) -> None:
    """A certificate names exactly what it certifies; a revoked one does not end once more (X3)."""
    found = row.get()["data"]
    assert [each["phase"] for each in found][:2] == ["superseded", "revoked"]
    assert row.get("certification-requests")["data"]
    assert row.get("certifications/hcd/2026/1/verification")["headline"]
    act = certification.CertificationRevoked(body="hcd", year=2026, number=2, reason="error")
    row.refuse("certification-revoked", act)
