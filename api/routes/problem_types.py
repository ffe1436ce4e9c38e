"""GET /api/v1/problems/{code}: what the `type` of a problem stands for (RFC 9457 §3.1.1)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from api.etags import cached
from api.problems import dumps, not_found
from ledger.texts import catalogue, has, text

router = APIRouter(prefix="/api/v1/problems", tags=["servicio"])


@router.get("", summary="Códigos de problema / Problem codes")
def list_problems(request: Request) -> Response:
    """Every code with its sentence, in Spanish and in English."""
    rows = [{"code": code, "text": text(code, "es"), "text_en": text(code, "en")} for code in sorted(catalogue("es"))]
    return cached(request, dumps({"data": rows}), "application/json")


@router.get("/{code}", summary="Un código / One code")
def get_problem(request: Request, code: Annotated[str, Path(max_length=80, examples=["no-quorum"])]) -> Response:
    """What a code means."""
    if not has(code):
        raise not_found(f"problems/{code}")
    body = {"code": code, "text": text(code, "es"), "text_en": text(code, "en")}
    return cached(request, dumps(body), "application/json")
