"""HEAD and OPTIONS of whatever is read by GET (RFC 9110 §9.3.2, §9.3.7): the framework answers neither by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ENDLESS = frozenset({"/api/v1/acts/stream"})
"""Answers without an end have no HEAD."""


class Reads:
    """ASGI: HEAD is GET without its body; OPTIONS says what there is at an address.

    Args:
        app: What answers GET.
        document: Gives the OpenAPI document, which knows all addresses.
    """

    def __init__(self, app: ASGIApp, document: Callable[[], Mapping[str, Any]]) -> None:
        self._app, self._document = app, document
        self._methods: list[tuple[re.Pattern[str], str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] == "HEAD" and scope["path"] not in ENDLESS:
            await self._app({**scope, "method": "GET"}, receive, _without_body(send))
        elif scope["type"] == "http" and scope["method"] == "OPTIONS" and (allowed := self._allowed(scope["path"])):
            await Response(status_code=204, headers={"Allow": allowed})(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _allowed(self, path: str) -> str:
        """Return the methods of an address, empty where there is nothing."""
        if not self._methods:
            for template, item in self._document()["paths"].items():
                pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)))
                self._methods += [(pattern, method.upper()) for method in item]
        found = {method for pattern, method in self._methods if pattern.fullmatch(path)}
        if "GET" in found and path not in ENDLESS:
            found.add("HEAD")
        return ", ".join(sorted(found | {"OPTIONS"})) if found else ""


def _without_body(send: Send) -> Send:
    async def headers_only(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return headers_only
