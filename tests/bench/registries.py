"""Registries: rebuilt from entry 0, each by itself and all in one pass."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from ledger.ids import write_recorded
from ledger.statement import Entry
from projections import REGISTRIES, tracking
from projections.rebuild import rebuild
from tests.bench.council import Chronicle, SteadyClock
from tests.bench.filling import load
from tests.bench.harness import Bench, Figure, Section
from tests.bench.logbook import BEGIN, STEP, VOTES_A_SESSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from psycopg import Connection

    from ledger.statement import SignedAct
    from projections.base import Registry
    from tests.bench.server import Server

SESSIONS, QUICK_SESSIONS = 30, 5


def history(sessions: int) -> Iterator[Entry]:
    """Give the entries of a founding and so many sessions of ten votes by ballot."""
    clock = SteadyClock(BEGIN, STEP)
    waiting: list[SignedAct] = []
    chronicle = Chronicle(waiting.extend, clock)
    chronicle.found()
    index = 0
    for _ in range(sessions):
        chronicle.whole_session(VOTES_A_SESSION)
        recorded_at = write_recorded(clock.instant + timedelta(seconds=30))
        for act in waiting:
            yield Entry.compose(act, index, recorded_at)
            index += 1
        waiting.clear()


def measure(bench: Bench, server: Server) -> Section:
    """Rebuild."""
    database = server.database(ledger=True)
    size = load(database.admin_url, history(QUICK_SESSIONS if bench.quick else SESSIONS))
    bench.say(f"{size} entries stand")
    connection = tracking.connect(database.app_url)
    try:
        contenders = {registry.name: partial(_rate, connection, (registry,)) for registry in REGISTRIES}
        found = bench.compete({"all together": partial(_rate, connection, REGISTRIES), **contenders})
    finally:
        connection.close()
    server.drop(database)
    together = found.pop("all together")
    figures = [Figure("all together, one pass", together, "acts/s")]
    figures += [Figure(f"`{name}` alone", sample, "acts/s") for name, sample in found.items()]
    return Section("Registries", _about(size), figures)


def _rate(connection: Connection[tuple[Any, ...]], registries: Sequence[Registry]) -> float:
    began = time.perf_counter()
    size = rebuild(connection, registries)
    return size / (time.perf_counter() - began)


def _about(size: int) -> str:
    return (
        f"`projections.rebuild` over {size:,} entries, sessions of ten votes by twelve ballots each: entries read in "
        "pages and parsed, rows made beside the live tables and put in their place. Alone, a registry pays for reading "
        "and parsing all entries by itself; together they share it. No goal is set; the figures are for planning."
    )
