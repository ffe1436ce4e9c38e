"""Requests for information and for personal data, step by step, so that their clock is read as of any day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.acts.access import (
    AccessAppealResolved,
    AccessDeadlineExtended,
    AccessPreventionAnswered,
    AccessPreventionIssued,
    AccessRequestAnswered,
    AccessRequestAppealed,
    AccessRequestReceived,
    AccessRequestTurned,
    OfAccess,
    PersonalDataBlocked,
)
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

REQUESTS = object_table(
    "access_requests",
    "body",
    "year",
    "number",
    "access_right",
    "folio",
    "received_on",
    "units",
    "modality",
    "rests_on",
    "denial",
    "appeal",
    "blocked",
    "phase",
    "due_on",
    "extended",
    "steps",
    json=("units", "rests_on", "blocked", "steps"),
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a request."""
    act = signed.act
    if not isinstance(act, OfAccess):
        return
    key = f"{act.body}/{act.year}/{act.number}"
    step: dict[str, Any] = {"index": signed.index, "on": signed.statement.occurred_at[:10]}
    step["act"] = act.type_name.partition("/")[0]
    if isinstance(act, AccessRequestReceived):
        own: Row = {name: getattr(act, name) for name in ("body", "year", "number", "folio", "received_on")}
        own |= {"access_right": act.right, "units": [], "rests_on": [], "blocked": [], "extended": False}
        own |= dict.fromkeys(("modality", "denial", "appeal"))
        own |= {"phase": "received", "due_on": date.fromisoformat(act.due_on)}
        own["steps"] = [step | {"phase": "received", "due_on": act.due_on}]
        page.put(REQUESTS, {"id": key, **heading(signed), **own})
        return
    row = touch(page.edit(REQUESTS, key), signed)
    _move(row, act)
    row["steps"] = [*row["steps"], step | {"phase": row["phase"], "due_on": row["due_on"].isoformat()}]


def _move(row: Row, act: OfAccess) -> None:
    """Change the row as an act does."""
    match act:
        case AccessPreventionIssued():
            row.update(phase="prevented", due_on=date.fromisoformat(act.due_on))
        case AccessPreventionAnswered():
            row.update(phase="received", due_on=date.fromisoformat(act.due_on))
        case AccessRequestTurned():
            new = [unit for unit in act.units if unit not in row["units"]]
            row.update(phase="turned", units=[*row["units"], *new])
        case AccessDeadlineExtended():
            row.update(extended=True, due_on=date.fromisoformat(act.due_on))
        case AccessRequestAnswered():
            row.update(phase="answered", modality=act.modality, rests_on=list(act.on), denial=act.denial)
        case AccessRequestAppealed():
            row.update(phase="appealed", appeal=act.appeal)
        case AccessAppealResolved(due_on=None):
            row["phase"] = "resolved"
        case AccessAppealResolved():
            row.update(phase="turned", due_on=date.fromisoformat(act.due_on or ""))
        case PersonalDataBlocked():
            row["blocked"] = [each.model_dump() for each in act.disclosures]
        case _:
            pass


REGISTRY = Registry("access", (REQUESTS,), {"access": REQUESTS}, handle)
