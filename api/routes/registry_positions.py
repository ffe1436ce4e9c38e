"""GET what members say beside a vote: objections, votos particulares, conflicts that came to light later."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import (
    SESSION_PATH,
    SLUG,
    TAG,
    Dated,
    Listed,
    One,
    SessionFilter,
    SlugFilter,
    VoteKey,
    YearFilter,
)
from projections.queries import positions

router = APIRouter(prefix="/api/v1", tags=[TAG])
_PAGE = openapi.json_answer("Page")
_OBJECT = openapi.json_answer("Object")
_ONE = SESSION_PATH + "/{vote}/{seat}"
Seat = Annotated[str, Path(pattern=SLUG, examples=["obrero-1"])]
VoteFilter = Annotated[
    str | None,
    Query(
        pattern=r"^[a-z0-9._-]{1,64}/[0-9]{4}/[a-z0-9._-]{1,64}/[0-9]{1,6}/[0-9]{1,6}$", examples=["hcd/2026/ord/1/1"]
    ),
]


@router.get("/objections", summary="Objeciones / Objections", responses=_PAGE)
def list_objections(
    asked: Listed,
    *,
    body: SlugFilter = None,
    year: YearFilter = None,
    session: SessionFilter = None,
    vote: VoteFilter = None,
    seat: SlugFilter = None,
    status: Annotated[Literal["standing", "withdrawn"] | None, Query()] = None,
) -> Response:
    """Objections to a consensus in the order in which they were raised, with whether they stand."""
    filters = asked.filters(
        {"body": body, "year": year, "session": session, "vote": vote, "seat": seat, "status": status}
    )
    return asked.answer(lambda cursor: positions.positions(cursor, positions.OBJECTION, filters, asked.window))


@router.get("/objections" + _ONE, summary="Una objeción / An objection", responses=_OBJECT)
def get_objection(asked: One, key: VoteKey, seat: Seat) -> Response:
    """An objection, in the member's own voice or as the secretary attests; its grounds as far as they are open."""
    row = f"{key}/{seat}"
    return asked.answer(lambda cursor: positions.position(cursor, positions.OBJECTION, row), f"objections/{row}")


@router.get("/dissents", summary="Votos particulares / Dissents", responses=_PAGE)
def list_dissents(
    asked: Listed,
    *,
    body: SlugFilter = None,
    year: YearFilter = None,
    session: SessionFilter = None,
    vote: VoteFilter = None,
    seat: SlugFilter = None,
    form: Annotated[Literal["particular", "concurring", "reasoned"] | None, Query()] = None,
) -> Response:
    """Votos particulares, concurring and reasoned votes in the order in which they were filed."""
    filters = asked.filters({"body": body, "year": year, "session": session, "vote": vote, "seat": seat, "form": form})
    return asked.answer(lambda cursor: positions.positions(cursor, positions.DISSENT, filters, asked.window))


@router.get("/dissents" + _ONE, summary="Un voto particular / A dissent", responses=_OBJECT)
def get_dissent(asked: One, key: VoteKey, seat: Seat) -> Response:
    """What a member filed beside a declared vote; its text as far as it is open."""
    row = f"{key}/{seat}"
    return asked.answer(lambda cursor: positions.position(cursor, positions.DISSENT, row), f"dissents/{row}")


@router.get("/conflicts", summary="Conflictos de interés / Conflicts of interest", responses=_PAGE)
def list_conflicts(
    asked: Dated,
    *,
    body: SlugFilter = None,
    year: YearFilter = None,
    session: SessionFilter = None,
    vote: VoteFilter = None,
    seat: SlugFilter = None,
) -> Response:
    """Conflicts that came to light after a vote, which stands; dates are those of their discovery."""
    filters = asked.filters({"body": body, "year": year, "session": session, "vote": vote, "seat": seat})
    return asked.answer(lambda cursor: positions.positions(cursor, positions.CONFLICT, filters, asked.window))


@router.get("/conflicts" + _ONE, summary="Un conflicto de interés / A conflict of interest", responses=_OBJECT)
def get_conflict(asked: One, key: VoteKey, seat: Seat) -> Response:
    """A conflict of a member who had voted; its grounds as far as they are open."""
    row = f"{key}/{seat}"
    return asked.answer(lambda cursor: positions.position(cursor, positions.CONFLICT, row), f"conflicts/{row}")
