"""The ledger's tables as they are, row by row, for `acervo check`: nothing is joined, nothing is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, LiteralString, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ledger.store.store import LedgerStore

PAGE_ROWS = 2_000


class EntryRow(NamedTuple):
    """A row of ledger.entries."""

    stream: str
    version: int
    topic: str
    state: bytes
    notification_id: int


class NodeRow(NamedTuple):
    """A row of ledger.nodes."""

    level: int
    idx: int
    hash: bytes


class StreamRow(NamedTuple):
    """A row of ledger.streams."""

    stream: str
    version: int
    statement_sha256: bytes
    last_index: int


class SealedRowAsStored(NamedTuple):
    """A row of ledger.disclosures."""

    digest: str
    entry_index: int
    name: str
    data_key: str
    nonce: bytes | None
    ciphertext: bytes | None


class CheckpointRow(NamedTuple):
    """A row of ledger.checkpoints."""

    id: int
    size: int
    note: bytes
    stored_at: datetime


_ENTRIES: LiteralString = """
SELECT originator_id, originator_version, topic, state, notification_id FROM ledger.entries
WHERE notification_id > %s ORDER BY notification_id LIMIT %s"""
_NODES: LiteralString = """
SELECT level, idx, hash FROM ledger.nodes WHERE (level, idx) > (%s, %s) ORDER BY level, idx LIMIT %s"""
_STREAMS: LiteralString = """
SELECT stream, version, statement_sha256, last_index FROM ledger.streams WHERE stream > %s ORDER BY stream LIMIT %s"""
_DISCLOSURES: LiteralString = """
SELECT digest, entry_index, name, data_key, nonce, ciphertext FROM ledger.disclosures
WHERE digest > %s ORDER BY digest LIMIT %s"""
_CHECKPOINTS: LiteralString = """
SELECT id, size, note, stored_at FROM ledger.checkpoints WHERE id > %s ORDER BY id LIMIT %s"""


class Tables:
    """Reads whole tables in pages, each page a query of its own: the ledger only grows behind us."""

    def __init__(self, store: LedgerStore) -> None:
        self._store = store

    def entries(self) -> Iterator[EntryRow]:
        """Yield ledger.entries by notification_id."""
        last = -(2**62)
        while rows := self._store.query(_ENTRIES, (last, PAGE_ROWS)):
            yield from (EntryRow(stream, version, topic, bytes(raw), nid) for stream, version, topic, raw, nid in rows)
            last = rows[-1][4]

    def nodes(self) -> Iterator[NodeRow]:
        """Yield ledger.nodes by level and place."""
        last = (-(2**31), -(2**62))
        while rows := self._store.query(_NODES, (*last, PAGE_ROWS)):
            yield from (NodeRow(level, idx, bytes(value)) for level, idx, value in rows)
            last = rows[-1][:2]

    def streams(self) -> Iterator[StreamRow]:
        """Yield ledger.streams by name."""
        last = ""
        while rows := self._store.query(_STREAMS, (last, PAGE_ROWS)):
            yield from (StreamRow(stream, version, bytes(digest), index) for stream, version, digest, index in rows)
            last = rows[-1][0]

    def disclosures(self) -> Iterator[SealedRowAsStored]:
        """Yield ledger.disclosures by digest."""
        last = ""
        while rows := self._store.query(_DISCLOSURES, (last, PAGE_ROWS)):
            for digest, index, name, data_key, nonce, ciphertext in rows:
                yield SealedRowAsStored(digest, index, name, data_key, _bytes(nonce), _bytes(ciphertext))
            last = rows[-1][0]

    def checkpoints(self) -> Iterator[CheckpointRow]:
        """Yield ledger.checkpoints in the order in which they were stored."""
        last = -(2**62)
        while rows := self._store.query(_CHECKPOINTS, (last, PAGE_ROWS)):
            yield from (CheckpointRow(number, size, bytes(note), at) for number, size, note, at in rows)
            last = rows[-1][0]

    def head(self) -> list[tuple[bool, int, datetime | None]]:
        """Return the rows of ledger.head: one, `recorded_at` None before the first act."""
        rows = self._store.query("SELECT one, size, nullif(recorded_at, '-infinity') FROM ledger.head")
        return [(one, size, at) for one, size, at in rows]

    def founding(self) -> list[tuple[bool, str, bytes, bool]]:
        """Return the rows of ledger.founding."""
        rows = self._store.query("SELECT one, origin, statement_sha256, simulated FROM ledger.founding")
        return [(one, origin, bytes(digest), simulated) for one, origin, digest, simulated in rows]

    def clock(self) -> list[tuple[bool, datetime]]:
        """Return the rows of ledger.simulated_clock: one where the founding says so, else none."""
        return [(one, at) for one, at in self._store.query("SELECT one, instant FROM ledger.simulated_clock")]


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)
