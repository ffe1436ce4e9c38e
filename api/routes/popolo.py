"""GET /api/v1/popolo: the registries as Popolo, in pages (product.md §3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import Asked, Listed, SessionFilter, SlugFilter
from projections.queries import popolo

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.queries.base import Filters, Listing, Reader, Window

    Read = Callable[[Reader, Filters, Window], Listing]

router = APIRouter(prefix="/api/v1/popolo", tags=["popolo"])


def _told(asked: Asked, read: Read, **equal: Any) -> Response:
    filters = asked.filters(equal)
    return asked.listed(lambda cursor: read(cursor, filters, asked.window))


@router.get("/persons", summary="Personas en Popolo / Persons", responses=openapi.json_answer("Page"))
def list_popolo_persons(asked: Listed) -> Response:
    """Persons by their random ids, with their names as far as an act opened them."""
    return _told(asked, popolo.persons)


@router.get("/organizations", summary="Órganos en Popolo / Organizations", responses=openapi.json_answer("Page"))
def list_popolo_organizations(asked: Listed) -> Response:
    """Bodies."""
    return _told(asked, popolo.organizations)


@router.get("/posts", summary="Lugares en Popolo / Posts", responses=openapi.json_answer("Page"))
def list_popolo_posts(asked: Listed) -> Response:
    """Seats; a page holds all seats of each of its bodies."""
    return _told(asked, popolo.posts)


@router.get("/memberships", summary="Designaciones en Popolo / Memberships", responses=openapi.json_answer("Page"))
def list_popolo_memberships(asked: Listed, *, body: SlugFilter = None, person: SlugFilter = None) -> Response:
    """Designations: who held which seat, from when to when."""
    return _told(asked, popolo.memberships, body=body, person=person)


@router.get("/motions", summary="Mociones en Popolo / Motions", responses=openapi.json_answer("Page"))
def list_popolo_motions(asked: Listed, *, body: SlugFilter = None, session: SessionFilter = None) -> Response:
    """What was voted on, each with its one vote event."""
    return _told(asked, popolo.motions, body=body, session=session)


@router.get("/vote_events", summary="Votaciones en Popolo / Vote events", responses=openapi.json_answer("Page"))
def list_popolo_vote_events(asked: Listed, *, body: SlugFilter = None, session: SessionFilter = None) -> Response:
    """Votes with counts and, where an act names who voted how, the roll; what is secret has no roll."""
    return _told(asked, popolo.vote_events, body=body, session=session)
