"""GET sessions with attendance and interventions, votes with their marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import SESSION_PATH, Number, One, Part, Seat, SessionKey, VoteKey
from api.routes.resources import BODY, SESSION, YEAR, Resource, among, router_of, slug, status
from ledger.acts.body import Method, SessionKind
from ledger.acts.vote import MotionKind
from projections.queries import sessions, votes
from projections.queries.base import find_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.routes.registry_base import Asked
    from projections.queries.base import Listing, Reader, Window

_PHASES = ("convened", "quorate", "not-held", "open", "recess", "quorum-lost", "closed", "cancelled", "imported")
RESOURCES = (
    Resource(
        sessions.SESSION,
        SESSION_PATH,
        ("Sesiones / Sessions", "Sessions in the order in which they entered the ledger."),
        (
            "Una sesión / A session",
            "A session with its orden del día, quorum, who is present, and where its votes and acta are.",
        ),
        (BODY, YEAR, slug("series"), among("session_kind", SessionKind), status(*_PHASES)),
    ),
    Resource(
        votes.VOTE,
        SESSION_PATH + "/{vote}",
        ("Votaciones / Votes", "Votes in the order in which they entered the ledger."),
        ("Una votación / A vote", "A vote: method, who may vote, counts, casting vote, declared result."),
        (
            BODY,
            YEAR,
            SESSION,
            among("method", Method),
            among("motion_kind", MotionKind),
            among("result", Literal["approved", "rejected", "tied"]),
            status("open", "recorded", "closed", "declared", "annulled", "imported"),
        ),
    ),
)
router = router_of(*RESOURCES)
_PAGE = openapi.json_answer("Page")
_OBJECT = openapi.json_answer("Object")


@router.get("/sessions" + SESSION_PATH + "/attendance", summary="Asistencia / Attendance", responses=_PAGE)
def list_attendance(asked: Part, key: SessionKey) -> Response:
    """Who came and went, from which item until which, as the secretary attests it."""
    return _of_session(asked, key, sessions.attendance)


@router.get("/sessions" + SESSION_PATH + "/interventions", summary="Intervenciones / Interventions", responses=_PAGE)
def list_interventions(asked: Part, key: SessionKey) -> Response:
    """Who spoke on which item; what was said is sealed unless an act opened it."""
    return _of_session(asked, key, sessions.interventions)


def _of_session(asked: Asked, key: str, rows_of: Callable[[Reader, str, Window], Listing]) -> Response:
    def read(cursor: Reader) -> Listing | None:
        return None if find_row(cursor, sessions.SESSION, key) is None else rows_of(cursor, key, asked.window)

    return asked.listed(read, f"sessions/{key}")


@router.get("/votes" + SESSION_PATH + "/{vote}/marks", summary="Sentido de cada voto / Marks", responses=_PAGE)
def list_marks(asked: Part, key: VoteKey) -> Response:
    """How each seat voted, and whose word it is; of a secret vote only that it was cast."""
    return asked.listed(lambda cursor: votes.marks(cursor, key, asked.window), f"votes/{key}")


@router.get(
    "/votes" + SESSION_PATH + "/{vote}/marks/{seat}/{designation}",
    summary="El voto de un lugar / A mark",
    responses=_OBJECT,
)
def get_mark(asked: One, key: VoteKey, seat: Seat, designation: Number) -> Response:
    """How the holder of a seat voted; which holder, by the number of his designation to it."""
    return asked.answer(
        lambda cursor: votes.mark(cursor, key, seat, designation), f"votes/{key}/marks/{seat}/{designation}"
    )
