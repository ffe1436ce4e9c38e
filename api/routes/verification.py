"""Checking a certificate, a proof, a hash or an act: verdicts by precedence (format.md §11). It leaves no act."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api.limits import MAX_VERIFICATION_BYTES, read_body
from api.problems import ApiError, dumps
from api.routes import openapi
from api.system import System, system_of
from api.verification import Checked, check_act, check_bytes, check_certification, check_proof, report, unknown
from ledger.errors import UntrustedInputError
from ledger.log.proof import HEADER, Proof

router = APIRouter(prefix="/api/v1", tags=["comprobación"])
_NUMBER = re.compile(r"([a-z0-9][a-z0-9._-]{0,63})/([12][0-9]{3})/([1-9][0-9]{0,5})")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_VERIFICATION = openapi.json_answer("Verification")


@router.get(
    "/certifications/{number:path}/verification",
    summary="Comprobar una certificación / Check a certificate",
    responses=_VERIFICATION,
)
def verify_certification(
    request: Request, number: Annotated[str, Path(max_length=100, examples=["hcd/2026/1"])]
) -> Response:
    """Check the certificate `body/year/number`, e.g. `hcd/2026/1`. An unknown one is a verdict, not an error."""
    match = _NUMBER.fullmatch(number.removeprefix("certification/"))
    if match is None:
        return _answer(unknown())
    return _answer(check_certification(system_of(request), match[1], int(match[2]), int(match[3])))


@router.get("/acts/{index}/verification", summary="Comprobar un acto / Check an act", responses=_VERIFICATION)
def verify_act(request: Request, index: Annotated[int, Path(ge=0, le=2**53 - 1, examples=[0])]) -> Response:
    """Check the act at an index."""
    return _answer(check_act(system_of(request), index))


@router.post(
    "/verification",
    summary="Comprobar un documento, una prueba o un hash / Check a document, a proof or a hash",
    responses=_VERIFICATION,
    openapi_extra=openapi.VERIFY_BODY,
)
async def verify_anything(request: Request) -> Response:
    """Check what is sent.

    JSON `{"proof": text}`, `{"sha256": hex}` or `{"index": n}`; or the bytes themselves: a `.tlog-proof`, an entry,
    a statement, a document. Nothing that is sent is kept.
    """
    raw = await read_body(request, MAX_VERIFICATION_BYTES)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return await run_in_threadpool(_verify, system_of(request), raw, kind)


def _verify(system: System, raw: bytes, media_type: str) -> Response:
    if media_type == "application/json":
        asked = _asked(raw)
        if asked is not None:
            return _answer(_by_question(system, asked))
    if raw.startswith(HEADER.encode()):
        return _answer(_by_proof(system, raw))
    return _answer(check_bytes(system, raw) or _by_hash(system, sha256(raw).hexdigest()))


def _asked(raw: bytes) -> dict[str, Any] | None:
    """Return the question, or None where the JSON is itself the document (an entry, a statement).

    Raises:
        ApiError: 400 "bad-json", "bad-question".
    """
    try:
        value = orjson.loads(raw)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise ApiError(400, "bad-json", str(error)[:200]) from error
    if not isinstance(value, dict):
        raise ApiError(400, "bad-question")
    if value.keys() & {"payload", "act", "stream"}:
        return None
    if len(value) != 1 or not value.keys() <= {"proof", "sha256", "index"}:
        raise ApiError(400, "bad-question")
    return value


def _by_question(system: System, asked: dict[str, Any]) -> Checked:
    match asked:
        case {"proof": str(proof)}:
            return _by_proof(system, proof.encode("utf-8", "replace"))
        case {"sha256": str(digest)} if _SHA256.fullmatch(digest):
            return _by_hash(system, digest)
        case {"index": bool()}:
            raise ApiError(400, "bad-question")
        case {"index": int(index)} if 0 <= index < 2**53:
            return check_act(system, index)
        case _:
            raise ApiError(400, "bad-question")


def _by_proof(system: System, raw: bytes) -> Checked:
    try:
        proof = Proof.parse(raw.decode())
    except UnicodeDecodeError as error:
        raise UntrustedInputError("proof-malformed", "not UTF-8") from error
    return check_proof(system, proof)


def _by_hash(system: System, digest: str) -> Checked:
    """Find an act by the hash of its statement or of a document that it names."""
    index = system.index_of_hash(digest)
    return unknown() if index is None else check_act(system, index)


def _answer(checked: Checked) -> Response:
    return Response(dumps(report(checked)), headers={"Cache-Control": "no-store"}, media_type="application/json")
