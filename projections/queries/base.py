"""Public objects out of registries: one shape, one order, one way of paging (product.md §3.1).

Lists are ordered by the place in the log at which an object was made, which never changes: who pages through a list
while it grows sees every object once.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, LiteralString, TypeAlias

from psycopg import sql
from psycopg.rows import tuple_row

from ledger.ids import write_recorded
from ledger.store.pool import translated
from projections.base import HEADING
from projections.queries.moment import Moment, Reading
from projections.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ledger.store.pool import Pool
    from projections.base import Row, Table

API = "/api/v1"
Object: TypeAlias = dict[str, Any]
Reader: TypeAlias = Reading
Place: TypeAlias = tuple[int, str]
"""Where an object stands in its list: index of the act that made it, and its id."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of public object.

    Attributes:
        name: What `type` says.
        path: Its collection's path below /api/v1.
        table: Where its rows are.
        day: The column that date_from and date_to look at, if any.
        hidden: Columns that are not shown as they are.
    """

    name: str
    path: str
    table: Table
    day: str | None = None
    hidden: frozenset[str] = frozenset()


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
        also: Further conditions, on columns of the table `live`.
    """

    equal: Mapping[str, str | int | None] = field(default_factory=dict)
    created_since: datetime | None = None
    created_until: datetime | None = None
    modified_since: datetime | None = None
    modified_until: datetime | None = None
    date_from: date | None = None
    date_to: date | None = None
    also: tuple[sql.Composable, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Objects in order, the place of the last one where more follow, and what else the list says of itself."""

    data: list[Object]
    following: Place | None = None
    about: Object = field(default_factory=dict)


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


# -- rows ----------------------------------------------------------------------------------------------------------


def rows_where(cursor: Reader, table: Table, column: str, value: object, order: Sequence[str] = ()) -> list[Row]:
    """Return the rows of a table whose column has a value, or one of a list of values."""
    wanted = sql.SQL("{} = {}").format(
        cursor.column(table, column), sql.SQL("ANY(%s)") if isinstance(value, list) else sql.Placeholder()
    )
    query = sql.SQL("SELECT {} FROM {} WHERE {}").format(
        cursor.columns(table), cursor.source(table), sql.SQL(" AND ").join([wanted, *cursor.existing(table)])
    )
    if order:
        query += sql.SQL(" ORDER BY {}").format(sql.SQL(", ").join(cursor.column(table, name) for name in order))
    return [dict(zip(table.columns, row, strict=True)) for row in cursor.execute(query, (value,)).fetchall()]


def select(cursor: Reader, kind: Kind, filters: Filters, window: Window) -> tuple[list[Row], Place | None]:
    """Return the rows of a part of a list, and the place of the last where more follow."""
    conditions, values = _conditions(cursor, kind, filters, window)
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


def place_of(row: Row) -> Place:
    """Return where an object stands in its list."""
    return row["created_index"], row["id"]


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
    conditions += [*cursor.existing(kind.table), *filters.also]
    values = [value for _, _, value in wanted]
    if window.after is not None:
        behind = sql.SQL("<") if window.newest_first else sql.SQL(">")
        conditions.append(sql.SQL("(live.created_index, live.id) {} (%s, %s)").format(behind))
        values += window.after
    return conditions, values


# -- texts ---------------------------------------------------------------------------------------------------------


class Texts:
    """What is open of the sealed texts of some entries."""

    def __init__(self, cursor: Reader, indexes: Iterable[int]) -> None:
        wanted = sorted(set(indexes))
        conditions = [sql.SQL("live.entry_index = ANY(%s) AND live.name !~ '^block/'"), *cursor.existing(TEXTS)]
        columns = ("entry_index", "name", "published_index", "erased_index", "value")
        query = sql.SQL("SELECT {} FROM {} WHERE {}").format(
            sql.SQL(", ").join(cursor.column(TEXTS, name) for name in columns),
            cursor.source(TEXTS),
            sql.SQL(" AND ").join(conditions),
        )
        rows = cursor.execute(query, (wanted,)).fetchall() if wanted else []
        self._found = {(index, name): tuple(rest) for index, name, *rest in rows}

    def show(self, index: int, name: str) -> Object:
        """Return what is to be told of a sealed text: where it stands, whether it is open, and then what it says."""
        published, erased, value = self._found.get((index, name), (None, None, None))
        shown: Object = {"index": index, "name": name, "published": published is not None}
        if published is not None:
            shown["published_index"] = published
        if erased is not None:
            shown["erased_index"] = erased
        if value is not None:
            shown["value"] = value
        return shown


def texts_of(cursor: Reader, rows: Iterable[Row]) -> Texts:
    """Return the open texts of objects."""
    return Texts(cursor, (index for row in rows for index in row["sealed"].values()))


# -- objects -------------------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """Return a column's value as JSON has it."""
    match value:
        case datetime():
            return write_recorded(value)
        case date():
            return value.isoformat()
        case _:
            return value


def show(kind: Kind, row: Row, texts: Texts, address: str | None = None) -> Object:
    """Return an object as the API shows it; `address` is its path where that is not its collection's and its id.

    `id` is its permanent address, `key` its place in its collection. `log` says where the ledger has it; `voice` who
    says it; `provenance` whether it is proved at origin or only since it was imported.
    """
    index = row["created_index"]
    path = f"{API}/{address or kind.path + '/' + row['id']}"
    own = {
        column: plain(row[column])
        for column in kind.table.columns
        if column != "id" and column not in HEADING and column not in kind.hidden and row[column] is not None
    }
    return {
        "id": path,
        "type": kind.name,
        "key": row["id"],
        **own,
        "texts": {name: texts.show(index, name) for name, index in sorted(row["sealed"].items())},
        "created": write_recorded(row["created"]),
        "modified": write_recorded(row["modified"]),
        "version": row["version"],
        "occurred_at": row["occurred_at"],
        "provenance": row["provenance"],
        "voice": {"kind": row["voice"], "signer": row["signer"], "office": row["office"]},
        "log": {
            "index": index,
            "last_index": row["modified_index"],
            "stream": row["stream"],
            "statement": row["statement"],
        },
        "links": {
            "self": path,
            "act": f"{API}/acts/{index}",
            "proof": f"{API}/acts/{index}/proof",
        },
    }


def listing(cursor: Reader, kind: Kind, filters: Filters, window: Window) -> Listing:
    """Return a part of a list of objects."""
    rows, following = select(cursor, kind, filters, window)
    texts = texts_of(cursor, rows)
    return Listing([show(kind, row, texts) for row in rows], following)


def find_row(cursor: Reader, kind: Kind, key: str) -> Row | None:
    """Return an object's row, None where there is none."""
    rows = rows_where(cursor, kind.table, "id", key)
    return rows[0] if rows else None


def find(cursor: Reader, kind: Kind, key: str) -> Object | None:
    """Return an object, None where there is none."""
    row = find_row(cursor, kind, key)
    return None if row is None else show(kind, row, texts_of(cursor, [row]))


def cut(found: Sequence[Row], limit: int, index: str, key: str) -> tuple[list[Row], Place | None]:
    """Return the first `limit` rows and the place of the last where more follow."""
    rows = list(found[:limit])
    return rows, (rows[-1][index], rows[-1][key]) if len(found) > limit else None
