"""June 2026: the transparency committee; the council decides a veto; an equity request; the tree's head is e-mailed."""

from __future__ import annotations

from api.demo.year.course import Event, acta_of, course, signed_at_once
from api.demo.year.matters import routine
from api.demo.year.meeting import Adopt, Item, Meeting, Vote, approves

GTT_1 = Meeting(
    "gtt/2026/ord/1",
    begins="2026-06-03 10:00",
    convened="2026-05-25 12:00",
    items=(
        Item("Horario de las tiendas de Valle Norte", kind="information", vote=None),
        Item("Criterios de surtido", motion="Se proponen criterios de surtido."),
    ),
)

CTD_7 = Meeting(
    "ctd/2026/ord/7",
    begins="2026-06-10 10:00",
    convened="2026-06-03 12:00",
    items=(
        Item(
            "Reserva parcial del acuerdo sobre la estrategia de inspección (solicitud AR-0041)",
            kind="case",
            motion="Se modifica la clasificación propuesta: reserva parcial por un año.",
            vote=Vote(against="oic"),
            adopt=(Adopt("UT", approves("Se modifica la reserva propuesta: un año, tres partes."), number=1),),
        ),
        Item(
            "Versión pública del acuerdo sobre la estrategia de inspección",
            kind="case",
            motion="Se aprueba la versión pública con tres partes testadas.",
            adopt=(Adopt("UT", approves("Se aprueba la versión pública."), number=2),),
        ),
    ),
)

ORD_6 = Meeting(
    "hcd/2026/ord/6",
    begins="2026-06-24 10:00",
    convened="2026-06-12 12:00",
    absent="obrero-3",
    items=(
        acta_of("hcd/2026/ord/5", "5ª sesión ordinaria de 2026"),
        Item(
            "Veto de quien preside el Consejo Consultivo Valle Norte sobre la condonación de recargos",
            kind="case",
            motion="Se confirma el veto y queda sin efecto el acuerdo del Consejo Consultivo.",
            vote=Vote(against="patronal-1 patronal-2", abstain="obrero-1"),
            adopt=(Adopt("DJ", approves("Se confirma el veto."), number=73),),
        ),
        Item(
            "Solicitud de equidad EQ-07",
            kind="case",
            motion="Se concede la solicitud de equidad.",
            public=False,
            adopt=(
                Adopt("DPES", approves("Se concede lo solicitado."), number=74, title="Solicitud EQ-07", public=False),
            ),
        ),
        routine("DIR", 6, 170, "2026-09-30"),
        routine("DA", 6, 60, "2026-09-30"),
        routine("DJ", 6, 70, "2026-09-30", last=92),
    ),
)


def events() -> list[Event]:
    """Return the month's events."""
    return [
        *signed_at_once(GTT_1, instrument="minuta"),
        *signed_at_once(CTD_7),
        *course(ORD_6),
    ]
