"""Reading the ledger's tables row by row as they are, whatever is wrong with them.

Everything comes from one snapshot: `acervo check` may run beside a ledger that is being written.
"""

from __future__ import annotations

import contextlib
import secrets
from typing import TYPE_CHECKING, Any, LiteralString, NamedTuple

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from ledger.store.pool import CONNECT_TIMEOUT_S, translated

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE_ROWS = 2_000
_GUARDS: LiteralString = """
SELECT c.relname, EXISTS (
  SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'refuse_write' AND t.tgenabled IN ('O', 'A'))
FROM pg_class c WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1"""


class EntryRow(NamedTuple):
    """A row of ledger.entries."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes


class SealedTableRow(NamedTuple):
    """A row of ledger.disclosures."""

    entry_index: int
    name: str
    digest: str
    data_key: str
    nonce: bytes | None
    ciphertext: bytes | None


class Tables:
    """The tables of one database on one connection.

    Args:
        connection: In a transaction of its own whose snapshot does not move.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def entries(self) -> Iterator[EntryRow]:
        """Give all entries by position (index + 1)."""
        for row in self._stream(
            "SELECT notification_id, originator_id, originator_version, topic, state"
            " FROM ledger.entries ORDER BY notification_id"
        ):
            yield EntryRow(*row)

    def nodes(self) -> Iterator[tuple[int, int, bytes]]:
        """Give level, index and hash of all nodes, level by level."""
        yield from self._stream("SELECT level, idx, hash FROM ledger.nodes ORDER BY level, idx")

    def streams(self) -> Iterator[tuple[str, int, bytes, int]]:
        """Give all stream heads: stream, version, statement, last index."""
        yield from self._stream(
            "SELECT stream, version, statement_sha256, last_index FROM ledger.streams ORDER BY last_index"
        )

    def sealed(self) -> Iterator[SealedTableRow]:
        """Give all sealed values by entry."""
        for row in self._stream(
            "SELECT entry_index, name, digest, data_key, nonce, ciphertext FROM ledger.disclosures"
            " ORDER BY entry_index, name"
        ):
            yield SealedTableRow(*row)

    def checkpoints(self) -> list[tuple[int, int, bytes]]:
        """Return number, size and note of all checkpoints in the order of their numbers."""
        return list(self._stream("SELECT id, size, note FROM ledger.checkpoints ORDER BY id"))

    def founding(self) -> list[tuple[bool, str, bytes, bool]]:
        """Return the founding's rows: key, origin, statement, whether the clock is simulated."""
        return list(self._stream("SELECT one, origin, statement_sha256, simulated FROM ledger.founding"))

    def head(self) -> list[tuple[bool, int, str]]:
        """Return the head's rows: key, size, last stamp as written ("" before the first)."""
        return list(
            self._stream(
                "SELECT one, size, coalesce(to_char(nullif(recorded_at, '-infinity') AT TIME ZONE 'UTC',"
                " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), '') FROM ledger.head"
            )
        )

    def clock(self) -> list[tuple[bool, str]]:
        """Return the simulated clock's rows: key, instant as written."""
        return list(
            self._stream(
                "SELECT one, to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
                " FROM ledger.simulated_clock"
            )
        )

    def extent(self) -> tuple[int, int]:
        """Return how many entries there are at positions from 1 on, and the largest position."""
        rows = list(
            self._stream(
                "SELECT count(*), coalesce(max(notification_id), 0) FROM ledger.entries WHERE notification_id >= 1"
            )
        )
        return rows[0][0], rows[0][1]

    def guards(self) -> list[tuple[str, bool]]:
        """Return each table and whether its trigger against writing is there and switched on."""
        return [(name, guarded) for name, guarded in self._stream(_GUARDS)]

    def _stream(self, query: LiteralString) -> Iterator[tuple[Any, ...]]:
        with translated():
            cursor = psycopg.ServerCursor(
                self._connection, f"check_{secrets.token_hex(6)}", row_factory=tuple_row, withhold=False
            )
            with contextlib.closing(cursor):
                cursor.itersize = PAGE_ROWS
                cursor.execute(sql.SQL(query), binary=True)
                yield from cursor


@contextlib.contextmanager
def open_tables(url: str) -> Iterator[Tables]:
    """Open a database's tables on a connection and snapshot of their own.

    Raises:
        StoreError: "database-unreachable".
    """
    with (
        translated(),
        psycopg.connect(
            url, connect_timeout=CONNECT_TIMEOUT_S, application_name="acervo-check", row_factory=tuple_row
        ) as connection,
    ):
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield Tables(connection)
        connection.rollback()
