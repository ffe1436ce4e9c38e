"""GET vetoes, recommendations, interpretations and periodic reports."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path, Query
from fastapi.responses import Response

from api.routes import openapi
from api.routes.parameters import MAX_INDEX
from api.routes.registry_base import Body, Number, One, Year, wait
from api.routes.resources import BODY, PERIOD, YEAR, Filter, Period, Resource, among, router_of, slug, status
from ledger.acts.report import ReportKind
from ledger.domain.recommendation import Phase as RecommendationPhase
from ledger.domain.veto import Phase as VetoPhase
from projections.queries import cases, reports

_OBJECT = openapi.json_answer("Object")
_ORDINAL = Annotated[int | None, Query(ge=1, le=999_999)]
_AGREEMENT = "/{body}/{year}/{number}"
_REPORT = "/{body}/{report_kind}/{period}/{number}"
RESOURCES = (
    Resource(
        cases.VETO,
        _AGREEMENT,
        (
            "Vetos / Vetoes",
            ("Vetoes in the order of their exercise; with `as_of`, which of them are past their term and not decided."),
        ),
        (
            "El veto de un acuerdo / One",
            "The veto of an agreement: who decides, where it stands, how it was decided.",
        ),
        (
            BODY,
            YEAR,
            slug("resolver"),
            among("power", Literal["president", "director-general"]),
            among("status", VetoPhase, "phase"),
        ),
    ),
    Resource(
        cases.RECOMMENDATION,
        "/{body}/{ordinal}/{number}",
        (
            "Recomendaciones / Recommendations",
            "Recommendations in the order of their issue, whatever the year.",
        ),
        ("Una recomendación / One", "A recommendation with its steps."),
        (BODY, Filter("ordinal", _ORDINAL, "ordinal"), slug("unit"), among("status", RecommendationPhase, "phase")),
    ),
    Resource(
        cases.INTERPRETATION,
        _AGREEMENT + "/{interpretation}",
        (
            "Consultas e interpretaciones / Interpretations",
            "Queries on agreements in the order in which they were made.",
        ),
        ("Una consulta / One", "A query on an agreement and its answer, as far as they are open."),
        (BODY, YEAR, status("requested", "drafted", "issued", "superseded")),
    ),
    Resource(
        reports.REPORT,
        _REPORT,
        ("Informes periódicos / Periodic reports", "Reports in the order in which they were prepared."),
        (
            "Un informe / A report",
            "A report: as of which index, with what hash, who authorised it, which sessions took note of it.",
        ),
        (
            BODY,
            among("report_kind", ReportKind),
            Filter("period", Annotated[str | None, Query(pattern=PERIOD)], "period"),
            status("prepared", "authorised", "presented"),
        ),
    ),
)
router = router_of(*RESOURCES)


@router.get("/recommendation-balances/{body}/{year}", summary="Balance del año / Balance of a year", responses=_OBJECT)
def get_balance(asked: One, body: Body, year: Year) -> Response:
    """How many were open when the year began, new, attended, reopened, and carried over at its end."""
    return asked.answer(lambda cursor: cases.balance(cursor, body, year), f"recommendation-balances/{body}/{year}")


@router.get(
    "/reports" + _REPORT + "/content",
    summary="Su contenido, recalculado / Its content, computed again",
    responses=_OBJECT,
)
def get_content(asked: One, body: Body, report_kind: ReportKind, period: Period, number: Number) -> Response:
    """What the report says, computed now out of the entries up to its index, and whether its hash is that signed."""
    key = f"{body}/{report_kind}/{period}/{number}"
    return asked.answer(lambda cursor: reports.compared(cursor, key), f"reports/{key}/content")


@router.get(
    "/report-contents/{body}/{report_kind}/{period}/{index}",
    summary="Calcular / Compute",
    responses=openapi.json_answer("Computed"),
)
def compute_content(
    asked: One,
    body: Body,
    report_kind: ReportKind,
    period: Period,
    index: Annotated[int, Path(ge=0, le=MAX_INDEX, examples=[0])],
) -> Response:
    """What a report would say as of an index: what is computed here is what `PeriodicReportPrepared/1` binds."""
    wait(asked.system, index)
    key = f"report-contents/{body}/{report_kind}/{period}/{index}"
    return asked.answer(lambda cursor: reports.computed(cursor, body, report_kind, period, index), key)
