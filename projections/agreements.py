"""Agreements by body and year, what became of them, and identifiers that no grammar admits."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.acts.agreement import AgreementAdopted, AgreementImported, IdentifierCorrected, IdentifierQuarantined
from ledger.acts.followup import AgreementCited
from ledger.acts.veto import VetoExercised
from ledger.domain.validity import ValidityAct
from projections.base import Registry, Row, heading, object_table, touch
from projections.validity import RELATIONS, applied, cited, vetoed

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.page import Page

AGREEMENTS = object_table(
    "agreements",
    "body",
    "year",
    "number",
    "identifier",
    "adopted_on",
    "vote",
    "session",
    "ordinal",
    "resolutions",
    "source",
    "validity",
    "cases",
    "suspensions",
    "ended_on",
    "agreement_kind",
    json=("source", "cases", "suspensions"),
    fixed=(
        "number",
        "identifier",
        "adopted_on",
        "vote",
        "session",
        "ordinal",
        "resolutions",
        "source",
        "agreement_kind",
    ),
    by_effect=True,
    since="adopted_on",
)
QUARANTINED = object_table("quarantined_identifiers", "body", "number", "reason", "corrections", json=("corrections",))


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of an agreement or of an identifier put aside."""
    act = signed.act
    match act:
        case AgreementAdopted():
            page.put(AGREEMENTS, _agreement(signed, act) | _adopted(signed, act))
        case AgreementImported():
            page.put(AGREEMENTS, _agreement(signed, act) | _imported(act))
        case IdentifierQuarantined():
            own = {"body": act.body, "number": act.number, "reason": act.reason, "corrections": []}
            page.put(QUARANTINED, {"id": f"{act.body}/{act.number}", **heading(signed), **own})
        case IdentifierCorrected():
            row = touch(page.edit(QUARANTINED, f"{act.body}/{act.number}"), signed)
            row["corrections"] = [*row["corrections"], {"identifier": act.identifier, "index": signed.index}]
        case AgreementCited():
            cited(page, signed, act)
        case VetoExercised():
            vetoed(touch(page.edit(AGREEMENTS, f"{act.body}/{act.year}/{act.number}"), signed), signed, act)
        case _ if isinstance(act, ValidityAct):
            row = touch(page.edit(AGREEMENTS, f"{act.body}/{act.year}/{act.number}"), signed)
            applied(page, row, signed, act)
        case _:
            pass


def _agreement(signed: Signed, act: AgreementAdopted | AgreementImported) -> Row:
    vote = None if act.vote is None else act.vote.partition("/")[2]
    return {
        "id": f"{act.body}/{act.year}/{act.number}",
        **heading(signed),
        "body": act.body,
        "year": act.year,
        "number": act.number,
        "identifier": act.identifier,
        "vote": vote,
        "session": None if vote is None else vote.rpartition("/")[0],
        "validity": "in-force",
        "cases": [],
        "suspensions": [],
        "ended_on": None,
    }


def _adopted(signed: Signed, act: AgreementAdopted) -> Row:
    return {
        "adopted_on": date.fromisoformat(signed.statement.occurred_at[:10]),
        "ordinal": act.ordinal,
        "resolutions": act.resolutions,
        "agreement_kind": act.agreement_kind,
        "source": None,
    }


def _imported(act: AgreementImported) -> Row:
    return {
        "adopted_on": date.fromisoformat(act.adopted_on),
        "ordinal": None,
        "resolutions": None,
        "agreement_kind": "agreement",
        "source": {"kind": act.provenance, "sha256": act.source_sha256, "row": act.row},
    }


REGISTRY = Registry(
    "agreements",
    (AGREEMENTS, QUARANTINED, RELATIONS),
    {"agreement": AGREEMENTS, "quarantine": QUARANTINED, "citation": None, "veto": None},
    handle,
)
