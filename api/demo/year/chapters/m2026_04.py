"""April 2026: no quorum, a second date, quorum lost; a reserved item; a consultative council's commitments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.demo.year.course import Event, acta_of, course, informs, on
from api.demo.year.following import storied
from api.demo.year.matters import routine
from api.demo.year.meeting import Adopt, Item, Meeting, Resolution, approves, instructs
from ledger.acts import session as session_acts
from ledger.acts import vote as vote_acts

if TYPE_CHECKING:
    from api.demo.year.sitting import Sitting

INSPECTION = "hcd/2026/40"
"""The agreement on an inspection strategy that is under way."""

EXT_2 = Meeting(
    "hcd/2026/ext/2",
    begins="2026-04-08 10:00",
    convened="2026-03-27 12:00",
    absent="estado-3 estado-4 patronal-2 patronal-4 obrero-3 obrero-4",
    items=(
        Item(
            "Rehabilitación del hospital demostrativo de Valle Norte",
            adopt=(Adopt("DA", approves("Se autoriza la rehabilitación."), number=33),),
        ),
        Item(
            "Convenio de subrogación de urgencias",
            adopt=(Adopt("DPM", approves("Se autoriza el convenio de subrogación."), number=34),),
        ),
        informs("Situación de las obras en curso", "DA"),
        Item("Adquisición de ambulancias", outcome="deferred"),
    ),
)


def quorum_lost(sitting: Sitting, item: int) -> None:
    """Two leave after the third item; a vote that is tried all the same is refused, and the item is put off."""
    t, meeting = sitting.t, sitting.meeting
    sitting.move("estado-2 patronal-3", "", item)
    present, base, required = sitting.counted()
    t.sign(session_acts.QuorumLost(**meeting.place, present=present, base=base, required=required), meeting.secretary)
    seats = [vote_acts.Holder(seat=seat, designation=sitting.present[seat]) for seat in sorted(sitting.voting())]
    opened = vote_acts.VoteOpened(
        **meeting.place, vote=sitting.held + 1, item=item, method="roll-call", eligible=tuple(seats)
    )
    motion = {"motion": "Se somete a votación continuar sin quórum."}
    t.refused("quorum-lost", opened, meeting.secretary, sealed=motion, basis=[f"session/{meeting.path}"])


EXT_2_SECOND = replace(
    EXT_2,
    begins="2026-04-22 10:00",
    convened="2026-04-13 12:00",
    absent="estado-3 patronal-4 obrero-3 obrero-4",
    call=2,
    items=(*EXT_2.items[:3], replace(EXT_2.items[3], after=quorum_lost)),
)

ORD_4 = Meeting(
    "hcd/2026/ord/4",
    begins="2026-04-29 10:00",
    convened="2026-04-17 12:00",
    absent="obrero-4",
    items=(
        acta_of("hcd/2026/ord/3", "3ª sesión ordinaria de 2026"),
        acta_of("hcd/2026/ext/2", "2ª sesión extraordinaria de 2026"),
        Item(
            "Adquisición de ambulancias, diferida de la 2ª sesión extraordinaria",
            adopt=(
                Adopt(
                    "DA",
                    approves(
                        "Primero.- Se autoriza la adquisición.",
                        instructs(
                            "Segundo.- La Dirección de Administración informará.", "da", "2026-07-31", 21_500_000_00
                        ),
                    ),
                    number=35,
                ),
            ),
        ),
        routine("DPM", 4, 320, "2026-07-31"),
        Item(
            "Asunto reservado de la Dirección de Incorporación y Recaudación",
            motion="Se somete a votación la estrategia de inspección que se distribuyó en sobre cerrado.",
            public=False,
            adopt=(
                Adopt(
                    "DIR",
                    (
                        Resolution("approve", "Primero.- Se aprueba una estrategia de inspección."),
                        Resolution("approve", "Segundo.- Comprende los sectores A, C y F de Valle Norte."),
                        Resolution("approve", "Tercero.- Las visitas serán en agosto y octubre, sin previo aviso."),
                        instructs("Cuarto.- Se cruzarán nóminas con las de comercio exterior.", "dir", "2026-11-30"),
                    ),
                    number=40,
                    title="Estrategia de inspección en curso",
                    public=False,
                ),
            ),
        ),
        routine("DIR", 6, 150, "2026-07-31"),
        routine("DA", 6, 50, "2026-07-31", last=52),
    ),
)


def events() -> list[Event]:
    """Return the month's events."""
    return [
        *course(EXT_2, follow=False, drafted=False),
        *course(EXT_2_SECOND),
        *course(ORD_4),
        on("2026-04-29 17:00", storied, INSPECTION, "hcd/2026/35"),
    ]
