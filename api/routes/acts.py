"""POST /api/v1/acts: signed acts in, receipts out; GET: entries as they stand (format.md §6, §7).

The body is read raw and parsed by hand: what was signed must reach the ledger byte for byte, and no model stands
between the submitter and his receipt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from api.documents.proving import evidence_of
from api.etags import IMMUTABLE, cached
from api.intake import take
from api.limits import DEFAULT_PAGE, MAX_CURSOR_CHARS, MAX_PAGE
from api.pagination import envelope, page_of
from api.problems import ApiError, dumps, not_found
from api.reported import check_reports
from api.routes import openapi
from api.submission import parse_submission
from api.system import System, system_of
from ledger.crypto.b64 import encode_base64
from ledger.crypto.merkle import leaf_hash
from ledger.errors import NotSealedError, UntrustedInputError
from ledger.statement import Entry
from ledger.texts import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.application import Recorded
    from ledger.receipts import Receipt

router = APIRouter(prefix="/api/v1/acts", tags=["actos"])
_INDEX = Path(ge=0, le=2**53 - 1, examples=[0])


@router.post(
    "",
    summary="Asentar actos firmados / Record signed acts",
    status_code=201,
    response_class=Response,
    responses=openapi.SUBMIT_RESPONSES,
    openapi_extra=openapi.SUBMIT_BODY,
)
async def submit(request: Request) -> Response:
    """Record one envelope or a batch, all or nothing, and give a receipt for each.

    Submitting the same again is success (200) and gives the same receipts. 202: recorded, but no checkpoint yet.
    """
    return await take(system_of(request), request, record)


def record(system: System, raw: bytes) -> Response:
    """Record the acts of a body and answer with their receipts.

    Raises:
        AcervoError: as `parse_submission`, `check_reports`, `System.submit` and `System.receipts`.
    """
    submitted = parse_submission(raw)
    check_reports(system, submitted)
    recorded = system.submit(submitted)
    try:
        receipts = system.receipts(recorded, system.settings.receipt_timeout_ms / 1000)
    except NotSealedError as error:
        body = {
            "code": error.code,
            "detail": text(error.code, "es"),
            "detail_en": text(error.code, "en"),
            "acts": [_place(item) for item in recorded],
        }
        return Response(orjson.dumps(body), 202, headers=_headers(recorded), media_type="application/json")
    acts = [_receipt(item, receipt) for item, receipt in zip(recorded, receipts, strict=True)]
    status = 200 if all(item.duplicate for item in recorded) else 201
    return Response(orjson.dumps({"acts": acts}), status, headers=_headers(recorded), media_type="application/json")


def _headers(recorded: Sequence[Recorded]) -> dict[str, str]:
    return {"Location": f"/api/v1/acts/{recorded[0].index}", "Cache-Control": "no-store"}


def _place(item: Recorded) -> dict[str, Any]:
    place: dict[str, Any] = {"index": item.index, "recorded_at": item.recorded_at, "duplicate": item.duplicate}
    if item.remarks:
        place["remarks"] = [{"code": code, "params": dict(params)} for code, params in item.remarks]
    return place


def _receipt(item: Recorded, receipt: Receipt) -> dict[str, Any]:
    return {**_place(item), "receipt": receipt.format()}


# -- giving out what stands ----------------------------------------------------------------------------------------


@router.get("", summary="Actos en su orden / Acts in their order", responses=openapi.json_answer("Page"))
def list_acts(
    request: Request,
    cursor: Annotated[str | None, Query(max_length=MAX_CURSOR_CHARS)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE,
) -> Response:
    """Entries from the first on, in index order."""
    system, page = system_of(request), page_of(cursor, limit)
    start = 0
    if page.after is not None:
        last = page.after[0]
        if len(page.after) != 1 or not isinstance(last, int) or last < 0:
            raise ApiError(400, "bad-cursor")
        start = last + 1
    raws = system.entries(start, limit + 1)
    rows = [_shown(index, raw) for index, raw in enumerate(raws[:limit], start)]
    following = (start + limit - 1,) if len(raws) > limit else None
    return cached(request, dumps(envelope(request, rows, page, following)), "application/json")


@router.get("/{index}", summary="Un acto / One act", responses=openapi.json_answer("Act"))
def get_act(request: Request, index: Annotated[int, _INDEX]) -> Response:
    """An entry: what it says, its hashes, and its bytes in base64."""
    return cached(request, dumps(_shown(index, _entry(request, index))), "application/json", cache=IMMUTABLE)


@router.get("/{index}/entry", summary="Los octetos / The bytes", response_class=Response)
def get_entry(request: Request, index: Annotated[int, _INDEX]) -> Response:
    """An entry byte for byte: what is hashed as a leaf (format.md §6)."""
    return cached(request, _entry(request, index), "application/json", cache=IMMUTABLE)


@router.get("/{index}/proof", summary="Su prueba / Its proof", response_class=Response)
def get_proof(request: Request, index: Annotated[int, _INDEX]) -> Response:
    """The act's receipt against the newest checkpoint, as .tlog-proof (c2sp.org/tlog-proof)."""
    proof = system_of(request).proof(index)
    named = {"Content-Disposition": f'attachment; filename="{index}.tlog-proof"'}
    return cached(request, proof.encode(), "text/plain; charset=utf-8", headers=named)


@router.get(
    "/{index}/evidence", summary="Su evidencia / Its evidence", responses=openapi.bytes_answer("application/zip")
)
def get_evidence(request: Request, index: Annotated[int, _INDEX]) -> Response:
    """An excerpt (`.evidencia.zip`): the act, its stream, its signers' keys and offices, each with its proof.

    Nothing sealed is in it. `/verificar` and `acervo verify` check it without asking anybody.
    """
    named = {"Content-Disposition": f'attachment; filename="{index}.evidencia.zip"'}
    return cached(request, evidence_of(system_of(request), index), "application/zip", headers=named)


def _entry(request: Request, index: int) -> bytes:
    raws = system_of(request).entries(index, 1)
    if not raws:
        raise not_found(f"acts/{index}")
    return raws[0]


def _shown(index: int, raw: bytes) -> dict[str, Any]:
    """Return an entry as the API shows it; one that is not readable is shown as bytes and called void."""
    shown: dict[str, Any] = {
        "index": index,
        "leaf_hash": leaf_hash(raw).hex(),
        "entry": encode_base64(raw),
        "links": {"self": f"/api/v1/acts/{index}", "proof": f"/api/v1/acts/{index}/proof"},
    }
    try:
        entry = Entry.parse(raw)
    except UntrustedInputError as error:
        return {**shown, "void": error.code}
    statement = entry.act.statement
    return {
        **shown,
        "recorded_at": entry.recorded_at,
        "type": statement.type,
        "stream": statement.stream,
        "version": statement.version,
        "statement_sha256": statement.sha256,
        "statement": orjson.loads(statement.raw),
        "signature": encode_base64(entry.act.signature),
    }
