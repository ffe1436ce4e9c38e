"""Load: an open loop of public reads at half of what saturates the service, over a real-size year, beside a writer."""

from __future__ import annotations

import random
import statistics
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode, urlsplit

from api.client import Client
from ledger.acts.trust import PersonRegistered
from ledger.store.vault import Vault
from tests.bench import generator
from tests.bench.filling import tidy
from tests.bench.harness import Bench, Figure, Sample, Section
from tests.bench.serving import service
from tests.bench.submitting import ledger_of
from tests.bench.year import SCALE, load, project
from tests.bench.year_asked import API, questions
from tests.bench.year_told import ToldYear

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.statement import SignedAct
    from tests.bench.server import Server

SECONDS, QUICK_SECONDS = 60.0, 6.0
WARM_S, SATURATE_S, QUICK_SATURATE_S = 3.0, 15.0, 4.0
LOOPS = 16
QUICK_SCALE = 1 / 60
IDLE_RECEIPTS, QUICK_IDLE_RECEIPTS = 40, 15
RECEIPTS_A_SECOND = 1.0
MAX_P99_MS = 250
MAX_RECEIPT_RATIO = 3
SEED = 1943


@dataclass
class Writer:
    """Submits signed acts one after the other and keeps the milliseconds until each receipt is checked."""

    url: str
    acts: Iterator[SignedAct]
    times_ms: list[float] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def submit(self, client: Client) -> float:
        """Submit the next act; return the milliseconds.

        Raises:
            RuntimeError: No receipt came in time.
        """
        act = next(self.acts)
        began = time.perf_counter()
        [done] = client.submit([act])
        if done.receipt is None:
            raise RuntimeError("no receipt came in time")
        return (time.perf_counter() - began) * 1000

    def idle(self, count: int) -> list[float]:
        """Submit so many while nobody else asks; the first few do not count."""
        with Client(self.url) as client:
            times = [self.submit(client) for _ in range(-3, count)]
        return times[3:]

    def run(self) -> None:
        """Submit one a second until told to stop."""
        with Client(self.url) as client:
            while not self._stop.wait(1 / RECEIPTS_A_SECOND):
                self.times_ms.append(self.submit(client))

    def stop(self) -> None:
        """Let no more begin."""
        self._stop.set()


def addresses(year: ToldYear) -> list[str]:
    """Return what is read, in an order drawn from a seed: registries now and as of days, entries, proofs, log."""
    asked = [f"{each.path}?{urlencode(each.params)}" if each.params else each.path for each in questions(year)]
    drawn = random.Random(SEED)
    for _ in range(len(asked) // 8):
        index = drawn.randrange(year.size)
        asked += [f"{API}/acts/{index}", f"{API}/acts/{index}/proof", "/checkpoint", f"/tile/0/{_tile(index // 256)}"]
    drawn.shuffle(asked)
    return asked


def _tile(number: int) -> str:
    """Return the path of a full tile (c2sp.org/tlog-tiles)."""
    return f"x{number // 1000:03}/{number % 1000:03}" if number >= 1000 else f"{number:03}"


def registrations(year: ToldYear, count: int) -> list[SignedAct]:
    """Return acts for the writer, signed at the year's end: registrations of persons."""
    town = year.town()
    acts = [PersonRegistered(person=f"p-carga-{number}") for number in range(count)]
    return [town.desk.sign(act, town.founder, sealed={"name": "Persona Ficticia"}) for act in acts]


def measure(bench: Bench, server: Server) -> Section:
    """Load and project a year, serve it, find what saturates it, then ask at half of that."""
    year = ToldYear(QUICK_SCALE if bench.quick else SCALE)
    seconds = QUICK_SECONDS if bench.quick else SECONDS
    data_dir = bench.directory / "load"
    data_dir.mkdir()
    with ledger_of(server, data_dir / "vault") as (ledger, store, database):
        (data_dir / "app-password").write_text(unquote(urlsplit(database.app_url).password or ""))
        with service(database.admin_url, data_dir):
            pass  # the signer remembers from the first entry on
        loaded = load(bench, ledger, store, year)
        loaded.opened.clear()
        project(database, Vault(store, data_dir / "vault"))
        tidy(database.admin_url)
        bench.say(f"{loaded.size:,} acts loaded and projected")
        with service(database.admin_url, data_dir) as url:
            figures = _press(bench, url, addresses(year), registrations(year, 130), seconds)
    return Section("Load", _about(year, seconds), figures)


def _press(bench: Bench, url: str, asked: Sequence[str], acts: Sequence[SignedAct], seconds: float) -> list[Figure]:
    press_s = QUICK_SATURATE_S if bench.quick else SATURATE_S
    writer = Writer(url, iter(acts))
    generator.closed(url, asked, max(WARM_S, press_s / 3), 2)
    idle = writer.idle(QUICK_IDLE_RECEIPTS if bench.quick else IDLE_RECEIPTS)
    most = generator.closed(url, asked, press_s, LOOPS)
    bench.say(f"saturated at {most.rate:,.0f} reads/s; errors: {dict(most.errors)}")
    thread = threading.Thread(target=writer.run, name="writer")
    thread.start()
    try:
        told = generator.opened(url, asked, seconds, most.rate / 2)
    finally:
        writer.stop()
        thread.join()
    bench.say(f"{len(told.times_ms):,} answers in {told.seconds:.0f} s; errors: {dict(told.errors)}")
    return [*_reads(most, told), *_receipts(idle, writer.times_ms)]


def _reads(most: generator.Told, told: generator.Told) -> list[Figure]:
    hundredths = statistics.quantiles(told.times_ms, n=100)
    errors = most.errors.total() + told.errors.total()
    return [
        Figure(f"saturation: {LOOPS} loops without a pause", Sample((most.rate,)), "reads/s"),
        Figure("open loop at half of it, answered", Sample((told.rate,)), "reads/s"),
        Figure("errors", Sample((float(errors),)), "of all reads", at_most=0),
        Figure("a read, median", Sample((hundredths[49],)), "ms"),
        Figure("a read, p99", Sample((hundredths[98],)), "ms", at_most=MAX_P99_MS),
    ]


def _receipts(idle: Sequence[float], loaded: Sequence[float]) -> list[Figure]:
    alone, beside = Sample((statistics.median(idle),)), Sample((statistics.median(loaded),))
    what = "a writer's receipt beside the open loop, median"
    return [
        Figure("a writer's receipt, nobody else asking, median", alone, "ms"),
        Figure(what, beside, "ms", beside.over(alone), "nobody else asking", at_most=MAX_RECEIPT_RATIO),
    ]


def _about(year: ToldYear, seconds: float) -> str:
    return (
        f"`acervo serve` over a generated year ({year.size:,} acts, all registries), rates off. The generator is "
        "`tests/bench/generator.py`, in a process of its own on the same cores: what it takes is missing to the "
        "service. Read is a mixture in an order drawn from a seed: lists, objects, compositions and the follow-up "
        "board, as they are, as of a day, and as known on another; entries, proofs, checkpoint, tiles. Saturation is "
        f"the rate at which {LOOPS} closed loops are answered. The open loop then asks at half that rate, for "
        f"{seconds:.0f} s, at instants of a Poisson process; a read's time runs from its instant to the end of its "
        "answer. Beside it a writer submits one act a second and waits for the receipt (entry, proof, fresh "
        "checkpoint), which it checks."
    )
