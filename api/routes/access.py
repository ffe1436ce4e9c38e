"""/api/v1/access and what is read there only by who may: sealed text, who read it, sessions (docs/decisions/0013)."""

from __future__ import annotations

from collections import deque
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api.access.doorkeeper import COOKIE, CSRF_HEADER, SESSION_LIFE, SESSION_PATH
from api.access.grants import open_for
from api.access.readers import Reader
from api.access.tokens import MAX_TOKEN_CHARS
from api.limits import DEFAULT_PAGE, MAX_HEADER_CHARS, MAX_PAGE, read_body
from api.problems import dumps
from api.routes import openapi
from api.routes.restricted import RESTRICTED, AskedBy, Restricted, in_role
from api.system import System, system_of
from ledger.clock import MEXICO_CITY
from ledger.ids import write_instant

router = APIRouter(prefix="/api/v1", tags=["acceso"])
_PRIVATE = {"Cache-Control": "no-store"}
_TOKEN_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"text/plain": {"schema": {"type": "string", "maxLength": MAX_TOKEN_CHARS}}},
    }
}


def _json(body: object, status: int = 200) -> Response:
    return Response(dumps(body), status, headers=_PRIVATE, media_type="application/json")


def _about(reader: Reader) -> dict[str, str]:
    about = {"office": reader.office, "role": reader.role, "person": reader.person, "keyid": reader.keyid}
    return about | ({"body": reader.body, "seat": reader.seat} if reader.seat else {})


# -- sessions --------------------------------------------------------------------------------------------------------


@router.post(
    "/access/challenges",
    summary="Pedir un reto / Ask for a challenge",
    status_code=201,
    responses=openapi.json_answer("Challenge", 201),
)
def post_challenge(request: Request) -> Response:
    """A challenge to be signed as `jti` of a token whose scope is `/api/v1/access/session`, within two minutes."""
    system = system_of(request)
    challenge, until = system.doorkeeper.challenge()
    said = {"challenge": challenge, "audience": system.ledger.origin, "scope": SESSION_PATH}
    return _json(said | {"expires_at": write_instant(until.astimezone(MEXICO_CITY))}, 201)


@router.post(
    "/access/session",
    summary="Abrir una sesión / Open a session",
    status_code=201,
    responses=openapi.json_answer("Reader", 201),
    openapi_extra=_TOKEN_BODY,
)
async def post_session(request: Request) -> Response:
    """Open a session for who signed a challenge: a cookie for reading, half an hour, which no script can see."""
    raw = await read_body(request, MAX_TOKEN_CHARS)
    return await run_in_threadpool(_open, system_of(request), raw)


def _open(system: System, raw: bytes) -> Response:
    value, session, reader = system.doorkeeper.open(raw.decode("ascii", "replace").strip())
    until = write_instant(session.expires_at.astimezone(MEXICO_CITY))
    answer = _json(_about(reader) | {"expires_at": until, "csrf": session.csrf}, 201)
    answer.set_cookie(
        COOKIE,
        value,
        max_age=int(SESSION_LIFE.total_seconds()),
        path="/",
        secure=(system.settings.public_url or "").startswith("https://"),
        httponly=True,
        samesite="strict",
    )
    return answer


@router.get(
    "/access/session",
    summary="Quién pregunta / Who asks",
    responses=openapi.json_answer("Reader"),
    openapi_extra=RESTRICTED,
)
def get_session(asked: Restricted) -> Response:
    """Office, role and person of who asks, as they stand in the ledger now."""
    return _json(_about(asked.reader))


@router.delete(
    "/access/session",
    summary="Cerrar la sesión / Close the session",
    status_code=204,
    response_class=Response,
    responses={204: {"description": "Cerrada. / Closed."}},
    openapi_extra=RESTRICTED,
)
def delete_session(
    request: Request,
    _csrf: Annotated[str | None, Header(alias=CSRF_HEADER, max_length=MAX_HEADER_CHARS)] = None,
) -> Response:
    """Close the session of the cookie; it must bring the `csrf` that opening it gave, in `Acervo-CSRF`."""
    system_of(request).doorkeeper.end(request)
    answer = Response(status_code=204, headers=_PRIVATE)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer


# -- what is restricted ----------------------------------------------------------------------------------------------


@router.get(
    "/acts/{index}/disclosures",
    summary="Texto sellado / Sealed text",
    responses=openapi.json_answer("Disclosures"),
    openapi_extra=RESTRICTED,
)
def get_disclosures(asked: Restricted, index: Annotated[int, Path(ge=0, le=2**53 - 1, examples=[0])]) -> Response:
    """What of an act's sealed text the reader may read, and why: as his office sealed it, or as an act gave it to him.

    Each text is a disclosure that checks against the digest in the statement. That it was read is kept.
    """
    opened = open_for(asked.reader, asked.system, index)
    asked.note(index, opened.ground, opened.texts)
    return _json({"index": index, "ground": opened.ground, "disclosures": dict(sorted(opened.texts.items()))})


CustodianOnly = Annotated[AskedBy, in_role("custodian")]


@router.get(
    "/access/reads",
    summary="Quién leyó lo sellado / Who read sealed text",
    responses=openapi.json_answer("Reads"),
    openapi_extra=RESTRICTED,
)
def list_reads(asked: CustodianOnly, limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE) -> Response:
    """The last readings of sealed text at this server, the newest first; for custodians."""
    last = deque(asked.system.reads.lines(), maxlen=limit)
    return _json({"data": list(reversed(last))})
