"""The demo year: twelve months told over HTTP, each act signed, recorded, receipted and the receipt checked."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING

from api.demo.telling import tell_year
from api.kept import KeptWorker
from api.settings import Settings
from api.wiring import build
from tests.bench.harness import Bench, Figure, Section

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.server import Server

TITLE = "The demo year"
MAX_S = 60.0
_ABOUT = (
    "`acervo demo` on an empty database: signer and worker in processes of their own, the application behind HTTP on "
    "loopback, one teller who composes, signs and submits what ninety officers would, checks every receipt, waits for "
    "the registries and counts through them. The time is from the founding to the checked counters."
)


def measure(bench: Bench, server: Server) -> Section:
    """Tell the year to an empty ledger again and again."""
    number = itertools.count()
    sizes: list[int] = []

    def told() -> float:
        return _tell(server, bench.directory / f"year-{next(number)}", sizes)

    found = bench.compete({"year": told}, warm=0)
    figures = [Figure(f"the year told and counted ({sizes[-1]:,} acts)", found["year"], "s", at_most=MAX_S)]
    return Section(TITLE, _ABOUT, figures)


def _tell(server: Server, data_dir: Path, sizes: list[int]) -> float:
    database = server.database(ledger=False)
    settings = Settings.model_validate({"data_dir": data_dir, "database_url": database.admin_url, "port": 0})
    system = build(settings)
    worker = KeptWorker(system)
    try:
        worker.revive()
        began = time.perf_counter()
        sizes.append(tell_year(system).size)
        return time.perf_counter() - began
    finally:
        worker.stop()
        system.close()
        server.drop(database)
