"""Lists in pages: opaque cursors that keep their filters, one envelope for every list (product.md §3.1)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

import orjson

from api.limits import DEFAULT_PAGE, MAX_CURSOR_CHARS, MAX_PAGE
from api.problems import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Page:
    """What a list was asked for.

    after: the position behind which the page begins, as `write_cursor` wrote it; None for the first page.
    limit: how many rows at most, 1 … MAX_PAGE.
    """

    after: tuple[str | int, ...] | None
    limit: int = DEFAULT_PAGE


def write_cursor(position: Sequence[str | int]) -> str:
    """Return the opaque cursor of a row's place in the stable order of its list."""
    return base64.urlsafe_b64encode(orjson.dumps(list(position))).rstrip(b"=").decode()


def read_cursor(text: str) -> tuple[str | int, ...]:
    """Return the place that a cursor names.

    Raises:
        ApiError: 400 "bad-cursor" for anything that `write_cursor` did not write.
    """
    try:
        if len(text) > MAX_CURSOR_CHARS or not text.isascii():
            raise ApiError(400, "bad-cursor")
        padded = text + "=" * (-len(text) % 4)
        value = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, orjson.JSONDecodeError) as error:
        raise ApiError(400, "bad-cursor") from error
    if not isinstance(value, list) or not value or not all(type(item) in {str, int} for item in value):
        raise ApiError(400, "bad-cursor")
    if write_cursor(value) != text or any(isinstance(item, str) and "\0" in item for item in value):
        raise ApiError(400, "bad-cursor")
    if any(isinstance(item, int) and abs(item) >= 2**63 for item in value):
        raise ApiError(400, "bad-cursor")
    return tuple(value)


def page_of(cursor: str | None, limit: int) -> Page:
    """Return the page that the query asks for.

    Raises:
        ApiError: 400 "bad-cursor", "bad-parameter" for a limit out of its range.
    """
    if not 1 <= limit <= MAX_PAGE:
        raise ApiError(400, "bad-parameter", f"limit: 1…{MAX_PAGE}", place="limit")
    return Page(None if cursor is None else read_cursor(cursor), limit)


def envelope(
    request: Request,
    rows: Sequence[Mapping[str, Any]],
    page: Page,
    next_position: Sequence[str | int] | None,
    previous: Sequence[str | int] | Literal["first"] | None = None,
) -> dict[str, Any]:
    """Return the envelope of a list: rows, what was asked, and links that keep every filter.

    `pagination.more` says whether the list goes on behind this page: no list ends but where it is false.

    Args:
        request: Whose path and filters the links repeat.
        rows: The page's rows, at most `page.limit`.
        page: What was asked.
        next_position: The last row's place where more rows follow, else None.
        previous: The place behind which the page before begins, "first" for the first page; None where none is known.
    """
    path = request.url.path
    filters = [(key, value) for key, value in request.query_params.multi_items() if key != "cursor"]
    links = {"self": _link(path, [*request.query_params.multi_items()]), "first": _link(path, filters)}
    if previous is not None:
        links["prev"] = links["first"] if previous == "first" else _behind(path, filters, previous)
    told: dict[str, Any] = {"limit": page.limit, "count": len(rows), "more": next_position is not None}
    if next_position is not None:
        links["next"] = _behind(path, filters, next_position)
        told["next_cursor"] = write_cursor(next_position)
    return {"data": list(rows), "pagination": told, "links": links}


def _behind(path: str, filters: Sequence[tuple[str, str]], position: Sequence[str | int]) -> str:
    return _link(path, [*filters, ("cursor", write_cursor(position))])


def _link(path: str, query: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
