"""GET /.well-known/acervo: what a stranger needs to find and check a ledger (RFC 8615; product.md §3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.addresses import base_of
from api.banner import NOTICE
from api.etags import cached
from api.problems import dumps
from api.routes import openapi
from api.system import system_of
from ledger.crypto.merkle import leaf_hash

if TYPE_CHECKING:
    from api.system import System

FORMAT_VERSION = 1
"""Of `ledger/FORMAT.md`."""
PLACES = {
    "checkpoint": "/checkpoint",
    "tiles": "/tile/",
    "entries": "/tile/entries/",
    "policy": "/api/v1/log/policy",
    "vkeys": "/api/v1/log/vkey",
    "heads": "/log/heads.atom",
    "api": "/api/v1",
    "openapi": "/api/v1/openapi.json",
    "verify": "/verificar",
    "docs": "/api/v1/docs",
    "exports": "/api/v1/exports",
    "stream": "/api/v1/acts/stream",
    "agreements_feed": "/feeds/acuerdos.atom",
    "sessions_feed": "/feeds/sesiones.atom",
    "calendar": "/feeds/sesiones.ics",
}
router = APIRouter(tags=["servicio"])


@router.get(
    "/.well-known/acervo", summary="Tarjeta del libro / The ledger's card", responses=openapi.json_answer("Card")
)
def get_card(request: Request) -> Response:
    """Origin, founding, public keys, and where everything is. Get keys by another way, too, before you trust them."""
    system = system_of(request)
    return cached(request, dumps(card(system, base_of(request, system.settings))), "application/json")


def card(system: System, base: str) -> dict[str, Any]:
    """Return what the address says.

    Args:
        system: Whose ledger.
        base: The address below which it is served.
    """
    body: dict[str, Any] = {
        "name": "Acervo",
        "origin": system.ledger.origin,
        "format_version": FORMAT_VERSION,
        "vkeys": [key.vkey for key in system.keys],
        "clock": {"simulated": system.fictitious},
        "links": {name: base + path for name, path in PLACES.items()},
    }
    founding = system.store.founding()
    if founding is not None:
        entry = system.entries(0, 1)[0]
        body["founding"] = {
            "index": 0,
            "statement_sha256": founding.sha256,
            "leaf_hash": leaf_hash(entry).hex(),
            "act": f"{base}/api/v1/acts/0",
        }
    return {"notice": NOTICE, **body} if system.fictitious else body
