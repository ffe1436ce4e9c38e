"""A page of acts becoming rows: every row is read at most once and written at most once a page, in batches.

Versions that acts of the page replace are kept one by one, however many acts the page has (projections/history.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, LiteralString, TypeAlias

import orjson
from psycopg import sql

from ledger.errors import StoreError
from ledger.statement import Entry
from projections.base import changing
from projections.history import Kept, day_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from psycopg import Cursor

    from ledger.domain.world import Signed
    from projections.base import Row, Table

LIVE: LiteralString = "registry"
SCRATCH: LiteralString = "pg_temp"
"""The schema of the tables that a rebuild or a comparison fills."""
MAX_PENDING_ROWS = 20_000
_ENTRY: LiteralString = "SELECT state FROM ledger.entries WHERE notification_id = %s"
_SEALED: LiteralString = "SELECT name, digest FROM ledger.disclosures WHERE entry_index = %s"

Key: TypeAlias = tuple[Any, ...]
TextReader: TypeAlias = "Callable[[str], str | None]"
"""Gives the disclosure with a digest out of the vault (`Vault.disclosure`); None when it was erased."""


@dataclass(slots=True)
class _Held:
    """A row in memory; `before` is what it was before the act at index `at`, None where that act made it."""

    row: Row
    new: bool
    changed: bool
    at: int | None = None
    before: Row | None = None


class Page:
    """The rows that a page of acts touches. Nothing reaches the database before `flush`.

    Args:
        cursor: In the page's transaction; rows are tuples.
        schema: LIVE, or SCRATCH for a rebuild.
        reader: Gives texts that an act opened; without it opened texts stay empty.
    """

    def __init__(
        self, cursor: Cursor[tuple[Any, ...]], schema: LiteralString = LIVE, reader: TextReader | None = None
    ) -> None:
        self.cursor = cursor
        self.reader = reader
        self._schema = schema
        self._held: dict[Table, dict[Key, _Held]] = {}
        self._added: dict[Table, list[Sequence[object]]] = {}
        self._pending = 0
        self._entries: dict[int, Entry] = {}
        self._kept = Kept()
        self._act: tuple[int, date] | None = None
        self._days: dict[int, date] = {}
        self.writing: Table | None = None
        """The table that is being written, for the error's sentence."""

    def begin(self, signed: Signed) -> None:
        """Say which act changes rows from now on."""
        self._act = (signed.index, day_of(signed))
        self._days[signed.index] = self._act[1]

    # -- rows --------------------------------------------------------------------------------------------------

    def find(self, table: Table, *key: object) -> Row | None:
        """Return a row to be read and not changed, or None."""
        held = self._look(table, key)
        return None if held is None else held.row

    def edit(self, table: Table, *key: object) -> Row:
        """Return a row to be changed in place; values are replaced, never changed inside.

        Raises:
            StoreError: "row-missing": the act speaks of something that no act before it made.
        """
        held = self._look(table, key)
        if held is None:
            raise StoreError("row-missing", f"{table.name} {key}")
        held.changed = True
        index = self._index
        if held.at != index:
            self._keep(table, held)
            held.at, held.before = index, dict(held.row)
        return held.row

    def put(self, table: Table, row: Row) -> None:
        """Add a row that may be changed later in the page.

        Raises:
            StoreError: "row-exists".
        """
        key = tuple(row[column] for column in table.key)
        held = self._held.setdefault(table, {})
        if key in held:
            raise StoreError("row-exists", f"{table.name} {key}")
        held[key] = _Held(row, new=True, changed=False, at=self._index)
        if table.born is None:
            self._kept.born(table, [key], self._index)

    def add(self, table: Table, rows: Iterable[Sequence[object]]) -> None:
        """Add many rows, values in the order of the columns, that no act of this page changes again."""
        pending = self._added.setdefault(table, [])
        before = len(pending)
        pending.extend(rows)
        self._pending += len(pending) - before
        if table.born is None:
            places = [table.columns.index(column) for column in table.key]
            self._kept.born(table, ([row[place] for place in places] for row in pending[before:]), self._index)
        if self._pending > MAX_PENDING_ROWS:
            self._copy_added()

    def entry(self, index: int) -> Entry:
        """Return an entry of the ledger, for acts that speak of one by its index.

        Raises:
            StoreError: "entry-missing".
            UntrustedInputError: It is not readable.
        """
        found = self._entries.get(index)
        if found is None:
            row = self.cursor.execute(_ENTRY, (index + 1,), prepare=True).fetchone()
            if row is None:
                raise StoreError("entry-missing", str(index))
            found = self._entries[index] = Entry.parse(bytes(row[0]))
        return found

    def sealed_digests(self, index: int) -> dict[str, str]:
        """Return the digests of all that an entry has sealed, an acta's blocks included."""
        rows = self.cursor.execute(_SEALED, (index,), prepare=True).fetchall()
        return {**dict(rows), **self.entry(index).act.statement.sealed}

    # -- writing -----------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Write what has gathered: new rows by COPY, changed ones by UPDATE, the versions before them."""
        self._copy_added()
        for table, held in self._held.items():
            for each in held.values():
                self._keep(table, each)
            new = [_values(table, each.row, table.columns) for each in held.values() if each.new]
            if new:
                self._copy(table, new)
            self.writing = table
            changed = [each.row for each in held.values() if each.changed and not each.new]
            if changed:
                columns = changing(table)
                rows = [_values(table, row, (*columns, *table.key)) for row in changed]
                self.cursor.executemany(_update(self._schema, table), rows)
        self._held.clear()
        self._days.clear()
        self.writing = None
        self._kept.write(self.cursor, self._schema)

    @property
    def _index(self) -> int:
        return -1 if self._act is None else self._act[0]

    def _keep(self, table: Table, held: _Held) -> None:
        """Keep what the row was before the act that last changed it."""
        if held.before is not None and held.at is not None:
            self._kept.replaced(table, held.row, held.before, (held.at, self._days[held.at]))
            held.before = None

    def _copy_added(self) -> None:
        for table, rows in self._added.items():
            if rows:
                self._copy(table, rows)
        self._added.clear()
        self._pending = 0

    def _copy(self, table: Table, rows: Iterable[Sequence[object]]) -> None:
        self.writing = table
        with self.cursor.copy(_copy(self._schema, table)) as copy:
            for row in rows:
                copy.write_row(row)

    def _look(self, table: Table, key: Key) -> _Held | None:
        held = self._held.setdefault(table, {})
        found = held.get(key)
        if found is None:
            query = _select(self._schema, table, table.key)
            row = self.cursor.execute(query, key, prepare=True).fetchone()
            if row is None:
                return None
            found = held[key] = _Held(dict(zip(table.columns, row, strict=True)), new=False, changed=False)
        return found


def _values(table: Table, row: Mapping[str, Any], columns: Iterable[str]) -> list[object]:
    if not table.json:
        return [row[column] for column in columns]
    return [
        orjson.dumps(row[column]).decode() if column in table.json and row[column] is not None else row[column]
        for column in columns
    ]


def _columns(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


def _equal(names: Iterable[str], between: LiteralString) -> sql.Composed:
    return sql.SQL(between).join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in names)


@cache
def _copy(schema: str, table: Table) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(schema, table.name), _columns(table.columns))


@cache
def _select(schema: str, table: Table, key: tuple[str, ...]) -> sql.Composed:
    return sql.SQL("SELECT {} FROM {} WHERE {}").format(
        _columns(table.columns), sql.Identifier(schema, table.name), _equal(key, " AND ")
    )


@cache
def _update(schema: str, table: Table) -> sql.Composed:
    return sql.SQL("UPDATE {} SET {} WHERE {}").format(
        sql.Identifier(schema, table.name), _equal(changing(table), ", "), _equal(table.key, " AND ")
    )
