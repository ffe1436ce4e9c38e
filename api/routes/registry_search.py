"""GET /search over what is public of agreements, actas and agenda items; what is asked, for its feed too."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import TAG, Part, SlugFilter, YearFilter
from projections.identifiers import MAX_TYPED
from projections.queries.search import Reading, Search, search

router = APIRouter(prefix="/api/v1", tags=[TAG])

Status = Literal["in-force", "suspended", "revoked", "superseded", "annulled", "drafted", "sealed"]
Typed = Annotated[
    str,
    Query(
        min_length=1,
        max_length=MAX_TYPED,
        pattern=r"^[^\x00]*$",
        examples=["modificación presupuestal", "107/2022", "ACDO 107 DIR"],
        description=(
            'Palabras, "frase exacta", -excluida, a or b; o un identificador como se escribe: 107/2022. / '
            'Words, "exact phrase", -excluded, a or b; or an identifier as people type it.'
        ),
    ),
]
ReadAs = Annotated[
    Reading,
    Query(
        description=(
            "Cómo leer `q`; `auto` decide y dice cómo leyó. / How to read `q`; `auto` decides and says how it did."
        )
    ),
]


def ask_search(
    q: Typed,
    *,
    kind: Literal["agreements", "actas", "agenda-items"] | None = None,
    body: SlugFilter = None,
    year: YearFilter = None,
    status: Annotated[Status | None, Query()] = None,
    read_as: ReadAs = "auto",
) -> Search:
    """Read what is searched for."""
    return Search(q, read_as, {"kind": kind, "body": body, "year": year, "status": status})


Wanted = Annotated[Search, Depends(ask_search)]


@router.get("/search", summary="Búsqueda / Search", responses=openapi.json_answer("Page"))
def get_search(asked: Part, wanted: Wanted) -> Response:
    """What is found, newest first: only text that an act opened, as of the day and as known when it is asked for.

    `search` says how `q` was read, `total` and `facets` (on the first page) how much there is: exact up to 10,000 hits;
    beyond, `more_than` is true and counts are of the newest 10,000. `highlights` are plain-text segments
    `{text, hit}`, never markup. The same question at `/feeds/busqueda.atom` is a feed.
    """
    return asked.listed(lambda cursor: search(cursor, wanted, asked.window))
