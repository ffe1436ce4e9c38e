"""The calendar of 2026, approved in its first session (C1); asuntos: brought, returned, heard, listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.demo.year import folder
from api.demo.year.chapters.m2026_02 import ORD_2
from api.demo.year.course import Event, on
from ledger.acts import asunto as asunto_acts
from ledger.acts import calendar as calendar_acts

if TYPE_CHECKING:
    from api.demo.year.teller import Teller

SECRETARY = "hcd/secretario"
CALENDAR: dict[str, Any] = {"body": "hcd", "year": 2026}
DAYS = (
    *("2026-01-28", "2026-02-25", "2026-03-18", "2026-04-29", "2026-05-27", "2026-06-24"),
    *("2026-07-29", "2026-08-26", "2026-09-30", "2026-10-28", "2026-11-25", "2026-12-16"),
)
APPROVED_BY = "hcd/2026/ord/1"
MOVED = (3, "2026-03-25")
"""The third session was planned a week earlier."""


def approved(t: Teller) -> None:
    """The council's vote of January makes the calendar; the second extraordinary session is planned with it."""
    vote = t.notes[f"sitting {APPROVED_BY}"].vote_stream(2)
    entries = tuple(
        calendar_acts.CalendarEntry(entry=number, series="ord", session=number, day=day)
        for number, day in enumerate(DAYS, 1)
    )
    t.sign(calendar_acts.CalendarApproved(**CALENDAR, entries=entries, vote=vote), SECRETARY, basis=[vote])


def moved(t: Teller) -> None:
    """The third session is put off inside the window, for a reason (C2)."""
    entry, day = MOVED
    act = calendar_acts.CalendarSessionRescheduled(**CALENDAR, entry=entry, day=day)
    t.sign(act, SECRETARY, sealed={"reason": "Coincide con la reunión nacional de archivos."})


# -- asuntos -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asunto:
    """A matter brought before the council.

    brought, listed: days on which it comes in and is listed, with the hour.
    session, item: where it is listed. heard: the committee's vote that makes the dictamen, `cpd/2026/ord/1/1`.
    """

    number: int
    unit: str
    title: str
    brought: str
    listed: str
    session: str
    item: int
    kind: Any = "decision"
    heard: str = ""
    sense: Any = "favourable"


ASUNTOS = (
    Asunto(
        *(1, "dir", "Convenio de pago a plazos", "2026-02-03 10:00", "2026-02-20 12:00", "hcd/2026/ord/2", 4),
        heard="cpd/2026/ord/1/1",
    ),
    Asunto(2, "da", "Arrendamiento de un inmueble", "2026-03-02 10:00", "2026-03-13 10:00", "hcd/2026/ord/3", 5),
    Asunto(
        *(3, "dir", "Estrategia de inspección", "2026-03-09 10:00", "2026-04-20 12:00", "hcd/2026/ord/4", 5),
        heard="cid/2026/ord/1/1",
        sense="conditioned",
    ),
    Asunto(4, "da", "Enajenación de un inmueble", "2026-07-06 10:00", "2026-07-20 10:00", "hcd/2026/ord/7", 7),
    Asunto(5, "df", "Cuota de recuperación", "2026-07-07 10:00", "2026-07-20 11:00", "hcd/2026/ord/7", 2),
    Asunto(6, "dpm", "Programa de vacunación de invierno", "2026-10-19 10:00", "", "", 0),
)
RETURNED = 2
"""The one that came without its grounds, and was brought again."""


def place(each: Asunto) -> dict[str, Any]:
    """Return the fields that name an asunto."""
    return {"body": "hcd", "year": 2026, "number": each.number}


def bring(t: Teller, each: Asunto, round_: int = 1, grounds: tuple[str, ...] = ("LSS 264 XVII",)) -> None:
    """Let a unit bring it by oficio, and the secretariat accept it, or return it where its grounds are missing."""
    submitted = asunto_acts.AsuntoSubmitted(
        **place(each),
        round=round_,
        unit=each.unit,
        item_kind=each.kind,
        oficio=f"{each.unit.upper()}-{each.number:03}-{round_}-2026",
        oficio_on=t.today,
        grounds=grounds,
        dictamen_of=each.heard.partition("/")[0] or None,
    )
    planteamiento = f"Se somete a consideración del Consejo: {each.title}."
    t.sign(submitted, f"hcd/{each.unit}", sealed={"title": each.title, "planteamiento": planteamiento})
    if grounds:
        t.sign(asunto_acts.AsuntoReviewed(**place(each), outcome="accepted"), SECRETARY)
        return
    returned = asunto_acts.AsuntoReviewed(**place(each), outcome="returned", missing=("grounds",))
    t.sign(returned, SECRETARY, sealed={"reason": "No se cita el fundamento."})


def heard(t: Teller, each: Asunto) -> None:
    """The committee's vote is its dictamen."""
    committee, year = each.heard.split("/")[:2]
    vote = f"vote/{each.heard}"
    act = asunto_acts.DictamenIssued(
        body=committee,
        year=int(year),
        number=t.next_number(f"dictamen/{committee}/{year}"),
        vote=vote,
        asunto=f"asunto/hcd/2026/{each.number}",
        sense=each.sense,
    )
    document = t.document("dictamen.txt", f"Dictamen de {committee.upper()}: {each.title}.")
    sealed: dict[str, Any] = {"document": document}
    if each.sense == "conditioned":
        sealed["conditions"] = "Que el calendario de visitas no se difunda antes de ejecutarse."
    t.sign(act, f"{committee}/secretario", sealed=sealed, basis=[vote])


def listed(t: Teller, each: Asunto) -> None:
    """It stands on the orden del día, with the dictamen on it."""
    session = f"session/{each.session}"
    dictamens = (f"dictamen/{each.heard.split('/')[0]}/2026/1",) if each.heard else ()
    act = asunto_acts.AsuntoListed(**place(each), session=session, item=each.item, dictamens=dictamens)
    t.sign(act, SECRETARY, basis=[session, *dictamens])


def events() -> list[Event]:
    """Return the chapter's events."""
    told = [
        on("2026-01-29 09:00", approved),
        on("2026-03-06 10:00", moved),
        on("2026-02-19 16:00", heard, ASUNTOS[0]),
        on("2026-02-20 13:00", folder.addendum, ORD_2, "Dictamen del Comité de Presupuesto", "patronal-1 obrero-1"),
        on("2026-03-18 16:00", heard, ASUNTOS[2]),
        on("2026-03-05 10:00", bring, ASUNTOS[RETURNED - 1], 2),
    ]
    for each in ASUNTOS:
        grounds = () if each.number == RETURNED else ("LSS 264 XVII",)
        told.append(on(each.brought, bring, each, 1, grounds))
        if each.session:
            told.append(on(each.listed, listed, each))
    return told
