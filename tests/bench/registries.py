"""Registries: rebuilt from entry 0, each by itself and all in one pass."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from ledger.ids import write_recorded
from ledger.statement import Entry
from projections import REGISTRIES, tracking
from projections.rebuild import rebuild
from tests.bench.filling import load
from tests.bench.harness import Bench, Figure, Section
from tests.bench.year_told import ToldYear

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from psycopg import Connection

    from projections.base import Registry
    from tests.bench.server import Server

SCALE, QUICK_SCALE = 1 / 60, 1 / 300
"""Of the year of real size: as many kinds of acts in as many bodies' hands, and fewer of each."""
TOLD = timedelta(minutes=1)


def history(scale: float) -> Iterator[Entry]:
    """Give the entries of a part of the generated year."""
    places = count()
    for group in ToldYear(scale).groups():
        recorded_at = write_recorded(group.at + TOLD)
        for act in group.acts:
            yield Entry.compose(act, next(places), recorded_at)


def measure(bench: Bench, server: Server) -> Section:
    """Rebuild."""
    database = server.database(ledger=True)
    size = load(database.admin_url, history(QUICK_SCALE if bench.quick else SCALE))
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
        f"`projections.rebuild` over {size:,} entries, a part of the generated year: entries read in "
        "pages and parsed, rows made beside the live tables and put in their place. Alone, a registry pays for reading "
        "and parsing all entries by itself; together they share it. No goal is set; the figures are for planning."
    )
