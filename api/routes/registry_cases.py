"""GET vetoes, recommendations, interpretations and periodic reports."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import (
    MAX_INDEX,
    TAG,
    Body,
    Dated,
    Listed,
    Number,
    One,
    SlugFilter,
    Year,
    YearFilter,
    wait,
)
from ledger.acts.report import ReportKind
from ledger.domain.recommendation import Phase as RecommendationPhase
from ledger.domain.veto import Phase as VetoPhase
from projections.queries import cases, reports

router = APIRouter(prefix="/api/v1", tags=[TAG])
_PAGE = openapi.json_answer("Page")
_OBJECT = openapi.json_answer("Object")
_PERIOD = r"^(1[89]|2[0-9])[0-9]{2}(-(c[1-3]|t[1-4]|s[12]|m(0[1-9]|1[0-2])))?$"
Period = Annotated[str, Path(pattern=_PERIOD, examples=["2026-c1"])]
REPORT = "/reports/{body}/{report_kind}/{period}/{number}"
AGREEMENT = "/{body}/{year}/{number}"


# -- vetoes ------------------------------------------------------------------------------------------------------------


@router.get("/vetoes", summary="Vetos / Vetoes", responses=_PAGE)
def list_vetoes(
    asked: Dated,
    *,
    body: SlugFilter = None,
    year: YearFilter = None,
    resolver: SlugFilter = None,
    power: Annotated[Literal["president", "director-general"] | None, Query()] = None,
    status: Annotated[VetoPhase | None, Query()] = None,
) -> Response:
    """Vetoes in the order of their exercise; with `as_of`, which of them are past their term and not decided."""
    filters = asked.filters({"body": body, "year": year, "resolver": resolver, "power": power, "phase": status})
    return asked.answer(lambda cursor: cases.vetoes(cursor, filters, asked.window))


@router.get("/vetoes" + AGREEMENT, summary="El veto de un acuerdo / One", responses=_OBJECT)
def get_veto(asked: One, body: Body, year: Year, number: Number) -> Response:
    """The veto of an agreement: who decides, where it stands, how it was decided."""
    key = f"{body}/{year}/{number}"
    return asked.answer(lambda cursor: cases.veto(cursor, key), f"vetoes/{key}")


# -- recommendations -------------------------------------------------------------------------------------------------


@router.get("/recommendations", summary="Recomendaciones / Recommendations", responses=_PAGE)
def list_recommendations(
    asked: Dated,
    body: SlugFilter = None,
    ordinal: Annotated[int | None, Query(ge=1, le=999_999)] = None,
    unit: SlugFilter = None,
    status: Annotated[RecommendationPhase | None, Query()] = None,
) -> Response:
    """Recommendations in the order of their issue, whatever the year."""
    filters = asked.filters({"body": body, "ordinal": ordinal, "unit": unit, "phase": status})
    return asked.answer(lambda cursor: cases.recommendations(cursor, filters, asked.window))


@router.get("/recommendations/{body}/{ordinal}/{number}", summary="Una recomendación / One", responses=_OBJECT)
def get_recommendation(asked: One, body: Body, ordinal: Number, number: Number) -> Response:
    """A recommendation with its steps."""
    key = f"{body}/{ordinal}/{number}"
    return asked.answer(lambda cursor: cases.recommendation(cursor, key), f"recommendations/{key}")


@router.get("/recommendation-balances/{body}/{year}", summary="Balance del año / Balance of a year", responses=_OBJECT)
def get_balance(asked: One, body: Body, year: Year) -> Response:
    """How many were open when the year began, new, attended, reopened, and carried over at its end."""
    return asked.answer(lambda cursor: cases.balance(cursor, body, year), f"recommendation-balances/{body}/{year}")


# -- interpretations -------------------------------------------------------------------------------------------------


@router.get("/interpretations", summary="Consultas e interpretaciones / Interpretations", responses=_PAGE)
def list_interpretations(
    asked: Listed,
    body: SlugFilter = None,
    year: YearFilter = None,
    status: Annotated[Literal["requested", "drafted", "issued", "superseded"] | None, Query()] = None,
) -> Response:
    """Queries on agreements in the order in which they were made."""
    filters = asked.filters({"body": body, "year": year, "phase": status})
    return asked.answer(lambda cursor: cases.interpretations(cursor, filters, asked.window))


@router.get("/interpretations" + AGREEMENT + "/{interpretation}", summary="Una consulta / One", responses=_OBJECT)
def get_interpretation(asked: One, body: Body, year: Year, number: Number, interpretation: Number) -> Response:
    """A query on an agreement and its answer, as far as they are open."""
    key = f"{body}/{year}/{number}/{interpretation}"
    return asked.answer(lambda cursor: cases.interpretation(cursor, key), f"interpretations/{key}")


# -- reports ---------------------------------------------------------------------------------------------------------


@router.get("/reports", summary="Informes periódicos / Periodic reports", responses=_PAGE)
def list_reports(
    asked: Listed,
    body: SlugFilter = None,
    report_kind: ReportKind | None = None,
    period: Annotated[str | None, Query(pattern=_PERIOD)] = None,
    status: Annotated[Literal["prepared", "authorised", "presented"] | None, Query()] = None,
) -> Response:
    """Reports in the order in which they were prepared."""
    filters = asked.filters({"body": body, "report_kind": report_kind, "period": period, "phase": status})
    return asked.answer(lambda cursor: reports.reports(cursor, filters, asked.window))


@router.get(REPORT, summary="Un informe / A report", responses=_OBJECT)
def get_report(asked: One, body: Body, report_kind: ReportKind, period: Period, number: Number) -> Response:
    """A report: as of which index, with what hash, who authorised it, which sessions took note of it."""
    key = f"{body}/{report_kind}/{period}/{number}"
    return asked.answer(lambda cursor: reports.report(cursor, key), f"reports/{key}")


@router.get(REPORT + "/content", summary="Su contenido, recalculado / Its content, computed again", responses=_OBJECT)
def get_content(asked: One, body: Body, report_kind: ReportKind, period: Period, number: Number) -> Response:
    """What the report says, computed now out of the entries up to its index, and whether its hash is that signed."""
    key = f"{body}/{report_kind}/{period}/{number}"
    return asked.answer(lambda cursor: reports.compared(cursor, key), f"reports/{key}/content")


@router.get("/report-contents/{body}/{report_kind}/{period}/{index}", summary="Calcular / Compute", responses=_OBJECT)
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
