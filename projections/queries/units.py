"""Administrative units as of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.queries.base import Kind, Texts, show
from projections.units import UNITS

if TYPE_CHECKING:
    from datetime import date

    from projections.base import Row
    from projections.queries.base import Object, Reader


def _told(cursor: Reader, rows: list[Row], on: date) -> list[Object]:
    texts = _texts(cursor, rows)
    return [_as_of(row, texts, on) for row in rows]


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
    indexes = {version["name"] for row in rows for version in row["versions"]}
    return Texts(cursor, indexes | {index for row in rows for index in row["sealed"].values()})


def _as_of(row: Row, texts: Texts, on: date) -> Object:
    """Return the unit by its last version that had taken effect; before the first one, as it began."""
    in_effect = [version for version in row["versions"] if version["on"] <= on.isoformat()] or row["versions"][:1]
    last = in_effect[-1]
    sealed = {**row["sealed"], "name": last["name"]}
    shown = show(UNIT, {**row, "code": last["code"], "parent": last.get("parent"), "sealed": sealed}, texts)
    ended = row["suppressed_on"] is not None and row["suppressed_on"] <= on
    shown |= {"on": on.isoformat(), "exists": row["created_on"] <= on and not ended}
    shown["texts"]["name"] = texts.show(last["name"], "name")
    return shown


UNIT = Kind(
    "unit", "units", UNITS, hidden=frozenset({"versions"}), links={"parent": "units/{parent}"}, tell=_told, whole=_whole
)
