"""GET what comes before a session: calendars, convocations, asuntos, dictámenes, folders; and its recordings."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import (
    SESSION_PATH,
    SLUG,
    TAG,
    Body,
    Dated,
    Listed,
    Number,
    On,
    One,
    SessionFilter,
    SessionKey,
    SlugFilter,
    Year,
    YearFilter,
)
from ledger.clock import MEXICO_CITY
from projections.queries import asuntos, calendars, carpetas, convocations
from projections.queries.base import find, listing

router = APIRouter(prefix="/api/v1", tags=[TAG])
_PAGE = openapi.json_answer("Page")
_OBJECT = openapi.json_answer("Object")
Calendar = Annotated[str, Path(pattern=SLUG, examples=["mx-federal"])]
Statement = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


# -- days that do not count ------------------------------------------------------------------------------------------


@router.get("/holidays", summary="Calendarios de días inhábiles / Calendars of holidays", responses=_PAGE)
def list_holidays(asked: Listed) -> Response:
    """Calendars of holidays in the order of their first editions."""
    return asked.answer(lambda cursor: listing(cursor, calendars.HOLIDAY_CALENDAR, asked.filters({}), asked.window))


@router.get("/holidays/{calendar}", summary="Un calendario de días inhábiles / One", responses=_OBJECT)
def get_holidays(asked: One, calendar: Calendar) -> Response:
    """A calendar with every holiday, the norm that makes it one, and the edition that adopted it."""
    return asked.answer(lambda cursor: find(cursor, calendars.HOLIDAY_CALENDAR, calendar), f"holidays/{calendar}")


@router.get("/holidays/{calendar}/deadline", summary="Término en días hábiles / A term's end", responses=_OBJECT)
def get_deadline(
    asked: One,
    calendar: Calendar,
    since: Annotated[date, Query(ge=date(1800, 1, 1), le=date(2999, 12, 31))],
    business_days: Annotated[int, Query(ge=0, le=calendars.MAX_TERM)],
) -> Response:
    """The last day of a term that begins to run on the day after `since`; `covered` says whether it is sure."""
    return asked.answer(
        lambda cursor: calendars.deadline(cursor, calendar, since, business_days), f"holidays/{calendar}"
    )


# -- sessions planned ------------------------------------------------------------------------------------------------


@router.get("/calendars", summary="Calendarios de sesiones / Calendars of sessions", responses=_PAGE)
def list_calendars(
    asked: Listed,
    body: SlugFilter = None,
    year: YearFilter = None,
    status: Annotated[Literal["approved", "closed"] | None, Query()] = None,
) -> Response:
    """Calendars of sessions in the order of their approval."""
    filters = asked.filters({"body": body, "year": year, "phase": status})
    return asked.answer(lambda cursor: listing(cursor, calendars.SESSION_CALENDAR, filters, asked.window))


@router.get("/calendars/{body}/{year}", summary="El calendario de un año / One", responses=_OBJECT)
def get_calendar(asked: One, body: Body, year: Year, on: On = None) -> Response:
    """Each session planned and what became of it as of a day, today unless said: no miss is silent."""
    key = f"{body}/{year}"
    day = on or asked.moment.as_of or asked.system.store.now().astimezone(MEXICO_CITY).date()
    return asked.answer(lambda cursor: calendars.calendar(cursor, key, day), f"calendars/{key}")


# -- convocations ----------------------------------------------------------------------------------------------------


@router.get("/convocations", summary="Convocatorias / Convocations", responses=_PAGE)
def list_convocations(
    asked: Dated, body: SlugFilter = None, year: YearFilter = None, session: SessionFilter = None
) -> Response:
    """Convocations and their rectifications in the order of their sending."""
    filters = asked.filters({"body": body, "year": year, "session": session})
    return asked.answer(lambda cursor: listing(cursor, convocations.CONVOCATION, filters, asked.window))


@router.get("/convocations/{statement}", summary="Una convocatoria / A convocation", responses=_OBJECT)
def get_convocation(asked: One, statement: Statement) -> Response:
    """A convocation by the SHA-256 of its statement: who received it when, how many business days ahead."""
    return asked.answer(lambda cursor: convocations.convocation(cursor, statement), f"convocations/{statement}")


@router.get(
    "/sessions" + SESSION_PATH + "/convocations",
    summary="Prueba de la convocatoria / Proof of notice",
    responses=_OBJECT,
)
def get_convocations_of(asked: One, key: SessionKey) -> Response:
    """Every convocation of a session, the rectified ones kept beside those that replaced them."""
    return asked.answer(lambda cursor: convocations.of_session(cursor, key), f"sessions/{key}/convocations")


# -- asuntos and dictámenes ------------------------------------------------------------------------------------------


@router.get("/asuntos", summary="Asuntos", responses=_PAGE)
def list_asuntos(
    asked: Dated,
    *,
    body: SlugFilter = None,
    year: YearFilter = None,
    unit: SlugFilter = None,
    session: SessionFilter = None,
    status: Annotated[Literal["submitted", "returned", "accepted", "listed", "withdrawn"] | None, Query()] = None,
) -> Response:
    """Asuntos in the order in which they were brought; dates are those of their oficios."""
    filters = asked.filters({"body": body, "year": year, "unit": unit, "session": session, "phase": status})
    return asked.answer(lambda cursor: listing(cursor, asuntos.ASUNTO, filters, asked.window))


@router.get("/asuntos/{body}/{year}/{number}", summary="Un asunto / One", responses=_OBJECT)
def get_asunto(asked: One, body: Body, year: Year, number: Number) -> Response:
    """An asunto with each review, the dictámenes on it and where it was listed."""
    key = f"{body}/{year}/{number}"
    return asked.answer(lambda cursor: asuntos.asunto(cursor, key), f"asuntos/{key}")


@router.get("/dictamens", summary="Dictámenes / Dictamens", responses=_PAGE)
def list_dictamens(
    asked: Listed,
    body: SlugFilter = None,
    year: YearFilter = None,
    sense: Annotated[Literal["favourable", "unfavourable", "conditioned"] | None, Query()] = None,
) -> Response:
    """Dictámenes of committees in the order of their issue."""
    filters = asked.filters({"body": body, "year": year, "sense": sense})
    return asked.answer(lambda cursor: asuntos.dictamens(cursor, filters, asked.window))


@router.get("/dictamens/{body}/{year}/{number}", summary="Un dictamen / One", responses=_OBJECT)
def get_dictamen(asked: One, body: Body, year: Year, number: Number) -> Response:
    """A dictamen with its sense, the asunto that it is about and the vote that carried it."""
    key = f"{body}/{year}/{number}"
    return asked.answer(lambda cursor: asuntos.dictamen(cursor, key), f"dictamens/{key}")


# -- folders and recordings ------------------------------------------------------------------------------------------


@router.get("/carpetas", summary="Carpetas / Folders", responses=_PAGE)
def list_carpetas(asked: Listed, body: SlugFilter = None, year: YearFilter = None) -> Response:
    """Folders of sessions in the order in which they were frozen."""
    filters = asked.filters({"body": body, "year": year})
    return asked.answer(lambda cursor: listing(cursor, carpetas.CARPETA, filters, asked.window))


@router.get("/carpetas" + SESSION_PATH, summary="La carpeta de una sesión / One", responses=_OBJECT)
def get_carpeta(asked: One, key: SessionKey) -> Response:
    """A session's folder: its manifest, each document with its hash, addenda with who got them and when."""
    return asked.answer(lambda cursor: carpetas.carpeta(cursor, key), f"carpetas/{key}")


@router.get("/recordings", summary="Grabaciones / Recordings", responses=_PAGE)
def list_recordings(asked: Listed, body: SlugFilter = None, year: YearFilter = None) -> Response:
    """Recordings of sessions in the order in which they were sealed."""
    filters = asked.filters({"body": body, "year": year})
    return asked.answer(lambda cursor: listing(cursor, carpetas.RECORDING, filters, asked.window))


@router.get("/recordings" + SESSION_PATH + "/{recording}", summary="Una grabación / One", responses=_OBJECT)
def get_recording(asked: One, key: SessionKey, recording: Number) -> Response:
    """A recording: its hash, length and custody."""
    row = f"{key}/{recording}"
    return asked.answer(lambda cursor: find(cursor, carpetas.RECORDING, row), f"recordings/{row}")
