"""The ledger as it grows, for who listens: one thread looks for commits, each stream reads on from its own place.

A stream is a cursor and nothing else: what it gives next is the entry behind the last one that it gave, out of memory
where that is recent and out of the database where it is not. Indexes are dense, so nothing is left out and nothing is
said twice, whatever wakes it and however often.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, LiteralString

import orjson
import psycopg
from starlette.concurrency import run_in_threadpool

from api.problems import ApiError
from ledger.crypto.merkle import leaf_hash
from ledger.errors import StoreError, UntrustedInputError
from ledger.statement import Entry
from ledger.store.listener import Listener

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CHANNEL: LiteralString = "ledger_entries"
PAGE = 500
"""Entries that are read at a time."""
KEPT = 2_000
"""Entries that are kept in memory for streams that are up to date."""
LOOK_S = 1.0
"""How often the follower looks by himself: an announcement is a hint, and some databases give none."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """What a stream says of an entry.

    Attributes:
        index: Its place; the event's id.
        type: Of the act, with its version; empty where the entry is not readable.
        body: The governing body that the act's data name, if any.
        block: The event as it is sent (WHATWG HTML §9.2.6).
    """

    index: int
    type: str
    body: str | None
    block: bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts a stream gives; what is empty does not filter.

    Attributes:
        types: Act types, with a version (`VoteOpened/1`) or for all of them (`VoteOpened`).
        body: The governing body that the act's data name.
    """

    types: frozenset[str] = frozenset()
    body: str | None = None

    def takes(self, told: Told) -> bool:
        """Tell whether an act is wanted."""
        if self.body is not None and told.body != self.body:
            return False
        return not self.types or told.type in self.types or told.type.partition("/")[0] in self.types


def tell(index: int, raw: bytes) -> Told:
    """Return what is said of the entry at an index: only what anybody may know, never a sealed value.

    Raises:
        StoreError: "entry-misplaced": the entry says another index of itself.
    """
    said: dict[str, object] = {"index": index, "leaf_hash": leaf_hash(raw).hex()}
    links = {"act": f"/api/v1/acts/{index}", "proof": f"/api/v1/acts/{index}/proof"}
    kind, body = "", None
    try:
        entry = Entry.parse(raw)
    except UntrustedInputError as error:
        said |= {"void": error.code, "links": links}
    else:
        if entry.index != index:
            raise StoreError("entry-misplaced", f"{index}: {entry.index}")
        statement = entry.act.statement
        named = statement.data.get("body")
        kind, body = statement.type, named if isinstance(named, str) else None
        links["stream"] = f"/api/v1/streams/{statement.stream}"
        said |= {"recorded_at": entry.recorded_at, "type": kind, "stream": statement.stream}
        said |= {"version": statement.version, "links": links}
    return Told(index, kind, body, b"id: %d\nevent: act\ndata: %s\n\n" % (index, orjson.dumps(said)))


class Follower:
    """One stream's place in the ledger. Made by `Feed.follow`; used in one event loop.

    Attributes:
        next: Index of the entry that it reads next.
        ended: Whether it is over: the service stops, the database is away, or the reader left.
    """

    def __init__(self, feed: Feed, loop: asyncio.AbstractEventLoop, start: int, wanted: Wanted) -> None:
        self.next = start
        self.ended = False
        self._feed, self._loop, self._wanted = feed, loop, wanted
        self._moved = asyncio.Event()

    async def take(self, timeout_s: float) -> list[Told]:
        """Return the wanted ones among the entries that follow, waiting for any at most `timeout_s` seconds.

        `next` moves behind all that were looked at, wanted or not.

        Raises:
            StoreError: The database cannot be read.
        """
        self._moved.clear()
        if self.next >= self._feed.size and not self.ended:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), timeout_s)
        if self.ended or self.next >= self._feed.size:
            return []
        found = self._feed.recent(self.next) or await run_in_threadpool(self._feed.read, self.next)
        self.next += len(found)
        return [told for told in found if self._wanted.takes(told)]

    def wake(self, *, end: bool = False) -> None:
        """Say, from any thread, that there is something to take, or that it is over."""
        self.ended = self.ended or end
        with contextlib.suppress(RuntimeError):  # the loop is gone, and the stream with it
            self._loop.call_soon_threadsafe(self._moved.set)

    def close(self) -> None:
        """Give the place back."""
        self.ended = True
        self._feed.leave(self)


