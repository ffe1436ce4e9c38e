"""GET boards over all kinds of objects: what ends or falls due within some days; a body in figures."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import TAG, Body, Day, One, Part, SlugFilter
from projections.queries import expiries, statistics

router = APIRouter(prefix="/api/v1", tags=[TAG])
MAX_DAYS = 366
ExpiryKind = Literal[expiries.KINDS]  # type: ignore[valid-type]  # the kinds that the query knows


@router.get("/expiries", summary="Lo que vence / What will end", responses=openapi.json_answer("Page"))
def list_expiries(
    asked: Part,
    *,
    on: Day,
    days: Annotated[int, Query(ge=0, le=MAX_DAYS)] = 90,
    kind: ExpiryKind | None = None,
    body: SlugFilter = None,
) -> Response:
    """Terms, credentials, resolutivos, reservations and deadlines to answer that end within so many days, first first.

    Each with the days that are left from the day of the question (`as_of`; today where absent). What is over already
    is on the board of its kind.
    """
    return asked.listed(lambda cursor: expiries.expiries(cursor, asked.window, on, days, kind=kind, body=body))


@router.get(
    "/bodies/{body}/statistics",
    summary="Un órgano en cifras / A body in figures",
    responses=openapi.json_answer("Object"),
)
def get_statistics(
    asked: One, body: Body, on: Day, date_from: date | None = None, date_to: date | None = None
) -> Response:
    """Sessions due and held, votes, agreements, attendance, and days from close to sealed acta, over some days."""
    span = statistics.Span(date_from, date_to)
    return asked.answer(lambda cursor: statistics.statistics(cursor, body, span, on), f"bodies/{body}")
