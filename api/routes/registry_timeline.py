"""GET the acts about any object, the acts of a key, and which key signed in which office from when to when."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import SLUG, TAG, Part
from projections.queries import timeline

router = APIRouter(prefix="/api/v1", tags=[TAG])
_PAGE = openapi.json_answer("Page")
_OFFICE = r"^[a-z]+(/[a-z0-9][a-z0-9._-]{0,63}){0,6}$"
KeyId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Office = Annotated[str | None, Query(pattern=_OFFICE, max_length=200, examples=["designation/hcd/secretario/1"])]


@router.get("/timeline/{kind}/{path:path}", summary="Historia de un objeto / An object's acts", responses=_PAGE)
def get_timeline(
    asked: Part,
    kind: Annotated[str, Path(pattern=SLUG, examples=["agreement"])],
    path: Annotated[
        str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}(/[a-z0-9][a-z0-9._-]{0,63}){0,6}$", examples=["hcd/2026/19"])
    ],
) -> Response:
    """Every act about an object, with its index: of its own stream, of its parts, or naming it.

    `kind` and `path` are those of its stream: agreement hcd/2026/19, session hcd/2026/ord/3, person p-1, unit dir.
    """
    what = f"timeline/{kind}/{path}"
    return asked.listed(lambda cursor: timeline.timeline(cursor, kind, path, asked.window), what)


@router.get("/authority", summary="Qué llave firmó en qué cargo / Which key signed in which office", responses=_PAGE)
def list_authority(
    asked: Part,
    *,
    key: Annotated[str | None, Query(pattern=r"^[0-9a-f]{64}$")] = None,
    office: Office = None,
) -> Response:
    """Pairs of key and office in the order of their first acts: from which index to which, and how many acts."""
    return asked.listed(lambda cursor: timeline.authority(cursor, key, office, asked.window))


@router.get("/keys/{keyid}/acts", summary="Lo que firmó una llave / What a key signed", responses=_PAGE)
def list_acts_of_key(asked: Part, keyid: KeyId, office: Office = None) -> Response:
    """The acts that a key signed, in the order of the log; in one office where that is named."""
    what = f"keys/{keyid}"
    return asked.listed(lambda cursor: timeline.signed_by(cursor, keyid, office, asked.window), what)
