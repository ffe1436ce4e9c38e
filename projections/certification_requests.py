"""Requests for certification: who of which kind asks for what, and through which hands it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.petition import (
    CertificationCompiled,
    CertificationRequested,
    CertificationRequestResolved,
    CertificationReviewed,
    OfRequest,
)
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

REQUESTS = object_table(
    "certification_requests",
    "body",
    "year",
    "number",
    "petitioner",
    "received_on",
    "due_on",
    "legal_basis",
    "objects",
    "asks_negative",
    "matter",
    "phase",
    "draft",
    "content",
    "compiled_index",
    "compiler",
    "reviewed_index",
    "reviewer",
    json=("objects",),
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a request for certification."""
    act, office = signed.act, signed.statement.office
    match act:
        case CertificationRequested():
            _request(page, signed, act)
        case CertificationRequestResolved():
            _moved(page, signed, act)["phase"] = act.outcome
        case CertificationCompiled():
            compiled: Row = {"draft": act.draft, "content": act.content_sha256(), "compiled_index": signed.index}
            reset: Row = {"compiler": office, "reviewed_index": None, "reviewer": None}
            _moved(page, signed, act).update(phase="compiled", **compiled, **reset)
        case CertificationReviewed():
            phase = "reviewed" if act.outcome == "approved" else "returned"
            _moved(page, signed, act).update(phase=phase, reviewed_index=signed.index, reviewer=office)
        case _:
            pass


def _moved(page: Page, signed: Signed, act: OfRequest) -> Row:
    return touch(page.edit(REQUESTS, f"{act.body}/{act.year}/{act.number}"), signed)


def _request(page: Page, signed: Signed, act: CertificationRequested) -> None:
    asked = act.model_dump(mode="json", exclude={"objects"})
    empty: Row = dict.fromkeys(("content", "compiled_index", "compiler", "reviewed_index", "reviewer"))
    row_id = f"{act.body}/{act.year}/{act.number}"
    made: Row = {"objects": list(act.objects), "phase": "requested", "draft": 0}
    page.put(REQUESTS, {"id": row_id, **heading(signed), **asked, **made, **empty})


REGISTRY = Registry("certification_requests", (REQUESTS,), {"request": REQUESTS}, handle)
