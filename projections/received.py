"""Actas received from other bodies, with their checklist and their incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.received import (
    ActaIncidentNotified,
    ActaIncidentRaised,
    ActaIncidentResolved,
    ExternalActaChecked,
    ExternalActaReceived,
    ExternalActaValidated,
    OfReceived,
)
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

RECEIVED = object_table(
    "received_actas",
    "body",
    "number",
    "issuer",
    "reference",
    "held_on",
    "received_on",
    "sheets",
    "phase",
    "fulfilled",
    "unfulfilled",
    "incidents",
    "open_incidents",
    json=("fulfilled", "unfulfilled"),
)
INCIDENTS = object_table(
    "acta_incidents",
    "received",
    "incident",
    "code",
    "phase",
    "oficio",
    "notified_on",
    "how",
    "resolved_index",
    fixed=("received", "incident"),
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act about an acta of another body."""
    act = signed.act
    match act:
        case ExternalActaReceived():
            _receive(page, signed, act)
        case ExternalActaChecked():
            points: Row = {"fulfilled": sorted(act.fulfilled), "unfulfilled": sorted(act.unfulfilled)}
            _moved(page, signed, act).update(phase="checked", **points)
        case ActaIncidentRaised():
            _raise(page, signed, act)
        case ActaIncidentNotified():
            _moved(page, signed, act)
            notified: Row = {"phase": "notified", "oficio": act.oficio, "notified_on": act.notified_on}
            touch(page.edit(INCIDENTS, f"{act.body}/{act.number}/{act.incident}"), signed).update(notified)
        case ActaIncidentResolved():
            _moved(page, signed, act)["open_incidents"] -= 1
            resolved: Row = {"phase": "resolved", "how": act.how, "resolved_index": signed.index}
            touch(page.edit(INCIDENTS, f"{act.body}/{act.number}/{act.incident}"), signed).update(resolved)
        case ExternalActaValidated():
            _moved(page, signed, act)["phase"] = "validated"
        case _:
            pass


def _moved(page: Page, signed: Signed, act: OfReceived) -> Row:
    """Return the received acta, touched; what an incident seals is the incident's."""
    row = page.edit(RECEIVED, f"{act.body}/{act.number}")
    kept = row["sealed"]
    touch(row, signed)["sealed"] = kept
    return row


def _receive(page: Page, signed: Signed, act: ExternalActaReceived) -> None:
    came: Row = {
        "body": act.body,
        "number": act.number,
        "issuer": act.issuer,
        "reference": act.reference,
        "held_on": act.held_on,
        "received_on": act.received_on,
        "sheets": act.sheets,
    }
    empty: Row = {"phase": "received", "fulfilled": [], "unfulfilled": [], "incidents": 0, "open_incidents": 0}
    page.put(RECEIVED, {"id": f"{act.body}/{act.number}", **heading(signed), **came, **empty})


def _raise(page: Page, signed: Signed, act: ActaIncidentRaised) -> None:
    row = _moved(page, signed, act)
    row.update(incidents=row["incidents"] + 1, open_incidents=row["open_incidents"] + 1)
    raised: Row = {"received": f"{act.body}/{act.number}", "incident": act.incident, "code": act.code}
    empty: Row = dict.fromkeys(("oficio", "notified_on", "how", "resolved_index"))
    row_id = f"{act.body}/{act.number}/{act.incident}"
    page.put(INCIDENTS, {"id": row_id, **heading(signed), **raised, "phase": "raised", **empty})


REGISTRY = Registry("received", (RECEIVED, INCIDENTS), {"received": RECEIVED}, handle)
