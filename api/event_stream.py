"""Server-Sent Events (WHATWG HTML §9.2): a follower's acts as an answer that does not end by itself.

It ends when the reader leaves or reads too slowly, when its time is up, and when the service stops. Whoever reconnects
sends `Last-Event-ID` and goes on exactly behind the last event that he has.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from fastapi.responses import StreamingResponse

from ledger.errors import StoreError

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

    from api.live import Follower

MEDIA_TYPE = "text/event-stream"
HEARTBEAT_S = 15.0
"""After so long without an event a comment is sent, so that nobody between takes the connection for dead."""
SEND_S = 30.0
"""Whoever takes nothing for so long is dropped."""
RETRY_MS = 2_000
"""After how long a browser connects again."""
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_log = logging.getLogger(__name__)


class EventStream(StreamingResponse):
    """The acts that a follower gives, as they come.

    Args:
        follower: Its place is given back at the end, whatever that is.
        max_s: After how many seconds the stream ends, to be taken up again.
    """

    def __init__(self, follower: Follower, max_s: float) -> None:
        super().__init__((), headers=HEADERS, media_type=MEDIA_TYPE)
        self._follower, self._max_s = follower, max_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI's signature
        """Send events until it is over."""
        leaving = asyncio.create_task(self._watch(receive))
        try:
            await _sent(send, {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await _sent(send, _piece(b"retry: %d\n\n" % RETRY_MS))
            await self._tell(send)
            await _sent(send, {"type": "http.response.body", "body": b""})
        except TimeoutError:
            _log.info("a reader of the stream was dropped: it took nothing for %s s", SEND_S)
        finally:
            self._follower.close()
            leaving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await leaving

    async def _tell(self, send: Send) -> None:
        clock, follower = asyncio.get_running_loop().time, self._follower
        ends, quiet, said = clock() + self._max_s, clock() + HEARTBEAT_S, follower.next
        while not follower.ended and clock() < ends:
            try:
                found = await follower.take(max(0.0, min(quiet, ends) - clock()))
            except StoreError as error:
                _log.warning("a stream ends: %s", error)
                return
            if found:
                await _sent(send, _piece(b"".join(told.block for told in found)))
                said = found[-1].index + 1
            elif clock() >= quiet:
                await _sent(send, _piece(_heartbeat(follower.next, said)))
                said = follower.next
            else:
                continue
            quiet = clock() + HEARTBEAT_S

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._follower.wake(end=True)


def _heartbeat(following: int, said: int) -> bytes:
    """Return a comment; where acts were passed over that the reader does not want, their last index as the new id.

    A block without data is no event, but moves the reader's last id: who resumes does not have to look at them again.
    """
    return b":\nid: %d\n\n" % (following - 1) if following > said else b":\n\n"


def _piece(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def _sent(send: Send, message: Message) -> None:
    await asyncio.wait_for(send(message), SEND_S)
