"""Registries from zero: beside the live ones, then in their place, or to compare.

Rows are rebuilt in temporary tables of one connection, while the worker goes on. Then, with the worker kept out for a
moment, the last acts follow and the tables are filled anew (`rebuild`) or the rows are compared (`compare`). A crash
before the commit leaves everything as it was; temporary tables go with their connection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql

from projections import tracking
from projections.history import BIRTHS, COLUMNS
from projections.page import LIVE, SCRATCH, Page
from projections.replay import PAGE_ACTS, apply, ledger_size, read_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection, Cursor

    from projections.base import Registry, Table
    from projections.page import TextReader
    from projections.replay import Told

MAX_DIFFERENCES = 1_000


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what the ledger says.

    Attributes:
        registry, table: Where.
        key: The row's primary key.
        live: The row as it stands, None when it is missing.
        rebuilt: The row as it should be, None when there should be none.
    """

    registry: str
    table: str
    key: dict[str, Any]
    live: dict[str, Any] | None
    rebuilt: dict[str, Any] | None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that differ; empty for a row that is missing or too many."""
        if self.live is None or self.rebuilt is None:
            return ()
        return tuple(name for name, value in self.live.items() if self.rebuilt[name] != value)


class Scratch:
    """Registries in temporary tables, as far as they have been replayed."""

    def __init__(
        self,
        connection: Connection[tuple[Any, ...]],
        registries: Sequence[Registry],
        reader: TextReader | None,
        told: Told | None,
    ) -> None:
        self.connection = connection
        self.registries = registries
        self.seen = {registry.name: 0 for registry in registries}
        self.left_out: set[int] = set()
        self._reader = reader
        self._told = told
        self.drop()
        self._each(sql.SQL("CREATE TEMPORARY TABLE {name} (LIKE {live} INCLUDING ALL)"))
        for name in COLUMNS:
            self.connection.execute(
                _generic(sql.SQL("CREATE TEMPORARY TABLE {name} (LIKE {live} INCLUDING ALL)"), name)
            )

    def drop(self) -> None:
        """Drop the tables."""
        self._each(sql.SQL("DROP TABLE IF EXISTS {scratch}"))
        for name in COLUMNS:
            self.connection.execute(_generic(sql.SQL("DROP TABLE IF EXISTS {scratch}"), name))

    def replay(self, upto: dict[str, int]) -> None:
        """Bring each registry to the number of entries that `upto` names."""
        end = max(upto.values(), default=0)
        while (start := min(self.seen.values(), default=end)) < end:
            with self.connection.transaction(), self.connection.cursor() as cursor:
                read = read_page(cursor, start, min(PAGE_ACTS, end - start))
                if read.end == start:
                    return  # the ledger ends here
                self.left_out.update(read.left_out)
                page = Page(cursor, SCRATCH, self._reader)
                for registry in self.registries:
                    apply(page, read.acts, (registry,), self.seen, upto[registry.name])
                self.seen = {name: max(seen, read.end) for name, seen in self.seen.items()}
            if self._told is not None:
                self._told(min(read.end, end), end)

    def fill(self, cursor: Cursor[tuple[Any, ...]]) -> None:
        """Put the rows in the place of the live ones; until the commit readers see those (TRUNCATE would hide them)."""
        for table in _tables(self.registries):
            cursor.execute(_statement(sql.SQL("DELETE FROM {live}"), table))
        for table in _tables(self.registries):
            cursor.execute(_statement(sql.SQL("INSERT INTO {live} SELECT * FROM {scratch}"), table))
        names = [table.name for table in _tables(self.registries)]
        for name in COLUMNS:
            cursor.execute(_generic(sql.SQL("DELETE FROM {live} WHERE table_name = ANY({names})"), name, names))
            cursor.execute(_generic(sql.SQL("INSERT INTO {live} SELECT * FROM {scratch}"), name))

    def _each(self, statement: sql.SQL) -> None:
        for table in _tables(self.registries):
            self.connection.execute(_statement(statement, table))


def rebuild(
    connection: Connection[tuple[Any, ...]],
    registries: Sequence[Registry],
    reader: TextReader | None = None,
    told: Told | None = None,
) -> int:
    """Rebuild registries from entry 0 and return how many entries they have seen.

    Args:
        connection: Of `tracking.connect`; nothing else uses it meanwhile.
        registries: Which; all others stay as they are.
        reader: As for the worker.
        told: Is told (entries seen, entries in all) after each page.

    Raises:
        ProjectionError: An act cannot be projected; everything stays as it was.
    """
    scratch = Scratch(connection, registries, reader, told)
    try:
        with connection.cursor() as cursor:
            scratch.replay(dict.fromkeys(scratch.seen, ledger_size(cursor)))
        with connection.transaction(), connection.cursor() as cursor:
            tracking.lock(cursor, registries)
            size = ledger_size(cursor)
            scratch.replay(dict.fromkeys(scratch.seen, size))
            scratch.fill(cursor)
            cursor.executemany(
                "INSERT INTO registry.left_out (entry_index) VALUES (%s) ON CONFLICT DO NOTHING",
                [(index,) for index in sorted(scratch.left_out)],
            )
            tracking.set_positions(cursor, registries, size)
        return size
    finally:
        if not connection.closed:
            scratch.drop()


def compare(
    connection: Connection[tuple[Any, ...]],
    registries: Sequence[Registry],
    reader: TextReader | None = None,
    told: Told | None = None,
) -> list[Difference]:
    """Rebuild registries beside the live ones and return where these differ; at most MAX_DIFFERENCES.

    The worker waits while the rows are compared. Arguments as for `rebuild`.

    Raises:
        ProjectionError: An act cannot be projected.
    """
    scratch = Scratch(connection, registries, reader, told)
    try:
        with connection.cursor() as cursor:
            known = tracking.positions(cursor)
        scratch.replay(dict.fromkeys(scratch.seen, tracking.position_of(known, registries)))
        with connection.transaction(), connection.cursor() as cursor:
            scratch.replay(tracking.lock(cursor, registries))
            found: list[Difference] = []
            for registry in registries:
                for table in registry.tables:
                    found += _differences(cursor, registry.name, table, MAX_DIFFERENCES - len(found))
                found += _lost_versions(cursor, registry, MAX_DIFFERENCES - len(found))
        return found
    finally:
        if not connection.closed:
            scratch.drop()


def row_count(cursor: Cursor[tuple[Any, ...]], registries: Sequence[Registry]) -> int:
    """Return how many rows the registries have."""
    total = 0
    for table in _tables(registries):
        row = cursor.execute(_statement(sql.SQL("SELECT count(*) FROM {live}"), table)).fetchone()
        total += row[0] if row else 0
    return total


_DIFFER = sql.SQL("""
(SELECT true, * FROM (TABLE {live} EXCEPT ALL TABLE {scratch}) AS l LIMIT {most}) UNION ALL
(SELECT false, * FROM (TABLE {scratch} EXCEPT ALL TABLE {live}) AS r LIMIT {most})""")


_DIFFER_OF = sql.SQL("""
(SELECT true, * FROM (SELECT * FROM {live} WHERE table_name = ANY({names}) EXCEPT ALL TABLE {scratch}) AS l
 LIMIT {most}) UNION ALL
