"""GET agreements and identifiers put aside, actas with their blocks, certifications."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import SESSION_PATH, Part, SessionKey
from api.routes.resources import BODY, SESSION, YEAR, Filter, Resource, among, router_of, status
from ledger.acts.agreement import AgreementKind
from projections.queries import actas, agreements, certifications

_IDENTIFIER = Annotated[str | None, Query(pattern=r"^[A-Z0-9][A-Z0-9./]{0,63}$")]
_ONE = "/{body}/{year}/{number}"
RESOURCES = (
    Resource(
        agreements.AGREEMENT,
        _ONE,
        ("Acuerdos / Agreements", "Agreements in the order in which they entered the ledger."),
        (
            "Un acuerdo / An agreement",
            "An agreement with its identifier, its vote, and its texts as far as they are open.",
        ),
        (
            BODY,
            YEAR,
            SESSION,
            Filter("identifier", _IDENTIFIER, "identifier"),
            among("agreement_kind", AgreementKind),
        ),
    ),
    Resource(
        agreements.QUARANTINED_IDENTIFIER,
        "/{body}/{number}",
        (
            "Identificadores en cuarentena / Put aside",
            "Identifiers that no grammar admits, with how they were corrected.",
        ),
        ("Uno de ellos / One of them", "An identifier put aside."),
        (BODY,),
    ),
    Resource(
        actas.ACTA,
        SESSION_PATH,
        ("Actas", "Actas and minutas in the order of their first drafts."),
        (
            "Un acta / An acta",
            "A session's acta: its root, how many blocks, and each seat's signature or refusal.",
        ),
        (BODY, YEAR, status("drafted", "sealed"), among("instrument", Literal["acta", "minuta"])),
    ),
    Resource(
        actas.SIGNATURE,
        SESSION_PATH + "/signatures/{seat}",
        one=(
            "Una firma / A signature",
            ("A seat's last word on the acta: signed or refused, in its own voice or as the secretary attests."),
        ),
    ),
    Resource(
        certifications.CERTIFICATION,
        _ONE,
        (
            "Certificaciones / Certifications",
            "Certifications in the order of their issue, each with the objects that it speaks of.",
        ),
        (
            "Una certificación / A certification",
            "A certification as registered; whether it holds is answered by its `verification`.",
        ),
        (BODY, YEAR, status("issued", "superseded", "revoked")),
    ),
)
router = router_of(*RESOURCES)
_PAGE = openapi.json_answer("Page")


@router.get("/actas" + SESSION_PATH + "/blocks", summary="Sus bloques / Its blocks", responses=_PAGE)
def list_blocks(asked: Part, key: SessionKey) -> Response:
    """The blocks in reading order; those that no act opened are counted, and say nothing."""
    return asked.listed(lambda cursor: actas.blocks(cursor, key, asked.window), f"actas/{key}")
