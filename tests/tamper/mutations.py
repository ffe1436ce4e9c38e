"""What a superuser does to one column: six mutations of rows as they stand, nothing else adjusted.

change         the value of one row: a byte, a character, a number, a bit
swap           the values of two rows change places
delete-middle  the row in the middle, in the order of the column's values
delete-tail    the row with the largest value
insert         a copy of a row that differs in this column
re-sign        see forging.py: the database is made to agree with itself again, under another key
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.rows import dict_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

Row = dict[str, Any]
KINDS = ("change", "swap", "delete-middle", "delete-tail", "insert", "re-sign")


@dataclass(frozen=True, slots=True)
class Named:
    """What a finding must name: one of the indexes, or one of the texts in its file or detail."""

    indexes: frozenset[int]
    texts: tuple[str, ...] = ()

    def __or__(self, other: Named) -> Named:
        """Either of two."""
        return Named(self.indexes | other.indexes, (*self.texts, *other.texts))


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that is done, and what must be named afterwards."""

    kind: str
    label: str
    apply: Callable[[psycopg.Connection[Any]], Named]


def columns(connection: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    """Return every table and column of the ledger, as the database itself lists them."""
    rows = connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'ledger'"
        " ORDER BY table_name, ordinal_position"
    ).fetchall()
    return [(table, column) for table, column in rows]


