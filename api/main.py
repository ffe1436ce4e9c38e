"""The HTTP application: routes, problems, CORS, OpenAPI. `create_app` is given a system and makes nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware.cors import CORSMiddleware

from api import problems
from api.access.rates import Limits
from api.banner import Banner
from api.intake import Intake
from api.reads import Reads
from api.routes import ROUTERS, acts, examples, openapi

if TYPE_CHECKING:
    from api.system import System

TITLE = "Acervo"
VERSION = "0.1.0"
SUMMARY = "El libro de los actos de los órganos colegiados: firmados, ordenados y comprobables."
DESCRIPTION = """\
Lectura sin registro; se escribe con actos firmados (`POST /api/v1/acts`); lo sellado se lee con
una llave del libro. Todo error es un *problem* (RFC 9457) con el código de la regla, en español y en inglés.

*Reading needs no registration; writing is by signed acts; sealed text is read with a key of the ledger. Every error
is an RFC 9457 problem with the rule's code.*
"""
READ_METHODS = ["GET", "HEAD", "OPTIONS"]


def create_app(system: System, *, limited: bool = True) -> FastAPI:
    """Return the application that serves a system.

    Args:
        system: What it serves.
        limited: Whether it holds everybody to the rates of the settings.
    """
    app = FastAPI(
        title=TITLE,
        version=VERSION,
        summary=SUMMARY,
        description=DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=problems.RESPONSES,
    )
    app.state.system = system
    app.add_middleware(Reads, document=lambda: _document(app))
    if limited:
        app.add_middleware(Limits, system=system)  # within CORS: a page of another site may read why it was refused
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=READ_METHODS,
        allow_headers=["Last-Event-ID", "If-None-Match", "Authorization"],
        expose_headers=[
            "ETag",
            "Content-Digest",
            "Link",
            "Location",
            "Retry-After",
            "RateLimit",
            "RateLimit-Policy",
            "Acervo-Aviso",
        ],
    )
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    app.add_middleware(Intake, system=system, record=acts.record, limited=limited)
    app.add_middleware(Banner, system=system)  # the outermost: added last
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]  # FastAPI's own way to extend the document
    return app


def _document(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
        )
        components = made.setdefault("components", {})
        components.setdefault("schemas", {}).update(openapi.SCHEMAS)
        components["securitySchemes"] = openapi.SECURITY_SCHEMES
        examples.complete(made)
        app.openapi_schema = made
    return app.openapi_schema
