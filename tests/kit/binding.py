"""A chapter for a told history: an acta circulated and approved, one corrected and bound, one received."""

from __future__ import annotations

import base64
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from ledger.acts import book as book_acts
from ledger.acts import circulation as circulation_acts
from ledger.acts import received as received_acts
from ledger.acts import trust
from ledger.acts.acta import ActaSigned
from ledger.compose import Officer
from ledger.domain.errata import results_of
from ledger.ids import parse_written, write_instant

if TYPE_CHECKING:
    from ledger.domain.world import World
    from tests.kit.history import History

DOCUMENT = {"name": "anexo.pdf", "media_type": "application/pdf", "size": 1024, "sha256": "ab" * 32}
BOOK: dict[str, Any] = {"body": "hcd", "year": 2026, "volume": 1}


def tell_of_books(history: History) -> None:
    """Tell of the acta of the second session, of a book with the first, and of actas of another body."""
    circulate(history, 2)
    correct(history, 1, "vote/hcd/2026/ord/2/1")
    bind(history, "acta/hcd/2026/ord/1", "errata/hcd/2026/ord/1/1")
    keep(history, "acta/hcd/2026/ord/1")
    receive(history)


def circulate(history: History, session: int) -> None:
    """Draft, attach, circulate, observe, draft again, circulate again, approve by signature."""
    town = history.town
    place: dict[str, Any] = {"body": "hcd", "year": 2026, "series": "ord", "session": session}
    path = f"hcd/2026/ord/{session}"
    attached = circulation_acts.AppendixAttached(**place, appendix=1, sheets=12)
    town.do(attached, sealed={"document": DOCUMENT, "title": "Lista firmada"})
    to, basis = ("estado-1", "obrero-1"), [f"acta/{path}"]
    root = ""
    for number in (1, 2):
        _, root = history.draft(path)
        due_at = write_instant(parse_written(history.instant) + timedelta(hours=8))
        sent = circulation_acts.ActaCirculated(**place, round=number, draft=number, root=root, to=to, due_at=due_at)
        town.do(sent, basis=basis)
        filed = circulation_acts.ActaObservationFiled(
            **place, observation=number, seat=to[-number], root=root, block=number
        )
        who = town.officer("obrero-1") if number == 1 else town.secretary
        town.do(filed, who, sealed={"text": "Falta lo que dije."})
        outcome: Any = ("accepted", "rejected")[number - 1]
        resolved = circulation_acts.ActaObservationResolved(**place, observation=number, outcome=outcome)
        town.do(resolved, sealed={"answer": "Se atiende."})
    for seat in to:
        town.do(ActaSigned(**place, seat=seat, root=root), town.officer(seat), basis=basis)
    town.do(circulation_acts.ActaApproved(**place, draft=2, root=root), basis=basis)


def correct(history: History, session: int, vote: str) -> None:
    """Issue a fe de erratas of a sealed acta."""
    path = f"hcd/2026/ord/{session}"
    world = cast("World", SimpleNamespace(state=history.ledger.state))
    act = circulation_acts.ActaErrataIssued(
        body="hcd",
        year=2026,
        series="ord",
        session=session,
        errata=1,
        corrections=(circulation_acts.Correction(block=3, about="unit"),),
        approved_by=vote,
        results=tuple(results_of(path, world)),
    )
    history.town.do(act, basis=[f"acta/{path}", vote], sealed={"says/3": "DPM", "reads/3": "DPES"})


def bind(history: History, acta: str, errata: str) -> None:
    """Open a book, spoil a folio, bind an acta and its errata, close, formalise, transfer."""
    town = history.town
    root = getattr(history.state(acta), "root", None)
    opened = book_acts.BookOpened(**BOOK, contents="actas", folios=100)
    town.do(opened, sealed={"reason": "Se abre el libro."})
    town.do(book_acts.FolioCancelled(**BOOK, folio=1), sealed={"reason": "Tinta derramada"})
    assigned = book_acts.FoliosAssigned(**BOOK, first=2, last=6, object=acta, root=root)
    town.do(assigned, basis=[acta], sealed={"image": DOCUMENT})
    town.do(book_acts.FoliosAssigned(**BOOK, first=7, last=7, object=errata), basis=[errata])
    town.do(book_acts.BookClosed(**BOOK, last_folio=7, cancelled=1), sealed={"reason": "Se cierra."})
    town.do(book_acts.BookFormalized(**BOOK, last_folio=7), town.chair)
    town.do(book_acts.BookTransferred(**BOOK, location="AH-03/12"), town.officer("custodio"))


def keep(history: History, acta: str) -> None:
    """Lend the book twice, move it, and let a service check its fixity."""
    town, custodian = history.town, history.town.officer("custodio")
    lent = {"borrower": "Historiadora externa"}
    town.do(book_acts.ArchiveItemLoaned(**BOOK, loan=1, due_on="2026-12-01"), custodian, sealed=lent)
    town.do(book_acts.ArchiveItemReturned(**BOOK, loan=1), custodian)
    town.do(book_acts.ArchiveLocationSet(**BOOK, location="AH-04/01"), custodian)
    town.do(book_acts.ArchiveItemLoaned(**BOOK, loan=2, due_on="2026-12-02"), custodian, sealed=lent)
    service = town.keys("service.fixity")
    officer = Officer(service, f"key/{service.public.keyid}")
    spki = base64.b64encode(service.public.spki).decode("ascii")
    keyid, types = service.public.keyid, ("FixityVerified/1", "FixityFailed/1")
    history.do(trust.KeyEnrolled(keyid=keyid, spki=spki, person="p-founder-1", service_types=types))
    town.do(trust.KeyAccepted(keyid=keyid), officer)
    town.do(book_acts.FixityVerified(**BOOK, fixity=1, objects=2), officer)
    town.do(book_acts.FixityFailed(**BOOK, fixity=2, objects=2, failures=(acta,)), officer)


def receive(history: History) -> None:
    """Receive two actas of another body; one has two incidents, which are notified, and one of them cured."""
    town = history.town
    for number in (1, 2):
        came = received_acts.ExternalActaReceived(
            body="hcd",
            number=number,
            issuer="viejo",
            reference=f"ORD/{number}/2026",
            held_on="2026-02-10",
            received_on="2026-03-01",
            sheets=14,
        )
        town.do(came, sealed={"document": DOCUMENT})
    place: dict[str, Any] = {"body": "hcd", "number": 1}
    checked = received_acts.ExternalActaChecked(
        **place,
        fulfilled=("QUORUM", "COMPETENCE", "NUMBERING", "CLARITY"),
        unfulfilled=("CONVOCATION", "SIGNATURE"),
    )
    town.do(checked)
    codes: tuple[Any, ...] = ("CONVOCATION", "SIGNATURE")
    for number, code in enumerate(codes, 1):
        raised = received_acts.ActaIncidentRaised(**place, incident=number, code=code)
        town.do(raised, sealed={"description": "Firmaron los dos."})
        town.do(
            received_acts.ActaIncidentNotified(**place, incident=number, oficio="SG/1/2026", notified_on="2026-03-01")
        )
    cured = received_acts.ActaIncidentResolved(**place, incident=1, how="document")
    town.do(cured, sealed={"explanation": "Llegó el acuse."})
    of_second: dict[str, Any] = {"body": "hcd", "number": 2}
    town.do(received_acts.ExternalActaChecked(**of_second, fulfilled=(*checked.fulfilled, *checked.unfulfilled)))
    town.do(received_acts.ExternalActaValidated(**of_second))