def rows_of(connection: psycopg.Connection[Any], table: str, order: str = "1") -> list[Row]:
    """Return all rows with their physical place."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(f"SELECT *, ctid::text AS place FROM ledger.{table} ORDER BY {order}".encode()).fetchall()


def concerned(table: str, row: Row, last: int) -> Named:
    """Return what a finding about this row may name.

    Args:
        table: Its table.
        row: The row, before or after it was changed.
        last: Index of the ledger's last entry.
    """
    ways: dict[str, Callable[[], Named]] = {
        "checkpoints": lambda: Named(frozenset([row["size"]]), (f"ledger.checkpoints {row['id']}",)),
        "disclosures": lambda: Named(frozenset([row["entry_index"]]), (row["digest"],)),
        "entries": lambda: Named(frozenset([row["notification_id"] - 1])),
        "founding": lambda: Named(frozenset([0])),
        "nodes": lambda: Named(frozenset([_first_leaf(row["level"], row["idx"])])),
        "streams": lambda: Named(frozenset([row["last_index"]]), (f"ledger.streams {row['stream']}",)),
    }
    return ways.get(table, lambda: Named(frozenset([last])))()


def _first_leaf(level: int, idx: int) -> int:
    return idx << level if 0 <= level < 64 else idx


def changed(value: Any) -> Iterator[tuple[str, Any]]:
    """Give other values of the same kind, with a word for what was done."""
    match value:
        case bool():
            yield "flipped", not value
        case int():
            yield "one more", value + 1
            yield "one less", value - 1
        case bytes():
            for word, at in (("first", 0), ("middle", len(value) // 2), ("last", len(value) - 1)):
                yield f"{word} byte", value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
            yield "cut off", value[:-1]
        case str():
            for word, at in (("first", 0), ("last", len(value) - 1)):
                other = "b" if value[at] == "a" else "a"
                yield f"{word} character", value[:at] + other + value[at + 1 :]
        case datetime():
            yield "a microsecond earlier", value - timedelta(microseconds=1)
            yield "a day earlier", value - timedelta(days=1)
        case _:
            yield "filled", b"\0" * 12


class Mutator:
    """Makes the cases of one column on the rows that are there.

    Args:
        connection: As superuser with triggers off.
        table: Of schema ledger.
        column: One of its columns.
        last: Index of the ledger's last entry.
    """

    def __init__(self, connection: psycopg.Connection[Any], table: str, column: str, last: int) -> None:
        self.table, self.column, self.last = table, column, last
        self.rows = rows_of(connection, table)

    def cases(self) -> Iterator[Case]:
        """Give all cases but the forgeries; a table without rows only has insertions, from elsewhere."""
        yield from self._changes()
        yield from self._swaps()
        yield from self._deletions()
        yield from self._insertions()

    def _sites(self) -> list[Row]:
        """The first, the middle and the last row, and of sealed values one that was erased besides."""
        sites = [self.rows[at] for at in sorted({0, len(self.rows) // 2, len(self.rows) - 1})] if self.rows else []
        return self._erased()[:1] + sites

    def _erased(self) -> list[Row]:
        return [row for row in self.rows if "ciphertext" in row and row["ciphertext"] is None]

    def _changes(self) -> Iterator[Case]:
        for row in self._sites():
            for word, value in changed(row[self.column]):
                yield Case("change", f"{word} of {row['place']}", partial(self._set, row, value))

    def _swaps(self) -> Iterator[Case]:
        if not self.rows:
            return
        for one in {0: self.rows[0], len(self.rows) // 2: self.rows[len(self.rows) // 2]}.values():
            other = next((row for row in reversed(self.rows) if row[self.column] != one[self.column]), None)
            if other is not None:
                yield Case("swap", f"{one['place']} {other['place']}", partial(self._swap, one, other))
        match self._erased():
            case [one, other, *_] if one[self.column] != other[self.column]:
                yield Case("swap", "two erased", partial(self._swap, one, other))
            case _:
                pass

    def _deletions(self) -> Iterator[Case]:
        ordered = sorted((row for row in self.rows if row[self.column] is not None), key=lambda row: row[self.column])
        if len(ordered) > 2:
            middle = ordered[len(ordered) // 2]
            yield Case("delete-middle", str(middle["place"]), partial(self._delete, middle))
        if ordered:
            yield Case("delete-tail", str(ordered[-1]["place"]), partial(self._delete, ordered[-1]))

    def _insertions(self) -> Iterator[Case]:
        for row in self._sites()[-2:]:
            for word, value in list(changed(row[self.column]))[:2]:
                yield Case("insert", f"{word} of {row['place']}", partial(self._insert, row, value))

    # -- doing it ------------------------------------------------------------------------------------------------

    def _named(self, row: Row) -> Named:
        return concerned(self.table, row, self.last)

    def _set(self, row: Row, value: Any, connection: psycopg.Connection[Any]) -> Named:
        unlock(connection, self.table)
        done = connection.execute(self._update(), (value, row["place"]))
        assert done.rowcount == 1
        return self._named(row) | self._named(row | {self.column: value})

    def _swap(self, one: Row, other: Row, connection: psycopg.Connection[Any]) -> Named:
        unlock(connection, self.table)
        connection.execute(self._update(), (other[self.column], one["place"]))
        connection.execute(self._update(), (one[self.column], other["place"]))
        return self._named(one) | self._named(other)

    def _delete(self, row: Row, connection: psycopg.Connection[Any]) -> Named:
        query = sql.SQL("DELETE FROM ledger.{} WHERE ctid = %s::tid").format(sql.Identifier(self.table))
        assert connection.execute(query, (row["place"],)).rowcount == 1
        named = self._named(row)
        if self.table == "checkpoints":  # the gap that it leaves is seen at its successor
            named |= Named(frozenset(), (f"ledger.checkpoints {row['id'] + 1}",))
        return named

    def _insert(self, row: Row, value: Any, connection: psycopg.Connection[Any]) -> Named:
        unlock(connection, self.table)
        copy = {name: each for name, each in row.items() if name != "place"} | {self.column: value}
        query = sql.SQL("INSERT INTO ledger.{} ({}) VALUES ({})").format(
            sql.Identifier(self.table),
            sql.SQL(", ").join(map(sql.Identifier, copy)),
            sql.SQL(", ").join(sql.Placeholder() * len(copy)),
        )
        connection.execute(query, list(copy.values()))
        return self._named(row) | self._named(copy)

    def _update(self) -> sql.Composed:
        return sql.SQL("UPDATE ledger.{} SET {} = %s WHERE ctid = %s::tid").format(
            sql.Identifier(self.table), sql.Identifier(self.column)
        )


def unlock(connection: psycopg.Connection[Any], table: str) -> None:
    """Take all constraints from a table: who owns it can."""
    names = connection.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'c')",
        (f"ledger.{table}",),
    ).fetchall()
    for (name,) in names:
        drop = sql.SQL("ALTER TABLE ledger.{} DROP CONSTRAINT IF EXISTS {}")
        connection.execute(drop.format(sql.Identifier(table), sql.Identifier(name)))