class Feed:
    """All streams of this process. A thread listens while there are any.

    Args:
        url: The application role's URL, to listen.
        read_size: Gives the number of entries.
        read_entries: Gives the entries `start … start + count - 1` that exist.
        places: How many streams there may be.

    Attributes:
        size: Entries that the follower knows of.
    """

    def __init__(
        self, url: str, read_size: Callable[[], int], read_entries: Callable[[int, int], Sequence[bytes]], places: int
    ) -> None:
        self.size = 0
        self._url, self._places = url, places
        self._read_size, self._read_entries = read_size, read_entries
        self._lock = threading.Lock()
        self._followers: set[Follower] = set()
        self._kept: deque[Told] = deque(maxlen=KEPT)
        self._thread: threading.Thread | None = None
        self._stopped = False

    def follow(self, loop: asyncio.AbstractEventLoop, after: int | None, wanted: Wanted) -> Follower:
        """Take a place and return a follower that gives what stands behind index `after`; None: what comes from now on.

        Raises:
            ApiError: 409 "event-ahead" for an index that the ledger does not have, 503 "too-many-streams".
            StoreError: The database cannot be reached.
        """
        size = self._read_size()
        if after is not None and after >= size:
            raise ApiError(409, "event-ahead", f"{after} ≥ {size}", index=after, size=size)
        follower = Follower(self, loop, size if after is None else after + 1, wanted)
        with self._lock:
            if self._stopped or len(self._followers) >= self._places:
                raise ApiError(503, "too-many-streams", limit=self._places)
            self._followers.add(follower)
            if self._thread is None:
                self.size = size
                self._kept.clear()
                self._thread = threading.Thread(target=self._run, name="ledger-feed", daemon=True)
                self._thread.start()
        return follower

    def leave(self, follower: Follower) -> None:
        """Give a follower's place back; the thread ends by itself behind the last one."""
        with self._lock:
            self._followers.discard(follower)

    def recent(self, start: int) -> list[Told]:
        """Return what follows `start - 1` out of memory, at most a page; nothing where memory does not reach back."""
        with self._lock:
            if not self._kept or start < self._kept[0].index:
                return []
            first = start - self._kept[0].index
            return list(islice(self._kept, first, first + PAGE))

    def read(self, start: int) -> list[Told]:
        """Return what follows `start - 1` out of the database, at most a page.

        Raises:
            StoreError: As all of the store's.
        """
        return [tell(index, raw) for index, raw in enumerate(self._read_entries(start, PAGE), start)]

    def stop(self) -> None:
        """End all streams and admit no more; returns at once."""
        with self._lock:
            self._stopped = True
            self._end()

    def close(self) -> None:
        """End all streams and wait for the thread."""
        self.stop()
        thread = self._thread
        if thread is not None:
            thread.join()

    # -- the thread

    def _run(self) -> None:
        """Look for commits while anybody listens. When the database is away, streams end: silence would be a lie."""
        try:
            with Listener(self._url, CHANNEL) as listener:
                while self._needed():
                    self._look()
                    listener.wait(LOOK_S)
        except (StoreError, psycopg.Error) as error:
            _log.warning("streams end: %s", error)
            with self._lock:
                self._thread = None
                self._end()

    def _needed(self) -> bool:
        with self._lock:
            if self._followers:
                return True
            self._thread = None
            return False

    def _look(self) -> None:
        size = self._read_size()
        if size < self.size:
            raise StoreError("ahead-of-ledger", f"{self.size} > {size}")
        while self.size < size:
            found = self.read(self.size)
            if not found:
                return
            with self._lock:
                self._kept.extend(found)
                self.size += len(found)
                for follower in self._followers:
                    follower.wake()

    def _end(self) -> None:
        for follower in self._followers:
            follower.wake(end=True)
        self._followers.clear()
