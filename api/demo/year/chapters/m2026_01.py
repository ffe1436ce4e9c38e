"""January 2026: numbers begin anew; the calendar is approved in the first session; somebody joins late."""

from __future__ import annotations

from api.demo.year.course import Event, acta_of, course
from api.demo.year.matters import routine
from api.demo.year.meeting import Adopt, Item, Meeting, Vote, approves

ORD_1 = Meeting(
    "hcd/2026/ord/1",
    begins="2026-01-28 10:00",
    convened="2026-01-16 12:00",
    absent="estado-4 patronal-1 patronal-4 obrero-4",
    remote="patronal-2 obrero-1",
    modality="mixta",
    items=(
        acta_of("hcd/2025/ord/12", "12ª sesión ordinaria de 2025"),
        Item(
            "Calendario de sesiones ordinarias de 2026",
            adopt=(Adopt("SG", approves("Se aprueba el calendario de sesiones de 2026."), number=1),),
        ),
        routine("DF", 4, 10, "2026-04-30"),
        routine("DIR", 5, 130, "2026-04-30", Vote("show-of-hands"), arrive="patronal-1"),
        routine("DJ", 4, 60, "2026-04-30"),
    ),
)


def events() -> list[Event]:
    """Return the month's events."""
    return [*course(ORD_1)]
