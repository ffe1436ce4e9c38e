"""GET requests for certification, and the board of oversight requirements as of a day."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import TAG, Body, Dated, Day, Number, One, SlugFilter, Year, YearFilter
from ledger.acts.oversight import Authority
from ledger.acts.petition import Petitioner
from ledger.domain.request import Phase
from projections.queries import certifications, requirements

router = APIRouter(prefix="/api/v1", tags=[TAG])
_PAGE = openapi.json_answer("Page")
_OBJECT = openapi.json_answer("Object")
_MATTER = r"^(requirement|access)(/[a-z0-9][a-z0-9._-]*){1,6}$"


@router.get("/certification-requests", summary="Solicitudes de certificación / Requests", responses=_PAGE)
def list_requests(
    asked: Dated,
    *,
    body: SlugFilter = None,
    year: YearFilter = None,
    petitioner: Annotated[Petitioner | None, Query()] = None,
    status: Annotated[Phase | None, Query()] = None,
    matter: Annotated[str | None, Query(pattern=_MATTER, max_length=200)] = None,
) -> Response:
    """Requests for certification in the order of their receipt, each with the certificates issued out of it."""
    filters = asked.filters({"body": body, "year": year, "petitioner": petitioner, "phase": status, "matter": matter})
    return asked.answer(lambda cursor: certifications.requests(cursor, filters, asked.window))


@router.get("/certification-requests/{body}/{year}/{number}", summary="Una solicitud / A request", responses=_OBJECT)
def get_request(asked: One, body: Body, year: Year, number: Number) -> Response:
    """A request: who of which kind asked for what, who compiled it, who reviewed it; names as far as they are open."""
    key = f"{body}/{year}/{number}"
    return asked.answer(lambda cursor: certifications.request(cursor, key), f"certification-requests/{key}")


@router.get("/requirements", summary="Requerimientos de fiscalización / Requirements", responses=_PAGE)
def list_requirements(
    asked: Dated,
    *,
    on: Day,
    body: SlugFilter = None,
    year: YearFilter = None,
    authority: Annotated[Authority | None, Query()] = None,
    status: Annotated[requirements.Status | None, Query()] = None,
) -> Response:
    """Oversight requirements as they were on a day: pending, overdue, answered, answered late, closed."""
    filters = asked.filters({"body": body, "year": year, "authority": authority})
    return asked.answer(lambda cursor: requirements.board(cursor, filters, asked.window, on, status))


@router.get("/requirements/{body}/{year}/{number}", summary="Un requerimiento / A requirement", responses=_OBJECT)
def get_requirement(asked: One, *, on: Day, body: Body, year: Year, number: Number) -> Response:
    """A requirement as it was on a day, with its bundles, its findings and the requests that belong to it."""
    key = f"{body}/{year}/{number}"
    return asked.answer(lambda cursor: requirements.requirement(cursor, key, on), f"requirements/{key}")


@router.get(
    "/requirements/{body}/{year}/{number}/findings/{finding}", summary="Una observación / A finding", responses=_OBJECT
)
def get_finding(asked: One, body: Body, year: Year, number: Number, finding: Number) -> Response:
    """A finding of the audit, the acts that it speaks of, and what became of it."""
    key, address = f"{body}/{year}/{number}/{finding}", f"requirements/{body}/{year}/{number}/findings/{finding}"
    return asked.answer(lambda cursor: requirements.finding(cursor, key), address)
