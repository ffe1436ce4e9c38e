"""GET the follow-up board and units as of a day; captures, oficios, gazettes and the chronological index."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import SLUG, TAG, Body, Day, Listed, Number, One, SlugFilter, Year, YearFilter
from projections.queries import follow_up, units
from projections.queries.base import find, listing

router = APIRouter(prefix="/api/v1", tags=[TAG])
_PAGE = openapi.json_answer("Page")
_OBJECT = openapi.json_answer("Object")


@router.get("/follow-up", summary="Tablero de seguimiento / Follow-up board", responses=_PAGE)
def list_follow_up(
    asked: Listed,
    *,
    on: Day,
    body: SlugFilter = None,
    year: YearFilter = None,
    unit: SlugFilter = None,
    status: Annotated[follow_up.Status | None, Query()] = None,
) -> Response:
    """Resolutivos in follow-up as they were on a day: status, due days, amounts, who answers for them."""
    filters = asked.filters({"body": body, "year": year})
    return asked.answer(lambda cursor: follow_up.board(cursor, filters, asked.window, on, (status, unit)))


@router.get("/follow-up/{body}/{year}/{number}/{resolution}", summary="Un resolutivo / One", responses=_OBJECT)
def get_follow_up(asked: One, *, on: Day, body: Body, year: Year, number: Number, resolution: Number) -> Response:
    """A resolutivo as it was on a day, with its steps up to then."""
    key = f"{body}/{year}/{number}/{resolution}"
    return asked.answer(lambda cursor: follow_up.resolution(cursor, key, on), f"follow-up/{key}")


@router.get("/units", summary="Unidades administrativas / Units", responses=_PAGE)
def list_units(asked: Listed, on: Day) -> Response:
    """Units in the order in which they entered the ledger, each as it was on a day."""
    filters = asked.filters({})
    return asked.answer(lambda cursor: units.units(cursor, filters, asked.window, on))


@router.get("/units/{unit}", summary="Una unidad / A unit", responses=_OBJECT)
def get_unit(asked: One, on: Day, unit: Annotated[str, Path(pattern=SLUG, examples=["dir"])]) -> Response:
    """A unit as it was on a day, and every version of it."""
    return asked.answer(lambda cursor: units.unit(cursor, unit, on), f"units/{unit}")


@router.get("/captures", summary="Capturas (SICA) / Captures", responses=_PAGE)
def list_captures(asked: Listed, body: SlugFilter = None, year: YearFilter = None) -> Response:
    """Captures with their reviews."""
    filters = asked.filters({"body": body, "year": year})
    return asked.answer(lambda cursor: listing(cursor, follow_up.CAPTURE, filters, asked.window))


@router.get("/captures/{body}/{year}/{number}", summary="Una captura / A capture", responses=_OBJECT)
def get_capture(asked: One, body: Body, year: Year, number: Number) -> Response:
    """What each resolutivo of an agreement does, who captured it, who reviewed it."""
    key = f"{body}/{year}/{number}"
    return asked.answer(lambda cursor: find(cursor, follow_up.CAPTURE, key), f"captures/{key}")


@router.get("/communications", summary="Oficios de comunicación / Oficios", responses=_PAGE)
def list_communications(asked: Listed, body: SlugFilter = None, year: YearFilter = None) -> Response:
    """Agreements whose communication is authorised, with their oficios and how many lack an acknowledgement."""
    filters = asked.filters({"body": body, "year": year})
    return asked.answer(lambda cursor: listing(cursor, follow_up.COMMUNICATION, filters, asked.window))


@router.get("/communications/{body}/{year}/{number}", summary="Los de un acuerdo / Those of one", responses=_OBJECT)
def get_communication(asked: One, body: Body, year: Year, number: Number) -> Response:
    """The oficios of an agreement."""
    key = f"{body}/{year}/{number}"
    return asked.answer(lambda cursor: find(cursor, follow_up.COMMUNICATION, key), f"communications/{key}")


@router.get("/gazette-prints", summary="Publicaciones oficiales / Gazettes", responses=_PAGE)
def list_prints(asked: Listed, body: SlugFilter = None, year: YearFilter = None) -> Response:
    """Agreements that a gazette printed."""
    filters = asked.filters({"body": body, "year": year})
    return asked.answer(lambda cursor: listing(cursor, follow_up.GAZETTE, filters, asked.window))


@router.get("/gazette-prints/{body}/{year}/{number}", summary="Las de un acuerdo / Of one", responses=_OBJECT)
def get_prints(asked: One, body: Body, year: Year, number: Number) -> Response:
    """Where and when an agreement was printed, and from when on it binds."""
    key = f"{body}/{year}/{number}"
    return asked.answer(lambda cursor: find(cursor, follow_up.GAZETTE, key), f"gazette-prints/{key}")


@router.get("/chronological-index", summary="Índice cronológico / Chronological index", responses=_PAGE)
def list_filings(asked: Listed, body: SlugFilter = None, year: YearFilter = None) -> Response:
    """Agreements as filed: of a body and year in order and without gaps."""
    filters = asked.filters({"body": body, "year": year})
    return asked.answer(lambda cursor: listing(cursor, follow_up.FILING, filters, asked.window))


@router.get("/chronological-index/{body}/{year}/{number}", summary="Un lugar en él / A place in it", responses=_OBJECT)
def get_filing(asked: One, body: Body, year: Year, number: Number) -> Response:
    """Under which documentary series an agreement is filed."""
    key = f"{body}/{year}/{number}"
    return asked.answer(lambda cursor: find(cursor, follow_up.FILING, key), f"chronological-index/{key}")
