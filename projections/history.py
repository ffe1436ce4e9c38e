"""Earlier versions of rows, so that every registry answers "as known on K" and "as of D" (docs/time.md).

A registry's tables hold the last version of each row. When an act changes a row, the version before goes into
`row_history` with the index of that act and the day of which it tells: a row as known at index K is its first earlier
version that an act after K replaced, or else the last one. Rows that are written once have no history and cost
nothing; where a row began is told by one of its columns, or by `row_births` for tables that have none.

What an erasure must take away for ever (`Table.unkept`) is never kept here.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, LiteralString

import orjson
from psycopg import sql

from ledger.ids import legal_day
from projections.base import changing, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psycopg import Cursor

    from ledger.domain.world import Signed
    from projections.base import Row, Table

HISTORY: LiteralString = "row_history"
BIRTHS: LiteralString = "row_births"
COLUMNS = {
    HISTORY: ("table_name", "key", "until_index", "until_on", "row"),
    BIRTHS: ("table_name", "key", "born_index"),
}
BETWEEN: LiteralString = "|"
"""Between the values of a key; no natural key has it."""
_TOLD = ("held_on", "adopted_on")


def day_of(signed: Signed) -> date:
    """Return the day of which an act tells: as its signer wrote it, or of an import the day that the source gives.

    The legal day is the date as written (format.md §2); no time zone is consulted, so that a session that goes on
    beyond midnight in UTC stays on its day.
    """
    if signed.act.voice == "imported":
        for name in _TOLD:
            told = signed.statement.data.get(name)
            if told is not None:
                return date.fromisoformat(told)
    return legal_day(signed.statement.occurred_at)


def key_of(values: Iterable[object]) -> str:
    """Return a row's key as one text, as `key_expression` writes it in SQL."""
    return BETWEEN.join(map(str, values))


def key_expression(table: Table, alias: str) -> sql.Composable:
    """Return the SQL of a row's key as one text."""
    parts = [sql.SQL("{}::text").format(sql.Identifier(alias, column)) for column in table.key]
    return sql.SQL(f" || '{BETWEEN}' || ").join(parts)


class Kept:
    """Earlier versions and beginnings that a page has gathered, until they are written."""

    def __init__(self) -> None:
        self._versions: list[tuple[Table, Sequence[object], int, date, Row]] = []
        self._births: list[tuple[str, str, int]] = []

    def replaced(self, table: Table, row: Row, before: Row, act: tuple[int, date]) -> None:
        """Keep the version that an act (its index and day) replaced, unless it left the row as it was."""
        if before != row:
            self._versions.append((table, [row[column] for column in table.key], *act, before))

    def born(self, table: Table, keys: Iterable[Sequence[object]], index: int) -> None:
        """Note where rows of a table without a column for it began."""
        self._births.extend((table.name, key_of(key), index) for key in keys)

    def write(self, cursor: Cursor[tuple[Any, ...]], schema: str) -> None:
        """Write what has gathered."""
        versions = [
            (table.name, key_of(key), index, day, _document(table, before))
            for table, key, index, day, before in self._versions
        ]
        self._copy(cursor, schema, HISTORY, versions)
        self._copy(cursor, schema, BIRTHS, self._births)
        self._versions.clear()
        self._births.clear()

    @staticmethod
    def _copy(cursor: Cursor[tuple[Any, ...]], schema: str, name: str, rows: Sequence[Sequence[object]]) -> None:
        if not rows:
            return
        columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS[name]))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(schema, name), columns)
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


def _document(table: Table, row: Row) -> str:
    return orjson.dumps({column: plain(row[column]) for column in kept_columns(table)}).decode()


@cache
def kept_columns(table: Table) -> tuple[str, ...]:
    """Return the columns that an earlier version has of its own; the others are those of the last one."""
    return tuple(column for column in changing(table) if column not in table.unkept)
