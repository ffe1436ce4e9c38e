"""GET bodies and their composition, persons, keys, designations."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import SLUG, TAG, Body, Listed, On, One, SlugFilter
from ledger.clock import MEXICO_CITY
from projections.queries import bodies, people
from projections.queries.base import find, listing

router = APIRouter(prefix="/api/v1", tags=[TAG])
_PAGE = openapi.json_answer("Page")
_OBJECT = openapi.json_answer("Object")
Seat = Annotated[str, Path(pattern=SLUG, examples=["obrero-2"])]


@router.get("/bodies", summary="Órganos / Bodies", responses=_PAGE)
def list_bodies(asked: Listed, parent: SlugFilter = None) -> Response:
    """Bodies in the order in which they were registered."""
    filters = asked.filters({"parent": parent})
    return asked.answer(lambda cursor: listing(cursor, bodies.BODY, filters, asked.window))


@router.get("/bodies/{body}", summary="Un órgano y sus reglas / A body and its rules", responses=_OBJECT)
def get_body(asked: One, body: Body) -> Response:
    """A body with every version of its rules."""
    return asked.answer(lambda cursor: bodies.body(cursor, body), f"bodies/{body}")


@router.get("/bodies/{body}/composition", summary="Integración en una fecha / Composition on a day", responses=_OBJECT)
def get_composition(
    asked: One,
    body: Body,
    on: On = None,
) -> Response:
    """The seats that exist on a day (`as_of`; today where absent) and who holds each, as known."""
    day = on or asked.moment.as_of or asked.system.store.now().astimezone(MEXICO_CITY).date()
    return asked.answer(lambda cursor: bodies.composition(cursor, body, day), f"bodies/{body}")


@router.get("/persons", summary="Personas / Persons", responses=_PAGE)
def list_persons(asked: Listed) -> Response:
    """Persons by their random ids; a name is sealed unless an act opened it."""
    filters = asked.filters({})
    return asked.answer(lambda cursor: listing(cursor, people.PERSON, filters, asked.window))


@router.get("/persons/{person}", summary="Una persona y sus llaves / A person and keys", responses=_OBJECT)
def get_person(asked: One, person: Annotated[str, Path(pattern=SLUG)]) -> Response:
    """A person with the keys enrolled for him."""
    return asked.answer(lambda cursor: people.person(cursor, person), f"persons/{person}")


@router.get("/keys", summary="Llaves / Keys", responses=_PAGE)
def list_keys(
    asked: Listed,
    person: SlugFilter = None,
    status: Annotated[Literal["enrolled", "usable", "revoked"] | None, Query()] = None,
) -> Response:
    """Keys in the order in which they were enrolled."""
    filters = asked.filters({"person": person, "phase": status})
    return asked.answer(lambda cursor: listing(cursor, people.KEY, filters, asked.window))


@router.get("/keys/{keyid}", summary="Una llave / A key", responses=_OBJECT)
def get_key(asked: One, keyid: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]) -> Response:
    """A key: whose it is, from which index it is usable, whether it is revoked or compromised."""
    return asked.answer(lambda cursor: find(cursor, people.KEY, keyid), f"keys/{keyid}")
