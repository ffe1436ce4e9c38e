"""What a client asks before it signs: the head of a stream and the next free number (format.md §3)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from api.numbers import next_number
from api.problems import ApiError, dumps
from api.routes import openapi
from api.system import System, system_of
from ledger.domain.registry import AGGREGATES
from ledger.ids import MAX_STREAM_BYTES, STREAM

router = APIRouter(prefix="/api/v1", tags=["flujos"])
_NO_STORE = {"Cache-Control": "no-store"}


@router.get(
    "/streams/{stream:path}", summary="Cabeza de un flujo / Head of a stream", responses=openapi.json_answer("Head")
)
def get_head(
    request: Request, stream: Annotated[str, Path(max_length=MAX_STREAM_BYTES, examples=["session/hcd/2026/ord/3"])]
) -> Response:
    """Version and statement hash of the stream's last act; version 0 and the founding's hash while it is absent.

    The next act of the stream is signed with `version` + 1 and `prev` = `statement`.
    """
    check_stream(stream)
    return Response(dumps(head(system_of(request), stream)), headers=_NO_STORE, media_type="application/json")


def check_stream(stream: str) -> None:
    """Refuse what is no stream's name.

    Raises:
        ApiError: 400 "bad-stream".
    """
    kind, _, rest = stream.partition("/")
    segments = rest.count("/") + 1 if rest else 0
    if len(stream) > MAX_STREAM_BYTES or not STREAM.fullmatch(stream):
        raise ApiError(400, "bad-stream", stream[:MAX_STREAM_BYTES])
    if kind not in AGGREGATES or AGGREGATES[kind].segments != segments:
        raise ApiError(400, "bad-stream", f"{kind}: {segments}")


def head(system: System, stream: str) -> dict[str, object]:
    """Return a stream's head as the API shows it."""
    version, statement = system.ledger.stream_head(stream)
    index = system.last_index(stream) if version else None
    return {
        "stream": stream,
        "version": version,
        "statement": statement,
        "index": index,
        "ledger": system.ledger.origin,
    }


@router.get("/next-number", summary="Siguiente número libre / Next free number", responses=openapi.json_answer("Head"))
def get_next_number(
    request: Request,
    series: Annotated[str, Query(max_length=MAX_STREAM_BYTES, examples=["agreement/hcd/2026"])],
) -> Response:
    """The next free number of a series, and the head of the stream that it makes.

    The series is the stream's name without its number: `agreement/hcd/2026`, `session/hcd/2026/ord`,
    `vote/hcd/2026/ord/3`, `certification/hcd/2026`, `designation/hcd/obrero-1`. Nothing is reserved: of two who ask,
    the one who is recorded first has it, and the other gets a 409 and asks again.
    """
    system = system_of(request)
    check_stream(f"{series}/1")
    while True:
        number = next_number(system.ledger, series)
        answer = {"series": series, "number": number, **head(system, f"{series}/{number}")}
        if answer["version"] == 0:  # else somebody took it between the two questions
            break
    return Response(dumps(answer), headers=_NO_STORE, media_type="application/json")
