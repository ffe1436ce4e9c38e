"""GET how seats are filled: designations as of a day, proposals, removals, what will expire, credentials."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime

from api.credentials import MAX_TOKEN_CHARS, TOKEN, check_credential, qr_of, states_of, token_of
from api.problems import dumps, not_found
from api.routes import openapi
from api.routes.registry_base import SLUG, TAG, Body, Listed, Number, On, One, SlugFilter
from api.system import system_of
from ledger.clock import MEXICO_CITY
from projections.queries import seating
from projections.queries.base import find, listing

if TYPE_CHECKING:
    from api.routes.registry_base import Asked, AskedOne

router = APIRouter(prefix="/api/v1", tags=[TAG])
_PAGE = openapi.json_answer("Page")
_OBJECT = openapi.json_answer("Object")
MAX_DAYS = 3660
DESIGNATION_PATH = "/{body}/{seat}/{number}"
CREDENTIAL_PATH = "/{body}/{seat}/{designation}/{credential}"
Seat = Annotated[str, Path(pattern=SLUG, examples=["obrero-2"])]
State = Literal[
    "future",
    "provisional",
    "in-force",
    "on-leave",
    "expired",
    "resigned",
    "substituted",
    "removed",
    "deceased",
    "extinct",
    "not-ratified",
]


def _day(asked: Asked | AskedOne, on: date | None) -> date:
    """Return the day of the question: `on`, or `as_of`; today where neither is given."""
    return on or asked.moment.as_of or asked.system.store.now().astimezone(MEXICO_CITY).date()


def _instant(asked: Asked | AskedOne) -> datetime:
    """Return the instant of the question: the last of the day `as_of`; now where none is given."""
    if asked.moment.as_of is None:
        return asked.system.store.now().astimezone(MEXICO_CITY)
    return datetime.combine(asked.moment.as_of, time(23, 59, 59), MEXICO_CITY)


def designation_key(body: Body, seat: Seat, number: Number) -> str:
    """Return the key of the designation that the address names: `hcd/obrero-2/4`."""
    return f"{body}/{seat}/{number}"


def credential_key(body: Body, seat: Seat, designation: Number, credential: Number) -> str:
    """Return the key of the credential that the address names: `hcd/obrero-2/4/1`."""
    return f"{body}/{seat}/{designation}/{credential}"


DesignationKey = Annotated[str, Depends(designation_key)]
CredentialKey = Annotated[str, Depends(credential_key)]


def designation_filters(
    body: SlugFilter = None,
    seat: SlugFilter = None,
    person: SlugFilter = None,
    capacity: Annotated[Literal["propietario", "suplente"] | None, Query()] = None,
    way: Annotated[Literal["paper", "import", "vote", "oficio"] | None, Query()] = None,
) -> dict[str, str | int | None]:
    """Read which designations are asked for."""
    return {"body": body, "seat": seat, "person": person, "capacity": capacity, "way": way}


# -- designations ----------------------------------------------------------------------------------------------------


@router.get("/designations", summary="Designaciones / Designations", responses=_PAGE)
def list_designations(
    asked: Listed,
    equal: Annotated[dict[str, str | int | None], Depends(designation_filters)],
    state: Annotated[State | None, Query()] = None,
    on: On = None,
) -> Response:
    """Designations in the order in which they entered, each with its standing on a day; `state` picks by standing."""
    filters = asked.filters(equal)
    day = _day(asked, on)
    return asked.answer(lambda cursor: seating.designations(cursor, filters, asked.window, day, state))


@router.get("/designations" + DESIGNATION_PATH, summary="Una designación / A designation", responses=_OBJECT)
def get_designation(asked: One, key: DesignationKey, on: On = None) -> Response:
    """The n-th designation to a seat: what proves it, its leaves, how it ended, its credentials."""
    day = _day(asked, on)
    return asked.answer(lambda cursor: seating.designation(cursor, key, day), f"designations/{key}")


@router.get("/expiring-designations", summary="Por vencer / About to expire", responses=_PAGE)
def list_expiring(
    asked: Listed,
    body: SlugFilter = None,
    on: On = None,
    days: Annotated[int, Query(ge=0, le=MAX_DAYS)] = 90,
) -> Response:
    """Who holds a seat on a day and whose term ends within so many days, with the notice given and its answer."""
    filters, day = asked.filters({"body": body}), _day(asked, on)
    return asked.answer(lambda cursor: seating.expiring(cursor, filters, asked.window, day, days))


# -- proposals, removals, notices ------------------------------------------------------------------------------------


@router.get("/designation-proposals", summary="Propuestas de designación / Proposals", responses=_PAGE)
def list_proposals(
    asked: Listed,
    body: SlugFilter = None,
    seat: SlugFilter = None,
    organization: SlugFilter = None,
    status: Annotated[Literal["proposed", "validated", "returned", "approved"] | None, Query()] = None,
) -> Response:
    """Proposals for seats in the order in which they were filed."""
    filters = asked.filters({"body": body, "seat": seat, "organization": organization, "phase": status})
    return asked.answer(lambda cursor: listing(cursor, seating.PROPOSAL, filters, asked.window))


@router.get("/designation-proposals" + DESIGNATION_PATH, summary="Una propuesta / A proposal", responses=_OBJECT)
def get_proposal(asked: One, key: DesignationKey) -> Response:
    """A proposal, and the designation that it led to."""
    return asked.answer(lambda cursor: seating.proposal(cursor, key), f"designation-proposals/{key}")


@router.get("/removal-hearings", summary="Remociones y audiencias / Removals", responses=_PAGE)
def list_hearings(
    asked: Listed,
    body: SlugFilter = None,
    status: Annotated[Literal["requested", "heard", "removed", "kept"] | None, Query()] = None,
) -> Response:
    """Removals in the order in which they were first asked for."""
    filters = asked.filters({"body": body, "phase": status})
    return asked.answer(lambda cursor: listing(cursor, seating.HEARING, filters, asked.window))


@router.get("/removal-hearings" + DESIGNATION_PATH, summary="Una remoción / A removal", responses=_OBJECT)
def get_hearing(asked: One, key: DesignationKey) -> Response:
    """The removal of who holds a seat by a designation: asked for, heard, decided."""
    return asked.answer(lambda cursor: seating.hearing(cursor, key), f"removal-hearings/{key}")


@router.get("/expiry-notices", summary="Avisos de vencimiento / Notices of expiry", responses=_PAGE)
def list_notices(asked: Listed, body: SlugFilter = None, organization: SlugFilter = None) -> Response:
    """Notices in the order in which they were given."""
    filters = asked.filters({"body": body, "organization": organization})
    return asked.answer(lambda cursor: listing(cursor, seating.NOTICE, filters, asked.window))


@router.get("/expiry-notices" + DESIGNATION_PATH, summary="Un aviso / A notice", responses=_OBJECT)
def get_notice(asked: One, key: DesignationKey) -> Response:
    """The notice that a designation will expire, and what was answered."""
    return asked.answer(lambda cursor: find(cursor, seating.NOTICE, key), f"expiry-notices/{key}")


# -- credentials -----------------------------------------------------------------------------------------------------


@router.get("/credentials", summary="Credenciales / Credentials", responses=_PAGE)
def list_credentials(
    asked: Listed,
    body: SlugFilter = None,
    seat: SlugFilter = None,
    status: Annotated[Literal["requested", "validated", "issued", "revoked"] | None, Query()] = None,
) -> Response:
    """Credentials in the order in which they were asked for, each with its standing now."""
    filters, at = asked.filters({"body": body, "seat": seat, "phase": status}), _instant(asked)
    return asked.answer(lambda cursor: seating.credentials(cursor, filters, asked.window, at))


@router.get("/credentials" + CREDENTIAL_PATH, summary="Una credencial / A credential", responses=_OBJECT)
def get_credential(asked: One, key: CredentialKey) -> Response:
    """A credential with its standing now; whether it is proved is asked of its `verification`."""
    at = _instant(asked)
    return asked.answer(lambda cursor: seating.credential(cursor, key, at), f"credentials/{key}")


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
