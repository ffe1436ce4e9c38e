"""The log for everybody: checkpoint and tiles at their C2SP addresses, keys, policy, proofs (format.md §7)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from api.etags import IMMUTABLE, REVALIDATE, cached
from api.problems import ApiError, dumps, not_found
from api.routes import openapi
from api.system import checkpoint_size, system_of
from ledger.crypto.b64 import encode_base64
from ledger.crypto.merkle import consistency_coords, fold
from ledger.crypto.note import Checkpoint, Note
from ledger.log.policy import Policy
from ledger.log.reader import node_hashes
from ledger.log.tiles import ENTRIES, TILE_WIDTH, Tile

router = APIRouter(tags=["bitácora"])
TEXT = "text/plain; charset=utf-8"
_SIZE = Query(ge=0, le=2**53 - 1)


@router.get("/checkpoint", summary="Punto de control / Checkpoint", responses=openapi.bytes_answer("text/plain"))
@router.get(
    "/api/v1/log/checkpoint", summary="Punto de control / Checkpoint", responses=openapi.bytes_answer("text/plain")
)
def get_checkpoint(request: Request) -> Response:
    """The newest published checkpoint: a signed note (c2sp.org/tlog-checkpoint)."""
    note = system_of(request).checkpoint()
    return cached(request, note.encode(), TEXT, cache="no-cache")


@router.get("/tile/{path:path}", summary="Teselas / Tiles", responses=openapi.bytes_answer("application/octet-stream"))
def get_tile(request: Request, path: Annotated[str, Path(max_length=80, examples=["0/000.p/1"])]) -> Response:
    """Tiles and entry bundles (c2sp.org/tlog-tiles), height 8; whole ones never change."""
    tile = Tile.parse(f"tile/{path}")
    body = system_of(request).tile(tile)
    whole = tile.width == TILE_WIDTH
    media_type = "application/octet-stream"
    headers = {"X-Acervo-Entries": str(tile.width)} if tile.level == ENTRIES else None
    return cached(request, body, media_type, cache=IMMUTABLE if whole else REVALIDATE, headers=headers)


@router.get("/api/v1/log", summary="La bitácora / The log")
def get_log(request: Request) -> Response:
    """Origin, public keys, size of the published tree, and where its parts are."""
    system = system_of(request)
    note = system.checkpoint()
    body = {
        "origin": system.ledger.origin,
        "vkeys": [key.vkey for key in system.keys],
        "tree_size": checkpoint_size(note),
        "checkpoint": note,
        "links": {"checkpoint": "/checkpoint", "tiles": "/tile/", "policy": "/api/v1/log/policy"},
    }
    return cached(request, dumps(body), "application/json", cache="no-cache")


@router.get("/api/v1/log/vkey", summary="Llave pública / Public key", responses=openapi.bytes_answer("text/plain"))
def get_vkey(request: Request) -> Response:
    """The public keys that sign checkpoints, one a line. Get them by another way, too, before you trust them."""
    lines = "".join(f"{key.vkey}\n" for key in system_of(request).keys)
    return cached(request, lines.encode(), TEXT)


@router.get("/api/v1/log/policy", summary="Política / Policy", responses=openapi.bytes_answer("text/plain"))
def get_policy(request: Request) -> Response:
    """The log's keys as a policy file (c2sp.org/tlog-policy)."""
    system = system_of(request)
    url = system.settings.public_url or ""
    policy = Policy(tuple((key, url) for key in system.keys))
    return cached(request, policy.format().encode(), TEXT)


@router.get(
    "/api/v1/log/proof/{index}",
    summary="Prueba de inclusión / Inclusion proof",
    responses=openapi.bytes_answer("text/plain"),
)
def get_proof(request: Request, index: Annotated[int, Path(ge=0, le=2**53 - 1, examples=[0])]) -> Response:
    """An act's receipt against the newest checkpoint (c2sp.org/tlog-proof), the entry as `extra`."""
    return cached(request, system_of(request).proof(index).encode(), TEXT)


@router.get("/api/v1/log/consistency", summary="Prueba de consistencia / Consistency proof")
def get_consistency(request: Request, old: Annotated[int, _SIZE], new: Annotated[int | None, _SIZE] = None) -> Response:
    """Hashes that prove the tree of size `new` (the published one where absent) to extend that of size `old`."""
    system = system_of(request)
    note = system.checkpoint()
    published = Checkpoint.parse(Note.parse(note).text)
    size = published.size if new is None else new
    if size > published.size:
        raise not_found(f"size {size}")
    if old > size:
        raise ApiError(400, "bad-parameter", "old ≤ new", place="old")
    plan = consistency_coords(old, size)
    nodes = node_hashes(system.log, {coord for group in plan for coord in group})
    hashes = [encode_base64(fold([nodes[coord] for coord in group])) for group in plan]
    body = {"old": old, "new": size, "hashes": hashes, "checkpoint": note}
    return cached(request, dumps(body), "application/json")
