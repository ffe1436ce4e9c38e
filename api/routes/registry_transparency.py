"""Transparency over HTTP: requests and their clock, what is classified, public versions, the index of what is reserved.

Consultations are read by anybody: that text was handed out, by whom and when; to whom and what for is sealed.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api.consultations import consult
from api.etags import cached
from api.limits import read_body
from api.problems import dumps
from api.public_versions import version_file
from api.routes import openapi
from api.routes.registry_base import (
    MAX_INDEX,
    TAG,
    Body,
    Day,
    Listed,
    Number,
    One,
    SlugFilter,
    Year,
    YearFilter,
)
from api.submission import parse_submission
from api.system import System, system_of
from ledger.crypto.canonical import dumps as canonical
from projections.queries import transparency
from projections.queries.base import Object, find, listing, reading
from projections.queries.moment import Moment

router = APIRouter(prefix="/api/v1", tags=[TAG])
_PAGE = openapi.json_answer("Page")
_OBJECT = openapi.json_answer("Object")
Index = Annotated[int, Path(ge=0, le=MAX_INDEX, examples=[57])]
EntryFilter = Annotated[int | None, Query(ge=0, le=MAX_INDEX)]
ObjectFilter = Annotated[
    str | None,
    Query(
        alias="object",
        pattern=r"^[a-z]+(/[a-z0-9][a-z0-9._-]*){1,6}$",
        max_length=200,
        examples=["agreement/hcd/2026/19"],
    ),
]
Half = Annotated[int, Path(ge=1, le=2, examples=[1])]


# -- requests --------------------------------------------------------------------------------------------------------


@router.get("/access-requests", summary="Solicitudes de acceso y ARCO / Requests", responses=_PAGE)
def list_requests(
    asked: Listed,
    *,
    on: Day,
    body: SlugFilter = None,
    year: YearFilter = None,
    right: Annotated[
        Literal["information", "access", "rectification", "cancellation", "opposition"] | None, Query()
    ] = None,
    status: Annotated[transparency.RequestStatus | None, Query()] = None,
) -> Response:
    """The board of requests as of a day: what is due when, what is overdue, how each was answered."""
    filters = asked.filters({"body": body, "year": year, "access_right": right})
    return asked.answer(lambda cursor: transparency.requests(cursor, filters, asked.window, on, status))


@router.get("/access-requests/{body}/{year}/{number}", summary="Una solicitud / A request", responses=_OBJECT)
def get_request(asked: One, *, on: Day, body: Body, year: Year, number: Number) -> Response:
    """A request with its steps; who asks and what for stays sealed."""
    key = f"{body}/{year}/{number}"
    return asked.answer(lambda cursor: transparency.request(cursor, key, on), f"access-requests/{key}")


# -- what is classified ------------------------------------------------------------------------------------------------


@router.get("/classifications", summary="Clasificaciones / Classifications", responses=_PAGE)
def list_classifications(
    asked: Listed,
    *,
    on: Day,
    status: Annotated[transparency.ClassificationStatus | None, Query()] = None,
    character: Annotated[Literal["reserved", "confidential"] | None, Query()] = None,
    object_: ObjectFilter = None,
    unit: SlugFilter = None,
) -> Response:
    """Classifications as of a day; a reservation whose term is over is flagged, although no act says so yet."""
    filters = asked.filters({"character": character, "object": object_, "unit": unit})
    return asked.answer(lambda cursor: transparency.classifications(cursor, filters, asked.window, on, status))


@router.get("/classifications/{index}/{proposal}", summary="Una de ellas / One of them", responses=_OBJECT)
def get_classification(asked: One, *, on: Day, index: Index, proposal: Number) -> Response:
    """What of an entry is withheld, for which cause, until when, with the legend that the law demands."""
    key = f"{index}/{proposal}"
    return asked.answer(lambda cursor: transparency.classification(cursor, key, on), f"classifications/{key}")


@router.get("/reserved-index", summary="Índice de lo reservado / Index of what is reserved", response_class=Response)
def get_index(asked: One, on: Day) -> Response:
    """The index as of a day over all that is known, as canonical JSON (LGTAIP 105); never itself reserved."""
    with reading(asked.system.store.pool, Moment(on, asked.moment.known_at, asked.moment.known_on)) as cursor:
        raw = canonical(transparency.reserved_index(cursor, on))
    return cached(asked.request, raw, "application/json")


@router.get("/reserved-indexes", summary="Índices publicados / Published indexes", responses=_PAGE)
def list_indexes(asked: Listed, body: SlugFilter = None, year: YearFilter = None) -> Response:
    """The semesters' indexes as published, each with its hash."""
    filters = asked.filters({"body": body, "year": year})
    return asked.answer(lambda cursor: listing(cursor, transparency.INDEX, filters, asked.window))


