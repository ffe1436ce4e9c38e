"""February 2026: a session convened too late, waived by all; a tie that the chair breaks, and a voto particular."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.demo.year.course import Event, acta_of, course, informs, on, signed_at_once
from api.demo.year.following import storied
from api.demo.year.matters import routine
from api.demo.year.meeting import Adopt, Item, Meeting, Vote, approves, instructs
from ledger.acts import position

if TYPE_CHECKING:
    from api.demo.year.teller import Teller

EXT_1 = Meeting(
    "hcd/2026/ext/1",
    begins="2026-02-11 10:00",
    convened="2026-02-05 12:00",
    absent="obrero-4",
    waived=True,
    items=(
        Item(
            "Compra consolidada de vacunas por contingencia",
            adopt=(
                Adopt(
                    "DPM",
                    approves(
                        "Primero.- Se autoriza la compra consolidada.",
                        instructs(
                            "Segundo.- La Dirección de Prestaciones Médicas ejercerá hasta el monto autorizado.",
                            "dpm",
                            "2026-09-30",
                            48_000_000_00,
                        ),
                    ),
                    number=15,
                ),
            ),
        ),
    ),
)

CPD_1 = Meeting(
    "cpd/2026/ord/1",
    begins="2026-02-19 10:00",
    convened="2026-02-11 12:00",
    items=(Item("Dictamen sobre el convenio de pago a plazos", motion="Se emite dictamen favorable.", kind="case"),),
)

ORD_2 = Meeting(
    "hcd/2026/ord/2",
    begins="2026-02-25 10:00",
    convened="2026-02-13 12:00",
    absent="estado-4 patronal-4 obrero-3 obrero-4",
    items=(
        acta_of("hcd/2026/ord/1", "1ª sesión ordinaria de 2026"),
        acta_of("hcd/2026/ext/1", "1ª sesión extraordinaria de 2026"),
        routine("DIR", 3, 140, "2026-05-29"),
        Item(
            "Convenio de pago a plazos",
            adopt=(
                Adopt(
                    "DIR",
                    approves(
                        "Primero.- Se autoriza celebrar convenios de pago a plazos de hasta 48 meses.",
                        instructs(
                            "Segundo.- La Dirección de Incorporación y Recaudación exigirá garantía desde 24 meses.",
                            "dir",
                            "2026-08-31",
                        ),
                        instructs("Tercero.- Informará cada trimestre al Consejo.", "dir df", "2026-06-30"),
                    ),
                    number=19,
                    grounds="Artículos 15 y 40 de la ley (ficticios); dictamen del Comité de Presupuesto.",
                    cites="359/2004",
                ),
            ),
            vote=Vote(against="patronal-1 patronal-2 patronal-3 obrero-1", casting="favor"),
        ),
        informs("Avance del programa de guarderías", "DPES"),
        routine("DPES", 1, 20, "2026-05-29", last=20),
    ),
)


def dissent(t: Teller) -> None:
    """Patronal 3, who voted against, files a voto particular on agreement 19."""
    path = ORD_2.path
    vote = t.notes[f"sitting {path}"].vote_stream(4)
    act = position.DissentFiled(**ORD_2.place, vote=int(vote.rpartition("/")[2]), seat="patronal-3", form="particular")
    document = t.document("voto-particular.txt", "Voto particular del Consejero Patronal 3.", "hcd/patronal-3")
    text = "La garantía debió exigirse desde el primer mes."
    t.sign(act, "hcd/patronal-3", sealed={"text": text, "document": document}, basis=[vote], public=True)


def events() -> list[Event]:
    """Return the month's events."""
    return [
        *course(EXT_1),
        *signed_at_once(CPD_1),
        *course(ORD_2),
        on("2026-02-26 16:00", dissent),
        on("2026-02-05 11:00", storied, "hcd/2026/15", "hcd/2026/19"),
    ]
