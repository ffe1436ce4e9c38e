"""The members' folder of a session, frozen with the convocation, and the recording, sealed by its hash (§1 A6, A10)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from api.demo.year.teller import moment
from ledger.acts import carpeta
from ledger.acts.convocation import Receipt
from ledger.domain.carpeta import manifest_of
from ledger.ids import write_instant

if TYPE_CHECKING:
    from api.demo.year.meeting import Meeting
    from api.demo.year.teller import Teller

PAGES = 6


def freeze(t: Teller, meeting: Meeting) -> None:
    """Freeze the folder: the orden del día, and a document for each item that is decided."""
    titles: dict[int, tuple[int | None, str]] = {1: (None, "Orden del día")}
    decided = [(number, item) for number, item in enumerate(meeting.items, 1) if item.kind == "decision"]
    titles |= {n: (number, f"Nota informativa: {item.title}") for n, (number, item) in enumerate(decided, 2)}
    documents = tuple(
        carpeta.CarpetaDocument(
            document=n, item=item, sha256=sha256(f"{meeting.path} {n} {title}".encode()).hexdigest(), pages=PAGES
        )
        for n, (item, title) in titles.items()
    )
    act = carpeta.CarpetaFrozen(**meeting.place, documents=documents, manifest=manifest_of(documents))
    t.notes[f"carpeta {meeting.path}"] = documents
    sealed = {f"document/{n}/title": title for n, (_, title) in titles.items()}
    t.sign(act, meeting.secretary, sealed=sealed, basis=[f"session/{meeting.path}"])


def addendum(t: Teller, meeting: Meeting, title: str, seats: str) -> None:
    """Add a document to a frozen folder; the act says who got it."""
    before = t.notes[f"carpeta {meeting.path}"]
    document = carpeta.CarpetaDocument(
        document=len(before) + 1, sha256=sha256(f"{meeting.path} {title}".encode()).hexdigest(), pages=PAGES
    )
    receipts = tuple(
        Receipt(
            seat=seat,
            designation=t.holders[f"{meeting.code}/{seat}"][1],
            received_at=t.written(),
            channel="portal",
        )
        for seat in seats.split()
    )
    act = carpeta.CarpetaAddendumIssued(
        **meeting.place,
        documents=(document,),
        manifest=manifest_of((*before, document)),
        addendum=1,
        receipts=receipts,
    )
    sealed = {f"document/{document.document}/title": title, "reason": "El dictamen se recibió después."}
    t.sign(act, meeting.secretary, sealed=sealed, basis=[f"session/{meeting.path}"])


def record(t: Teller, meeting: Meeting) -> None:
    """Bind the recording of a session to it; the file stays with the archive."""
    begins = moment(meeting.begins)
    lasted = t.notes[f"sitting {meeting.path}"].closed_at - begins
    digest = sha256(f"grabación de {meeting.path}".encode()).hexdigest()
    act = carpeta.RecordingSealed(
        **meeting.place,
        recording=1,
        medium="audio",
        sha256=digest,
        begins_at=write_instant(begins),
        duration_s=int(lasted.total_seconds()),
        custody=f"AUD/{meeting.path}",
    )
    t.sign(act, meeting.secretary, basis=[f"session/{meeting.path}"])
