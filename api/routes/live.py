"""GET /api/v1/acts/stream: the ledger as it grows, as Server-Sent Events (product.md §3.2)."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api.event_stream import MEDIA_TYPE, EventStream
from api.live import Wanted
from api.routes import openapi
from api.routes.parameters import MAX_INDEX
from api.routes.registry_base import SlugFilter
from api.system import system_of

router = APIRouter(prefix="/api/v1/acts", tags=["actos"])
MAX_TYPES = 20
TypeFilter = Annotated[str, Query(pattern=r"^[A-Z][A-Za-z0-9]{1,63}(/[1-9][0-9]{0,2})?$")]


@router.get(
    "/stream",
    summary="Actos conforme se asientan / Acts as they are recorded",
    response_class=Response,
    responses=openapi.bytes_answer(MEDIA_TYPE),
)
async def stream(
    request: Request,
    after: Annotated[
        int | None,
        Query(
            ge=-1,
            le=MAX_INDEX,
            description=(
                "Desde el acto que sigue a este índice; -1, desde el primero. Sin él, sólo lo nuevo. / "
                "From the act behind this index on; -1: from the first. Without it only what is new."
            ),
        ),
    ] = None,
    act_type: Annotated[list[TypeFilter] | None, Query(alias="type", max_length=MAX_TYPES)] = None,
    body: SlugFilter = None,
    last_event_id: Annotated[
        int | None, Header(alias="Last-Event-ID", ge=0, le=MAX_INDEX, description="Gana a `after`. / Wins over it.")
    ] = None,
) -> Response:
    """Server-Sent Events: one event an act, in order, its id the act's index.

    `Last-Event-ID` goes on exactly behind that act: none is left out, none comes twice. A comment comes now and then
    where nothing else does. The service ends a stream after a time, which is no error: connect again.
    """
    system = system_of(request)
    start = after if last_event_id is None else last_event_id
    wanted = Wanted(frozenset(act_type or ()), body)
    loop = asyncio.get_running_loop()
    follower = await run_in_threadpool(system.feed.follow, loop, start, wanted)
    return EventStream(follower, system.settings.stream_max_ms / 1000)
