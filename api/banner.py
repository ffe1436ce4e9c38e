"""The banner of a demo: every answer of a ledger on a simulated clock says that its data are fictitious (§7.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import StoreError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.system import System

NOTICE = "Datos ficticios"
HEADER = b"acervo-aviso"


class Banner:
    """Adds `Acervo-Aviso: Datos ficticios` to every answer while the ledger is a demo.

    Args:
        app: What answers.
        system: Knows whether its ledger is one.
    """

    def __init__(self, app: ASGIApp, system: System) -> None:
        self._app, self._system = app, system

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the header."""
        if scope["type"] != "http" or not self._is_demo():
            await self._app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (HEADER, NOTICE.encode())]
            await send(message)

        await self._app(scope, receive, marked)

    def _is_demo(self) -> bool:
        try:
            return self._system.fictitious
        except StoreError:  # nothing is known yet and the database is away: the answer itself will say so
            return False
