"""October 2026: the ninth session's acta is approved; of three who should sign it one refuses and two still may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.demo.year import actas
from api.demo.year.course import Event, acta_of, course, on
from api.demo.year.matters import routine
from api.demo.year.meeting import Meeting

if TYPE_CHECKING:
    from api.demo.year.teller import Teller

NINTH = "hcd/2026/ord/9"

ORD_10 = Meeting(
    "hcd/2026/ord/10",
    begins="2026-10-28 10:00",
    convened="2026-10-16 12:00",
    absent="estado-4",
    items=(
        acta_of(NINTH, "9ª sesión ordinaria de 2026"),
        routine("DIR", 6, 210, "2027-01-29"),
        routine("DA", 6, 70, "2027-01-29", last=152),
    ),
)


def refusal(t: Teller) -> None:
    """A councillor refuses to sign the acta of the ninth session; secretary and chair have not signed yet."""
    actas.refuse_signature(t, NINTH, "patronal-3", "No se asentó mi intervención en los términos en que la hice.")


def events() -> list[Event]:
    """Return the month's events; the acta that was approved waits for its signatures when the story ends."""
    return [
        *course(ORD_10, seals=False),
        on("2026-10-29 13:00", refusal),
    ]
