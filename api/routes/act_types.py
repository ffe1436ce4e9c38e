"""GET /api/v1/act-types: what can be signed, for clients that prepare acts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from api.act_types import describe, summary
from api.etags import cached
from api.problems import dumps, not_found
from ledger.acts import act_types

router = APIRouter(prefix="/api/v1/act-types", tags=["actos"])


@router.get("", summary="Tipos de acto / Act types")
def list_types(request: Request) -> Response:
    """Every act type: name, kind of stream, how the stream's name follows from the data."""
    rows = [summary(cls) for cls in act_types().values()]
    return cached(request, dumps({"data": rows}), "application/json")


@router.get("/{name}/{version}", summary="Un tipo de acto / One act type")
def get_type(
    request: Request,
    name: Annotated[str, Path(max_length=64, examples=["VoteOpened"])],
    version: Annotated[int, Path(ge=1, le=999, examples=[1])],
) -> Response:
    """JSON Schema of `data`, sealed values, who may sign, which kinds `basis` must name."""
    found = describe(f"{name}/{version}")
    if found is None:
        raise not_found(f"{name}/{version}")
    return cached(request, dumps(found), "application/json")
