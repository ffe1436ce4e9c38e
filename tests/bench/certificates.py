"""Certificates: one from its acts to the PDF in hand, and a thousand in a batch that was interrupted once."""

from __future__ import annotations

import itertools
import shutil
import time
from typing import TYPE_CHECKING

from api.demo import story
from api.demo.record import certify
from api.demo.seed import found_demo, town_of
from api.documents import press_of
from api.documents.batch import print_all
from api.documents.certificates import KIND, issued
from api.settings import Settings
from api.wiring import build
from tests.bench.harness import Bench, Figure, Section

if TYPE_CHECKING:
    from pathlib import Path

    from api.demo.town import Town
    from api.system import System
    from tests.bench.server import Server

TITLE = "Certificates"
BATCH, QUICK_BATCH = 1000, 50
MAX_S = 2.0
_ABOUT = (
    "One session of the demo council with an acta and three agreements. *From the acts to the PDF*: the secretary "
    "certifies all four as they stand (with request, compilation and review where the rules want them), the acts are "
    "recorded, a checkpoint covers them, and the PDF/A with acta, agreements, QR and evidence is there; nothing kept "
    "from one to the next. *In a batch*: {batch:,} certificates into an empty directory, each file written durably, "
    "broken off after the first half and taken up again; composed in one process, printed on all cores."
)


def measure(bench: Bench, server: Server) -> Section:
    """Issue and print certificates."""
    database = server.database(ledger=False)
    data_dir = bench.directory / "certificates"
    system = build(Settings.model_validate({"data_dir": data_dir, "database_url": database.admin_url, "port": 0}))
    size = QUICK_BATCH if bench.quick else BATCH
    try:
        found_demo(system)
        town = town_of(system)
        told = story.tell(system, town)
        year = int(told.certificate.split("/")[2])
        path = told.session.partition("/")[2]
        objects = [f"acta/{path}", *(f"agreement/hcd/{year}/{n}" for n in range(1, told.agreements + 1))]
        numbers = itertools.count(2)
        for _ in range(size - 1):
            certify(town, ("hcd", year, next(numbers)), objects, town.secretary)
        keys = issued(press_of(system))[:size]
        found = bench.compete(
            {
                "one": lambda: _one(system, town, ("hcd", year, next(numbers)), objects),
                "batch": lambda: _batch(system, keys, bench.directory / "printed"),
            }
        )
    finally:
        system.close()
        server.drop(database)
    figures = [
        Figure("from the acts to the PDF", found["one"], "s", at_most=MAX_S),
        Figure(f"in a batch of {size:,}, interrupted once", found["batch"], "certificates/s"),
    ]
    return Section(TITLE, _ABOUT.format(batch=size), figures)


def _one(system: System, town: Town, place: tuple[str, int, int], objects: list[str]) -> float:
    began = time.perf_counter()
    certify(town, place, objects, town.secretary)
    raw = press_of(system).render(KIND, "/".join(map(str, place)))
    spent = time.perf_counter() - began
    if not raw.startswith(b"%PDF-"):
        raise ValueError(place)
    return spent


class _BrokenOffError(Exception):
    """Half of the batch is done."""


def _batch(system: System, keys: list[str], directory: Path) -> float:
    """Print a batch, break off in its middle, go on; return certificates a second."""
    press = press_of(system)

    def break_off(done: int, of: int) -> None:
        if done == of // 2:
            raise _BrokenOffError

    began, kept = time.perf_counter(), 0
    try:
        print_all(press, keys, directory, break_off)
    except _BrokenOffError:
        kept = len(list(directory.iterdir()))
    done = print_all(press, keys, directory)
    spent = time.perf_counter() - began
    if (done.kept, done.written) != (kept, len(keys) - kept):
        raise ValueError(done)
    shutil.rmtree(directory)
    return len(keys) / spent
