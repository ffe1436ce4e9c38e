"""Papers and books: an observation that is accepted, an appendix, a spoiled folio, a loan, a fixity check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.demo.year import actas
from api.demo.year.course import Event, on
from ledger.acts import book as book_acts
from ledger.acts.circulation import AppendixAttached

if TYPE_CHECKING:
    from api.demo.year.teller import Teller

FIRST, SECOND = "hcd/2026/ord/1", "hcd/2026/ord/2"
BOOK: dict[str, Any] = {"body": "hcd", "year": 2025, "volume": 1}


def observed(t: Teller) -> None:
    """A councillor's observation is accepted: the acta is drafted and circulated again."""
    text = "Falta decir que me incorporé por videoconferencia."
    actas.observe(t, FIRST, "patronal-2", text, "Se asienta en el nuevo proyecto.")
    added = {"kind": "narrative", "text": "La Consejera Patronal 2 asistió por videoconferencia.", "data": {}}
    actas.draft(t, FIRST, narrative=[added])
    actas.circulate(t, FIRST)


def appendix(t: Teller) -> None:
    """The committee's dictamen is attached to the acta of the session that relied on it."""
    document = t.document("dictamen-cpd-1.txt", "Dictamen favorable del Comité de Presupuesto, 19 de febrero de 2026.")
    act = AppendixAttached(**actas.place_of(SECOND), appendix=1, sheets=3, agreement=19)
    t.sign(act, "hcd/secretario", sealed={"document": document, "title": "Dictamen del Comité de Presupuesto"})


def archive(t: Teller) -> None:
    """The book of 2025 is checked, lent and brought back."""
    objects = len([name for name in t.notes if name.startswith("folios ") and "/hcd/2025/" in name])
    t.sign(book_acts.FixityVerified(**BOOK, fixity=1, objects=objects), "hcd/custodio")
    lent = book_acts.ArchiveItemLoaned(**BOOK, loan=1, due_on="2026-03-31")
    t.sign(lent, "hcd/custodio", sealed={"borrower": "Órgano Interno de Control (demo)", "purpose": "Cotejo"})


def returned(t: Teller) -> None:
    """The book is back."""
    t.sign(book_acts.ArchiveItemReturned(**BOOK, loan=1), "hcd/custodio")


def events() -> list[Event]:
    """Return the chapter's events."""
    return [
        on("2026-02-03 10:00", observed),
        on("2026-02-06 11:00", actas.close_book, "hcd", 2025, "AH-12-03"),
        on("2026-03-02 10:00", appendix),
        on("2026-03-04 10:00", archive),
        on("2026-03-24 10:00", returned),
        on("2026-05-06 10:00", actas.cancel_folio, "hcd", 2026, "Folio manchado de tinta."),
    ]
