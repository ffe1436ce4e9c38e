"""Bodies, every version of their rules, every seat they ever had."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.acts.body import (
    BodyExtinguished,
    BodyRegistered,
    BodyRenamed,
    BodyResumed,
    BodyRulesAdopted,
    BodySuspended,
    SeatsDefined,
    SeatsSuppressed,
)
from projections.base import Registry, Table, heading, object_table, recorded_text, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

BODIES = object_table(
    "bodies",
    "body_kind",
    "parent",
    "extinct_on",
    "profile",
    "rules_versions",
    "seats_defined",
    "names",
    "suspensions",
    json=("names", "suspensions"),
    by_effect=True,
)
BODY_RULES = Table(
    "body_rules",
    ("body", "number", "profile", "rules", "valid_from", "entry_index", "recorded"),
    ("body", "number"),
    json=frozenset({"rules"}),
    born="entry_index",
    by_effect=True,
    since="valid_from",
)
SEATS = Table(
    "seats",
    (
        "body",
        "seat",
        "sector",
        "role",
        "voting",
        "valid_from",
        "valid_to",
        "ordinal",
        "defined_index",
        "suppressed_index",
    ),
    ("body", "seat"),
    born="defined_index",
    by_effect=True,
    since="valid_from",
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a body."""
    act = signed.act
    match act:
        case BodyRegistered():
            own = {"body_kind": act.body_kind, "parent": act.parent, "extinct_on": None, "profile": None}
            counts = {"rules_versions": 0, "seats_defined": 0}
            lists: Row = {"names": [{"index": signed.index}], "suspensions": []}
            page.put(BODIES, {"id": act.body, **heading(signed), **own, **counts, **lists})
        case BodyRulesAdopted():
            _adopt(page, signed, act)
        case SeatsDefined():
            _define(page, signed, act)
        case SeatsSuppressed():
            touch(page.edit(BODIES, act.body), signed)
            for name in act.seats:
                seat = page.edit(SEATS, act.body, name)
                seat["valid_to"] = date.fromisoformat(act.valid_to)
                seat["suppressed_index"] = signed.index
        case BodyExtinguished():
            touch(page.edit(BODIES, act.body), signed)["extinct_on"] = date.fromisoformat(act.extinct_on)
        case BodyRenamed():
            row = touch(page.edit(BODIES, act.body), signed)
            row["names"] = [*row["names"], {"index": signed.index, "from_on": act.effective_on}]
        case BodySuspended():
            row = touch(page.edit(BODIES, act.body), signed)
            row["suspensions"] = [*row["suspensions"], {"index": signed.index, "from_on": act.suspended_on}]
        case BodyResumed():
            row = touch(page.edit(BODIES, act.body), signed)
            last = row["suspensions"][-1] | {"until_on": act.resumed_on, "resumed_index": signed.index}
            row["suspensions"] = [*row["suspensions"][:-1], last]
        case _:
            pass


def _adopt(page: Page, signed: Signed, act: BodyRulesAdopted) -> None:
    body = touch(page.edit(BODIES, act.body), signed)
    body["rules_versions"] += 1
    body["profile"] = act.profile
    page.put(
        BODY_RULES,
        {
            "body": act.body,
            "number": body["rules_versions"],
            "profile": act.profile,
            "rules": act.rules.model_dump(mode="json", exclude_none=True),
            "valid_from": date.fromisoformat(act.valid_from),
            "entry_index": signed.index,
            "recorded": recorded_text(signed.recorded_at),
        },
    )


def _define(page: Page, signed: Signed, act: SeatsDefined) -> None:
    body = touch(page.edit(BODIES, act.body), signed)
    begins = date.fromisoformat(act.valid_from)
    for seat in act.seats:
        body["seats_defined"] += 1
        page.put(
            SEATS,
            {
                "body": act.body,
                **seat.model_dump(),
                "valid_from": begins,
                "valid_to": None,
                "ordinal": body["seats_defined"],
                "defined_index": signed.index,
                "suppressed_index": None,
            },
        )


REGISTRY = Registry("bodies", (BODIES, BODY_RULES, SEATS), {"body": BODIES}, handle)
