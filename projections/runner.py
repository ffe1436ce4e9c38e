"""The one worker that turns entries into registries (house.md §8.6).

    1  lock the positions, read a page of entries after the slowest          nothing changed if we stop here
    2  each act through each registry that has not seen it, rows in memory   nothing changed
    3  write the rows and the new positions                                  nothing changed
    4  commit; who waits is told                                             the next page

Rows and positions are one transaction, so that each act is applied exactly once, wherever the worker is killed. The
rules are not run again: the append checked them, and the verifier does for ever. An entry that an officer acknowledged
as void is left out; if it was projected before he did, everything is rebuilt. Whatever else goes wrong stops the
worker where it is, with its state in `registry.status`.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, Self

import psycopg

from ledger.acts.trust import EntryAcknowledged
from ledger.errors import StoreError
from ledger.store.listener import Listener
from projections import REGISTRIES, tracking
from projections.page import LIVE, Page
from projections.rebuild import rebuild
from projections.replay import PAGE_ACTS, ProjectionError, apply, ledger_size, read_page

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence
    from types import TracebackType

    from psycopg import Cursor

    from projections.base import Registry
    from projections.page import TextReader
    from projections.replay import Read

POLL_S = 1.0
COALESCE_S = 0.02
"""After a commit was announced, wait so long for more: a page costs the same for one act as for twenty."""
GIVE_WAY = 3
MAX_PAUSE_S = 0.2
"""After a page that was not full, wait so many times what it took, at most this long: who submits act after act waits
for the same cores."""
RECONNECT_S = 1.0
_LEAVE_OUT = "INSERT INTO registry.left_out (entry_index) VALUES (%s) ON CONFLICT DO NOTHING"
_LEFT_OUT = "SELECT entry_index FROM registry.left_out WHERE entry_index = ANY(%s)"
_log = logging.getLogger("acervo.registries")


class _LateAcknowledgementError(Exception):
    """An entry that was projected is void after all."""


class Runner:
    """Feeds all registries from one connection; several at once are harmless, one works and the others wait.

    Args:
        url: The application role's URL.
        registries: Which.
        reader: Gives the texts that acts opened, out of the vault; without it they stay empty.
        page_acts: At most so many acts a transaction.
    """

    def __init__(
        self,
        url: str,
        *,
        registries: Sequence[Registry] = REGISTRIES,
        reader: TextReader | None = None,
        page_acts: int = PAGE_ACTS,
    ) -> None:
        self.url = url
        self.registries = registries
        self.reader = reader
        self.page_acts = page_acts
        self.connection = tracking.connect(url)
        self._position = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    # -- pages -------------------------------------------------------------------------------------------------

    def step(self) -> int:
        """Project one page and return how many entries it had; 0 when the registries are up to date.

        Raises:
            ProjectionError: An act cannot be projected; those before it are.
            StoreError: "ahead-of-ledger" when the ledger has fewer entries than were projected.
        """
        try:
            return self._page(self.page_acts)
        except _LateAcknowledgementError:
            _log.warning("an entry that was projected is void: rebuilding the registries")
            return rebuild(self.connection, self.registries, self.reader)
        except ProjectionError as error:
            return self._one_by_one(error)

    def catch_up(self) -> int:
        """Project all that there is and return how many entries that were."""
        total = 0
        while count := self.step():
            total += count
        return total

    def _page(self, limit: int) -> int:
        with self.connection.transaction(), self.connection.cursor() as cursor:
            size = ledger_size(cursor)
            if size == self._position:
                return 0
            seen = tracking.lock(cursor, self.registries)
            start = min(seen.values())
            if max(seen.values()) > size:
                raise StoreError("ahead-of-ledger", f"{max(seen.values())} projected, {size} entries")
            read = read_page(cursor, start, limit)
            self._check_late(cursor, read, max(seen.values()))
            apply(Page(cursor, LIVE, self.reader), read.acts, self.registries, seen, read.end)
            cursor.executemany(_LEAVE_OUT, [(index,) for index in read.left_out])
            tracking.advance(cursor, self.registries, read.end)
        self._position = read.end
        return read.end - start

    def _check_late(self, cursor: Cursor[tuple[Any, ...]], read: Read, projected: int) -> None:
        """Refuse to go on over an acknowledgement of an entry that already had its effect."""
        named = {signed.act.index for signed in read.acts if isinstance(signed.act, EntryAcknowledged)}
        past = [index for index in named if index < projected and index not in read.left_out]
        if past:
            left_out = {row[0] for row in cursor.execute(_LEFT_OUT, (past,))}
            if left_out != set(past):
                raise _LateAcknowledgementError

    def _one_by_one(self, error: ProjectionError) -> int:
        """Project what comes before the act that failed, act by act; the first that fails alone is the one."""
        done = 0
        while self._position <= error.index and (count := self._page(1)):
            done += count
        return done

    # -- the worker's life -------------------------------------------------------------------------------------

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; after a failure stand still until it is mended.

        Raises:
            psycopg.OperationalError: The connection is gone.
        """
        tracking.mark_worker(self.connection)
        tracking.write_status(self.connection, "running")
        with Listener(self.url, "ledger_entries") as listener:
            while not stop.is_set():
                began = time.monotonic()
                try:
                    count = self.step()
                except (ProjectionError, StoreError) as error:
                    self._stand_still(error, stop)
                    continue
                if 0 < count < self.page_acts:
                    stop.wait(min(max(COALESCE_S, GIVE_WAY * (time.monotonic() - began)), MAX_PAUSE_S))
                elif not count and listener.wait(POLL_S):
                    stop.wait(COALESCE_S)
        tracking.write_status(self.connection, "stopped")

    def _stand_still(self, error: ProjectionError | StoreError, stop: threading.Event) -> None:
        """Say where and why, and look now and then whether the act was acknowledged as void meanwhile."""
        if isinstance(error, ProjectionError):
            where = (error.index, error.registry, error.sentence)
        else:
            where = (self._position, "all", str(error))
        _log.error("registries stopped at index %d (%s): %s", *where)
        tracking.write_status(self.connection, "failed", where)
        while not stop.wait(POLL_S):
            try:
                self.step()
            except ProjectionError as another:
                if another.index != where[0]:
                    self._stand_still(another, stop)  # further on, and stopped again: that is what is to be told
                    return
                continue
            except StoreError:
                continue
            _log.info("registries go on from index %d", where[0])
            tracking.write_status(self.connection, "running")
            return


def serve(
    database_url: str,
    stop: threading.Event,
    reader: TextReader | None = None,
    registries: Sequence[Registry] = REGISTRIES,
) -> None:
    """Be the worker until `stop` is set; a lost connection is made again.

    Args:
        database_url: The application role's URL.
        stop: Ends the work after the present page.
        reader: Gives the disclosure with a digest out of the vault: `Vault.disclosure`.
        registries: Which.
    """
    while not stop.is_set():
        try:
            with Runner(database_url, registries=registries, reader=reader) as runner:
                runner.run(stop)
        except (psycopg.OperationalError, psycopg.InterfaceError, StoreError) as error:
            if isinstance(error, StoreError) and error.code != "database-unreachable":
                raise
            _log.warning("registries: no database (%s)", str(error).splitlines()[0])
            stop.wait(RECONNECT_S)
