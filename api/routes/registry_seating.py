"""GET how seats are filled: designations as of a day, proposals, removals, what will expire, credentials."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime

from api.credentials import MAX_TOKEN_CHARS, TOKEN, check_credential, qr_of, states_of, token_of
from api.problems import dumps, not_found
from api.routes import openapi
from api.routes.registry_base import Body, Day, Listed, Number, Seat, SlugFilter
from api.routes.resources import BODY, Resource, among, computed, router_of, slug, status
from api.system import system_of
from ledger.clock import MEXICO_CITY
from projections.queries import seating

MAX_DAYS = 3660
DESIGNATION_PATH = "/{body}/{seat}/{number}"
CREDENTIAL_PATH = "/{body}/{seat}/{designation}/{credential}"
State = Literal[
    "future",
    "provisional",
    "in-force",
    "on-leave",
    "holding-over",
    "expired",
    "resigned",
    "substituted",
    "removed",
    "deceased",
    "extinct",
    "not-ratified",
]
RESOURCES = (
    Resource(
        seating.DESIGNATION,
        DESIGNATION_PATH,
        (
            "Designaciones / Designations",
            (
                "Designations in the order in which they entered, each with its standing on a day; `state` picks by "
                "standing."
            ),
        ),
        (
            "Una designación / A designation",
            "The n-th designation to a seat: what proves it, its leaves, how it ended, its credentials.",
        ),
        (
            BODY,
            slug("seat"),
            slug("person"),
            among("capacity", Literal["propietario", "suplente"]),
            among("way", Literal["paper", "import", "vote", "oficio"]),
            computed("state", State),
        ),
    ),
    Resource(
        seating.PROPOSAL,
        DESIGNATION_PATH,
        ("Propuestas de designación / Proposals", "Proposals for seats in the order in which they were filed."),
        ("Una propuesta / A proposal", "A proposal, and the designation that it led to."),
        (BODY, slug("seat"), slug("organization"), status("proposed", "validated", "returned", "approved")),
    ),
    Resource(
        seating.HEARING,
        DESIGNATION_PATH,
        ("Remociones y audiencias / Removals", "Removals in the order in which they were first asked for."),
        (
            "Una remoción / A removal",
            "The removal of who holds a seat by a designation: asked for, heard, decided.",
        ),
        (BODY, status("requested", "heard", "removed", "kept")),
    ),
    Resource(
        seating.NOTICE,
        DESIGNATION_PATH,
        ("Avisos de vencimiento / Notices of expiry", "Notices in the order in which they were given."),
        ("Un aviso / A notice", "The notice that a designation will expire, and what was answered."),
        (BODY, slug("organization")),
    ),
    Resource(
        seating.CREDENTIAL,
        CREDENTIAL_PATH,
        (
            "Credenciales / Credentials",
            "Credentials in the order in which they were asked for, each with its standing now.",
        ),
        (
            "Una credencial / A credential",
            "A credential with its standing now; whether it is proved is asked of its `verification`.",
        ),
        (BODY, slug("seat"), status("requested", "validated", "issued", "revoked")),
    ),
)
router = router_of(*RESOURCES)
_PAGE = openapi.json_answer("Page")


@router.get("/expiring-designations", summary="Por vencer / About to expire", responses=_PAGE)
def list_expiring(
    asked: Listed,
    *,
    on: Day,
    body: SlugFilter = None,
    days: Annotated[int, Query(ge=0, le=MAX_DAYS)] = 90,
) -> Response:
    """Who holds a seat on a day and whose term ends within so many days, with the notice given and its answer."""
    filters = asked.filters({"body": body})
    return asked.listed(lambda cursor: seating.expiring(cursor, filters, asked.window, on, days))


def credential_key(body: Body, seat: Seat, designation: Number, credential: Number) -> str:
    """Return the key of the credential that the address names: `hcd/obrero-2/4/1`."""
    return f"{body}/{seat}/{designation}/{credential}"


CredentialKey = Annotated[str, Depends(credential_key)]


# -- whether a credential is valid -----------------------------------------------------------------------------------


@router.get(
    "/credentials" + CREDENTIAL_PATH + "/verification",
    summary="Comprobar una credencial / Check a credential",
    responses=openapi.json_answer("CredentialVerification"),
)
def verify_credential(
    request: Request,
    key: CredentialKey,
    at: Annotated[AwareDatetime | None, Query(description="Instante; ahora si falta. / Now where absent.")] = None,
    token: Annotated[str | None, Query(max_length=MAX_TOKEN_CHARS, pattern=TOKEN.pattern)] = None,
) -> Response:
    """Say whether a credential is valid, and where it is not, why and since when; `token` is what the QR holds.

    One that the ledger does not have is a verdict, not an error. It leaves no act.
    """
    system = system_of(request)
    said = check_credential(system, key, (at or system.store.now()).astimezone(MEXICO_CITY), token)
    return Response(dumps(said), headers={"Cache-Control": "no-store"}, media_type="application/json")


@router.get(
    "/credentials" + CREDENTIAL_PATH + "/qr.svg",
    summary="El QR de una credencial / Its QR",
    response_class=Response,
    responses=openapi.bytes_answer("image/svg+xml"),
)
def get_qr(request: Request, key: CredentialKey) -> Response:
    """The QR of an issued credential: the address of its verification with its token."""
    system = system_of(request)
    found = states_of(system, key)
    if found is None or found[0].issued_index is None:
        raise not_found(f"credentials/{key}")
    base = (system.settings.public_url or str(request.base_url)).rstrip("/")
    address = f"{base}/api/v1/credentials/{key}/verification?token={token_of(system, found[0].issued_index)}"
    return Response(qr_of(address), media_type="image/svg+xml")
