"""Rows out of registries at a moment: what a list is, its order, its parts, and how rows are looked through.

Lists are ordered by the place in the log at which an object was made, which never changes: who pages through a list
while it grows sees every object once.
"""

from __future__ import annotations

import contextlib
import operator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, LiteralString, TypeAlias

from psycopg import sql
from psycopg.rows import tuple_row

from ledger.store.pool import translated
from projections.queries.asking import Window
from projections.queries.moment import Moment, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from ledger.store.pool import Pool
    from projections.base import Row, Table
    from projections.queries.asking import Filters, Kind, Place, Reader

MAX_SCAN = 5_000
"""How many rows a list that is picked by what is computed looks through for one page."""
SCAN_PAGE = 500
"""How many it reads at a time, at most."""
Test: TypeAlias = "tuple[str, LiteralString, Any]"
"""Column, sign, value."""
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {"=": operator.eq, ">=": operator.ge, "<=": operator.le}


@contextlib.contextmanager
def reading(pool: Pool, moment: Moment | None = None) -> Iterator[Reader]:
    """Give a cursor on one moment of the registries: all that is asked through it belongs together.

    Args:
        pool: Of the application's connections.
        moment: As of which day, as known when; without it everything that the registries have seen.

    Raises:
        StoreError: As all of the store's.
    """
    with translated(), pool.connection() as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with Reading(connection, row_factory=tuple_row) as cursor:
            cursor.settle(moment or Moment())
            yield cursor


def rows_where(cursor: Reader, table: Table, column: str, value: object, order: Sequence[str] = ()) -> list[Row]:
    """Return the rows of a table whose column has a value, or one of a list of values."""
    return _rows(cursor, table, [(column, value)], (), order)


def _rows(
    cursor: Reader,
    table: Table,
    equal: Sequence[tuple[str, object]],
    also: Sequence[sql.Composable],
    order: Sequence[str] = (),
) -> list[Row]:
    wanted = [
        sql.SQL("{} = {}").format(
            cursor.column(table, column), sql.SQL("ANY(%s)") if isinstance(value, list) else sql.Placeholder()
        )
        for column, value in equal
    ]
    query = sql.SQL("SELECT {} FROM {} WHERE {}").format(
        cursor.columns(table), cursor.source(table), sql.SQL(" AND ").join([*wanted, *also, *cursor.existing(table)])
    )
    if order:
        query += sql.SQL(" ORDER BY {}").format(sql.SQL(", ").join(cursor.column(table, name) for name in order))
    found = cursor.execute(query, [value for _, value in equal]).fetchall()
    return [dict(zip(table.columns, row, strict=True)) for row in found]


def find_row(cursor: Reader, kind: Kind, key: str, on: date | None = None) -> Row | None:
    """Return an object's row, None where there is none, or none yet on the day of the question."""
    rows = _rows(cursor, kind.table, [("id", key)], _begun(cursor, kind, on))
    return rows[0] if rows else None


def _begun(cursor: Reader, kind: Kind, on: date | None) -> list[sql.Composable]:
    return [] if kind.begun is None or on is None else [kind.begun(cursor, on)]


def select(
    cursor: Reader, kind: Kind, filters: Filters, window: Window, on: date | None = None
) -> tuple[list[Row], Place | None]:
    """Return the rows of a part of a list, and the place of the last where more follow; computed filters stay aside.

    Where what changed is asked for (`Filters.changes`), rows that left the list since then are among them.
    """
    query, values = statement(cursor, kind, filters, window, on=on)
    names = kind.table.columns
    found = [dict(zip(names, row, strict=True)) for row in cursor.execute(query, values).fetchall()]
    rows = found[: window.limit]
    return rows, place_of(rows[-1]) if len(found) > window.limit else None


def statement(
    cursor: Reader,
    kind: Kind,
    filters: Filters,
    window: Window,
    *,
    on: date | None = None,
    columns: Sequence[str] = (),
) -> tuple[sql.Composed, list[object]]:
    """Return the query of a part of a list and its values, one row more than the window has; all columns by default."""
    conditions, values = _conditions(cursor, kind, filters, window)
    conditions += _begun(cursor, kind, on)
    order = "live.created_index DESC, live.id DESC" if window.newest_first else "live.created_index, live.id"
    query = sql.SQL("SELECT {} FROM {} {} ORDER BY {} LIMIT {}").format(
        sql.SQL(", ").join(cursor.column(kind.table, name) for name in columns or kind.table.columns),
        cursor.source(kind.table),
        sql.SQL("WHERE {}").format(sql.SQL(" AND ").join(conditions)) if conditions else sql.SQL(""),
        sql.SQL(order),
        sql.Literal(window.limit + 1),
    )
    return query, values


