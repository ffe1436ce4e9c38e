"""GET /oparl/v1: an OParl 1.1 façade over the registries; lists are paged and filtered as the standard says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from api.addresses import base_of
from api.etags import cached
from api.oparl.addresses import ROOT, SCHEMA, Addresses
from api.oparl.objects import LISTS, meetings
from api.pagination import envelope
from api.problems import dumps, not_found
from api.routes.registry_base import SESSION_PATH, Asked, Listed, Number, SessionKey, SlugFilter
from api.system import System, system_of
from projections.queries.base import Texts, find_row, reading, select
from projections.queries.sessions import SESSION

if TYPE_CHECKING:
    from projections.queries.base import Object, Reader

router = APIRouter(prefix=ROOT, tags=["oparl"])
OPARL = "https://oparl.org/"
_INTERNAL = frozenset({"agendaItem", "consultation", "legislativeTerm", "location", "membership", "resultsProtocol"})
"""Members that hold whole objects; with `omit_internal` they are left out of lists, where they may be."""
_KEY = Path(pattern=r"^[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*){0,5}$", max_length=200, examples=["hcd/2026/ord/1"])
Key = Annotated[str, _KEY]
Name = Annotated[str, Path(pattern="^[a-z-]{4,20}$", examples=["meetings"])]
Omit = Annotated[bool, Query(description="Sin los objetos que van dentro de otros. / Without objects inside others.")]


def _addresses(request: Request) -> Addresses:
    return Addresses(base_of(request, system_of(request).settings))


To = Annotated[Addresses, Depends(_addresses)]


def _json(request: Request, told: Object) -> Response:
    return cached(request, dumps(told), "application/json")


@router.get("/system", summary="OParl: el sistema / System")
def get_oparl_system(request: Request, to: To) -> Response:
    """Where a harvester begins."""
    told: Object = {
        "id": to.of("system"),
        "type": f"{SCHEMA}System",
        "oparlVersion": SCHEMA,
        "body": to.of("bodies"),
        "name": system_of(request).ledger.origin,
        "website": f"{to.base}/",
        "product": OPARL,
    }
    return _json(request, told)


@router.get("/bodies", summary="OParl: la institución / Bodies")
def list_oparl_bodies(request: Request, to: To) -> Response:
    """The list of the one institution whose ledger this is."""
    told = {
        "data": [_body(system_of(request), to)],
        "pagination": {"totalElements": 1, "elementsPerPage": 1, "currentPage": 1, "totalPages": 1},
        "links": {"first": to.of("bodies"), "self": to.of("bodies"), "last": to.of("bodies")},
    }
    return _json(request, told)


@router.get("/body", summary="OParl: la institución / The body")
def get_oparl_body(request: Request, to: To) -> Response:
    """The institution, and where the lists of what it has are."""
    return _json(request, _body(system_of(request), to))


@router.get("/legislative-terms", summary="OParl: ejercicios / Legislative terms")
def list_oparl_legislative_terms(request: Request, to: To) -> Response:
    """The years in which there are sessions."""
    with reading(system_of(request).store.pool) as cursor:
        terms = _terms(cursor, to)
    self = to.of("legislative-terms")
    return _json(request, {"data": terms, "pagination": {}, "links": {"first": self, "self": self, "last": self}})


@router.get("/legislative-terms/{year}", summary="OParl: un ejercicio / A legislative term")
def get_oparl_legislative_term(
    request: Request, to: To, year: Annotated[int, Path(ge=1800, le=2999, examples=[2026])]
) -> Response:
    """A year in which there are sessions."""
    with reading(system_of(request).store.pool) as cursor:
        terms = {term["name"]: term for term in _terms(cursor, to)}
    if str(year) not in terms:
        raise not_found(f"legislative-terms/{year}")
    return _json(request, terms[str(year)])


@router.get("/agenda-items" + SESSION_PATH + "/{item}", summary="OParl: un punto / An agenda item")
def get_oparl_agenda_item(request: Request, to: To, key: SessionKey, item: Number) -> Response:
    """An item of a session, with its votes."""
    with reading(system_of(request).store.pool) as cursor:
        row = find_row(cursor, SESSION, key)
        found = [] if row is None else meetings(cursor, [row], to)[0]["agendaItem"]
    told = next((each for each in found if each["order"] == item), None)
    if told is None:
        raise not_found(f"agenda-items/{key}/{item}")
    return _json(request, told)


@router.get("/{name}", summary="OParl: una lista / An external list")
def list_oparl(asked: Listed, to: To, name: Name, *, body: SlugFilter = None, omit_internal: Omit = False) -> Response:
    """Organizations, persons, memberships, meetings, papers, consultations, files or locations.

    `limit`, `created_since`, `created_until`, `modified_since`, `modified_until`, `omit_internal` are the standard's;
    `body` asks for meetings, memberships and papers of one organization.
    """
    if name not in LISTS or (body is not None and "body" not in LISTS[name][0].table.columns):
        raise not_found(name)
    kind, make = LISTS[name]
    filters = asked.filters({} if body is None else {"body": body})
    with reading(asked.system.store.pool, asked.moment) as cursor:
        rows, following = select(cursor, kind, filters, asked.window)
        made = make(cursor, rows, to)
    if omit_internal:
        made = [{name: value for name, value in each.items() if name not in _INTERNAL} for each in made]
    return _json(asked.request, _page(asked, made, following, to))


def _page(asked: Asked, made: list[Object], following: Any, to: Addresses) -> Object:
    """Return the standard's page of a list: whole addresses in its links, which keep every filter."""
    told = envelope(asked.request, made, asked.page, following)
    links = {name: to.base + path for name, path in told["links"].items()}
    return {"data": told["data"], "pagination": {"elementsPerPage": asked.page.limit}, "links": links}


@router.get("/{name}/{key:path}", summary="OParl: un objeto / An object")
def get_oparl(request: Request, to: To, name: Name, key: Key) -> Response:
    """One object of a list."""
    if name not in LISTS:
        raise not_found(name)
    kind, make = LISTS[name]
    with reading(system_of(request).store.pool) as cursor:
        row = find_row(cursor, kind, key)
        made = [] if row is None else make(cursor, [row], to)
    if not made:
        raise not_found(f"{name}/{key}")
    return _json(request, made[0])


# -- the institution -------------------------------------------------------------------------------------------------


def _body(system: System, to: Addresses) -> Object:
    with reading(system.store.pool) as cursor:
        terms = _terms(cursor, to)
        institution = Texts(cursor, [0]).show(0, "institution").get("value")
    lists = {"locationList": "locations", "legislativeTermList": "legislative-terms"}
    lists |= {one: f"{one}s" for one in ("organization", "person", "membership", "meeting", "paper")}
    lists |= {one: f"{one}s" for one in ("consultation", "file")}
    return {
        "id": to.of("body"),
        "type": f"{SCHEMA}Body",
        "system": to.of("system"),
        "name": institution if isinstance(institution, str) else system.ledger.origin,
        "website": f"{to.base}/",
        "legislativeTerm": terms,
        **{name: to.of(path) for name, path in lists.items()},
    }


def _terms(cursor: Reader, to: Addresses) -> list[Object]:
    query = "SELECT DISTINCT year FROM registry.sessions ORDER BY year"
    return [
        {
            "id": to.of("legislative-terms", year),
            "type": f"{SCHEMA}LegislativeTerm",
            "body": to.of("body"),
            "name": str(year),
            "startDate": f"{year}-01-01",
            "endDate": f"{year}-12-31",
        }
        for (year,) in cursor.execute(query).fetchall()
    ]
