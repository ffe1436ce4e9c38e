"""One session each of bodies with other rules: a cabinet by consensus, a party's commission, an advisory council."""

from __future__ import annotations

from api.demo.year.course import Event, signed_at_once
from api.demo.year.meeting import Adopt, Item, Meeting, Resolution, Vote, approves

GSP_1 = Meeting(
    "gsp/2026/ord/1",
    begins="2026-05-20 10:00",
    convened="2026-05-11 12:00",
    venue="Ciudad de muestra, Panamá (muestra)",
    items=(
        Item(
            "Focalización de los programas sociales de la comarca",
            vote=Vote("consensus", objects={"economia": "El costo no está presupuestado."}),
            adopt=(Adopt("STGS", approves("Se adopta el criterio de focalización."), number=1),),
        ),
    ),
)
CMSP_1 = Meeting(
    "cmsp/2026/ord/1",
    begins="2026-06-17 18:00",
    convened="2026-06-08 12:00",
    items=(
        Item(
            "Acciones del segundo semestre",
            adopt=(
                Adopt(
                    "CMS",
                    (
                        Resolution("instruct", "Primera acción.- Brigadas de gestión en el norte."),
                        Resolution("instruct", "Segunda acción.- Encuentro de movimientos en septiembre."),
                    ),
                    number=1,
                    kind="action",
                ),
            ),
        ),
    ),
)
CCGS_1 = Meeting(
    "ccgs/2026/ord/1",
    begins="2026-07-22 18:00",
    convened="2026-07-13 12:00",
    items=(
        Item(
            "Opinión sobre la gestión social en el campo",
            motion="Se emite opinión, que no obliga.",
            adopt=(
                Adopt(
                    "CCGS",
                    (Resolution("recognise", "El Consejo opina que procede reforzarla."),),
                    number=1,
                    kind="opinion",
                ),
            ),
        ),
    ),
)


def events() -> list[Event]:
    """Return the samples' events."""
    return [*signed_at_once(GSP_1), *signed_at_once(CMSP_1), *signed_at_once(CCGS_1)]
