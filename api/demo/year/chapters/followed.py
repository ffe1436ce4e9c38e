"""What became of agreements that are not routine: reported, verified, rejected, extended, spent, printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.demo.year import following
from api.demo.year.course import Event, on
from api.demo.year.following import fulfil, hand_in, key_of, reject, report, spend, verify
from ledger.acts import followup

if TYPE_CHECKING:
    from api.demo.year.teller import Teller

VACCINES, PAYMENTS, NURSERIES, RENAMING, AMBULANCES = (f"hcd/2026/{number}" for number in (15, 19, 29, 31, 35))
VISIT = "ccvn/2026/1"


def vaccines(t: Teller) -> None:
    """More was spent than authorised, which is a fact and remarked; the rest of the term is longer."""
    spend(t, VACCINES, 2, "dpm", 30_500_000, "Primera entrega")
    spend(t, VACCINES, 2, "dpm", 17_512_500, "Segunda entrega")
    t.send()
    t.notes["overspent"] = t.index_of(f"fulfilment/{VACCINES}/2")
    report(t, VACCINES, 2, "dpm", "Dos de tres entregas recibidas.", 66)
    hand_in(t, VACCINES, 2, "dpm", "entregas.txt", "Relación de entregas.")
    verify(t, VACCINES, 2, "partial")
    extended = followup.DueDateExtended(**key_of(VACCINES), resolution=2, due_on="2026-12-15")
    t.sign(extended, "hcd/secretario", sealed={"reason": "El proveedor reprogramó la tercera entrega."})


def nurseries(t: Teller) -> None:
    """What a unit reported is not accepted, and its day passes."""
    report(t, NURSERIES, 2, "dpes", "La ampliación está en marcha.", 40)
    reject(t, NURSERIES, 2, "No se acompaña evidencia de las plazas abiertas.")


def printed(t: Teller, agreement: str, day: str, notice: str) -> None:
    """Record that the official gazette printed an agreement."""
    act = followup.GazettePublicationRecorded(
        **key_of(agreement), gazette="dof", published_on=day, effective_from=day, notice=notice
    )
    t.sign(act, "hcd/secretario")


def events() -> list[Event]:
    """Return the chapter's events."""
    return [
        on("2025-12-29 10:00", printed, "hcd/2025/201", "2025-12-29", "DOF-D-0991"),
        on("2026-03-13 10:00", printed, PAYMENTS, "2026-03-13", "DOF-D-0117"),
        on("2026-05-14 10:00", fulfil, RENAMING, 2, "Los registros se actualizaron.", "registros.txt"),
        on("2026-06-11 10:00", fulfil, VISIT, 1, "El directorio se publicó.", "directorio.txt"),
        on("2026-06-26 10:00", fulfil, PAYMENTS, 3, "Se rindió el primer informe trimestral.", "informe.txt"),
        on("2026-07-30 10:00", fulfil, AMBULANCES, 2, "Se adjudicó la adquisición.", "fallo.txt"),
        on("2026-08-19 10:00", vaccines),
        on("2026-10-14 10:00", nurseries),
        *(on(f"{day} 10:00", following.settle_routine) for day in ROUTINE),
    ]


ROUTINE = (
    "2026-01-29",
    "2026-02-26",
    "2026-03-30",
    "2026-04-30",
    "2026-05-28",
    "2026-06-30",
    "2026-07-31",
    "2026-08-31",
    "2026-09-29",
    "2026-10-29",
)
"""Days on which what is due within the month is reported and verified."""
