"""Administrative units as of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.queries.base import Kind, Texts, shown
from projections.units import UNITS

if TYPE_CHECKING:
    from datetime import date

    from projections.base import Row
    from projections.queries.base import Object, Reader


def _told(cursor: Reader, rows: list[Row], on: date) -> list[Object]:
    """Tell units by their last version that had taken effect; before the first one, as they began."""
    last = [([v for v in row["versions"] if v["on"] <= on.isoformat()] or row["versions"][:1])[-1] for row in rows]
    then = [
        {
            **row,
            "code": version["code"],
            "parent": version.get("parent"),
            "sealed": {**row["sealed"], "name": version["name"]},
        }
        for row, version in zip(rows, last, strict=True)
    ]
    texts = _texts(cursor, rows)
    found = shown(cursor, UNIT, then)
    for row, version, one in zip(rows, last, found, strict=True):
        ended = row["suppressed_on"] is not None and row["suppressed_on"] <= on
        one |= {"on": on.isoformat(), "exists": row["created_on"] <= on and not ended}
        one["texts"]["name"] = texts.show(version["name"], "name")
    return found


def _whole(cursor: Reader, row: Row, found: Object, on: date) -> Object:  # noqa: ARG001  all versions, of any day
    """Tell all versions of a unit."""
    texts = _texts(cursor, [row])
    found["versions"] = [
        {
            **version,
            "name": texts.show(version["name"], "name"),
            "recorded_later": version["on"] < row["occurred_at"][:10],
        }
        for version in row["versions"]
    ]
    return found


def _texts(cursor: Reader, rows: list[Row]) -> Texts:
    return Texts(cursor, {version["name"] for row in rows for version in row["versions"]})


UNIT = Kind(
    "unit",
    "units",
    UNITS,
    hidden=frozenset({"versions"}),
    links={"parent": "units/{parent}"},
    asks=("on",),
    tell=_told,
    whole=_whole,
    adds=("on", "exists", "versions"),
)