def page_before(
    cursor: Reader, kind: Kind, filters: Filters, window: Window, on: date | None = None
) -> Place | Literal["first"] | None:
    """Return the place behind which the page before a window's begins, "first" for the first page; None without one."""
    if window.after is None or window.newest_first:
        return None
    back = Window(window.after, window.limit, newest_first=True)
    query, values = statement(cursor, kind, filters, back, on=on, columns=("created_index", "id"))
    rows = cursor.execute(query, values).fetchall()
    return (rows[window.limit - 1][0], rows[window.limit - 1][1]) if len(rows) >= window.limit else "first"


def scan(
    cursor: Reader,
    kind: Kind,
    filters: Filters,
    window: Window,
    picked: Callable[[list[Row]], list[Row]],
    *,
    on: date | None = None,
) -> tuple[list[Row], Place | None]:
    """Return a part of the rows that `picked` leaves, looking through the list in growing portions.

    Where MAX_SCAN rows were looked through the part ends, full or not, and the place says from where to go on.
    """
    found: list[Row] = []
    after, size, looked = window.after, window.limit + 1, 0
    while looked < MAX_SCAN:
        rows, following = select(cursor, kind, filters, replace(window, after=after, limit=size), on)
        found += picked(rows)
        if len(found) > window.limit or following is None:
            return cut(found, window.limit, "created_index", "id")
        after, looked = following, looked + size
        size = min(2 * size, SCAN_PAGE)
    return found, after


def place_of(row: Row) -> Place:
    """Return where an object stands in its list."""
    return row["created_index"], row["id"]


def cut(found: Sequence[Row], limit: int, index: str, key: str) -> tuple[list[Row], Place | None]:
    """Return the first `limit` rows and the place of the last where more follow."""
    rows = list(found[:limit])
    return rows, (rows[-1][index], rows[-1][key]) if len(found) > limit else None


def _tests(kind: Kind, filters: Filters) -> list[Test]:
    """Return what a row must be to be in the list."""
    tests: list[Test] = [(column, "=", value) for column, value in filters.equal.items()]
    if kind.day is not None:
        tests += [(kind.day, ">=", filters.date_from), (kind.day, "<=", filters.date_to)]
    return [test for test in tests if test[2] is not None]


def has_left(kind: Kind, filters: Filters, row: Row) -> bool:
    """Tell whether a row is no longer of the list, and only among the changes because it was."""
    return not all(
        row[column] is not None and _COMPARED[sign](row[column], value) for column, sign, value in _tests(kind, filters)
    )


def _conditions(
    cursor: Reader, kind: Kind, filters: Filters, window: Window
) -> tuple[list[sql.Composable], list[object]]:
    tests = _tests(kind, filters)
    stays = kind.table.fixed | {*kind.table.key} | kind.table.unkept
    moving = [test for test in tests if filters.changes and test[0] not in stays]
    bounds: list[Test] = [("modified_index", ">=", filters.modified_since_index)]
    for column in ("created", "modified"):
        bounds.append((column, ">=", getattr(filters, f"{column}_since")))
        bounds.append((column, "<=", getattr(filters, f"{column}_until")))
    wanted = [test for test in (*tests, *bounds) if test[2] is not None and test not in moving]
    conditions: list[sql.Composable] = [
        sql.SQL("{} {} %s").format(cursor.column(kind.table, column), sql.SQL(sign)) for column, sign, _ in wanted
    ]
    conditions += cursor.existing(kind.table)
    if moving:
        conditions.append(_there_or_left(cursor, kind, filters, moving))
    values = [value for _, _, value in wanted]
    if window.after is not None:
        behind = sql.SQL("<") if window.newest_first else sql.SQL(">")
        conditions.append(sql.SQL("(live.created_index, live.id) {} (%s, %s)").format(behind))
        values += window.after
    return conditions, values


def _there_or_left(cursor: Reader, kind: Kind, filters: Filters, tests: Sequence[Test]) -> sql.Composable:
    """Return the condition that a row is in the list, or was when the changes that are asked for began."""

    def all_of(column: Callable[[str], sql.Composable]) -> sql.Composable:
        parts = [sql.SQL("{} {} {}").format(column(n), sql.SQL(sign), sql.Literal(value)) for n, sign, value in tests]
        return sql.SQL(" AND ").join(parts)

    since = filters.modified_since_index
    if since is None and filters.modified_since is not None:
        since = cursor.entries_before(filters.modified_since)
    earlier = cursor.earlier(kind.table, since or 0, all_of)
    return sql.SQL("(({}) OR {})").format(all_of(lambda name: cursor.column(kind.table, name)), earlier)
