"""Validators and caching of answers (RFC 9110 §8.8, §13; RFC 9111)."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "public, max-age=0, must-revalidate"
_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def etag(body: bytes) -> str:
    """Return the strong validator of a representation: its own hash, quoted."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def weak_etag(body: bytes) -> str:
    """Return the weak validator of what a representation says, leaving aside on what it rests (RFC 9110 §8.8.1)."""
    return f"W/{etag(body)}"


def content_digest(body: bytes) -> str:
    """Return the Content-Digest field of a body (RFC 9530)."""
    return f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"


def matches(header: str | None, tag: str) -> bool:
    """Return whether an If-None-Match header names `tag` (weak comparison, RFC 9110 §13.1.2)."""
    if header is None:
        return False
    if header.strip() == "*":
        return True
    return tag.removeprefix("W/").strip('"') in _TAG.findall(header)


def cached(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    cache: str = REVALIDATE,
    headers: Mapping[str, str] | None = None,
    tag: str | None = None,
) -> Response:
    """Return `body` with its validator (strong unless given), or 304 without it where the caller has it already."""
    tag = tag or etag(body)
    kept = {"ETag": tag, "Cache-Control": cache, **(headers or {})}
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=kept)
    return Response(body, headers={**kept, "Content-Digest": content_digest(body)}, media_type=media_type)
