"""Persons by their random ids, their keys, and the designations by which they hold seats."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ledger.acts.designation import (
    DesignationAppointed,
    DesignationApproved,
    DesignationEnded,
    DesignationImported,
    DesignationMade,
    DesignationRatified,
    DesignationRegistered,
    LeaveEnded,
    LeaveGranted,
    ResignationFiled,
)
from ledger.acts.trust import KeyAccepted, KeyEnrolled, KeyRevoked, LedgerFounded, PersonRegistered
from ledger.ids import parse_written
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

PERSONS = object_table("persons", "founder", "registered", by_effect=True)
KEYS = object_table(
    "keys",
    "person",
    "purpose",
    "service_types",
    "certificate",
    "phase",
    "usable_index",
    "revoked_index",
    "reason",
    "compromised_from",
    json=("service_types", "certificate"),
)
DESIGNATIONS = object_table(
    "designations",
    "body",
    "seat",
    "number",
    "person",
    "capacity",
    "begins_at",
    "ends_at",
    "begins",
    "ends",
    "leaves",
    "cause",
    "instrument_sha256",
    "source",
    "way",
    "effect",
    "proposal",
    "agreement",
    "oficio",
    "ratified_at",
    "ratified_by",
    "resigned_from",
    "evidence",
    "vote",
    "inscription",
    json=("leaves", "source"),
    fixed=("seat", "number", "person"),
    by_effect=True,
    since="begins_at",
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of the founding, of a person, of a key or of a designation."""
    act = signed.act
    match act:
        case LedgerFounded():
            _found(page, signed, act)
        case PersonRegistered():
            _register(page, signed, act)
        case KeyEnrolled() | KeyAccepted() | KeyRevoked():
            _key(page, signed, act)
        case DesignationMade():
            _designate(page, signed, act)
        case DesignationEnded() | LeaveGranted() | LeaveEnded() | DesignationRatified() | ResignationFiled():
            _change(page, signed, act)
        case _:
            pass


# -- persons and keys ------------------------------------------------------------------------------------------


def _found(page: Page, signed: Signed, act: LedgerFounded) -> None:
    """The founding names its officers and their keys; its own text is the institution's name, not theirs."""
    bare = heading(signed) | {"sealed": {}}
    for officer in act.officers:
        if page.find(PERSONS, officer.person) is None:
            place = bare | {"stream": f"person/{officer.person}", "version": 0}
            page.put(PERSONS, {"id": officer.person, **place, "founder": True, "registered": False})
        _put_key(page, bare, _keyid(officer.spki), officer.person, "person", usable=signed.index)
    _put_key(page, bare, _keyid(act.recovery_spki), None, "recovery", usable=signed.index)


def _keyid(spki: str) -> str:
    return sha256(base64.b64decode(spki)).hexdigest()


def _put_key(
    page: Page, head: dict[str, Any], keyid: str, person: str | None, purpose: str, *, usable: int | None
) -> None:
    if page.find(KEYS, keyid) is not None:
        return  # a founding may name one key twice
    row = head | {"stream": f"key/{keyid}"}
    if usable is not None:
        row["version"] = 0
    page.put(
        KEYS,
        {
            "id": keyid,
            **row,
            "person": person,
            "purpose": purpose,
            "service_types": [],
            "certificate": None,
            "phase": "enrolled" if usable is None else "usable",
            "usable_index": usable,
            "revoked_index": None,
            "reason": None,
            "compromised_from": None,
        },
    )


def _register(page: Page, signed: Signed, act: PersonRegistered) -> None:
    if page.find(PERSONS, act.person) is None:
        page.put(PERSONS, {"id": act.person, **heading(signed), "founder": False, "registered": True})
    else:
        touch(page.edit(PERSONS, act.person), signed)["registered"] = True


def _key(page: Page, signed: Signed, act: KeyEnrolled | KeyAccepted | KeyRevoked) -> None:
    match act:
        case KeyEnrolled():
            if page.find(KEYS, act.keyid) is None:
                _put_key(page, heading(signed), act.keyid, act.person, "person", usable=None)
            key = touch(page.edit(KEYS, act.keyid), signed)
            key["person"] = act.person
            key["purpose"] = "service" if act.service_types else "person"
            key["service_types"] = list(act.service_types)
            key["certificate"] = None if act.certificate is None else act.certificate.model_dump()
        case KeyAccepted():
            key = touch(page.edit(KEYS, act.keyid), signed)
            key["phase"] = "usable"
            key["usable_index"] = signed.index
        case KeyRevoked():
            key = touch(page.edit(KEYS, act.keyid), signed)
            key["phase"] = "revoked"
            key["revoked_index"] = signed.index
            key["reason"] = act.reason
            key["compromised_from"] = act.compromised_from


# -- designations ----------------------------------------------------------------------------------------------


def _origin(act: DesignationMade) -> Row:
    """Return what proves a designation."""
    none: Row = dict.fromkeys(("source", "proposal", "agreement", "vote", "oficio"))
    match act:
        case DesignationImported():
            source = {"sha256": act.source_sha256, "row": act.row}
            vote = None if act.vote is None else act.vote.removeprefix("vote/")
            return none | {"way": "import", "effect": "definitive", "source": source, "vote": vote}
        case DesignationApproved():
            rests = {"proposal": act.proposal, "agreement": act.agreement}
            return none | {"way": "vote", "effect": act.effect} | rests
        case DesignationAppointed():
            return none | {"way": "oficio", "effect": "definitive", "oficio": act.oficio}
        case DesignationRegistered():
            return none | {"way": "paper", "effect": act.effect or "definitive"}
        case _:
            raise TypeError(act.type_name)


def _designate(page: Page, signed: Signed, act: DesignationMade) -> None:
    page.put(
        DESIGNATIONS,
        {
            "id": f"{act.body}/{act.seat}/{act.number}",
            **heading(signed),
            "body": act.body,
            "seat": act.seat,
            "number": act.number,
            "person": act.person,
            "capacity": act.capacity,
            "begins_at": act.begins_at,
            "ends_at": act.ends_at,
            "begins": parse_written(act.begins_at),
            "ends": None if act.ends_at is None else parse_written(act.ends_at),
            "leaves": [],
            "cause": None,
            "instrument_sha256": act.instrument_sha256,
            "inscription": act.inscription,
            **_origin(act),
            "ratified_at": None,
            "ratified_by": None,
            "resigned_from": None,
            "evidence": None,
        },
    )


def _change(
    page: Page,
    signed: Signed,
    act: DesignationEnded | LeaveGranted | LeaveEnded | DesignationRatified | ResignationFiled,
) -> None:
    row = touch(page.edit(DESIGNATIONS, f"{act.body}/{act.seat}/{act.number}"), signed)
    match act:
        case DesignationEnded():
            row["ends_at"] = act.ended_at
            row["ends"] = parse_written(act.ended_at)
            row["cause"] = act.cause
            row["evidence"] = act.evidence
        case DesignationRatified():
            row["ratified_at"] = signed.statement.occurred_at
            row["ratified_by"] = act.agreement
        case ResignationFiled():
            row["resigned_from"] = act.effective_at
        case LeaveGranted():
            row["leaves"] = [*row["leaves"], [act.begins_at, None]]
        case LeaveEnded():
            row["leaves"] = [*row["leaves"][:-1], [row["leaves"][-1][0], act.ends_at]]


REGISTRY = Registry(
    "people",
    (PERSONS, KEYS, DESIGNATIONS),
    {"ledger": None, "person": PERSONS, "key": KEYS, "designation": DESIGNATIONS},
    handle,
)
