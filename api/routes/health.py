"""GET /api/v1/health: whether the parts of the service do what they should."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.banner import NOTICE
from api.problems import dumps
from api.system import System, checkpoint_size, system_of
from ledger.errors import AcervoError, StoreError

router = APIRouter(prefix="/api/v1", tags=["servicio"])
MAX_BEHIND_S = 60.0
"""How far a standby may be behind before health says so."""
MAX_LAG = 5_000
"""Entries that the registries may be behind before health says so."""


@router.get(
    "/health", summary="Estado del servicio / Health", responses={503: {"description": "Algo falla. / Unwell."}}
)
def get_health(request: Request) -> Response:
    """Database, signer, worker lag, tree size. 200 where all is well, 503 where something is not."""
    body = health(system_of(request))
    status = 200 if body["status"] == "ok" else 503
    return Response(dumps(body), status, headers={"Cache-Control": "no-store"}, media_type="application/json")


def health(system: System) -> dict[str, Any]:
    """Return how each part does. The worker's lag is in entries; refusals are what rules have refused, by rule."""
    parts: dict[str, Any] = {"database": {"ok": True}}
    if not system.settings.read_only:
        parts["signer"] = _signer(system)
    size: int | None = None
    try:
        size = system.size()
        parts["tree"] = {"ok": True, "size": size, "checkpoint_size": _published(system)}
        parts["worker"] = _worker(system)
        if system.settings.read_only:
            parts["standby"] = _standby(system)
    except StoreError as error:
        parts["database"] = {"ok": False, "code": error.code}
    parts["refusals"] = {"ok": True, **system.refusals.counts()}
    well = all(part["ok"] for part in parts.values())
    notice = {"notice": NOTICE} if parts["database"]["ok"] and system.fictitious else {}
    return {"status": "ok" if well else "unwell", **notice, "tree_size": size, **parts}


def _signer(system: System) -> dict[str, Any]:
    said = system.health()
    if not said["reachable"]:
        return {"ok": False, "reachable": False}
    kept = ("size", "published_size", "refused", "rollback_detectable", "publication_errors")
    return {"ok": said.get("refused") is None, "reachable": True, **{key: said.get(key) for key in kept}}


def _standby(system: System) -> dict[str, Any]:
    """How the copy follows: `behind_s` is of what has come; what the primary has not sent, only the primary knows."""
    said = system.store.standby()
    behind_s = None if said.behind_s is None else round(said.behind_s, 3)
    well = said.receiving and (behind_s or 0) <= MAX_BEHIND_S
    return {"ok": well or not said.recovering, **said._asdict(), "behind_s": behind_s}


def _published(system: System) -> int | None:
    try:
        return checkpoint_size(system.checkpoint())
    except AcervoError:
        return None


def _worker(system: System) -> dict[str, Any]:
    """Say how the worker is and how many entries each registry lacks.

    "lost": it said that it runs, and nobody is connected, as after a kill.
    """
    status = system.worker_status()
    alive, positions = system.worker_parts()
    state = "lost" if status.state == "running" and not alive else status.state
    said: dict[str, Any] = {"state": state, "position": status.position, "lag": status.lag}
    said["lags"] = {name: max(0, status.size - position) for name, position in sorted(positions.items())}
    if status.state == "failed":
        said |= {"failed_index": status.failed_index, "registry": status.failed_registry}
    return {"ok": state == "running" and status.lag <= MAX_LAG, **said}
