"""August 2026: the Director General vetoes a resolution of the council; Obrera 2 is ratified."""

from __future__ import annotations

from api.demo.year.course import Event, acta_of, course
from api.demo.year.matters import routine
from api.demo.year.meeting import Adopt, Item, Meeting, approves

EXT_3 = Meeting(
    "hcd/2026/ext/3",
    begins="2026-08-12 10:00",
    convened="2026-08-03 12:00",
    absent="estado-3",
    acting={"obrero-2": 2},
    items=(
        Item(
            "Veto de la Dirección General sobre el acuerdo 112 de 2026",
            kind="case",
            motion="Se toma conocimiento del veto y se remite a la Asamblea General.",
            adopt=(Adopt("SG", approves("Se remite el asunto a la Asamblea General."), number=113),),
        ),
    ),
)

ORD_8 = Meeting(
    "hcd/2026/ord/8",
    begins="2026-08-26 10:00",
    convened="2026-08-14 12:00",
    absent="estado-4 patronal-1",
    acting={"obrero-2": 2},
    items=(
        acta_of("hcd/2026/ord/7", "7ª sesión ordinaria de 2026"),
        acta_of("hcd/2026/ext/3", "3ª sesión extraordinaria de 2026"),
        Item(
            "Ratificación de la Consejera Obrera 2 por su confederación",
            kind="election",
            adopt=(Adopt("SG", approves("Se toma nota de la ratificación y se expide nueva credencial."), number=114),),
        ),
        routine("DIR", 6, 190, "2026-11-30"),
        routine("DF", 5, 30, "2026-11-30", last=125),
    ),
)


def events() -> list[Event]:
    """Return the month's events."""
    return [
        *course(EXT_3),
        *course(ORD_8),
    ]
