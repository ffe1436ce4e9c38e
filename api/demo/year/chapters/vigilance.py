"""Three recommendations of the Comisión de Vigilancia: one attended, one in process, one reopened (§3.12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.demo.year.course import Event, on
from ledger.acts import interpretation as interpretation_acts
from ledger.acts import recommendation as recommendation_acts

if TYPE_CHECKING:
    from api.demo.year.teller import Teller

ASSEMBLY = "session/agd/2025/ord/12"
SECRETARY = "cvd/secretario"
TEXTS = (
    ("df", "Conciliar las cuentas por cobrar con las de recaudación.", "2026-06-30"),
    ("dpm", "Actualizar el cuadro de abasto por unidad.", "2026-12-15"),
    ("da", "Depurar el inventario de inmuebles sin uso.", "2026-09-30"),
)


def place(number: int) -> dict[str, Any]:
    """Return the fields that name a recommendation."""
    return {"body": "cvd", "ordinal": 12, "number": number}


def issue(t: Teller) -> None:
    """Issue the three in the assembly's session, and take them to their units."""
    for number, (unit, text, due) in enumerate(TEXTS, 1):
        issued = recommendation_acts.RecommendationIssued(
            **place(number), session=ASSEMBLY, identifier=f"CV/12/{number}", unit=unit, due_on=due
        )
        t.sign(issued, SECRETARY, sealed={"text": text}, basis=[ASSEMBLY], public=True)
        oficio = f"CV-{number:03}-2025"
        t.sign(recommendation_acts.RecommendationTransmitted(**place(number), unit=unit, oficio=oficio), SECRETARY)


def report(t: Teller, number: int, claim: Any, percent: int, narrative: str) -> None:
    """Let the unit say how far it is."""
    unit = TEXTS[number - 1][0]
    act = recommendation_acts.RecommendationReported(**place(number), unit=unit, claim=claim, percent=percent)
    t.sign(act, f"hcd/{unit}", sealed={"narrative": narrative})


def review(t: Teller, number: int, outcome: Any, reason: str) -> None:
    """Let the commission's secretary verify it, or reopen it."""
    act = recommendation_acts.RecommendationReviewed(**place(number), outcome=outcome)
    t.sign(act, SECRETARY, sealed={"reason": reason})


def meaning(t: Teller) -> None:
    """A unit asks what agreement 19 means; one drafts the answer, another issues it."""
    query: dict[str, Any] = {"body": "hcd", "year": 2026, "number": 19, "interpretation": 1}
    asked = interpretation_acts.InterpretationRequested(**query, petitioner_kind="unit", about="scope", resolution=2)
    t.sign(asked, "hcd/registrador", sealed={"question": "¿La garantía se exige también en convenios en curso?"})
    answer = "Solo en los convenios que se celebren a partir de la aprobación."
    t.sign(interpretation_acts.InterpretationDrafted(**query), "hcd/registrador", sealed={"draft": answer})
    t.sign(
        interpretation_acts.InterpretationIssued(**query),
        "hcd/secretario",
        sealed={"answer": answer},
        basis=["agreement/hcd/2026/19"],
    )


def events() -> list[Event]:
    """Return the chapter's events."""
    return [
        on("2025-12-04 10:00", issue),
        on("2026-03-20 10:00", report, 2, "progress", 35, "Seis de diecisiete unidades actualizadas."),
        on("2026-04-20 10:00", meaning),
        on("2026-06-29 10:00", report, 1, "attended", 100, "Conciliación concluida."),
        on("2026-07-06 10:00", review, 1, "attended", "Se cotejó la conciliación."),
        on("2026-09-28 10:00", report, 3, "attended", 100, "Inventario depurado."),
        on("2026-10-06 10:00", review, 3, "reopened", "Faltan los inmuebles en litigio."),
    ]
