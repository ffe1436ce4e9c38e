"""The way of a submission past the framework: POST /api/v1/acts is where an officer waits with his key in hand.

Everything else goes to FastAPI, whose layers a submission can spare (docs/decisions/0012). The route stands there too,
so that the OpenAPI document has it; both call `take`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request

from api import problems
from api.access.rates import Refused
from api.limits import read_body
from ledger.errors import AcervoError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from api.system import System

PATH = "/api/v1/acts"
_log = logging.getLogger(__name__)


async def take(system: System, request: Request, record: Callable[[System, bytes], Response]) -> Response:
    """Read a submission's body within its limit and record it in a thread.

    Raises:
        AcervoError: as `record`, `System.check_writable`; ApiError 413 "too-large", 429 "too-many".
    """
    system.check_writable()
    with system.gate.enter():
        raw = await read_body(request, system.settings.max_request_bytes)
        return await system.recording.run(record, system, raw)


class Intake:
    """ASGI: answers submissions itself and hands everything else on.

    Args:
        app: What answers everything else.
        system: Takes the acts.
        record: Records a body and makes the answer.
        limited: Whether an address that sends many submissions which are refused has to wait.
    """

    def __init__(
        self, app: ASGIApp, system: System, record: Callable[[System, bytes], Response], *, limited: bool
    ) -> None:
        self._app = app
        self._system = system
        self._record = record
        self._refused = Refused(system.settings.refused_per_second if limited else 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        answer = self._refused.check(scope)
        if answer is None:
            answer = await self._taken(scope, receive)
            if answer is None:
                return
            self._refused.note(scope, answer.status_code)
        await answer(scope, receive, send)

    async def _taken(self, scope: Scope, receive: Receive) -> Response | None:
        """Return the answer to a submission, None where nobody waits for it any more."""
        try:
            return await take(self._system, Request(scope, receive), self._record)
        except AcervoError as error:
            return problems.answer(error, PATH)
        except ClientDisconnect:
            return None
        except Exception:  # noqa: BLE001  what nobody thought of: logged, and no word of it to the caller
            _log.exception("a submission failed")
            return problems.answer(problems.ApiError(500, "internal"), PATH)
