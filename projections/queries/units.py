"""Administrative units as of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.queries.base import API, Kind, Listing, Texts, find_row, select, show
from projections.units import UNITS

if TYPE_CHECKING:
    from datetime import date

    from projections.base import Row
    from projections.queries.base import Filters, Object, Reader, Window

UNIT = Kind("unit", "units", UNITS, hidden=frozenset({"versions"}))


def unit(cursor: Reader, key: str, on: date) -> Object | None:
    """Return a unit as it was on a day with all its versions, None where there never was one of that key."""
    row = find_row(cursor, UNIT, key)
    if row is None:
        return None
    texts = _texts(cursor, [row])
    versions = [
        {
            **version,
            "name": texts.show(version["name"], "name"),
            "recorded_later": version["on"] < row["occurred_at"][:10],
        }
        for version in row["versions"]
    ]
    return _as_of(row, texts, on) | {"versions": versions}


def units(cursor: Reader, filters: Filters, window: Window, on: date) -> Listing:
    """Return a part of the list of units, each as it was on a day; which were then says `exists`."""
    rows, following = select(cursor, UNIT, filters, window)
    texts = _texts(cursor, rows)
    return Listing([_as_of(row, texts, on) for row in rows], following)


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
    if "parent" in shown:
        shown["links"]["parent"] = f"{API}/units/{shown['parent']}"
    return shown
