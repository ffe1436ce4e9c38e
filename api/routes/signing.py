"""/api/v1/signing: the porta-firmas over HTTP; who asks says so by a session or a token (docs/documents.md).

No key and no password comes here: what is to be signed goes out, a signature comes in. A session only reads: what is
kept is kept for the signature that it carries.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.concurrency import run_in_threadpool

from api.access.doorkeeper import CSRF_HEADER
from api.desk.papers import paper_of
from api.desk.signing import Signed, Standing, Wish, prepare_signature, standing_of, take_signature
from api.desk.waiting import waiting
from api.limits import DEFAULT_PAGE, MAX_CURSOR_CHARS, MAX_HEADER_CHARS, MAX_PAGE, read_body
from api.objects import rests_on
from api.pagination import envelope, page_of
from api.problems import ApiError, dumps
from api.routes import openapi
from api.routes.documents_of import HEADERS, KEY, KEY_PATTERN, KIND, KIND_PATTERN, MAX_KEY_CHARS
from api.routes.registry_base import place_of
from api.routes.restricted import RESTRICTED, AskedBy, Restricted
from api.stamping import stapled_in
from ledger.crypto.b64 import decode_base64, encode_base64
from ledger.crypto.ocsp import MAX_ANSWER_BYTES
from ledger.crypto.revocation import Stapled
from ledger.crypto.x509 import MAX_CERTIFICATE_BYTES
from ledger.domain.ca import MAX_CHAIN
from ledger.ids import SHA256_HEX
from projections.queries.base import Window, reading

if TYPE_CHECKING:
    from api.desk.papers import Paper

router = APIRouter(prefix="/api/v1/signing", tags=["firma"])
MAX_WISH_BYTES = 64 * 1024
_PRIVATE = {"Cache-Control": "no-store"}
_Csrf = Annotated[str | None, Header(alias=CSRF_HEADER, max_length=MAX_HEADER_CHARS)]
_Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=2 * MAX_CERTIFICATE_BYTES)]
_Answer = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=2 * MAX_ANSWER_BYTES)]
_Model = TypeVar("_Model", bound="CertificateGiven")


class CertificateGiven(BaseModel):
    """A certificate with which somebody wants to sign: base64 of DER."""

    model_config = ConfigDict(extra="forbid", strict=True)

    certificate: _Base64


class OpeningAsked(CertificateGiven):
    """What somebody wants to sign, and with which certificate; `at` as statements write instants."""

    kind: Annotated[str, StringConstraints(pattern=KIND_PATTERN)]
    key: Annotated[str, StringConstraints(pattern=KEY_PATTERN, max_length=MAX_KEY_CHARS)]
    shown: Annotated[str, StringConstraints(pattern=f"^{SHA256_HEX.pattern}$")]
    at: Annotated[str, StringConstraints(pattern=r"^[0-9T:+-]{25}$")]

    def wish(self) -> Wish:
        """Return it with its bytes."""
        return Wish(self.kind, self.key, self.shown, decode_base64(self.certificate), self.at)


class Answers(BaseModel):
    """Answers of authorities, OCSPResponses and CertificateLists, base64 of DER."""

    model_config = ConfigDict(extra="forbid", strict=True)

    answers: Annotated[list[_Answer], Field(max_length=MAX_CHAIN)] = []
    lists: Annotated[list[_Answer], Field(max_length=MAX_CHAIN)] = []


class SignatureGiven(OpeningAsked):
    """The same, the answers that were signed along, and the signature over the attributes, base64."""

    stapled: Answers = Answers()
    signature: _Base64

    def wish(self) -> Wish:
        """Return it with its bytes."""
        answers, lists = (tuple(map(decode_base64, each)) for each in (self.stapled.answers, self.stapled.lists))
        return replace(super().wish(), stapled=Stapled(answers, lists))


def _body(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)  # `openapi.SCHEMAS` has them
    return RESTRICTED | {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


async def _read(request: Request, model: type[_Model]) -> _Model:
    """Read what is sent.

    Raises:
        ApiError: 422 "bad-parameter" with the first thing that is wrong; 413.
    """
    raw = await read_body(request, MAX_WISH_BYTES)
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "body"
        raise ApiError(422, "bad-parameter", f"{place}: {first['msg']}", place=place) from error


@router.get(
    "/waiting",
    summary="Lo que espera mi firma / What awaits my signature",
    responses=openapi.json_answer("Waiting"),
    openapi_extra=RESTRICTED,
)
def get_waiting(
    asked: Restricted,
    *,
    kind: Annotated[str | None, Query(pattern=KIND_PATTERN)] = None,
    cursor: Annotated[str | None, Query(max_length=MAX_CURSOR_CHARS)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE,
) -> Response:
    """Actas to be signed in the ledger, and papers to be signed as PDF, of the office of who asks; the newest first.

    `total` and `facets.kind` come with the first page; `kind` picks one, `draft` the actas to be signed by an act.
    """
    page = page_of(cursor, limit)
    with reading(asked.system.store.pool) as rows:
        found = waiting(asked.system, asked.reader, rows, Window(place_of(page), page.limit), kind)
    body = envelope(asked.request, found.data, page, found.following) | found.about
    body |= {"now": asked.system.written_now(), **rests_on(asked.system, rows)}
    return Response(dumps(body), headers=_PRIVATE, media_type="application/json")


@router.get(
    "/papers/{kind}/{key:path}.pdf",
    summary="Un documento por firmar / A paper to be signed",
    response_class=Response,
    responses=openapi.bytes_answer("application/pdf"),
    openapi_extra=RESTRICTED,
)
def get_paper(asked: Restricted, kind: Annotated[str, KIND], key: Annotated[str, KEY]) -> Response:
    """The PDF with a field for each signatory, and the signatures that it has; for its signatories alone.

    Text that its reader may not read is a mark. `Acervo-Signed` names the places that are signed.
    """
    with asked.system.gate.enter():
        paper = paper_of(asked, kind, key)
    return _pdf(paper.pdf, paper)


def _pdf(pdf: bytes, paper: Paper | None = None) -> Response:
    headers = {**_PRIVATE, **HEADERS, "ETag": f'"{sha256(pdf).hexdigest()}"'}
    if paper is not None:
        headers |= {"Acervo-Signed": ", ".join(paper.signed), "Acervo-Field": paper.field}
    return Response(pdf, headers=headers, media_type="application/pdf")


@router.post(
    "/revocation",
    summary="Qué dice la autoridad de un certificado / What its authority says of a certificate",
    responses=openapi.json_answer("Revocation"),
    openapi_extra=_body(CertificateGiven),
)
async def post_revocation(request: Request, asked: Restricted, _csrf: _Csrf = None) -> Response:
    """What the authorities of one's own certificate say of it now, before anything is signed; nothing is kept."""
    given = await _read(request, CertificateGiven)
    return await run_in_threadpool(_revocation, asked, decode_base64(given.certificate))


