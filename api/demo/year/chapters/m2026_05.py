"""May 2026: a consultative council exceeds its competence; a fe de erratas; the first notice of an expiry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.demo.year.actas import block_with, place_of
from api.demo.year.course import Event, acta_of, course, informs, on, signed_at_once
from api.demo.year.following import key_of, storied
from api.demo.year.matters import routine
from api.demo.year.meeting import Adopt, Item, Meeting, Vote, approves, instructs
from ledger.acts.circulation import ActaErrataIssued, Correction, RestatedResult
from ledger.acts.validity import AgreementErrataIssued

if TYPE_CHECKING:
    from api.demo.year.sitting import Sitting

CCVN_18 = Meeting(
    "ccvn/2026/ord/18",
    begins="2026-05-13 10:00",
    convened="2026-05-04 12:00",
    venue="Órgano Desconcentrado Valle Norte",
    items=(
        Item(
            "Compromisos de la visita del 15 de abril",
            adopt=(
                Adopt(
                    "SG",
                    (
                        instructs("Primero.- Publicar el directorio del Consejo.", "sg", "2026-06-15"),
                        instructs("Segundo.- Digitalizar las actas de 2024 y 2025.", "sg", "2026-08-31"),
                        instructs("Tercero.- Señalizar la sala de sesiones.", "da", "2026-12-15"),
                    ),
                    number=1,
                ),
            ),
        ),
        Item(
            "Condonación de recargos a patrones de Valle Norte",
            vote=Vote(against="estado-1 estado-2"),
            adopt=(Adopt("CCVN", approves("Se condonan los recargos de los patrones de Valle Norte."), number=2),),
        ),
    ),
)
VISIT, EXCESS = "ccvn/2026/1", "ccvn/2026/2"


def errata(sitting: Sitting, item: int) -> None:
    """Correct the acta of the third session: what reads DPM is to read DPES; nothing was decided otherwise."""
    t, path, vote = sitting.t, "hcd/2026/ord/3", sitting.vote_stream(item)
    results = t.notes[f"sitting {path}"].results
    says, reads = "La DPM informará del avance.", "La DPES informará del avance."
    act = ActaErrataIssued(
        **place_of(path),
        errata=1,
        corrections=(Correction(block=block_with(t, path, "La DPM informará"), about="unit"),),
        approved_by=vote,
        results=tuple(RestatedResult.model_validate(each) for each in results),
    )
    t.sign(
        act,
        "hcd/secretario",
        sealed={f"says/{act.corrections[0].block}": says, f"reads/{act.corrections[0].block}": reads},
        basis=[f"acta/{path}", vote],
        public=True,
    )
    corrected = AgreementErrataIssued(**key_of("hcd/2026/29"), vote=vote, corrects="resolution", resolution=2)
    t.sign(corrected, "hcd/secretario", sealed={"before": says, "after": reads}, basis=[vote])


ORD_5 = Meeting(
    "hcd/2026/ord/5",
    begins="2026-05-27 10:00",
    convened="2026-05-15 12:00",
    absent="patronal-2 obrero-1",
    items=(
        acta_of("hcd/2026/ord/4", "4ª sesión ordinaria de 2026"),
        Item(
            "Fe de erratas del acta de la 3ª sesión ordinaria",
            kind="protocol",
            motion="Se aprueba que donde dice DPM diga DPES.",
            after=errata,
        ),
        informs("Designaciones que vencen el 30 de junio", "SG"),
        routine("DIR", 6, 160, "2026-08-31"),
        routine("DPES", 6, 30, "2026-08-31", Vote("show-of-hands", against="patronal-3")),
        routine("DF", 4, 20, "2026-08-31"),
        routine("DPM", 4, 330, "2026-08-31", last=72),
    ),
)


def events() -> list[Event]:
    """Return the month's events."""
    return [
        *signed_at_once(CCVN_18),
        *course(ORD_5),
        on("2026-05-13 16:00", storied, VISIT),
    ]
