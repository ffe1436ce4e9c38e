"""Waiting for commits: LISTEN where there is a session to listen on, looking again where there is none."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, LiteralString, Self

import psycopg

from ledger.store.pool import CONNECT_TIMEOUT_S, translated

if TYPE_CHECKING:
    from types import TracebackType

POLL_S = 0.25


class Listener:
    """A session of its own on one channel.

    On a hot standby LISTEN is refused: `wait` then returns after a quarter of a second at most, and the caller looks
    for himself, as he does after every wait (a notification is a hint, never the news itself).
    """

    def __init__(self, url: str, channel: LiteralString) -> None:
        self._url = url
        self._channel = channel
        self._connection: psycopg.Connection | None = None
        self._polls = False

    def __enter__(self) -> Self:
        self._connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the session."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def wait(self, timeout_s: float) -> bool:
        """Wait for a commit; return True when one was announced, False when the time is up.

        A session that broke (PostgreSQL restarted) is made again, and counts as an announcement: something may have
        been missed.

        Raises:
            StoreError: "database-unreachable" when it cannot be made again.
        """
        if self._polls:
            time.sleep(min(timeout_s, POLL_S))
            return False
        if self._connection is None:
            self._connect()
            return True
        try:
            announced = list(self._connection.notifies(timeout=timeout_s, stop_after=1))
        except (psycopg.OperationalError, psycopg.InterfaceError):
            self.close()
            self._connect()
            return True
        return bool(announced)

    def _connect(self) -> None:
        with translated():
            connection = psycopg.connect(self._url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S)
            try:
                connection.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(self._channel)))
            except psycopg.errors.ReadOnlySqlTransaction:
                self._polls = True
            self._connection = connection
