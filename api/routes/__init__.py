"""The HTTP routes, one area a file; `ROUTERS` is all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.routes import (
    access,
    act_types,
    acts,
    docs,
    documents,
    documents_of,
    exports,
    feeds,
    health,
    live,
    log,
    oparl,
    popolo,
    problem_types,
    registries,
    root,
    short_codes,
    signing,
    sipot,
    streams,
    verification,
    web,
    well_known,
)

if TYPE_CHECKING:
    from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = (
    live.router,  # before the acts: /acts/stream is no index
    acts.router,
    access.router,
    act_types.router,
    streams.router,
    verification.router,
    documents.router,
    documents_of.router,
    signing.router,
    registries.router,
    popolo.router,
    oparl.router,
    log.router,
    problem_types.router,
    docs.router,
    health.router,
    root.router,
    short_codes.router,
    web.router,
    well_known.router,
    feeds.router,
    exports.router,
    sipot.router,
)
