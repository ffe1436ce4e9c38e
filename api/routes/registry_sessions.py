"""GET sessions with their orden del día and attendance; votes and how each seat voted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from api.problems import not_found
from api.routes import openapi
from api.routes.registry_base import (
    SESSION_PATH,
    SLUG,
    TAG,
    Dated,
    Number,
    One,
    Part,
    SessionFilter,
    SessionKey,
    SlugFilter,
    VoteKey,
    YearFilter,
)
from ledger.acts.body import Method, SessionKind
from ledger.acts.vote import MotionKind
from projections.queries import sessions, votes
from projections.queries.base import find_row, listing

if TYPE_CHECKING:
    from projections.queries.base import Listing, Reader

router = APIRouter(prefix="/api/v1", tags=[TAG])
_PAGE = openapi.json_answer("Page")
_OBJECT = openapi.json_answer("Object")
Phase = Literal["convened", "quorate", "not-held", "open", "recess", "quorum-lost", "closed", "cancelled", "imported"]

VotePhase = Literal["open", "recorded", "closed", "declared", "annulled", "imported"]


@router.get("/sessions", summary="Sesiones / Sessions", responses=_PAGE)
def list_sessions(
    asked: Dated,
    *,
    body: SlugFilter = None,
    year: YearFilter = None,
    series: SlugFilter = None,
    session_kind: Annotated[SessionKind | None, Query()] = None,
    status: Annotated[Phase | None, Query()] = None,
) -> Response:
    """Sessions in the order in which they entered the ledger."""
    filters = asked.filters(
        {"body": body, "year": year, "series": series, "session_kind": session_kind, "phase": status}
    )
    return asked.answer(lambda cursor: listing(cursor, sessions.SESSION, filters, asked.window))


@router.get("/sessions" + SESSION_PATH, summary="Una sesión / A session", responses=_OBJECT)
def get_session(asked: One, key: SessionKey) -> Response:
    """A session with its orden del día, quorum, who is present, and where its votes and acta are."""
    return asked.answer(lambda cursor: sessions.session(cursor, key), f"sessions/{key}")


@router.get("/sessions" + SESSION_PATH + "/attendance", summary="Asistencia / Attendance", responses=_PAGE)
def list_attendance(asked: Part, key: SessionKey) -> Response:
    """Who came and went, from which item until which, as the secretary attests it."""

    def read(cursor: Reader) -> Listing:
        if find_row(cursor, sessions.SESSION, key) is None:
            raise not_found(f"sessions/{key}")
        return sessions.attendance(cursor, key, asked.window)

    return asked.answer(read)


@router.get("/sessions" + SESSION_PATH + "/interventions", summary="Intervenciones / Interventions", responses=_PAGE)
def list_interventions(asked: Part, key: SessionKey) -> Response:
    """Who spoke on which item; what was said is sealed unless an act opened it."""

    def read(cursor: Reader) -> Listing:
        if find_row(cursor, sessions.SESSION, key) is None:
            raise not_found(f"sessions/{key}")
        return sessions.interventions(cursor, key, asked.window)

    return asked.answer(read)


# -- votes -----------------------------------------------------------------------------------------------------------


@router.get("/votes", summary="Votaciones / Votes", responses=_PAGE)
def list_votes(
    asked: Dated,
    *,
    body: SlugFilter = None,
    year: YearFilter = None,
    session: SessionFilter = None,
    method: Annotated[Method | None, Query()] = None,
    motion_kind: Annotated[MotionKind | None, Query()] = None,
    result: Annotated[Literal["approved", "rejected", "tied"] | None, Query()] = None,
    status: Annotated[VotePhase | None, Query()] = None,
) -> Response:
    """Votes in the order in which they entered the ledger."""
    filters = asked.filters(
        {"body": body, "year": year, "session": session, "method": method, "result": result, "phase": status}
        | {"motion_kind": motion_kind}
    )
    return asked.answer(lambda cursor: votes.votes(cursor, filters, asked.window))


@router.get("/votes" + SESSION_PATH + "/{vote}", summary="Una votación / A vote", responses=_OBJECT)
def get_vote(asked: One, key: VoteKey) -> Response:
    """A vote: method, who may vote, counts, casting vote, declared result."""
    return asked.answer(lambda cursor: votes.vote(cursor, key), f"votes/{key}")


@router.get("/votes" + SESSION_PATH + "/{vote}/marks", summary="Sentido de cada voto / Marks", responses=_PAGE)
def list_marks(asked: Part, key: VoteKey) -> Response:
    """How each seat voted, and whose word it is; of a secret vote only that it was cast."""
    return asked.answer(lambda cursor: votes.marks(cursor, key, asked.window), f"votes/{key}")


@router.get(
    "/votes" + SESSION_PATH + "/{vote}/marks/{seat}/{designation}",
    summary="El voto de un lugar / A mark",
    responses=_OBJECT,
)
def get_mark(
    asked: One, key: VoteKey, seat: Annotated[str, Path(pattern=SLUG, examples=["obrero-2"])], designation: Number
) -> Response:
    """How the holder of a seat voted; which holder, by the number of his designation to it."""
    return asked.answer(
        lambda cursor: votes.mark(cursor, key, seat, designation), f"votes/{key}/marks/{seat}/{designation}"
    )
