"""November 2025: the eleventh ordinary session; calendar proposed, cost schedule 10-0-0."""

from __future__ import annotations

from api.demo.year.course import Event, course, informs
from api.demo.year.matters import routine
from api.demo.year.meeting import Adopt, Item, Meeting, approves, instructs

ORD_11 = Meeting(
    "hcd/2025/ord/11",
    begins="2025-11-26 10:00",
    convened="2025-11-14 12:00",
    absent="estado-4 patronal-3",
    items=(
        Item(
            "Costos unitarios por nivel de atención médica para 2026",
            adopt=(
                Adopt(
                    "DF",
                    approves(
                        "Primero.- Se aprueban los costos unitarios por nivel de atención médica.",
                        instructs(
                            "Segundo.- Se instruye a la Dirección de Finanzas a publicarlos.", "df", "2026-01-30"
                        ),
                    ),
                    number=201,
                ),
            ),
            speaks={"obrero-1": "Pide que los costos se informen por entidad."},
        ),
        informs("Propuesta de calendario de sesiones de 2026", "SG"),
        routine("DPM", 4, 310, "2026-02-27"),
        routine("DIR", 4, 120, "2026-02-27"),
    ),
)


def events() -> list[Event]:
    """Return the month's events."""
    return [*course(ORD_11)]
