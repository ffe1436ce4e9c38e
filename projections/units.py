"""Administrative units, with every version that they had."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.acts.unit import OfUnit, UnitCreated, UnitReassigned, UnitRenamed, UnitSuppressed
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

UNITS = object_table(
    "units",
    "code",
    "parent",
    "created_on",
    "suppressed_on",
    "successor",
    "versions",
    json=("versions",),
    by_effect=True,
    since="created_on",
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a unit."""
    act = signed.act
    if not isinstance(act, OfUnit):
        return
    day = date.fromisoformat(act.effective_on)
    if isinstance(act, UnitCreated):
        row: Row = {"id": act.unit, **heading(signed), "code": act.code, "parent": act.parent, "created_on": day}
        page.put(UNITS, row | {"suppressed_on": None, "successor": None, "versions": []})
    row = page.edit(UNITS, act.unit) if isinstance(act, UnitCreated) else touch(page.edit(UNITS, act.unit), signed)
    match act:
        case UnitRenamed():
            row["code"] = act.code or row["code"]
        case UnitReassigned():
            row["parent"] = act.parent
        case UnitSuppressed():
            row.update(suppressed_on=day, successor=act.successor)
        case _:
            pass
    row["versions"] = [*row["versions"], _version(row, signed, act)]


def _version(row: Row, signed: Signed, act: OfUnit) -> Row:
    """Return the unit as it is from a day on; `name` is the place of the entry where its name stands."""
    named = [version["name"] for version in row["versions"]]
    version: Row = {
        "index": signed.index,
        "on": act.effective_on,
        "act": act.type_name.partition("/")[0],
        "code": row["code"],
        "name": signed.index if "name" in signed.statement.sealed else named[-1],
    }
    for name, value in (("parent", row["parent"]), ("by", act.by)):
        if value is not None:
            version[name] = value
    return version


REGISTRY = Registry("units", (UNITS,), {"unit": UNITS}, handle)
