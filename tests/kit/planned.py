"""A chapter of a told history: calendars, asuntos with a dictamen, a session with its folder and proof of notice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from api.demo.sitting import Sitting
from ledger.acts import asunto as asunto_acts
from ledger.acts import calendar as calendar_acts
from ledger.acts import carpeta as carpeta_acts
from ledger.acts import convocation as convocation_acts
from ledger.acts.session import AgendaEntry
from ledger.domain.carpeta import manifest_of
from ledger.ids import parse_written, write_instant
from ledger.profiles import holidays

if TYPE_CHECKING:
    from tests.kit.history import History

VOTE = "vote/hcd/2026/ord/1/1"
PLACE: dict[str, Any] = {"body": "hcd", "year": 2026}
DAYS = ("2026-03-02", "2026-03-03", "2026-03-11", "2026-04-29", "2026-05-27")
DOCUMENT: dict[str, Any] = {"name": "dictamen.pdf", "media_type": "application/pdf", "size": 9, "sha256": "ef" * 32}
GUEST = "patronal-3"


def plan(history: History) -> None:
    """Tell of the calendars, of two asuntos, and of an extraordinary session convened, rectified, proved, recorded."""
    _calendars(history)
    _asuntos(history)
    _session(history)


def _calendars(history: History) -> None:
    """Two years of holidays, two days declared later; a calendar of five sessions, one of them moved."""
    do, town = history.do, history.town
    do(holidays.edition("mx-federal", 2026, 2027), sealed={"source": "Ley Federal del Trabajo"})
    declared = holidays.declared(("2026-04-02", "2026-04-03"), "AC-1/2026")
    span: dict[str, Any] = {"covers_from": "2026-04-02", "covers_until": "2026-04-03", "days": declared}
    do(calendar_acts.HolidaysAdopted(calendar="mx-federal", edition=2, **span))
    entries = tuple(
        calendar_acts.CalendarEntry(entry=n, series="ord", session=n, day=day) for n, day in enumerate(DAYS, 1)
    )
    town.do(calendar_acts.CalendarApproved(**PLACE, entries=entries, vote=VOTE), basis=[VOTE])
    moved = calendar_acts.CalendarSessionRescheduled(**PLACE, entry=4, day="2026-05-06")
    town.do(moved, sealed={"reason": "Coincide con otra sesión"})


def _asuntos(history: History) -> None:
    """One returned, brought again, accepted, judged by a committee; another withdrawn."""
    town, enlace = history.town, history.town.officer("dir", "unidades")
    brought: dict[str, Any] = {
        "unit": "dir",
        "item_kind": "decision",
        "oficio": "DIR/2026/14",
        "oficio_on": "2026-02-20",
        "dictamen_of": "hcd",
    }
    first = PLACE | {"number": 1}
    sealed = {"title": "Convenio de pago a plazos", "planteamiento": "Se solicita autorizar el convenio."}
    town.do(asunto_acts.AsuntoSubmitted(**first, **brought, round=1), enlace, sealed=sealed)
    returned = asunto_acts.AsuntoReviewed(**first, outcome="returned", missing=("grounds",))
    town.do(returned, sealed={"reason": "Falta el fundamento"})
    grounds = ("LSS 40 C", "LSS 264 XVII")
    town.do(asunto_acts.AsuntoSubmitted(**first, **brought, round=2, grounds=grounds), enlace, sealed=sealed)
    town.do(asunto_acts.AsuntoReviewed(**first, outcome="accepted"))
    issued = asunto_acts.DictamenIssued(**first, vote=VOTE, asunto="asunto/hcd/2026/1", sense="conditioned")
    town.do(issued, basis=[VOTE], sealed={"document": DOCUMENT, "conditions": "Con garantía suficiente"})
    second = PLACE | {"number": 2}
    town.do(asunto_acts.AsuntoSubmitted(**second, **(brought | {"dictamen_of": None}), round=1), enlace, sealed=sealed)
    town.do(asunto_acts.AsuntoWithdrawn(**second), enlace, sealed={"reason": "Se integra al primero"})


def _documents(*numbers: int) -> tuple[carpeta_acts.CarpetaDocument, ...]:
    return tuple(
        carpeta_acts.CarpetaDocument(document=n, item=1, sha256=f"{n:02x}" * 32, pages=10 * n) for n in numbers
    )


def _session(history: History) -> None:
    """Convened, delivered, rectified, delivered again, its folder frozen and added to, its notice waived, recorded."""
    town = history.town
    sitting = Sitting(town, 2026, 1, series="ext")
    begins_at = write_instant(parse_written(history.instant) + timedelta(hours=1))
    sitting.convene(["Convenio"], begins_at)
    sitting.deliver([GUEST])
    items = (AgendaEntry(item=1, item_kind="decision"),)
    rectified = convocation_acts.ConvocationRectified(
        **sitting.place, rectifies=sitting.convocation, begins_at=begins_at, modality="mixta", items=items
    )
    sealed = {"reason": "Cambió la sede", "venue": "Sala B", "item/1/title": "Convenio de pago a plazos"}
    signed = town.desk.sign(rectified, town.secretary, sealed=sealed)
    town.submit([signed])
    sitting.convocation = signed.statement.sha256
    session, basis = f"session/{sitting.path}", [f"session/{sitting.path}"]
    dictamen = "dictamen/hcd/2026/1"
    listed = asunto_acts.AsuntoListed(**PLACE, number=1, session=session, item=1, dictamens=(dictamen,))
    town.do(listed, basis=[session, dictamen])
    held = _documents(1, 2)
    frozen = carpeta_acts.CarpetaFrozen(**sitting.place, documents=held, manifest=manifest_of(held))
    town.do(frozen, basis=basis, sealed={"document/1/title": "Proyecto de acuerdo"})
    receipts = (
        convocation_acts.Receipt(seat="obrero-1", designation=1, received_at=history.instant, channel="in-person"),
    )
    delivered = convocation_acts.ConvocationDelivered(
        **sitting.place, convocation=sitting.convocation, receipts=receipts, carpeta=frozen.manifest
    )
    town.do(delivered, basis=basis, sealed={"proof": DOCUMENT})
    acknowledged = convocation_acts.ConvocationAcknowledged(
        **sitting.place, convocation=sitting.convocation, seat="obrero-2", received_at=history.instant
    )
    town.do(acknowledged, town.officer("obrero-2"), basis=basis)
    added = _documents(3)
    addendum = carpeta_acts.CarpetaAddendumIssued(
        **sitting.place, addendum=1, documents=added, manifest=manifest_of((*held, *added)), receipts=receipts
    )
    town.do(addendum, basis=basis, sealed={"reason": "Llegó el dictamen", "document/3/title": "Dictamen"})
    _hold(history, sitting, begins_at)


def _hold(history: History, sitting: Sitting, begins_at: str) -> None:
    history.tick(hours=1)
    sitting.attend()
    sitting.waive()
    sitting.open()
    sitting.conclude(1, "deferred")
    sitting.close()
    recorded = carpeta_acts.RecordingSealed(
        **sitting.place,
        recording=1,
        medium="audio",
        sha256="0a" * 32,
        begins_at=begins_at,
        duration_s=60,
        custody="AV-2026/01",
    )
    history.town.do(recorded, basis=[f"session/{sitting.path}"])


def close_year(history: History) -> None:
    """Settle what was not convened, and close the calendar: two held, three cancelled."""
    for entry in (4, 5):
        settled = calendar_acts.CalendarEntrySettled(**PLACE, entry=entry, outcome="cancelled")
        history.town.do(settled, sealed={"reason": "Se acordó no celebrarla"})
    history.town.do(calendar_acts.CalendarClosed(**PLACE, held=2, not_held=0, cancelled=3))
