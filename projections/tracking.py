"""How far the registries have come, how the worker is, and waiting for one's own writes."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg

from ledger.errors import StoreError
from ledger.store.listener import Listener
from ledger.store.pool import CONNECT_TIMEOUT_S

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from psycopg import Connection, Cursor

    from projections.base import Registry

CHANNEL: LiteralString = "registry_progress"
LISTEN_S = 0.25

_POSITIONS: LiteralString = "SELECT name, position FROM registry.tracking"
_MAKE: LiteralString = "INSERT INTO registry.tracking (name, position) VALUES (%s, 0) ON CONFLICT DO NOTHING"
_LOCK: LiteralString = "SELECT name, position FROM registry.tracking WHERE name = ANY(%s) ORDER BY name FOR UPDATE"
_ADVANCE: LiteralString = "UPDATE registry.tracking SET position = %s WHERE name = ANY(%s) AND position < %s"
_STATUS: LiteralString = """
INSERT INTO registry.status AS s (state, failed_index, failed_registry, error, updated_at)
VALUES (%s, %s, %s, %s, clock_timestamp())
ON CONFLICT (one) DO UPDATE SET state = excluded.state, failed_index = excluded.failed_index,
  failed_registry = excluded.failed_registry, error = excluded.error, updated_at = excluded.updated_at"""
_READ_STATUS: LiteralString = """
SELECT coalesce(s.state, 'stopped'), s.failed_index, s.failed_registry, s.error, s.updated_at,
       (SELECT size FROM ledger.head), (SELECT coalesce(min(position), 0) FROM registry.tracking)
FROM (SELECT) AS nothing LEFT JOIN registry.status s ON true"""

WORKER: LiteralString = "acervo-registries-worker"
"""The name of the worker's connection: whoever asks whether it lives looks for it, and not for what it wrote last."""
_LIVENESS: LiteralString = """
SELECT pg_catalog.pg_is_in_recovery() OR EXISTS (
  SELECT FROM pg_catalog.pg_stat_activity WHERE application_name = %s AND datname = pg_catalog.current_database())"""


@dataclass(frozen=True, slots=True)
class Status:
    """How the worker is.

    Attributes:
        state: "running", "failed" (it stands still until a person has looked) or "stopped".
        failed_index, failed_registry, error: Where and why it failed.
        updated_at: When the state was written.
        size: Entries of the ledger.
        position: Entries that every registry has seen.
        lag: How many are missing.
    """

    state: str
    failed_index: int | None
    failed_registry: str | None
    error: str | None
    updated_at: datetime | None
    size: int
    position: int

    @property
    def lag(self) -> int:
        """How many entries the slowest registry has not seen yet."""
        return self.size - self.position


def connect(url: str) -> Connection[tuple[Any, ...]]:
    """Open a connection of the worker's own, whatever the environment says.

    Registries can be rebuilt, so their commits need not wait for the disk; the ledger's do.
    """
    return psycopg.connect(
        url,
        autocommit=True,
        connect_timeout=CONNECT_TIMEOUT_S,
        application_name="acervo-registries",
        options="-c synchronous_commit=off -c timezone=UTC -c datestyle=ISO -c search_path=pg_catalog",
    )


def positions(cursor: Cursor[tuple[Any, ...]]) -> dict[str, int]:
    """Return the position of each registry: how many entries it has seen."""
    return dict(cursor.execute(_POSITIONS).fetchall())


def lock(cursor: Cursor[tuple[Any, ...]], registries: Sequence[Registry]) -> dict[str, int]:
    """Return the positions and keep every other writer out until the transaction ends.

    A registry that begins now has no earlier versions of rows, whatever one of that name left behind.
    """
    names = [registry.name for registry in registries]
    for registry in registries:
        if cursor.execute(_MAKE, (registry.name,)).rowcount:
            tables = [table.name for table in registry.tables]
            cursor.execute("DELETE FROM registry.row_history WHERE table_name = ANY(%s)", (tables,))
            cursor.execute("DELETE FROM registry.row_births WHERE table_name = ANY(%s)", (tables,))
    return dict(cursor.execute(_LOCK, (names,)).fetchall())


