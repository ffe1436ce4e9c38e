"""GET /api/v1/documents-of/{kind}/{key}.pdf: what is public of acts, as a document (docs/documents.md)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from api.documents import Format, press_of
from api.documents.press import MEDIA_TYPES
from api.etags import cached
from api.routes import openapi
from api.system import system_of

router = APIRouter(prefix="/api/v1/documents-of", tags=["documentos"])
KIND_PATTERN = "^[a-z-]{1,32}$"
KEY_PATTERN = r"^[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*){1,6}$"
MAX_KEY_CHARS = 200
KIND = Path(pattern=KIND_PATTERN, examples=["certificacion"])
KEY = Path(pattern=KEY_PATTERN, max_length=MAX_KEY_CHARS, examples=["hcd/2026/7"])
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "Content-Disposition": "inline",
}


@router.get(
    "/{kind}/{key:path}.{form}",
    summary="Un documento hecho de actos / A document out of acts",
    response_class=Response,
    responses=openapi.bytes_answer("application/pdf"),
)
def get_document_of(request: Request, kind: Annotated[str, KIND], key: Annotated[str, KEY], form: Format) -> Response:
    """What everybody may read, as PDF/A with its proof attached, HTML or Akoma Ntoso: the same acts, the same bytes.

    Text that no act has opened is a mark with its ground. An acta of which a block is withheld is refused (403): its
    public version is a document of its own.
    """
    system = system_of(request)
    with system.gate.enter():
        raw = press_of(system).render(kind, key, form, public=True)
    return cached(request, raw, MEDIA_TYPES[form], headers=HEADERS)