@router.get("/reserved-indexes/{body}/{year}/{half}", summary="El de un semestre / Of a semester", responses=_OBJECT)
def get_published_index(asked: One, body: Body, year: Year, half: Half) -> Response:
    """A published index, computed again over the same entries: `matches` says whether its hash is still that."""
    key = f"{body}/{year}/{half}"
    found: Object | None = None
    with reading(asked.system.store.pool) as cursor:
        found = transparency.index(cursor, key)
    if found is not None:
        found = _computed(asked.system, found)
    return asked.answer(lambda _cursor: found, f"reserved-indexes/{key}")


def _computed(system: System, found: Object) -> Object:
    on = date.fromisoformat(found["as_of"])
    with reading(system.store.pool, Moment(on, found["size"] - 1)) as cursor:
        computed = transparency.reserved_index(cursor, on)
    digest = sha256(canonical(computed)).hexdigest()
    return found | {"computed_sha256": digest, "matches": digest == found["sha256"], "contents": computed["rows"]}


# -- public versions ---------------------------------------------------------------------------------------------------


@router.get("/public-versions", summary="Versiones públicas / Public versions", responses=_PAGE)
def list_versions(
    asked: Listed,
    object_: ObjectFilter = None,
    status: Annotated[Literal["generated", "approved"] | None, Query()] = None,
) -> Response:
    """Public versions in the order in which they were generated: what each takes out, and on which ground."""
    filters = asked.filters({"object": object_, "phase": status})
    return asked.answer(lambda cursor: transparency.versions(cursor, filters, asked.window))


@router.get("/public-versions/{index}/{version}", summary="Una de ellas / One of them", responses=_OBJECT)
def get_version(asked: One, index: Index, version: Number) -> Response:
    """A public version: whether it holds, how much it withholds, and what of that is public again."""
    key = f"{index}/{version}"
    return asked.answer(lambda cursor: transparency.version(cursor, key), f"public-versions/{key}")


@router.get(
    "/public-versions/{index}/{version}/file",
    summary="El archivo / The file",
    response_class=Response,
    responses=openapi.bytes_answer("application/json"),
)
def get_version_file(request: Request, index: Index, version: Number) -> Response:
    """The version as a file that anybody checks without us: open text, leaf hashes of the rest, grounds, proofs."""
    raw = version_file(system_of(request), index, version)
    named = {"Content-Disposition": f'attachment; filename="version-publica-{index}-{version}.json"'}
    return cached(request, raw, "application/json", headers=named)


# -- consultations -----------------------------------------------------------------------------------------------------


@router.get("/consultations", summary="Consultas de lo sellado / Consultations", responses=_PAGE)
def list_consultations(asked: Listed, entry: EntryFilter = None) -> Response:
    """What sealed text was handed out, by which custodian; to whom and what for is sealed."""
    filters = asked.filters({"entry_index": entry})
    return asked.answer(lambda cursor: listing(cursor, transparency.CONSULTATION, filters, asked.window))


@router.get("/consultations/{index}/{number}", summary="Una consulta / One", responses=_OBJECT)
def get_consultation(asked: One, index: Index, number: Number) -> Response:
    """A consultation."""
    key = f"{index}/{number}"
    return asked.answer(lambda cursor: find(cursor, transparency.CONSULTATION, key), f"consultations/{key}")


@router.post(
    "/consultations",
    summary="Consultar lo sellado / Consult sealed text",
    status_code=201,
    response_class=Response,
    responses={201: {"description": "Asentada; los textos. / Recorded; the texts."}},
    openapi_extra=openapi.SUBMIT_BODY,
)
async def post_consultation(request: Request) -> Response:
    """Record the custodian's signed `ReservedDataConsulted/1` and answer with the disclosures that it names, once."""
    system = system_of(request)
    with system.gate.enter():
        raw = await read_body(request, system.settings.max_request_bytes)
        return await run_in_threadpool(_consult, system, raw)


def _consult(system: System, raw: bytes) -> Response:
    recorded, texts = consult(system, parse_submission(raw))
    body = {"index": recorded.index, "recorded_at": recorded.recorded_at, "disclosures": texts}
    headers = {"Location": f"/api/v1/acts/{recorded.index}", "Cache-Control": "no-store"}
    return Response(dumps(body), 201, headers=headers, media_type="application/json")
