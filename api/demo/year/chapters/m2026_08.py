"""August 2026: the Director General vetoes a resolution of the council; Obrera 2 is ratified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.demo.year.chapters.m2026_04 import ORD_4
from api.demo.year.course import Event, acta_of, course, on
from api.demo.year.matters import routine
from api.demo.year.meeting import Adopt, Item, Meeting, approves
from ledger.acts import position

if TYPE_CHECKING:
    from api.demo.year.teller import Teller

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


def conflict(t: Teller) -> None:
    """A conflict of interest comes to light after the vote on ambulances: the vote stands, and it is on record."""
    vote = t.notes[f"sitting {ORD_4.path}"].vote_stream(3)
    act = position.ConflictReported(
        **ORD_4.place, vote=int(vote.rpartition("/")[2]), seat="patronal-2", discovered_on="2026-08-19"
    )
    t.sign(act, "hcd/secretario", sealed={"grounds": "Parentesco con un proveedor de ambulancias."}, basis=[vote])


def events() -> list[Event]:
    """Return the month's events."""
    return [
        on("2026-08-20 12:00", conflict),
        *course(EXT_3),
        *course(ORD_8),
    ]
