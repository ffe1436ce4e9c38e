"""GET /v/{code}: where the QR of a document leads: to the check of the act that it was printed of (documents.md).

A browser is led to the page that checks there, a machine to the check that this service has made.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from api.documents.codes import names, parse_code
from api.problems import not_found
from api.system import system_of
from ledger.ids import kind_of
from ledger.statement import Entry

router = APIRouter(tags=["verificación"])
_CODE = Path(min_length=10, max_length=24, examples=["33J-8K2MQ4TZ"])


@router.get(
    "/v/{code}",
    summary="El código impreso / The printed code",
    status_code=303,
    response_class=Response,
    responses={303: {"description": "La comprobación está ahí. / The check is there."}},
)
def follow_code(request: Request, code: Annotated[str, _CODE]) -> Response:
    """Leads to the check of the act whose place and leaf hash the code holds, as people type it.

    Who accepts HTML is led to `/verificar`, where the act's evidence is checked in the browser. For all others a code
    that names another act than the one that stands at its place is answered 404: paper and ledger do not match.
    """
    index, _ = parse_code(code)
    if "text/html" in request.headers.get("accept", ""):
        return _led(f"/verificar?codigo={quote(code)}")
    raw = system_of(request).store.entry(index)
    if raw is None or not names(code, index, raw):
        raise not_found(f"v/{code[:24]}")
    stream = Entry.parse(raw).act.statement.stream
    checked = f"certifications/{stream.partition('/')[2]}" if kind_of(stream) == "certification" else f"acts/{index}"
    return _led(f"/api/v1/{checked}/verification")


def _led(address: str) -> Response:
    return Response(status_code=303, headers={"Location": address, "Cache-Control": "no-cache", "Vary": "Accept"})
