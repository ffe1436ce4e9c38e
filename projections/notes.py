"""Notes that a source keeps beside its rolls: late and changed votes, late arrivals. The rolls stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.imported import NoteImported
from projections.base import Registry, heading, object_table

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.page import Page

_OWN = ("number", "session", "about", "vote", "corrections", "corrected", "unread", "source")
NOTES = object_table("notes", "body", "year", *_OWN, json=("corrections", "source"), fixed=_OWN)


def handle(page: Page, signed: Signed) -> None:
    """Apply an imported note."""
    act = signed.act
    if not isinstance(act, NoteImported):
        return
    page.put(
        NOTES,
        {
            "id": f"{act.session_path}/{act.note}",
            **heading(signed),
            "body": act.body,
            "year": act.year,
            "number": act.note,
            "session": act.session_path,
            "about": "attendance" if act.vote is None else "vote",
            "vote": None if act.vote is None else f"{act.session_path}/{act.vote}",
            "corrections": [each.model_dump(exclude_none=True) for each in act.corrections],
            "corrected": len(act.corrections),
            "unread": act.unread,
            "source": {"sha256": act.source_sha256, "row": act.row},
        },
    )


REGISTRY = Registry("notes", (NOTES,), {"note": NOTES}, handle)
