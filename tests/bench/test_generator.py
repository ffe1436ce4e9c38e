"""The load generator: what it counts, and that a stall is charged to everybody who would have waited."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from tests.bench import generator

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

STALL_S = 0.4
_HEAD = b"HTTP/1.1 %s\r\nContent-Length: 2\r\n\r\nok"


async def _against(stall: str, run: Callable[[str], Awaitable[generator.Told]]) -> generator.Told:
    """Run against a service that answers at once; a path named `stall` blocks it for a while, `bad` is a 500."""
    serving: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readline():
            await reader.readuntil(b"\r\n\r\n")
            if stall.encode() in head:
                time.sleep(STALL_S)  # noqa: ASYNC251  a service whose only loop hangs is what is played
            writer.write(_HEAD % (b"500 No" if b"/bad" in head else b"200 OK"))
        writer.close()
        await writer.wait_closed()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.append(asyncio.create_task(serve(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        told = await run(f"http://127.0.0.1:{port}")
        await asyncio.gather(*serving)
    return told


def test_closed_loops_ask_without_a_pause_and_count_errors() -> None:
    """Every answer is counted once, with its time; what is no 200 is an error, by its status."""
    told = asyncio.run(_against("/none", lambda url: generator._run_closed(url, ["/a", "/bad"], 0.3, 2)))
    assert told.errors.keys() == {"500"}
    assert len(told.times_ms) > 10
    assert told.rate == pytest.approx(len(told.times_ms) / told.seconds)


def test_an_open_loop_charges_a_stall_to_all_who_would_have_waited() -> None:
    """At 200 a second a stall of 0.4 s is seen by many requests, not by the one that hit it; the rate is kept."""
    paths = ["/a"] * 59 + ["/stall"]
    told = asyncio.run(_against("/stall", lambda url: generator._run_opened(url, paths, 1.0, 200)))
    assert not told.errors
    assert 120 < len(told.times_ms) < 280
    assert sum(each > STALL_S * 1000 / 4 for each in told.times_ms) > 20


def test_nobody_there_is_an_error_and_no_exception() -> None:
    """A refused connection is counted by its name."""
    told = asyncio.run(generator._run_opened("http://127.0.0.1:9", ["/"], 0.05, 100))
    assert not told.times_ms
    assert told.errors["ConnectionRefusedError"]


def test_a_connection_that_the_service_has_closed_is_not_asked_again() -> None:
    """Services close what was idle for long; that is no error of theirs, and a new connection is opened."""

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(_HEAD % b"200 OK")
        writer.close()
        await writer.wait_closed()

    async def twice() -> list[str]:
        server = await asyncio.start_server(once, "127.0.0.1", 0)
        async with server:
            connections = generator._Connections(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
            told = [await connections.get("/a")]
            assert await connections._idle[0][0].read() == b""  # to the end
            told.append(await connections.get("/b"))
            await connections.close()
            return told

    assert asyncio.run(twice()) == ["", ""]
