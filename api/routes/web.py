"""The pages for people, and the modules and style that they need (api/web)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from api.etags import cached
from api.problems import not_found
from api.routes import openapi
from api.system import system_of
from api.web import assets, pages

router = APIRouter(tags=["páginas"])
_FILE = Path(pattern=r"^[a-z0-9-]{1,40}\.(css|mjs)$", examples=["acervo.css"])
_PAGE = openapi.bytes_answer("text/html")


@router.get("/web/{file}", summary="Módulos y estilo / Modules and style", responses=openapi.bytes_answer("text/css"))
def get_asset(request: Request, file: Annotated[str, _FILE]) -> Response:
    """A module or the style sheet of the pages, as it lies in the source."""
    if file not in assets.names():
        raise not_found(f"web/{file}")
    media_type = assets.MEDIA_TYPES[assets.suffix_of(file)]
    return cached(request, assets.asset(file), media_type, headers={"X-Content-Type-Options": "nosniff"})


@router.get("/verificar", summary="Comprobar en el navegador / Check in the browser", responses=_PAGE)
def get_verify_page(request: Request) -> Response:
    """How to check a document without trusting this service."""
    body = pages.page(system_of(request), "verificar.html", title="Comprobar un documento")
    return pages.answer(request, body)
