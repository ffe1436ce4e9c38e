"""What members say beside a vote: objections to a consensus, votos particulares, conflicts that came to light later."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.acts.position import ConflictReported, DissentFiled, ObjectionRaised, ObjectionWithdrawn
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

_PLACE = ("body", "year", "session", "vote", "seat")
_FIXED = ("session", "vote", "seat")
OBJECTIONS = object_table("objections", *_PLACE, "status", fixed=_FIXED)
DISSENTS = object_table("dissents", *_PLACE, "form", fixed=(*_FIXED, "form"))
CONFLICTS = object_table("conflicts", *_PLACE, "discovered_on", fixed=(*_FIXED, "discovered_on"))


def handle(page: Page, signed: Signed) -> None:
    """Apply what a member says beside a vote."""
    act = signed.act
    match act:
        case ObjectionRaised():
            if page.find(OBJECTIONS, f"{act.vote_path}/{act.seat}") is None:
                page.put(OBJECTIONS, _row(signed, act) | {"status": "standing"})
                return
            touch(page.edit(OBJECTIONS, f"{act.vote_path}/{act.seat}"), signed)["status"] = "standing"
        case ObjectionWithdrawn():
            touch(page.edit(OBJECTIONS, f"{act.vote_path}/{act.seat}"), signed)["status"] = "withdrawn"
        case DissentFiled():
            page.put(DISSENTS, _row(signed, act) | {"form": act.form})
        case ConflictReported():
            page.put(CONFLICTS, _row(signed, act) | {"discovered_on": date.fromisoformat(act.discovered_on)})
        case _:
            pass


def _row(signed: Signed, act: ObjectionRaised | DissentFiled | ConflictReported) -> Row:
    return {
        "id": f"{act.vote_path}/{act.seat}",
        **heading(signed),
        "body": act.body,
        "year": act.year,
        "session": act.session_path,
        "vote": act.vote_path,
        "seat": act.seat,
    }


REGISTRY = Registry(
    "positions",
    (OBJECTIONS, DISSENTS, CONFLICTS),
    {"objection": OBJECTIONS, "dissent": DISSENTS, "conflict": CONFLICTS},
    handle,
)
