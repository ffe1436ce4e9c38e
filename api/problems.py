"""Errors as RFC 9457 problems: one shape for every route, Spanish first and English beside it.

The one mapping from the ledger's errors to HTTP stands here; routes raise and never build an error answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.fetching import UnreachableError
from ledger.errors import (
    AcervoError,
    ConflictError,
    GuardMovedError,
    NotSealedError,
    RuleViolation,
    StoreError,
    UntrustedInputError,
)
from ledger.log.errors import LogDamagedError
from ledger.texts import has, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.requests import Request

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 1
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "title_en", "status", "detail", "detail_en", "code", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "title_en": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "detail_en": {"type": "string"},
        "code": {"type": "string", "pattern": "^[a-z0-9-]+$"},
        "instance": {"type": "string"},
        "params": {"type": "object"},
        "technical": {"type": "string"},
    },
}
_HTTP_CODES = {
    400: "bad-request",
    401: "not-allowed",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed-here",
    406: "not-acceptable",
    413: "too-large",
    415: "media-type",
    422: "bad-request",
    429: "too-many",
    503: "not-serving",
}
_TOO_LARGE = ("too-large", "too-long", "too-many", "too-big")


_STATUS: tuple[tuple[type[AcervoError], int], ...] = (
    (RuleViolation, 422),
    (ConflictError, 409),
    (GuardMovedError, 503),
    (NotSealedError, 503),
    (StoreError, 503),
    (LogDamagedError, 503),
    (UnreachableError, 503),
)


class ApiError(AcervoError):
    """An answer that HTTP itself needs: nothing there, too large, not allowed."""

    def __init__(self, status: int, code: str, detail: str = "", **params: Any) -> None:
        super().__init__(code, detail, **params)
        self.status = status


def not_found(what: str) -> ApiError:
    """Return the error for something that is not in the ledger."""
    return ApiError(404, "not-found", what, what=what)


def status_of(error: AcervoError) -> int:
    """Return the HTTP status of one of our errors."""
    if isinstance(error, ApiError):
        return error.status
    if isinstance(error, UntrustedInputError):
        return 413 if error.code.endswith(_TOO_LARGE) else 400
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def _family(error: AcervoError) -> str:
    match error:
        case UntrustedInputError():
            return "title-untrusted"
        case RuleViolation():
            return "title-rule"
        case ConflictError():
            return "title-conflict"
        case GuardMovedError() | NotSealedError() | StoreError() | LogDamagedError() | UnreachableError():
            return "title-not-serving"
        case ApiError():
            return "title-request"
        case _:
            return "title-internal"


def problem(error: AcervoError, instance: str) -> dict[str, Any]:
    """Return the problem document of an error (RFC 9457 §3)."""
    title, status = _family(error), status_of(error)
    known = error.code if has(error.code) else title
    body: dict[str, Any] = {
        "type": f"/api/v1/problems/{error.code}",
        "title": text(title, "es"),
        "title_en": text(title, "en"),
        "status": status,
        "detail": text(known, "es", **error.params),
        "detail_en": text(known, "en", **error.params),
        "code": error.code,
        "instance": instance,
    }
    if error.params:
        body["params"] = {key: _plain(value) for key, value in error.params.items()}
    if error.detail and status != 500:
        body["technical"] = error.detail[:1000]
    return body


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool) else str(value)


def answer(error: AcervoError, instance: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return the HTTP answer of an error."""
    status = status_of(error)
    kept = {"Cache-Control": "no-store", **(headers or {})}
    if status == 405:
        kept.setdefault("Allow", "GET, HEAD")
    if status == 401:
        kept.setdefault("WWW-Authenticate", 'Bearer realm="acervo"')
    if status in {429, 503}:
        kept.setdefault("Retry-After", str(RETRY_AFTER_S))
    return Response(dumps(problem(error, instance)), status, headers=kept, media_type=MEDIA_TYPE)


def dumps(value: Any) -> bytes:
    """Return JSON; text that is not well-formed UTF-8 is replaced, never a failure."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return orjson.dumps(_scrub(value), default=str)


def _scrub(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_scrub(key): _scrub(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_scrub(item) for item in value]
    return value


# -- the handlers ----------------------------------------------------------------------------------------------------


def _ours(request: Request, error: Exception) -> Response:
    if not isinstance(error, AcervoError):
        raise TypeError(type(error).__name__)
    return answer(error, request.url.path)


def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise TypeError(type(error).__name__)
    code = _HTTP_CODES.get(error.status_code, "bad-request" if error.status_code < 500 else "internal")
    return answer(ApiError(error.status_code, code), request.url.path, error.headers)


def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise TypeError(type(error).__name__)
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    return answer(ApiError(422, "bad-parameter", f"{place}: {first['msg']}", place=place), request.url.path)


def _unforeseen(request: Request, _error: Exception) -> Response:
    return answer(ApiError(500, "internal"), request.url.path)


def install(app: FastAPI) -> None:
    """Make every error of `app` a problem. Unforeseen ones are logged by the server and tell the caller nothing."""
    app.add_exception_handler(AcervoError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unforeseen)


RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "Un problema (RFC 9457). / A problem (RFC 9457).",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
