"""GET what comes before a session: calendars, convocations, asuntos, dictámenes, folders; and its recordings."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Query
from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import SESSION_PATH, Body, Day, One, SessionKey, Year
from api.routes.resources import BODY, SESSION, YEAR, Calendar, Resource, among, router_of, slug, status
from projections.queries import asuntos, calendars, carpetas, convocations, ordinary

_OBJECT = openapi.json_answer("Object")
_ONE = "/{body}/{year}/{number}"
RESOURCES = (
    Resource(
        calendars.HOLIDAY_CALENDAR,
        "/{calendar}",
        (
            "Calendarios de días inhábiles / Calendars of holidays",
            "Calendars of holidays in the order of their first editions.",
        ),
        (
            "Un calendario de días inhábiles / One",
            "A calendar with every holiday, the norm that makes it one, and the edition that adopted it.",
        ),
    ),
    Resource(
        calendars.SESSION_CALENDAR,
        "/{body}/{year}",
        (
            "Calendarios de sesiones / Calendars of sessions",
            "Calendars of sessions in the order of their approval.",
        ),
        (
            "El calendario de un año / One",
            "Each session planned and what became of it as of a day, today unless said: no miss is silent.",
        ),
        (BODY, YEAR, status("approved", "closed")),
        one_asks={"on": Day},
    ),
    Resource(
        convocations.CONVOCATION,
        "/{statement}",
        (
            "Convocatorias / Convocations",
            "Convocations and their rectifications in the order of their sending.",
        ),
        (
            "Una convocatoria / A convocation",
            ("A convocation by the SHA-256 of its statement: who received it when, how many business days ahead."),
        ),
        (BODY, YEAR, SESSION),
    ),
    Resource(
        asuntos.ASUNTO,
        _ONE,
        ("Asuntos", "Asuntos in the order in which they were brought; dates are those of their oficios."),
        ("Un asunto / One", "An asunto with each review, the dictámenes on it and where it was listed."),
        (BODY, YEAR, slug("unit"), SESSION, status("submitted", "returned", "accepted", "listed", "withdrawn")),
    ),
    Resource(
        asuntos.DICTAMEN,
        _ONE,
        ("Dictámenes / Dictamens", "Dictámenes of committees in the order of their issue."),
        (
            "Un dictamen / One",
            "A dictamen with its sense, the asunto that it is about and the vote that carried it.",
        ),
        (BODY, YEAR, among("sense", Literal["favourable", "unfavourable", "conditioned"])),
    ),
    Resource(
        carpetas.CARPETA,
        SESSION_PATH,
        ("Carpetas / Folders", "Folders of sessions in the order in which they were frozen."),
        (
            "La carpeta de una sesión / One",
            ("A session's folder: its manifest, each document with its hash, addenda with who got them and when."),
        ),
        (BODY, YEAR),
    ),
    Resource(
        carpetas.RECORDING,
        SESSION_PATH + "/{recording}",
        ("Grabaciones / Recordings", "Recordings of sessions in the order in which they were sealed."),
        ("Una grabación / One", "A recording: its hash, length and custody."),
        (BODY, YEAR),
    ),
)
router = router_of(*RESOURCES)


@router.get(
    "/holidays/{calendar}/deadline",
    summary="Término en días hábiles / A term's end",
    responses=openapi.json_answer("Computed"),
)
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


@router.get(
    "/bodies/{body}/ordinary-sessions/{year}",
    summary="Sesiones ordinarias de un año / A year's ordinary sessions",
    responses=_OBJECT,
)
def get_ordinary(asked: One, body: Body, year: Year, on: Day) -> Response:
    """How many ordinary sessions were held by a day, how many the rules ask for, and so how many are missing (R1)."""
    return asked.answer(lambda cursor: ordinary.ordinary_sessions(cursor, body, year, on), f"bodies/{body}")


@router.get(
    "/sessions" + SESSION_PATH + "/convocations",
    summary="Prueba de la convocatoria / Proof of notice",
    responses=_OBJECT,
)
def get_convocations_of(asked: One, key: SessionKey) -> Response:
    """Every convocation of a session, the rectified ones kept beside those that replaced them."""
    return asked.answer(lambda cursor: convocations.of_session(cursor, key), f"sessions/{key}/convocations")
