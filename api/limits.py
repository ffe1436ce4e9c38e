"""Named limits of what comes in over HTTP, and how a body is read within them (house.md §1.8)."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from api.problems import ApiError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.requests import Request

MAX_VERIFICATION_BYTES = 32 * 1024 * 1024
MAX_PAGE = 500
DEFAULT_PAGE = 50
MAX_CURSOR_CHARS = 400
MAX_HEADER_CHARS = 2_000


def check_length(request: Request, limit: int) -> None:
    """Refuse a body that announces more than `limit` bytes, before reading it.

    Raises:
        ApiError: 413 "too-large", 400 "bad-request" for a length that is no number.
    """
    announced = request.headers.get("content-length")
    if announced is None:
        return
    if not announced.isascii() or not announced.isdigit():
        raise ApiError(400, "bad-request", "content-length")
    if int(announced) > limit:
        raise ApiError(413, "too-large", f"at most {limit} bytes", limit=limit)


async def stream_body(request: Request, limit: int) -> AsyncIterator[bytes]:
    """Yield the body in pieces, counting them.

    Raises:
        ApiError: 413 "too-large" as soon as more than `limit` bytes came.
    """
    check_length(request, limit)
    total = 0
    async for piece in request.stream():
        total += len(piece)
        if total > limit:
            raise ApiError(413, "too-large", f"at most {limit} bytes", limit=limit)
        yield piece


async def read_body(request: Request, limit: int) -> bytes:
    """Return the whole body, at most `limit` bytes.

    Raises:
        ApiError: 413 "too-large".
    """
    return b"".join([piece async for piece in stream_body(request, limit)])


class Gate:
    """Let at most `places` requests in at once; the next one is turned away instead of queueing without end."""

    def __init__(self, places: int) -> None:
        self._free = threading.Semaphore(places)

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Hold a place.

        Raises:
            ApiError: 429 "too-many" when none is free.
        """
        if not self._free.acquire(blocking=False):
            raise ApiError(429, "too-many")
        try:
            yield
        finally:
            self._free.release()
