"""A load generator of our own: GETs over kept connections, in closed loops or at instants that are fixed beforehand.

Open loop: every request has its instant, whatever became of those before it, and its time is counted from that
instant, so that a service that stalls is charged for all who would have waited ("coordinated omission"). It runs in a
process of its own, speaks HTTP/1.1 with the standard library's streams, and reads every answer to its end.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_CONNECTIONS = 512
READ_S = 30.0
_OK = b"HTTP/1.1 200"


@dataclass
class Told:
    """What a run came to.

    times_ms: of every answered request, from its instant to the end of its answer.
    errors: what was no 200, by what it was.
    seconds: from the first instant to the last answer.
    """

    times_ms: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times_ms) / self.seconds


class _Connections:
    """Kept connections; a new one is opened where all are busy."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = str(parts.hostname), int(parts.port or 80)
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._places = asyncio.Semaphore(MAX_CONNECTIONS)

    async def get(self, path: str) -> str:
        """Ask once; return "" for a whole answer 200, else what was wrong."""
        async with self._places:
            try:
                reader, writer = await self._kept() or await self._connect()
            except OSError as error:
                return type(error).__name__
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\nAccept: */*\r\n\r\n".encode())
                wrong = await asyncio.wait_for(_read(reader), READ_S)
            except (OSError, EOFError, ValueError, asyncio.LimitOverrunError, TimeoutError) as error:
                writer.close()
                return type(error).__name__
            self._idle.append((reader, writer))
            return wrong

    async def _kept(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Return a connection that waits; one that the service has closed meanwhile, idle for long, is let go."""
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():
                return reader, writer
            await _closed_for_good(writer)
        return None

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self._host, self._port, limit=2**20)

    async def close(self) -> None:
        """Close them."""
        for _, writer in self._idle:
            await _closed_for_good(writer)


async def _closed_for_good(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def _read(reader: asyncio.StreamReader) -> str:
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            await reader.readexactly(int(value))
            return "" if head.startswith(_OK) else head[9:12].decode()
    raise ValueError("an answer without a length")


def closed(url: str, paths: Sequence[str], seconds: float, loops: int) -> Told:
    """Let so many loops ask one after the other, each without a pause; their common rate is what can be served."""
    return _elsewhere(_closed, (url, list(paths), seconds, loops))


def opened(url: str, paths: Sequence[str], seconds: float, per_second: float) -> Told:
    """Ask at instants of a Poisson process of that rate, drawn from a seed."""
    return _elsewhere(_opened, (url, list(paths), seconds, per_second))


def _elsewhere(run: object, arguments: tuple[object, ...]) -> Told:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        told: Told = pool.apply(run, arguments)  # type: ignore[arg-type]  # one of the two below
        return told


def _closed(url: str, paths: list[str], seconds: float, loops: int) -> Told:
    return asyncio.run(_run_closed(url, paths, seconds, loops))


def _opened(url: str, paths: list[str], seconds: float, per_second: float) -> Told:
    return asyncio.run(_run_opened(url, paths, seconds, per_second))


async def _run_closed(url: str, paths: list[str], seconds: float, loops: int) -> Told:
    told, connections = Told(), _Connections(url)
    began = time.perf_counter()

    async def loop(first: int) -> None:
        place = first
        while time.perf_counter() - began < seconds:
            await _ask(connections, paths[place % len(paths)], time.perf_counter(), told)
            place += loops

    await asyncio.gather(*(loop(first) for first in range(loops)))
    told.seconds = time.perf_counter() - began
    await connections.close()
    return told


async def _run_opened(url: str, paths: list[str], seconds: float, per_second: float) -> Told:
    told, connections = Told(), _Connections(url)
    instants, drawn, at = [], random.Random(1917), 0.0
    while (at := at + drawn.expovariate(per_second)) < seconds:
        instants.append(at)
    began = time.perf_counter()
    running: set[asyncio.Task[None]] = set()
    for place, instant in enumerate(instants):
        pause = began + instant - time.perf_counter()
        if pause > 0:
            await asyncio.sleep(pause)
        task = asyncio.create_task(_ask(connections, paths[place % len(paths)], began + instant, told))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    told.seconds = time.perf_counter() - began
    await connections.close()
    return told


async def _ask(connections: _Connections, path: str, since: float, told: Told) -> None:
    wrong = await connections.get(path)
    if wrong:
        told.errors[wrong] += 1
    else:
        told.times_ms.append((time.perf_counter() - since) * 1000)
