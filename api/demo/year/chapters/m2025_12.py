"""December 2025: the assembly's twelfth session with its recommendations; the council's last number of the year."""

from __future__ import annotations

from api.demo.year.course import Event, acta_of, course, informs, signed_at_once
from api.demo.year.matters import routine
from api.demo.year.meeting import Adopt, Item, Meeting, Vote, approves

AGD_12 = Meeting(
    "agd/2025/ord/12",
    begins="2025-12-03 10:00",
    convened="2025-11-21 12:00",
    absent="ejecutivo-9 ejecutivo-10 patronal-9 patronal-10 obrero-9 obrero-10",
    venue="Auditorio del IDSS, Ciudad Demostrativa",
    items=(
        Item(
            "Dictamen de la Comisión de Vigilancia sobre el ejercicio",
            adopt=(Adopt("CVD", approves("Se aprueba el dictamen y se emiten tres recomendaciones.")),),
        ),
        Item(
            "Ratificación del Consejero Obrero 3, designado provisionalmente el 29 de octubre de 2025",
            kind="election",
            vote=Vote(abstain="patronal-1"),
            adopt=(Adopt("SG", approves("Se ratifica al Consejero Obrero 3 por el periodo que corresponde.")),),
        ),
        informs("Informe anual de labores", "DG"),
    ),
)

ORD_12 = Meeting(
    "hcd/2025/ord/12",
    begins="2025-12-17 10:00",
    convened="2025-12-05 12:00",
    absent="estado-3",
    items=(
        acta_of("hcd/2025/ord/11", "11ª sesión ordinaria de 2025"),
        routine("DA", 3, 40, "2026-03-31"),
        routine("DPES", 3, 15, "2026-03-31", Vote(against="patronal-2")),
        routine("DIR", 3, 124, "2026-03-31", last=218),
    ),
)


def events() -> list[Event]:
    """Return the month's events."""
    return [*signed_at_once(AGD_12), *course(ORD_12)]
