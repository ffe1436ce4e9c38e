"""Whole addresses, for what is read away from this service: feeds, calendars, discovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

    from api.settings import Settings


def base_of(request: Request, settings: Settings) -> str:
    """Return the address below which the service is reached, without a slash at its end.

    It is the configured one; where there is none, the one by which this caller came, which only he gets to read.
    """
    if settings.public_url is not None:
        return settings.public_url
    try:
        return str(request.base_url).rstrip("/")
    except ValueError:  # a Host that is none: addresses stay relative
        return ""


def permanent(origin: str, path: str) -> str:
    """Return the identifier of something in a ledger: an IRI under its origin, the same wherever it is served."""
    return f"https://{origin}/{path}"
