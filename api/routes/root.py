"""GET / and GET /api/v1: what this is, whose clock it goes by, and where to go on."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.banner import NOTICE
from api.problems import dumps
from api.routes import openapi
from api.system import System, system_of

router = APIRouter(tags=["servicio"])


@router.get("/", summary="Qué es esto / What this is", responses=openapi.json_answer("Service"))
@router.get("/api/v1", summary="Qué es esto / What this is", responses=openapi.json_answer("Service"))
def get_root(request: Request) -> Response:
    """The ledger's origin, the clock by which acts are signed and recorded, and the main addresses.

    Of a demo `notice` says that all data are fictitious; its clock is simulated, and who signs acts goes by it.
    """
    return Response(
        dumps(about(system_of(request))), headers={"Cache-Control": "no-store"}, media_type="application/json"
    )


def about(system: System) -> dict[str, Any]:
    """Return what the root says."""
    body: dict[str, Any] = {
        "name": "Acervo",
        "ledger": system.ledger.origin,
        "clock": {"simulated": system.fictitious, "now": system.written_now()},
        "links": {
            "health": "/api/v1/health",
            "docs": "/api/v1/docs",
            "openapi": "/api/v1/openapi.json",
            "sessions": "/api/v1/sessions",
            "agreements": "/api/v1/agreements",
            "checkpoint": "/checkpoint",
            "verify": "/verificar",
        },
    }
    return {"notice": NOTICE, **body} if system.fictitious else body
