"""The log's reading of the database: `ledger.log.reader.LogReader` on a connection of its own or on a pool.

The signer's process has a connection of its own, so that nothing else it shares can delay a signature; the API makes
its receipts with the store's pool. Each method is one statement, so of one snapshot of committed rows.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg
from psycopg.rows import tuple_row

from ledger.log.errors import LogDamagedError
from ledger.log.reader import Head
from ledger.store.pool import CONNECT_TIMEOUT_S, translated
from ledger.store.prepared import Prepared, int8, members, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ledger.crypto.merkle import Coord
    from ledger.store.pool import Pool

# Bounds are added as bigint: psycopg sends 32,700 and 256 as smallint, and their sum is none.
# Peaks are looked up one by one by their key: a join would be planned for a thousand rows, and scan.
_HEAD = Prepared(
    "acervo_head",
    """
SELECT h.size,
  ARRAY(SELECT (SELECT n.hash FROM ledger.nodes n WHERE n.level = l AND n.idx = (h.size >> l) - 1)
        FROM generate_series(52, 0, -1) AS l WHERE (h.size >> l) & 1 = 1 ORDER BY l DESC),
  ARRAY(SELECT e.state FROM ledger.entries e
        WHERE e.notification_id > $1::bigint
          AND e.notification_id <= least(h.size, $1::bigint + $2::bigint)
        ORDER BY e.notification_id),
  EXISTS (SELECT FROM ledger.entries e WHERE e.notification_id > h.size)
FROM ledger.head h""",
)
_ENTRIES: LiteralString = """
SELECT state FROM ledger.entries
WHERE notification_id > %(start)s AND notification_id <= %(start)s::bigint + %(count)s::bigint
ORDER BY notification_id"""
_NODES: LiteralString = """
SELECT p.level, p.idx, (SELECT n.hash FROM ledger.nodes n WHERE n.level = p.level AND n.idx = p.idx)
FROM unnest(%(levels)s::int[], %(idxs)s::bigint[]) AS p (level, idx)"""
_RANGE: LiteralString = """
SELECT hash FROM ledger.nodes
WHERE level = %(level)s AND idx >= %(start)s AND idx < %(start)s::bigint + %(count)s::bigint
ORDER BY idx"""

_HEADS: LiteralString = """
SELECT c.id, c.size, c.note, (SELECT e.state FROM ledger.entries e WHERE e.notification_id = c.size)
FROM ledger.checkpoints c WHERE c.size > 0 AND c.id < %(before)s ORDER BY c.id DESC LIMIT %(limit)s"""


@dataclass(frozen=True, slots=True)
class PublishedHead:
    """A checkpoint as published: its number, how many entries it covers, its note, and the last entry's bytes."""

    number: int
    size: int
    note: str
    last_entry: bytes


class _LogQueries:
    """The queries; subclasses say on which connection. Errors of the database come out as StoreError."""

    @contextlib.contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        raise NotImplementedError
        yield

    def _rows(self, query: LiteralString, **parameters: object) -> list[tuple[Any, ...]]:
        with translated(), self._connection() as connection, connection.cursor(row_factory=tuple_row, binary=True) as c:
            return c.execute(query, parameters, prepare=True).fetchall()

    def origin(self) -> str | None:
        """Return the origin in the founding's row."""
        rows = self._rows("SELECT origin FROM ledger.founding")
        return rows[0][0] if rows else None

    def head(self, start: int, count: int) -> Head:
        """Return the head and entries from ``start`` on, as of one snapshot.

        Raises:
            LogDamagedError: ``head-missing``.
            ValueError: A negative start.
        """
        if start < 0:
            raise ValueError(start)
        with translated(), self._connection() as connection:
            rows = _HEAD.run(connection, [int8(start), int8(count)])
        if len(rows) != 1:
            raise LogDamagedError("head-missing", "ledger.head has no row")
        size, peaks, entries, stray = rows[0]
        return Head(number(size), tuple(members(peaks)), tuple(members(entries)), stray == b"\x01")

    def entries(self, start: int, count: int) -> Sequence[bytes]:
        """Return the entries of a range."""
        return [row[0] for row in self._rows(_ENTRIES, start=start, count=count)]

    def nodes(self, coords: Iterable[Coord]) -> Mapping[Coord, bytes]:
        """Return the nodes at these coordinates, in one query."""
        wanted = list(coords)
        if not wanted:
            return {}
        rows = self._rows(_NODES, levels=[level for level, _ in wanted], idxs=[idx for _, idx in wanted])
        return {(level, idx): value for level, idx, value in rows if value is not None}

    def node_range(self, level: int, start: int, count: int) -> Sequence[bytes]:
        """Return the nodes of a range of one level."""
        return [row[0] for row in self._rows(_RANGE, level=level, start=start, count=count)]

    def published_heads(self, before: int, limit: int) -> list[PublishedHead]:
        """Return checkpoints with numbers below `before`, the newest first."""
        rows = self._rows(_HEADS, before=before, limit=limit)
        return [PublishedHead(number, size, bytes(note).decode(), bytes(entry)) for number, size, note, entry in rows]

    def save_checkpoint(self, size: int, note: str) -> None:
        """Store a signed checkpoint, unless it is the last one stored."""
        self._rows(
            "SELECT ledger.save_checkpoint(%(size)s, %(note)s) WHERE %(note)s IS DISTINCT FROM "
            "(SELECT note FROM ledger.checkpoints ORDER BY id DESC LIMIT 1)",
            size=size,
            note=note.encode(),
        )


class LogConnection(_LogQueries):
    """A log reader and checkpoint store with a connection of its own, made when first needed and after it broke.

    Used by one thread at a time.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._open: psycopg.Connection[Any] | None = None

    def close(self) -> None:
        """Close the connection."""
        if self._open is not None:
            self._open.close()
            self._open = None

    @contextlib.contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        if self._open is None or self._open.closed:
            self._open = psycopg.connect(
                self._url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S, application_name="acervo-signer"
            )
            # Every query is a look-up by key; a plan made while the tables were small must not scan for ever.
            self._open.execute("SET enable_seqscan = off")
            self._open.execute("SET plan_cache_mode = force_generic_plan")
            self._open.execute("SET jit = off")
        try:
            yield self._open
        except (psycopg.OperationalError, psycopg.InterfaceError):
            self.close()
            raise


class LogPool(_LogQueries):
    """A log reader on a pool, for the receipts that the API makes; thread-safe."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @contextlib.contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        with self._pool.connection() as connection:
            yield connection