def advance(cursor: Cursor[tuple[Any, ...]], registries: Sequence[Registry], position: int) -> None:
    """Note that the registries have seen `position` entries, and tell who waits once it is committed."""
    cursor.execute(_ADVANCE, (position, [registry.name for registry in registries], position))
    cursor.execute("SELECT pg_notify(%s, %s)", (CHANNEL, str(position)))


def set_positions(cursor: Cursor[tuple[Any, ...]], registries: Sequence[Registry], position: int) -> None:
    """Say that the registries were rebuilt from `position` entries."""
    names = [registry.name for registry in registries]
    cursor.execute("UPDATE registry.tracking SET position = %s WHERE name = ANY(%s)", (position, names))
    cursor.execute("SELECT pg_notify(%s, %s)", (CHANNEL, str(position)))


def write_status(
    connection: Connection[tuple[Any, ...]], state: str, where: tuple[int, str, str] | None = None
) -> None:
    """Write the worker's state; `where` is index, registry and error of a failure."""
    connection.execute(_STATUS, (state, *(where or (None, None, None))))


def mark_worker(connection: Connection[Any]) -> None:
    """Let the connection be known as the worker's."""
    connection.execute("SELECT pg_catalog.set_config('application_name', %s, false)", (WORKER,))


def read_parts(connection: Connection[Any]) -> tuple[bool, dict[str, int]]:
    """Return whether a worker is connected, and how many entries each registry has seen.

    A worker that was killed wrote no "stopped". On a standby, where nobody can tell, one counts as connected.
    """
    with connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        row = cursor.execute(_LIVENESS, (WORKER,)).fetchone()
        return row is not None and bool(row[0]), positions(cursor)


def read_status(connection: Connection[Any]) -> Status:
    """Return how the worker is, for /health."""
    with connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        row = cursor.execute(_READ_STATUS).fetchone()
    if row is None:
        raise StoreError("status-missing")
    return Status(*row)


class Progress:
    """Read-your-writes: waits until the registries have seen an entry.

    One thread of this object listens for the worker's commits while anybody waits; it also looks by itself, for a
    notification is a hint.

    Args:
        url: The application role's URL.
        read: Returns the present position; asked on a connection of the caller's choice.
    """

    def __init__(self, url: str, read: Callable[[], int]) -> None:
        self._url = url
        self._read = read
        self._position = 0
        self._moved = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    def wait_until(self, position: int, timeout_s: float) -> bool:
        """Wait until `position` entries are projected; return False when the time is up first."""
        if self._position >= position or self._look() >= position:
            return True
        deadline = time.monotonic() + timeout_s
        with self._moved:
            self._listen()
            while self._position < position:
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                self._moved.wait(left)
        return True

    def close(self) -> None:
        """End the listening."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> int:
        position = self._read()
        with self._moved:
            if position != self._position:  # it goes back only when somebody restored a backup
                self._position = position
                self._moved.notify_all()
        return position

    def _listen(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._follow, name="registry-progress", daemon=True)
            self._thread.start()

    def _follow(self) -> None:
        while not self._closing.is_set():
            with contextlib.suppress(StoreError, psycopg.Error), Listener(self._url, CHANNEL) as listener:
                while not self._closing.is_set():
                    self._look()
                    listener.wait(LISTEN_S)
            with contextlib.suppress(StoreError):  # a standby does not let anybody listen
                self._look()
            self._closing.wait(LISTEN_S)


def position_of(positions_by_name: Mapping[str, int], registries: Sequence[Registry]) -> int:
    """Return how many entries all of the registries have seen."""
    return min((positions_by_name.get(registry.name, 0) for registry in registries), default=0)