def _revocation(asked: AskedBy, der: bytes) -> Response:
    with asked.system.gate.enter():
        standing = standing_of(asked, der, asked.system.store.now())
    body = _said(standing, stapled_in(standing.heard))
    return Response(dumps(body), headers=_PRIVATE, media_type="application/json")


def _said(standing: Standing, stapled: Stapled) -> dict[str, Any]:
    """Return what is known of certificates, with all that it takes to check it."""
    heard = [
        {
            "name": each.certificate.name,
            "serial": each.certificate.serial,
            "good_at": None if each.good_at is None else each.good_at.isoformat(),
            "stapled": bool(each.stapled),
            "too_long": each.too_long,
            "silent": each.silent,
        }
        for each in standing.heard
    ]
    return {
        "revocation": heard,
        "stapled": {"answers": [*map(encode_base64, stapled.answers)], "lists": [*map(encode_base64, stapled.lists)]},
        "authorities": [encode_base64(each.der) for each in standing.certificates[1:]],
    }


@router.post(
    "/openings",
    summary="Qué se firma / What is to be signed",
    responses=openapi.json_answer("Opening"),
    openapi_extra=_body(OpeningAsked),
)
async def post_opening(request: Request, asked: Restricted, _csrf: _Csrf = None) -> Response:
    """The signed attributes of a paper as it was shown, or why this certificate cannot sign it now; nothing is kept."""
    wish = (await _read(request, OpeningAsked)).wish()
    return await run_in_threadpool(_opening, asked, wish)


def _opening(asked: AskedBy, wish: Wish) -> Response:
    with asked.system.gate.enter():
        wanted = prepare_signature(asked, wish)
    certificate = wanted.standing.certificates[0]
    body = {
        "field": wanted.paper.field,
        "digest": wanted.opening.digest.hex(),
        "attributes": encode_base64(wanted.attributes),
        "certificate": {"serial": certificate.serial, "sha256": certificate.sha256},
        **_said(wanted.standing, wanted.stapled),
    }
    return Response(dumps(body), headers=_PRIVATE, media_type="application/json")


@router.post(
    "/signatures",
    summary="Firmar un documento / Sign a paper",
    status_code=201,
    response_class=Response,
    responses=openapi.bytes_answer("application/pdf", 201),
    openapi_extra=_body(SignatureGiven),
)
async def post_signature(request: Request, asked: Restricted, _csrf: _Csrf = None) -> Response:
    """Put a signature into a paper; the signed PDF comes back, and is kept for whoever signs after.

    `Acervo-Not-Stapled` has the serials of certificates of which no answer about revocation was signed along.
    """
    asked.system.check_writable()
    given = await _read(request, SignatureGiven)
    signed = await run_in_threadpool(_sign, asked, given.wish(), decode_base64(given.signature))
    answer = _pdf(signed.pdf)
    answer.headers["Acervo-Not-Stapled"] = ", ".join(signed.unanswered)
    answer.status_code = 201
    return answer


def _sign(asked: AskedBy, wish: Wish, signature: bytes) -> Signed:
    with asked.system.gate.enter():
        return take_signature(asked, wish, signature)
