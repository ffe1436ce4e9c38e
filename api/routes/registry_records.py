"""GET agreements and identifiers put aside, actas with their blocks, certifications."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import (
    SESSION_PATH,
    SLUG,
    TAG,
    Body,
    Dated,
    Listed,
    Number,
    One,
    Part,
    SessionFilter,
    SessionKey,
    SlugFilter,
    Year,
    YearFilter,
)
from ledger.acts.agreement import AgreementKind
from projections.queries import actas, agreements, certifications
from projections.queries.base import find, listing

router = APIRouter(prefix="/api/v1", tags=[TAG])
_PAGE = openapi.json_answer("Page")
_OBJECT = openapi.json_answer("Object")


@router.get("/agreements", summary="Acuerdos / Agreements", responses=_PAGE)
def list_agreements(
    asked: Dated,
    *,
    body: SlugFilter = None,
    year: YearFilter = None,
    session: SessionFilter = None,
    identifier: Annotated[str | None, Query(pattern=r"^[A-Z0-9][A-Z0-9./]{0,63}$")] = None,
    agreement_kind: AgreementKind | None = None,
) -> Response:
    """Agreements in the order in which they entered the ledger."""
    named = {"session": session, "identifier": identifier, "agreement_kind": agreement_kind}
    filters = asked.filters({"body": body, "year": year, **named})
    return asked.answer(lambda cursor: agreements.agreements(cursor, filters, asked.window))


@router.get("/agreements/{body}/{year}/{number}", summary="Un acuerdo / An agreement", responses=_OBJECT)
def get_agreement(asked: One, body: Body, year: Year, number: Number) -> Response:
    """An agreement with its identifier, its vote, and its texts as far as they are open."""
    key = f"{body}/{year}/{number}"
    return asked.answer(lambda cursor: agreements.agreement(cursor, key), f"agreements/{key}")


@router.get("/quarantined-identifiers", summary="Identificadores en cuarentena / Put aside", responses=_PAGE)
def list_quarantined(asked: Listed, body: SlugFilter = None) -> Response:
    """Identifiers that no grammar admits, with how they were corrected."""
    filters = asked.filters({"body": body})
    return asked.answer(lambda cursor: listing(cursor, agreements.QUARANTINED_IDENTIFIER, filters, asked.window))


@router.get("/quarantined-identifiers/{body}/{number}", summary="Uno de ellos / One of them", responses=_OBJECT)
def get_quarantined(asked: One, body: Body, number: Number) -> Response:
    """An identifier put aside."""
    key = f"{body}/{number}"
    kind = agreements.QUARANTINED_IDENTIFIER
    return asked.answer(lambda cursor: find(cursor, kind, key), f"quarantined-identifiers/{key}")


# -- actas -----------------------------------------------------------------------------------------------------------


@router.get("/actas", summary="Actas", responses=_PAGE)
def list_actas(
    asked: Listed,
    body: SlugFilter = None,
    year: YearFilter = None,
    status: Annotated[Literal["drafted", "sealed"] | None, Query()] = None,
    instrument: Annotated[Literal["acta", "minuta"] | None, Query()] = None,
) -> Response:
    """Actas and minutas in the order of their first drafts."""
    filters = asked.filters({"body": body, "year": year, "phase": status, "instrument": instrument})
    return asked.answer(lambda cursor: listing(cursor, actas.ACTA, filters, asked.window))


@router.get("/actas" + SESSION_PATH, summary="Un acta / An acta", responses=_OBJECT)
def get_acta(asked: One, key: SessionKey) -> Response:
    """A session's acta: its root, how many blocks, and each seat's signature or refusal."""
    return asked.answer(lambda cursor: actas.acta(cursor, key), f"actas/{key}")


@router.get("/actas" + SESSION_PATH + "/blocks", summary="Sus bloques / Its blocks", responses=_PAGE)
def list_blocks(asked: Part, key: SessionKey) -> Response:
    """The blocks in reading order; those that no act opened are counted, and say nothing."""
    return asked.answer(lambda cursor: actas.blocks(cursor, key, asked.window), f"actas/{key}")


@router.get("/actas" + SESSION_PATH + "/signatures/{seat}", summary="Una firma / A signature", responses=_OBJECT)
def get_word(asked: One, key: SessionKey, seat: Annotated[str, Path(pattern=SLUG)]) -> Response:
    """A seat's last word on the acta: signed or refused, in its own voice or as the secretary attests."""
    return asked.answer(lambda cursor: actas.word(cursor, key, seat), f"actas/{key}/signatures/{seat}")


# -- certifications --------------------------------------------------------------------------------------------------


@router.get("/certifications", summary="Certificaciones / Certifications", responses=_PAGE)
def list_certifications(
    asked: Listed,
    body: SlugFilter = None,
    year: YearFilter = None,
    status: Annotated[Literal["issued", "superseded", "revoked"] | None, Query()] = None,
) -> Response:
    """Certifications in the order of their issue, each with the objects that it speaks of."""
    filters = asked.filters({"body": body, "year": year, "phase": status})
    return asked.answer(lambda cursor: certifications.certifications(cursor, filters, asked.window))


@router.get("/certifications/{body}/{year}/{number}", summary="Una certificación / A certification", responses=_OBJECT)
def get_certification(asked: One, body: Body, year: Year, number: Number) -> Response:
    """A certification as registered; whether it holds is answered by its `verification`."""
    key = f"{body}/{year}/{number}"
    return asked.answer(lambda cursor: certifications.certification(cursor, key), f"certifications/{key}")
