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
_NOTHING = sql.SQL("NULL")


def counted(
    cursor: Reader,
    names: Sequence[str],
    hits: sql.Composable,
    values: Sequence[object] | Mapping[str, object],
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
    return _told(names, _grouped(cursor, names, names, hits, values), named)


def counted_with_first(
    cursor: Reader,
    names: Sequence[str],
    hits: sql.Composable,
    limit: int,
    named: Callable[[str, Any], Object],
) -> tuple[Object, list[str]]:
    """Return `total` and `facets` of some hits, and the objects of the newest `limit`: found once, not twice.

    Args:
        cursor: On one moment of the registries.
        names: Of the facets.
        hits: A query of their columns, of `object` and of `created_index`, at most MAX_COUNTED + 1 rows.
        limit: Of objects.
        named: What people call a facet's value, where they do.
    """
    first = sql.SQL(
        "CASE WHEN grouping({}) = {} THEN (SELECT array_agg(object) FROM "
        "(SELECT object FROM hits ORDER BY created_index DESC, object DESC LIMIT {}) AS first) END"
    ).format(_columns(names), sql.Literal(_whole(names)), sql.Literal(limit))
    rows = _grouped(cursor, names, (*names, "object", "created_index"), hits, (), also=first)
    objects = next((row[-1] for row in rows if row[0] == _whole(names)), None)
    return _told(names, rows, named), objects or []


def _columns(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _whole(names: Sequence[str]) -> int:
    """Return what `grouping` says of the row over all hits."""
    return (1 << len(names)) - 1


def _grouped(
    cursor: Reader,
    names: Sequence[str],
    columns: Sequence[str],
    hits: sql.Composable,
    values: Sequence[object] | Mapping[str, object],
    *,
    also: sql.Composable = _NOTHING,
) -> list[tuple[Any, ...]]:
    """Return a row for each value of each facet, and one over all: which, how many, its values, what else is asked."""
    query = sql.SQL(
        "WITH hits ({}) AS ({}) SELECT grouping({}), count(*), {}, {} FROM hits GROUP BY GROUPING SETS ({}, ())"
    )
    sets = sql.SQL(", ").join(sql.SQL("({})").format(sql.Identifier(name)) for name in names)
    shown = sql.SQL(", ").join(sql.SQL("to_jsonb({})").format(sql.Identifier(name)) for name in names)
    asked = query.format(_columns(columns), hits, _columns(names), shown, also, sets)
    return cursor.execute(asked, values or None).fetchall()


def _told(names: Sequence[str], rows: Sequence[tuple[Any, ...]], named: Callable[[str, Any], Object]) -> Object:
    whole = _whole(names)
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
