"""How many there are, in all and by value: exact up to a limit, "more than" beyond it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql

from projections.queries.asking import Window
from projections.queries.rows import statement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from projections.queries.asking import Filters, Kind, Object, Reader

MAX_COUNTED = 10_000
"""Hits are counted up to here; beyond, an answer says "more than"."""
MAX_VALUES = 100
"""Values that a facet shows, those with most hits."""


def counted(
    cursor: Reader,
    names: Sequence[str],
    hits: sql.Composable,
    values: Sequence[object],
    named: Callable[[str, Any], Object] = lambda _name, _value: {},
) -> Object:
    """Return `total` and `facets` of some hits.

    Args:
        cursor: On one moment of the registries.
        names: Of the facets, in the order of the hits' columns.
        hits: A query of these columns, at most MAX_COUNTED + 1 rows.
        values: Of the query.
        named: What people call a facet's value, where they do.
    """
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    query = sql.SQL(
        "WITH hits ({}) AS ({}) SELECT grouping({}), count(*), {} FROM hits GROUP BY GROUPING SETS ({}, ())"
    )
    sets = sql.SQL(", ").join(sql.SQL("({})").format(sql.Identifier(name)) for name in names)
    shown = sql.SQL(", ").join(sql.SQL("to_jsonb({})").format(sql.Identifier(name)) for name in names)
    rows = cursor.execute(query.format(columns, hits, columns, shown, sets), values or None).fetchall()
    whole = (1 << len(names)) - 1
    total = next((row[1] for row in rows if row[0] == whole), 0)
    more = total > MAX_COUNTED
    facets: Object = {}
    for place, name in enumerate(names):
        own = whole & ~(1 << (len(names) - 1 - place))
        found = [(row[2 + place], row[1]) for row in rows if row[0] == own and row[2 + place] is not None]
        found.sort(key=lambda pair: (-pair[1], str(pair[0])))
        facets[name] = [
            {"value": value, **named(name, value), **count(number, more=more)} for value, number in found[:MAX_VALUES]
        ]
    return {"total": count(min(total, MAX_COUNTED), more=more), "facets": facets}


def count(number: int, *, more: bool) -> Object:
    """Return a number of hits, and whether there are more than that."""
    return {"count": number, "more_than": more}


def facets_of(
    cursor: Reader, kind: Kind, filters: Filters, facets: Mapping[str, str], on: date | None = None
) -> Object:
    """Return `total` and `facets` of a list; beyond MAX_COUNTED they are of the first so many.

    Args:
        cursor: On one moment of the registries.
        kind: Of the list.
        filters: Without computed ones.
        facets: Name → column.
        on: The day of the question, where the kind has one.
    """
    columns = tuple(facets.values())
    hits, values = statement(cursor, kind, filters, Window(limit=MAX_COUNTED), on=on, columns=columns)
    return counted(cursor, tuple(facets), hits, values)