(SELECT false, * FROM (SELECT * FROM {scratch} WHERE table_name = ANY({names}) EXCEPT ALL TABLE {live}) AS r
 LIMIT {most})""")


def _differences(cursor: Cursor[tuple[Any, ...]], registry: str, table: Table, most: int) -> list[Difference]:
    rows = cursor.execute(_statement(_DIFFER, table, most)).fetchall()
    return _paired(registry, table.name, table.columns, table.key, rows)[:most]


def _paired(
    registry: str, name: str, columns: tuple[str, ...], key: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> list[Difference]:
    live: dict[tuple[object, ...], dict[str, Any]] = {}
    rebuilt: dict[tuple[object, ...], dict[str, Any]] = {}
    for is_live, *values in rows:
        row = dict(zip(columns, values, strict=True))
        (live if is_live else rebuilt)[tuple(row[column] for column in key)] = row
    return [
        Difference(registry, name, dict(zip(key, values, strict=True)), live.get(values), rebuilt.get(values))
        for values in sorted({*live, *rebuilt}, key=str)
    ]


def _lost_versions(cursor: Cursor[tuple[Any, ...]], registry: Registry, most: int) -> list[Difference]:
    """Return where earlier versions, or the beginnings of rows, are not what the ledger says."""
    found: list[Difference] = []
    names = [table.name for table in registry.tables]
    for name, columns in COLUMNS.items():
        rows = cursor.execute(_generic(_DIFFER_OF, name, names, most)).fetchall()
        key = columns[:-1] if name == BIRTHS else columns[:3]
        found += _paired(registry.name, name, columns, key, rows)
    return found


def _generic(template: sql.SQL, name: str, names: Sequence[str] = (), most: int = 0) -> sql.Composed:
    return template.format(
        live=sql.Identifier(LIVE, name),
        scratch=sql.Identifier(SCRATCH, name),
        name=sql.Identifier(name),
        names=sql.Literal(list(names)),
        most=sql.Literal(most),
    )


def _tables(registries: Sequence[Registry]) -> list[Table]:
    return [table for registry in registries for table in registry.tables]


def _statement(template: sql.SQL, table: Table, most: int = 0) -> sql.Composed:
    return template.format(
        live=sql.Identifier(LIVE, table.name),
        scratch=sql.Identifier(SCRATCH, table.name),
        name=sql.Identifier(table.name),
        most=sql.Literal(most),
    )
