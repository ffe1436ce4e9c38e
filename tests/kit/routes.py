"""Every operation of the application, out of its own OpenAPI document, before any system exists."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from api.main import create_app

if TYPE_CHECKING:
    from api.system import System


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return create_app(cast("System", None)).openapi()


@cache
def operations() -> tuple[tuple[str, str], ...]:
    """Return method and path template of every operation, in order."""
    return tuple(sorted((method.upper(), path) for path, item in document()["paths"].items() for method in item))
