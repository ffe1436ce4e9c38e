"""Transparency over HTTP: requests and their clock, what is classified, public versions, the index of what is reserved.

Consultations are read by anybody: that text was handed out, by whom and when; to whom and what for is sealed.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Annotated, Literal

from fastapi import Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api.consultations import consult
from api.etags import cached
from api.limits import read_body
from api.problems import dumps
from api.public_versions import version_file
from api.routes import openapi
from api.routes.parameters import MAX_INDEX
from api.routes.registry_base import Body, Day, Number, One, Year
from api.routes.resources import BODY, YEAR, Filter, Half, Index, Resource, among, computed, router_of, slug, status
from api.submission import parse_submission
from api.system import System, system_of
from ledger.crypto.canonical import dumps as canonical
from projections.queries import transparency
from projections.queries.base import Object, find, reading
from projections.queries.moment import Moment
from projections.queries.withheld import ClassificationStatus

_RIGHTS = Literal["information", "access", "rectification", "cancellation", "opposition"]
_ENTRY = Annotated[int | None, Query(ge=0, le=MAX_INDEX)]
_OBJECT_FILTER = Annotated[
    str | None,
    Query(
        pattern=r"^[a-z]+(/[a-z0-9][a-z0-9._-]*){1,6}$",
        max_length=200,
        examples=["agreement/hcd/2026/19"],
    ),
]
_OF_OBJECT = Filter("object", _OBJECT_FILTER, "object")
RESOURCES = (
    Resource(
        transparency.REQUEST,
        "/{body}/{year}/{number}",
        (
            "Solicitudes de acceso y ARCO / Requests",
            "The board of requests as of a day: what is due when, what is overdue, how each was answered.",
        ),
        ("Una solicitud / A request", "A request with its steps; who asks and what for stays sealed."),
        (BODY, YEAR, among("right", _RIGHTS, "access_right"), computed("status", transparency.RequestStatus)),
    ),
    Resource(
        transparency.CLASSIFICATION,
        "/{index}/{proposal}",
        (
            "Clasificaciones / Classifications",
            ("Classifications as of a day; a reservation whose term is over is flagged, although no act says so yet."),
        ),
        (
            "Una de ellas / One of them",
            "What of an entry is withheld, for which cause, until when, with the legend that the law demands.",
        ),
        (
            computed("status", ClassificationStatus),
            among("character", Literal["reserved", "confidential"]),
            _OF_OBJECT,
            slug("unit"),
        ),
    ),
    Resource(
        transparency.INDEX,
        "/{body}/{year}/{half}",
        ("Índices publicados / Published indexes", "The semesters' indexes as published, each with its hash."),
        None,
        (BODY, YEAR),
    ),
    Resource(
        transparency.SIPOT_EXPORT,
        "/{body}/{year}/{quarter}/{form}/{number}",
        (
            "Formatos de transparencia presentados / Filed formats",
            "Quarterly formats as filed, each with the hash of what it said; `links.format` computes it again.",
        ),
        ("Uno de ellos / One of them", "A filed format."),
        (BODY, YEAR, slug("form")),
    ),
    Resource(
        transparency.VERSION,
        "/{index}/{version}",
        (
            "Versiones públicas / Public versions",
            ("Public versions in the order in which they were generated: what each takes out, and on which ground."),
        ),
        (
            "Una de ellas / One of them",
            "A public version: whether it holds, how much it withholds, and what of that is public again.",
        ),
        (_OF_OBJECT, status("generated", "approved")),
    ),
    Resource(
        transparency.CONSULTATION,
        "/{index}/{number}",
        (
            "Consultas de lo sellado / Consultations",
            "What sealed text was handed out, by which custodian; to whom and what for is sealed.",
        ),
        ("Una consulta / One", "A consultation."),
        (Filter("entry", _ENTRY, "entry_index"),),
    ),
)
router = router_of(*RESOURCES)
_OBJECT = openapi.json_answer("Object")


@router.get("/reserved-index", summary="Índice de lo reservado / Index of what is reserved", response_class=Response)
def get_index(asked: One, on: Day) -> Response:
    """The index as of a day over all that is known, as canonical JSON (LGTAIP 105); never itself reserved."""
    with reading(asked.system.store.pool, Moment(on, asked.moment.known_at, asked.moment.known_on)) as cursor:
        raw = canonical(transparency.reserved_index(cursor, on))
    return cached(asked.request, raw, "application/json")


@router.get("/reserved-indexes/{body}/{year}/{half}", summary="El de un semestre / Of a semester", responses=_OBJECT)
def get_published_index(asked: One, body: Body, year: Year, half: Half) -> Response:
    """A published index, computed again over the same entries: `matches` says whether its hash is still that."""
    key = f"{body}/{year}/{half}"
    found: Object | None = None
    with reading(asked.system.store.pool) as cursor:
        found = find(cursor, transparency.INDEX, key)
    if found is not None:
        found = _computed(asked.system, found)
    return asked.answer(lambda _cursor: found, f"reserved-indexes/{key}")


def _computed(system: System, found: Object) -> Object:
    on = date.fromisoformat(found["as_of"])
    with reading(system.store.pool, Moment(on, found["size"] - 1)) as cursor:
        computed = transparency.reserved_index(cursor, on)
    digest = sha256(canonical(computed)).hexdigest()
    return found | {"computed_sha256": digest, "matches": digest == found["sha256"], "contents": computed["rows"]}


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
    system.check_writable()
    with system.gate.enter():
        raw = await read_body(request, system.settings.max_request_bytes)
        return await run_in_threadpool(_consult, system, raw)


def _consult(system: System, raw: bytes) -> Response:
    recorded, texts = consult(system, parse_submission(raw))
    body = {"index": recorded.index, "recorded_at": recorded.recorded_at, "disclosures": texts}
    headers = {"Location": f"/api/v1/acts/{recorded.index}", "Cache-Control": "no-store"}
    return Response(dumps(body), 201, headers=headers, media_type="application/json")
