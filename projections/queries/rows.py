"""Rows out of registries at a moment: what a list is, its order, its parts, and how rows are looked through.

Lists are ordered by the place in the log at which an object was made, which never changes: who pages through a list
while it grows sees every object once.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, LiteralString, TypeAlias

from psycopg import sql
from psycopg.rows import tuple_row

from ledger.store.pool import translated
from projections.queries.moment import Moment, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from ledger.store.pool import Pool
    from projections.base import Row, Table

Object: TypeAlias = dict[str, Any]
Reader: TypeAlias = Reading
Place: TypeAlias = tuple[int, str]
"""Where an object stands in its list: index of the act that made it, and its id."""
MAX_SCAN = 5_000
"""How many rows a list that is picked by what is computed looks through for one page."""
SCAN_PAGE = 500
"""How many it reads at a time, at most."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of public object.

    What depends on the day or the instant of the question gets it by name (`on`, `at`), as the question gives it.

    Attributes:
        name: What `type` says.
        path: Its collection's path below /api/v1.
        table: Where its rows are.
        day: The column that date_from and date_to look at, if any.
        hidden: Columns that are not shown as they are.
        address: Template of its path, out of its columns, where that is not its collection's path and its id.
        links: Name → template of a path out of its columns; left out where one of these is empty. `{vote.path}` is the
            path of the stream that the column names.
        begun: The condition under which there is such an object on the day of the question; None: whenever it is known.
        computed: Filters by what is computed: (cursor, rows, value, …) → the rows that are wanted.
        tell: (cursor, rows, …) → the objects of some rows, all at once; None: they are shown as they stand.
        whole: (cursor, row, object, …) → the object with what only its own page tells.
    """

    name: str
    path: str
    table: Table
    day: str | None = None
    hidden: frozenset[str] = frozenset()
    address: str | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    begun: Callable[[Reader, date], sql.Composable] | None = None
    computed: Mapping[str, Callable[..., list[Row]]] = field(default_factory=dict)
    tell: Callable[..., list[Object]] | None = None
    whole: Callable[..., Object] | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: at most `limit` objects behind `after` (None: from the first on).

    newest_first: the list the other way round; `after` is then what came later.
    """

    after: Place | None = None
    limit: int = 50
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """Which objects of a list.

    Attributes:
        equal: Column → value; a None value does not filter.
        created_since, created_until, modified_since, modified_until: Bounds of the stamps, both included.
        date_from, date_to: Bounds of the kind's day, both included.
        computed: Name of one of the kind's computed filters → value; None does not filter.
    """

    equal: Mapping[str, str | int | None] = field(default_factory=dict)
    created_since: datetime | None = None
    created_until: datetime | None = None
    modified_since: datetime | None = None
    modified_until: datetime | None = None
    date_from: date | None = None
    date_to: date | None = None
    computed: Mapping[str, object] = field(default_factory=dict)


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
    """Return the rows of a part of a list, and the place of the last where more follow; computed filters stay aside."""
    conditions, values = _conditions(cursor, kind, filters, window)
    conditions += _begun(cursor, kind, on)
    order = "live.created_index DESC, live.id DESC" if window.newest_first else "live.created_index, live.id"
    query = sql.SQL("SELECT {} FROM {} {} ORDER BY {} LIMIT {}").format(
        cursor.columns(kind.table),
        cursor.source(kind.table),
        sql.SQL("WHERE {}").format(sql.SQL(" AND ").join(conditions)) if conditions else sql.SQL(""),
        sql.SQL(order),
        sql.Literal(window.limit + 1),
    )
    found = [dict(zip(kind.table.columns, row, strict=True)) for row in cursor.execute(query, values).fetchall()]
    rows = found[: window.limit]
    return rows, place_of(rows[-1]) if len(found) > window.limit else None


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


def _conditions(
    cursor: Reader, kind: Kind, filters: Filters, window: Window
) -> tuple[list[sql.Composable], list[object]]:
    tests: list[tuple[str, LiteralString, object]] = [(column, "=", value) for column, value in filters.equal.items()]
    for column in ("created", "modified"):
        tests.append((column, ">=", getattr(filters, f"{column}_since")))
        tests.append((column, "<=", getattr(filters, f"{column}_until")))
    if kind.day is not None:
        tests += [(kind.day, ">=", filters.date_from), (kind.day, "<=", filters.date_to)]
    wanted = [test for test in tests if test[2] is not None]
    conditions: list[sql.Composable] = [
        sql.SQL("{} {} %s").format(cursor.column(kind.table, column), sql.SQL(sign)) for column, sign, _ in wanted
    ]
    conditions += cursor.existing(kind.table)
    values = [value for _, _, value in wanted]
    if window.after is not None:
        behind = sql.SQL("<") if window.newest_first else sql.SQL(">")
        conditions.append(sql.SQL("(live.created_index, live.id) {} (%s, %s)").format(behind))
        values += window.after
    return conditions, values
