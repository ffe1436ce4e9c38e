"""Follow-up of agreements: captures, resolutivos and their steps, oficios, gazettes, the chronological index.

Steps keep the day of each change, so that the board answers for any day; that something is overdue is no step: it is
computed when asked.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.acts.followup import (
    AgreementCaptured,
    AgreementCaptureReviewed,
    AgreementCommunicated,
    AgreementFiled,
    AmountExercised,
    CommunicationAcknowledged,
    CommunicationAuthorized,
    DueDateExtended,
    DueDateSet,
    EvidenceSubmitted,
    FulfilmentRejected,
    FulfilmentVerified,
    GazettePublicationRecorded,
    OfResolution,
    ProgressReported,
    ResolutionDeclaredUnfulfillable,
    ResponsibilityAssigned,
    ResponsibilityTransferred,
)
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.acts.agreement import OfAgreement
    from ledger.domain.world import Signed
    from projections.base import Row, Table
    from projections.page import Page

_OF = ("body", "year", "number")
CAPTURES = object_table(
    "captures", *_OF, "phase", "resolutions", "series_code", "reviewer", "reviewed_index", json=("resolutions",)
)
FOLLOW_UP = object_table(
    "follow_up",
    *_OF,
    "resolution",
    "agreement",
    "units",
    "due_on",
    "original_due_on",
    "authorized_amount",
    "exercised_amount",
    "percent",
    "phase",
    "steps",
    json=("units", "steps"),
    fixed=("number", "resolution", "agreement"),
    by_effect=True,
)
COMMUNICATIONS = object_table("communications", *_OF, "pending", "letters", json=("letters",))
PRINTS = object_table("gazette_prints", *_OF, "prints", json=("prints",))
FILINGS = object_table("filings", *_OF, "series_code")


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of the follow-up of an agreement."""
    act = signed.act
    match act:
        case AgreementCaptured() | AgreementCaptureReviewed():
            _capture(page, signed, act)
        case CommunicationAuthorized() | AgreementCommunicated() | CommunicationAcknowledged():
            _communicate(page, signed, act)
        case GazettePublicationRecorded():
            row = _row(page, PRINTS, signed, act, prints=[])
            row["prints"] = [*row["prints"], {"index": signed.index, **_said(act, "gazette", "notice"), **_days(act)}]
        case AgreementFiled():
            page.put(FILINGS, {"id": _key(act), **heading(signed), **_of(act), "series_code": act.series_code})
        case OfResolution():
            _fulfil(page, signed, act)
        case _:
            pass


def _days(act: GazettePublicationRecorded) -> dict[str, str]:
    return {"published_on": act.published_on, "effective_from": act.effective_from}


def _said(act: Any, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(act, name)) is not None}


def _of(act: OfAgreement | AgreementFiled) -> Row:
    return {name: getattr(act, name) for name in _OF}


def _key(act: OfAgreement | AgreementFiled) -> str:
    return f"{act.body}/{act.year}/{act.number}"


def _row(page: Page, table: Table, signed: Signed, act: OfAgreement, **empty: Any) -> Row:
    """Return an agreement's row, touched; one that is not there yet is made with what an empty one has."""
    key = _key(act)
    if page.find(table, key) is None:
        page.put(table, {"id": key, **heading(signed), **_of(act), **empty})
        return page.edit(table, key)
    return touch(page.edit(table, key), signed)


def _capture(page: Page, signed: Signed, act: AgreementCaptured | AgreementCaptureReviewed) -> None:
    empty: dict[str, Any] = dict.fromkeys(("phase", "resolutions", "series_code", "reviewer", "reviewed_index"))
    row = _row(page, CAPTURES, signed, act, **empty)
    if isinstance(act, AgreementCaptured):
        row.update(phase="captured", resolutions=list(act.resolutions), series_code=act.series_code)
    else:
        row.update(phase=act.outcome, reviewer=signed.statement.office, reviewed_index=signed.index)


def _communicate(
    page: Page, signed: Signed, act: CommunicationAuthorized | AgreementCommunicated | CommunicationAcknowledged
) -> None:
    row = _row(page, COMMUNICATIONS, signed, act, pending=0, letters=[])
    day = signed.statement.occurred_at[:10]
    match act:
        case AgreementCommunicated():
            sent = {"index": signed.index, "oficio": act.oficio, "unit": act.unit, "sent_on": day}
            row["letters"] = [*row["letters"], sent]
        case CommunicationAcknowledged():
            receipt = {"acknowledged_on": day, "acknowledged_index": signed.index}
            row["letters"] = [each | (receipt if each["oficio"] == act.oficio else {}) for each in row["letters"]]
        case CommunicationAuthorized():
            pass
    row["pending"] = sum("acknowledged_on" not in letter for letter in row["letters"])


# -- resolutivos -------------------------------------------------------------------------------------------------------


def _fulfil(page: Page, signed: Signed, act: OfResolution) -> None:
    key = f"{_key(act)}/{act.resolution}"
    if isinstance(act, ResponsibilityAssigned):
        due = None if act.due_on is None else date.fromisoformat(act.due_on)
        row: Row = {"id": key, **heading(signed), **_of(act), "resolution": act.resolution, "agreement": _key(act)}
        row |= {"units": list(act.units), "due_on": due, "original_due_on": due, "percent": None, "steps": []}
        row |= {"authorized_amount": act.authorized_amount, "exercised_amount": 0, "phase": "assigned"}
        page.put(FOLLOW_UP, row)
    else:
        row = touch(page.edit(FOLLOW_UP, key), signed)
        _move(row, act)
    step = {
        "index": signed.index,
        "on": signed.statement.occurred_at[:10],
        "act": act.type_name.partition("/")[0],
        "phase": row["phase"],
        "units": row["units"],
        "exercised_amount": row["exercised_amount"],
    }
    if row["due_on"] is not None:
        step["due_on"] = row["due_on"].isoformat()
    row["steps"] = [*row["steps"], step]


def _move(row: Row, act: OfResolution) -> None:
    match act:
        case ResponsibilityTransferred():
            row["units"] = [act.to_unit if unit == act.from_unit else unit for unit in row["units"]]
        case DueDateSet():
            row["due_on"] = row["original_due_on"] = date.fromisoformat(act.due_on)
        case DueDateExtended():
            row["due_on"] = date.fromisoformat(act.due_on)
        case ProgressReported():
            row.update(phase="reported", percent=row["percent"] if act.percent is None else act.percent)
        case EvidenceSubmitted():
            row["phase"] = "reported"
        case AmountExercised():
            row.update(phase="reported", exercised_amount=row["exercised_amount"] + act.amount)
        case FulfilmentVerified():
            row["phase"] = act.outcome
        case FulfilmentRejected():
            row["phase"] = "rejected"
        case ResolutionDeclaredUnfulfillable():
            row["phase"] = "unfulfillable"
        case _:
            pass


REGISTRY = Registry(
    "follow_up",
    (CAPTURES, FOLLOW_UP, COMMUNICATIONS, PRINTS, FILINGS),
    {
        "capture": CAPTURES,
        "fulfilment": FOLLOW_UP,
        "communication": COMMUNICATIONS,
        "gazette": PRINTS,
        "filing": FILINGS,
    },
    handle,
)
