"""How seats are filled: proposals, removals with their hearings, notices of expiry, credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.credential import AccreditationRequested, AccreditationValidated, CredentialIssued, CredentialRevoked
from ledger.acts.designation import DesignationApproved
from ledger.acts.nomination import (
    DesignationProposalReturned,
    DesignationProposed,
    DesignationValidated,
    ExpiryNoticeAcknowledged,
    ExpiryNoticeIssued,
    HearingHeld,
    RemovalDecided,
    RemovalRequested,
)
from ledger.ids import parse_written
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

PROPOSALS = object_table(
    "designation_proposals",
    "body",
    "seat",
    "proposal",
    "organization",
    "person",
    "capacity",
    "begins_at",
    "ends_at",
    "renews",
    "phase",
    "grounds",
    "impediments",
    "settled_index",
    "designation",
    json=("grounds", "impediments"),
    fixed=("seat", "proposal", "organization", "person", "capacity", "begins_at", "ends_at", "renews"),
)
HEARINGS = object_table(
    "removal_hearings",
    "body",
    "seat",
    "designation",
    "by_whom",
    "organization",
    "phase",
    "requested_index",
    "summoned_on",
    "appeared",
    "heard_index",
    "vote",
    "decided_index",
    fixed=("seat", "designation"),
)
NOTICES = object_table(
    "expiry_notices",
    "body",
    "seat",
    "designation",
    "organization",
    "oficio",
    "days_left",
    "answer",
    "answered_index",
    fixed=("seat", "designation", "organization", "oficio", "days_left"),
)
CREDENTIALS = object_table(
    "credentials",
    "body",
    "seat",
    "designation",
    "credential",
    "phase",
    "validated_index",
    "issued_at",
    "issued_index",
    "valid_to",
    "valid_until",
    "revoked_at",
    "revoked_index",
    "reason",
    "replaced_by",
    fixed=("seat", "designation", "credential"),
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a proposal, a hearing, a notice or a credential; or a designation that a proposal led to."""
    act = signed.act
    match act:
        case DesignationProposed() | DesignationValidated() | DesignationProposalReturned():
            _propose(page, signed, act)
        case DesignationApproved():
            row = touch(page.edit(PROPOSALS, f"{act.body}/{act.seat}/{act.proposal}"), signed)
            row.update(phase="approved", designation=act.number)
        case RemovalRequested() | HearingHeld() | RemovalDecided():
            _hear(page, signed, act)
        case ExpiryNoticeIssued() | ExpiryNoticeAcknowledged():
            _notify(page, signed, act)
        case AccreditationRequested():
            _accredit(page, signed, act)
        case AccreditationValidated() | CredentialIssued() | CredentialRevoked():
            _follow(page, signed, act)
        case _:
            pass


def _propose(
    page: Page, signed: Signed, act: DesignationProposed | DesignationValidated | DesignationProposalReturned
) -> None:
    key = f"{act.body}/{act.seat}/{act.proposal}"
    if isinstance(act, DesignationProposed):
        own = act.model_dump()
        rest: Row = dict.fromkeys(("grounds", "impediments", "settled_index", "designation"))
        page.put(PROPOSALS, {"id": key, **heading(signed), **own, **rest, "phase": "proposed"})
        return
    row = touch(page.edit(PROPOSALS, key), signed)
    row["settled_index"] = signed.index
    if isinstance(act, DesignationValidated):
        row.update(phase="validated", impediments=[each.model_dump() for each in act.impediments])
    else:
        row.update(phase="returned", grounds=list(act.grounds))


def _hear(page: Page, signed: Signed, act: RemovalRequested | HearingHeld | RemovalDecided) -> None:
    key = f"{act.body}/{act.seat}/{act.designation}"
    if isinstance(act, RemovalRequested):
        asked: Row = {"by_whom": act.by, "organization": act.organization, "phase": "requested"}
        asked["requested_index"] = signed.index
        asked |= dict.fromkeys(("summoned_on", "appeared", "heard_index", "vote", "decided_index"))
        if page.find(HEARINGS, key) is not None:  # who was kept is accused anew
            touch(page.edit(HEARINGS, key), signed).update(asked)
            return
        place: Row = {"body": act.body, "seat": act.seat, "designation": act.designation}
        page.put(HEARINGS, {"id": key, **heading(signed), **place, **asked})
        return
    row = touch(page.edit(HEARINGS, key), signed)
    if isinstance(act, HearingHeld):
        row.update(phase="heard", summoned_on=act.summoned_on, appeared=act.appeared, heard_index=signed.index)
    else:
        row.update(phase=act.outcome, vote=act.vote, decided_index=signed.index)


def _notify(page: Page, signed: Signed, act: ExpiryNoticeIssued | ExpiryNoticeAcknowledged) -> None:
    key = f"{act.body}/{act.seat}/{act.designation}"
    if isinstance(act, ExpiryNoticeIssued):
        rest: Row = {"answer": None, "answered_index": None}
        page.put(NOTICES, {"id": key, **heading(signed), **act.model_dump(), **rest})
    else:
        touch(page.edit(NOTICES, key), signed).update(answer=act.answer, answered_index=signed.index)


def _accredit(page: Page, signed: Signed, act: AccreditationRequested) -> None:
    own = act.model_dump()
    rest: Row = dict.fromkeys(set(CREDENTIALS.columns) - heading(signed).keys() - own.keys() - {"id"})
    key = f"{act.body}/{act.seat}/{act.designation}/{act.credential}"
    page.put(CREDENTIALS, {"id": key, **heading(signed), **own, **rest, "phase": "requested"})


def _follow(page: Page, signed: Signed, act: AccreditationValidated | CredentialIssued | CredentialRevoked) -> None:
    row = touch(page.edit(CREDENTIALS, f"{act.body}/{act.seat}/{act.designation}/{act.credential}"), signed)
    at = signed.statement.occurred_at
    match act:
        case AccreditationValidated():
            row.update(phase="validated", validated_index=signed.index)
        case CredentialIssued():
            row.update(phase="issued", issued_at=at, issued_index=signed.index)
            row.update(valid_to=act.valid_to, valid_until=parse_written(act.valid_to))
        case CredentialRevoked():
            row.update(phase="revoked", revoked_at=at, revoked_index=signed.index)
            row.update(reason=act.reason, replaced_by=act.replaced_by)


REGISTRY = Registry(
    "seating",
    (PROPOSALS, HEARINGS, NOTICES, CREDENTIALS),
    {"proposal": PROPOSALS, "hearing": HEARINGS, "notice": NOTICES, "credential": CREDENTIALS, "designation": None},
    handle,
)
