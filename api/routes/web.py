"""The pages for people, and the modules and style that they need (api/web)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from api.etags import cached
from api.problems import not_found
from api.routes import openapi
from api.system import system_of
from api.web import assets, pages, signing, verifying

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
    """A page that checks PDF, evidence or proof in the browser: no file leaves it. `?codigo=` fills the code in."""
    system = system_of(request)
    body = pages.page(
        system,
        verifying.TEMPLATE,
        title=verifying.TITLE,
        scripts=(verifying.ENTRY,),
        data=verifying.data_of(system),
    )
    return pages.answer(request, body)


@router.get("/verificar.html", summary="La misma, para guardar / The same, to keep", responses=_PAGE)
def get_saved_page(request: Request) -> Response:
    """The page that checks, as one file with the log's key of today in it: it works without network and asks nobody."""
    headers = {"Content-Disposition": 'attachment; filename="verificar.html"', "X-Content-Type-Options": "nosniff"}
    return cached(request, verifying.saved(system_of(request)), pages.HTML, headers=headers)


@router.get("/firmar", summary="Porta-firmas / Signing in the browser", responses=_PAGE)
def get_sign_page(request: Request) -> Response:
    """What awaits an officer's signature, shown and signed in his own browser: his key goes nowhere."""
    system = system_of(request)
    body = pages.page(
        system, signing.TEMPLATE, title=signing.TITLE, scripts=(signing.ENTRY,), data=signing.data_of(system)
    )
    return pages.answer(request, body, allowed=signing.ALLOWED)
