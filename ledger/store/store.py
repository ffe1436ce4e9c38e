"""LedgerStore: the ledger's tables as the application sees them (format.md §6, §7).

Writing is `append` and a few definer functions; all else is reading. Entries are raw bytes: who needs their contents
parses them strictly.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, LiteralString, NamedTuple, Self, TypeVar

from psycopg.rows import tuple_row

from ledger.errors import StoreError
from ledger.store.append import append
from ledger.store.listener import Listener
from ledger.store.pool import open_pool, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from psycopg import Connection

    from ledger.store.pool import Pool
    from ledger.store.submission import Outcome, SealedRow, Submission

__all__ = ["Founding", "Head", "LedgerStore", "Standby", "StoredCheckpoint", "StoredSealed", "StreamHead"]

DEFAULT_POOL_SIZE = 8
PAGE_ENTRIES = 1_000
RETRY_S = 10.0
_RETRY_STEP_S = 0.1

_CHECKPOINTS_FROM = """SELECT size, id, note FROM ledger.checkpoints
WHERE (size, id) > (%s, %s) AND EXISTS (SELECT FROM unnest(%s::bytea[]) line WHERE position(line IN note) > 0)
ORDER BY size, id LIMIT %s"""

_T = TypeVar("_T")


class Head(NamedTuple):
    """How many entries there are, and when the last was recorded (as written; None while there is none)."""

    size: int
    recorded_at: str | None


class StreamHead(NamedTuple):
    """A stream's last version, the SHA-256 (hex) of its last statement, and that act's index."""

    version: int
    sha256: str
    last_index: int


class StoredCheckpoint(NamedTuple):
    """A checkpoint as saved: tree size and signed note."""

    size: int
    note: str


@dataclass(frozen=True, slots=True)
class Founding:
    """What entry 0 says: the origin, the SHA-256 (hex) of its statement, whether the clock is simulated."""

    origin: str
    sha256: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class StoredSealed:
    """A sealed value as the vault's table has it; nonce and ciphertext are None when it was erased."""

    index: int
    name: str
    digest: str
    data_key: str
    nonce: bytes | None
    ciphertext: bytes | None


_HEAD: LiteralString = """
SELECT size, to_char(nullif(recorded_at, '-infinity') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
FROM ledger.head"""
_NOW: LiteralString = """
SELECT greatest(nullif(h.recorded_at, '-infinity'), coalesce(c.instant, clock_timestamp()))
FROM ledger.head h LEFT JOIN ledger.simulated_clock c ON true"""
_PAGE: LiteralString = """
SELECT state FROM ledger.entries WHERE notification_id > %s ORDER BY notification_id LIMIT %s"""
_STREAM: LiteralString = """
SELECT state FROM ledger.entries WHERE originator_id = %s AND originator_version > %s
ORDER BY originator_version"""
_STREAM_HEADS: LiteralString = """
SELECT stream, version, encode(statement_sha256, 'hex'), last_index FROM ledger.streams WHERE stream = ANY(%s)"""
_STREAMS_BELOW: LiteralString = """
SELECT stream FROM ledger.streams WHERE stream >= %s AND stream < %s ORDER BY stream"""
_NODES: LiteralString = """
SELECT p.level, p.idx, (SELECT n.hash FROM ledger.nodes n WHERE n.level = p.level AND n.idx = p.idx)
FROM unnest(%s::int[], %s::bigint[]) AS p (level, idx)"""
_STANDBY: LiteralString = """
SELECT pg_is_in_recovery(), EXISTS (SELECT FROM pg_stat_wal_receiver),
       CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8 END"""
_SEALED: LiteralString = "SELECT entry_index, name, digest, data_key, nonce, ciphertext FROM ledger.disclosures "


class Standby(NamedTuple):
    """A standby: whether it is one, whether it is being sent what the primary writes, by how many seconds it is behind.

    behind_s is 0 where all that came was applied, None where nothing ever was.
    """

    recovering: bool
    receiving: bool
    behind_s: float | None


