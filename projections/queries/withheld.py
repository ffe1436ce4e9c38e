"""What of an object is withheld and why: its sealed texts that nobody opened, that were erased, that are classified."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ledger.texts import text
from projections.agenda import AGENDA_ITEMS
from projections.queries.asking import API
from projections.queries.rows import rows_where
from projections.times import TIMES
from projections.transparency import CLASSIFICATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from projections.base import Row
    from projections.queries.asking import Object, Reader

ClassificationStatus: TypeAlias = Literal["pending", "in-force", "expired", "revoked", "declassified"]
_STANDING = frozenset({"confirmed", "modified"})
_WAITING = frozenset({"in-force", "pending"})


def tell_withheld(cursor: Reader, rows: Sequence[Row], found: Sequence[Object]) -> None:
    """Add to objects what of them is withheld: names of their texts, the reason, and of what is classified the ground.

    Args:
        cursor: On one moment of the registries.
        rows: Of the objects.
        found: The objects as shown, with their `texts`.
    """
    shut = [_shut(one) for one in found]
    streams = sorted({row["stream"] for row, names in zip(rows, shut, strict=True) if names})
    parts = rows_where(cursor, CLASSIFICATIONS, "object", streams, ["entry_index", "proposal"]) if streams else []
    standing = statuses(cursor, parts, day_of(cursor)) if parts else []
    waiting = [(part, status) for part, status in zip(parts, standing, strict=True) if status in _WAITING]
    for row, one, names in zip(rows, found, shut, strict=True):
        own = [
            (part, status) for part, status in waiting if part["object"] == row["stream"] and names & {*part["names"]}
        ]
        told = [_classified(part, status) for part, status in own]
        left = names - {name for part, _ in own for name in part["names"]}
        erased = {name for name in left if "erased_index" in one["texts"][name]}
        one["withheld"] = told + _plainly("erased", erased) + _plainly("not-opened", left - erased)


def _shut(found: Object) -> set[str]:
    return {name for name, said in found["texts"].items() if "value" not in said}


def _classified(part: Row, status: ClassificationStatus) -> Object:
    told: Object = {"names": part["names"], "reason": "classified", "id": f"{API}/classifications/{part['id']}"}
    told |= {"character": part["character"], "status": status, **legend(part)}
    return told if part["until_on"] is None else told | {"until_on": part["until_on"].isoformat()}


def _plainly(reason: str, names: set[str]) -> list[Object]:
    said = {"reason": reason, "text": text(f"withheld-{reason}"), "text_en": text(f"withheld-{reason}", "en")}
    return [{"names": sorted(names), **said}] if names else []


def day_of(cursor: Reader) -> date:
    """Return the day of a question: the one asked for, or else that of the last act that is known."""
    if cursor.moment.as_of is not None:
        return cursor.moment.as_of
    rows = rows_where(cursor, TIMES, "entry_index", max(cursor.position - 1, 0))
    day: date = rows[0]["told_on"] if rows else date.min
    return day


# -- how classifications stand ---------------------------------------------------------------------------------------


def statuses(cursor: Reader, rows: list[Row], on: date) -> list[ClassificationStatus]:
    """Return how classifications stand on a day."""
    decided = _decided(cursor, rows)
    return [status_of(row, on, decided=(row["session"], row["item"]) in decided) for row in rows]


def status_of(row: Row, on: date, *, decided: bool) -> ClassificationStatus:
    """Return how a classification stands on a day; a term that has ended has ended without any act (T4, T5)."""
    if row["phase"] in {"revoked", "declassified"}:
        return "revoked" if row["phase"] == "revoked" else "declassified"
    if decided or (row["until_on"] is not None and row["until_on"] <= on):
        return "expired"
    return "in-force" if row["phase"] in _STANDING else "pending"


def _decided(cursor: Reader, rows: Iterable[Row]) -> set[tuple[str, int]]:
    """Return the items under deliberation that have been resolved."""
    sessions = sorted({row["session"] for row in rows if row["session"] is not None})
    if not sessions:
        return set()
    items = rows_where(cursor, AGENDA_ITEMS, "session", sessions)
    return {(item["session"], item["item"]) for item in items if item["outcome"] == "resolved"}


def legend(row: Row) -> Object:
    """Return what every classified document says of itself: character, date, ground, period (T7; LGTAIP 109)."""
    reserved = row["character"] == "reserved"
    ground = f"112.{row['fraction']}" if reserved else f"115.{row['ground']}"
    said: dict[str, Any] = {"on": row["occurred_at"][:10], "ground": ground}
    if reserved:
        said |= {"from_on": row["from_on"], "until_on": row["until_on"].isoformat()}
    code = f"legend-{row['character']}"
    return {"legal_ground": ground, "legend": text(code, **said), "legend_en": text(code, "en", **said)}
