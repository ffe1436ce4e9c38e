"""March 2026: a recusal, a unit with a new name, a secret election; the acta that names the wrong unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.demo.year.course import Event, acta_of, course, on, signed_at_once
from api.demo.year.following import storied
from api.demo.year.matters import routine
from api.demo.year.meeting import Adopt, Item, Meeting, Vote, approves, instructs
from api.demo.year.units import DOE
from ledger.acts.unit import UnitRenamed

if TYPE_CHECKING:
    from api.demo.year.teller import Teller

CID_1 = Meeting(
    "cid/2026/ord/1",
    begins="2026-03-18 10:00",
    convened="2026-03-10 12:00",
    items=(Item("Dictamen sobre la estrategia de inspección", motion="Se emite dictamen favorable.", kind="case"),),
)

ORD_3 = Meeting(
    "hcd/2026/ord/3",
    begins="2026-03-25 10:00",
    convened="2026-03-12 12:00",
    absent="estado-3 patronal-4 obrero-3",
    items=(
        acta_of("hcd/2026/ord/2", "2ª sesión ordinaria de 2026"),
        routine("DIR", 5, 143, "2026-06-30"),
        routine("DF", 3, 14, "2026-06-30", Vote(abstain="patronal-2")),
        Item(
            "Ampliación de plazas de guardería en Valle Norte",
            adopt=(
                Adopt(
                    "DPES",
                    approves(
                        "Primero.- Se amplían las plazas de guardería en Valle Norte.",
                        instructs("Segundo.- La DPM informará del avance de la ampliación.", "dpes", "2026-10-15"),
                    ),
                    number=29,
                ),
            ),
        ),
        Item(
            "Arrendamiento de un inmueble para el archivo de concentración",
            recuse="patronal-1",
            cause="El inmueble es de una sociedad en que participa (artículo 263 de la LSS, por analogía).",
            vote=Vote(against="patronal-3", abstain="obrero-1"),
            adopt=(
                Adopt(
                    "DA",
                    approves(
                        "Primero.- Se autoriza el arrendamiento por doce meses.",
                        instructs(
                            "Segundo.- La Dirección de Administración dará cuenta del gasto.",
                            "da",
                            "2026-12-31",
                            3_600_000_00,
                        ),
                    ),
                    number=30,
                ),
            ),
        ),
        Item(
            "Cambio de nombre de la Dirección de Administración y Evaluación de Delegaciones",
            adopt=(
                Adopt(
                    "SG",
                    approves(
                        "Primero.- La unidad se denomina Dirección de Operación y Evaluación a partir de hoy.",
                        instructs("Segundo.- Se instruye a actualizar los registros.", "daed sg", "2026-05-15"),
                    ),
                    number=31,
                    cites="ACDO.SA2.HCD.111213/361.P.DAED",
                ),
            ),
        ),
        Item(
            "Elección de quien preside el Comité de Incorporación y Recaudación",
            kind="election",
            motion="Se elige a la Consejera de Estado 3.",
            vote=Vote("secret", election={"hcd.estado-3": 5, "hcd.patronal-4": 4}, tellers="estado-2 obrero-1"),
            adopt=(Adopt("SG", approves("Se elige a la Consejera de Estado 3 para presidir el Comité."), number=32),),
        ),
    ),
)


def rename(t: Teller) -> None:
    """DAED is DOE from the day of the session on, and stays the same unit."""
    code, name = DOE
    by = "agreement/hcd/2026/31"
    renamed = UnitRenamed(unit="daed", effective_on="2026-03-25", by=by, code=code)
    t.sign(renamed, "hcd/secretario", sealed={"name": name}, basis=[by])


def events() -> list[Event]:
    """Return the month's events."""
    return [
        *signed_at_once(CID_1),
        *course(ORD_3),
        on("2026-03-25 16:00", rename),
        on("2026-03-25 17:00", storied, "hcd/2026/29", "hcd/2026/30", "hcd/2026/31"),
    ]