class LedgerStore:
    """The ledger in one database, as the role `acervo_app`.

    Args:
        url: The application role's URL.
        pool_size: At most so many connections; one more a listener.
    """

    def __init__(self, url: str, *, pool_size: int = DEFAULT_POOL_SIZE) -> None:
        self.url = url
        self.pool = open_pool(url, pool_size)
        # Appends take turns anyway, at one lock; always on the same connection they find its plans in the cache.
        self._appending = open_pool(url, 1)

    def close(self) -> None:
        """Close all connections."""
        self._appending.close()
        self.pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- writing

    def append(self, submissions: Sequence[Submission], *, retry_s: float = RETRY_S) -> list[Outcome]:
        """Record submissions in one transaction, each all or nothing; it is durable when this returns.

        A connection that breaks leaves open whether the commit came through. The same call is then made again, for
        up to `retry_s`: what stood already comes back as `duplicate`, never twice.

        Returns:
            One outcome a submission, in their order.

        Raises:
            StoreError: "database-unreachable" (it is not known whether the acts stand), "database-refused".
        """
        return self._again(lambda connection: append(connection, submissions), retry_s, self._appending)

    def save_checkpoint(self, size: int, note: str) -> None:
        """Keep a signed checkpoint; saving one again is harmless.

        Raises:
            StoreError: "database-refused" for a size beyond the ledger.
        """
        self.query("SELECT ledger.save_checkpoint(%s, %s)", (size, note.encode()))

    def erase_rows(self, data_key: str, kept: Sequence[SealedRow] = ()) -> list[str]:
        """Drop the ciphertexts under `data_key` and return their digests (format.md §8).

        Args:
            data_key: The reference of a key that the vault is destroying.
            kept: What stays of the same subject, closed anew, all under one other key.
        """
        rows = self.query(
            "SELECT ledger.erase(%s, %s::text[], %s, %s::bytea[], %s::bytea[])",
            (
                data_key,
                [row.digest for row in kept],
                kept[0].data_key if kept else "",
                [row.nonce for row in kept],
                [row.ciphertext for row in kept],
            ),
        )
        return [row[0] for row in rows]

    def set_clock(self, instant: datetime) -> None:
        """Set the simulated clock; refused unless the founding says so, or when it would go back."""
        self.query("SELECT ledger.set_clock(%s)", (instant,))

    # -- reading

    def founding(self) -> Founding | None:
        """Return what the founding says, None while there is no entry."""
        rows = self.query("SELECT origin, encode(statement_sha256, 'hex'), simulated FROM ledger.founding")
        return Founding(*rows[0]) if rows else None

    def now(self) -> datetime:
        """Return the instant at which an act appended now would be stamped, by this ledger's clock."""
        instant: datetime = self.query(_NOW)[0][0]
        return instant

    def head(self) -> Head:
        """Return the ledger's size and when its last entry was recorded."""
        return Head(*self.query(_HEAD)[0])

    def standby(self) -> Standby:
        """Return how this server follows the one that it is a copy of."""
        return Standby(*self.query(_STANDBY)[0])

    def size(self) -> int:
        """Return the number of entries."""
        return self.head().size

    def acknowledged(self) -> list[int]:
        """Return the indexes of void entries that are acknowledged (format.md §6), each a stream of its own."""
        return sorted(int(name.rpartition("/")[2]) for name in self.streams_below("acknowledgement/"))

    def entries(self, start: int = 0, limit: int | None = None) -> Iterator[bytes]:
        """Give raw entries from index `start` in order, at most `limit`; pages of 1,000, each a query of its own."""
        end = None if limit is None else start + limit
        while end is None or start < end:
            size = PAGE_ENTRIES if end is None else min(PAGE_ENTRIES, end - start)
            rows = self.query(_PAGE, (start, size))
            for (state,) in rows:
                yield bytes(state)
            if len(rows) < size:
                return
            start += size

    def entry(self, index: int) -> bytes | None:
        """Return the raw entry at `index`, None when there is none."""
        rows = self.query("SELECT state FROM ledger.entries WHERE notification_id = %s", (index + 1,))
        return bytes(rows[0][0]) if rows else None

    def stream(self, name: str, after_version: int = 0) -> list[bytes]:
        """Return a stream's raw entries in order, those after `after_version`."""
        return [bytes(row[0]) for row in self.query(_STREAM, (name, after_version))]

    def stream_head(self, name: str) -> StreamHead | None:
        """Return a stream's head, None while it has no act."""
        return self.stream_heads([name]).get(name)

    def stream_heads(self, names: Iterable[str]) -> dict[str, StreamHead]:
        """Return the heads of those of `names` that exist."""
        return {row[0]: StreamHead(*row[1:]) for row in self.query(_STREAM_HEADS, (list(names),))}

    def versions(self, names: Iterable[str]) -> dict[str, int]:
        """Return the last versions of streams; 0 = absent."""
        wanted = list(names)
        heads = self.stream_heads(wanted)
        return {name: heads[name].version if name in heads else 0 for name in wanted}

    def streams_below(self, prefix: str) -> list[str]:
        """Return the names of the streams that begin with `prefix` (which ends in `/`), in byte order."""
        if not prefix.endswith("/"):
            raise ValueError(prefix)
        # "0" follows "/" in the collation "C": the prefix is a range of the primary key.
        return [row[0] for row in self.query(_STREAMS_BELOW, (prefix, prefix[:-1] + "0"))]

    def nodes(self, places: Sequence[tuple[int, int]]) -> list[bytes]:
        """Return completed nodes, 32 bytes each, by (level, index), in the order asked.

        Raises:
            StoreError: "node-missing", naming the first that is not there.
        """
        rows = self.query(_NODES, ([level for level, _ in places], [idx for _, idx in places]))
        found = {(level, idx): bytes(node) for level, idx, node in rows if node is not None}
        for place in places:
            if place not in found:
                raise StoreError("node-missing", f"level {place[0]}, index {place[1]}")
        return [found[place] for place in places]

    def node(self, level: int, idx: int) -> bytes:
        """Return one completed node; as `nodes`."""
        return self.nodes([(level, idx)])[0]

    def latest_checkpoint(self) -> StoredCheckpoint | None:
        """Return the checkpoint of the largest size, the newest of several; None while there is none."""
        found = self.checkpoints(limit=1)
        return found[0] if found else None

    def first_checkpoint(self, min_size: int) -> StoredCheckpoint | None:
        """Return the oldest checkpoint that covers so many entries: the same for ever, once there is one."""
        return next(self.checkpoints_from(min_size, limit=1), None)

    def checkpoints_from(
        self, min_size: int, lines: Sequence[bytes] = (b"",), limit: int = PAGE_ENTRIES
    ) -> Iterator[StoredCheckpoint]:
        """Yield the checkpoints that cover so many entries, the oldest first.

        Args:
            min_size: Entries to be covered.
            lines: Only checkpoints whose note holds one of these pieces, as the beginning of a signature line.
            limit: How many are read at a time.
        """
        after: tuple[int, int] = (min_size, -1)
        while rows := self.query(_CHECKPOINTS_FROM, (*after, list(lines), limit)):
            yield from (StoredCheckpoint(size, bytes(note).decode()) for size, _, note in rows)
            after = (rows[-1][0], rows[-1][1])

    def checkpoints(self, limit: int = PAGE_ENTRIES) -> list[StoredCheckpoint]:
        """Return the checkpoints of the largest sizes, the largest and newest first."""
        rows = self.query("SELECT size, note FROM ledger.checkpoints ORDER BY size DESC, id DESC LIMIT %s", (limit,))
        return [StoredCheckpoint(size, bytes(note).decode()) for size, note in rows]

    def sealed_of(self, index: int) -> list[StoredSealed]:
        """Return the sealed values of the act at `index`, by name."""
        return self._sealed(_SEALED + "WHERE entry_index = %s ORDER BY name", index)

    def sealed_under(self, data_key: str) -> list[StoredSealed]:
        """Return the sealed values that a data key closes."""
        return self._sealed(_SEALED + "WHERE data_key = %s ORDER BY digest", data_key)

    def sealed_by_digest(self, digest: str) -> StoredSealed | None:
        """Return the sealed value with this digest, None when the ledger has none."""
        found = self._sealed(_SEALED + "WHERE digest = %s", digest)
        return found[0] if found else None

    def listen(self, channel: LiteralString = "ledger_entries") -> Listener:
        """Return a listener for commits: `ledger_entries` or `ledger_checkpoints`; use it in a `with`."""
        return Listener(self.url, channel)

    # -- helpers

    def _sealed(self, query: LiteralString, value: object) -> list[StoredSealed]:
        return [
            StoredSealed(index, name, digest, data_key, _bytes(nonce), _bytes(ciphertext))
            for index, name, digest, data_key, nonce, ciphertext in self.query(query, (value,))
        ]

    def query(
        self, query: LiteralString, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[tuple[Any, ...]]:
        """Run one statement of this package, again if the connection breaks, and return its rows."""

        def run(connection: Connection[Any]) -> list[tuple[Any, ...]]:
            with connection.cursor(row_factory=tuple_row) as cursor:
                return cursor.execute(query, parameters, prepare=True, binary=True).fetchall()

        return self._again(run, RETRY_S, self.pool)

    @staticmethod
    def _again(work: Callable[[Connection[Any]], _T], retry_s: float, pool: Pool) -> _T:
        """Do `work`, which may be done twice, until a connection holds."""
        deadline = time.monotonic() + retry_s
        while True:
            try:
                with translated(), pool.connection() as connection:
                    return work(connection)
            except StoreError as error:
                if error.code != "database-unreachable" or time.monotonic() > deadline:
                    raise
            time.sleep(_RETRY_STEP_S)
            pool.check()  # drops the connections that the same failure broke


def _bytes(value: bytes | None) -> bytes | None:
    return None if value is None else bytes(value)
