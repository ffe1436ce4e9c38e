"""HTTP: from sending a ballot until its receipt, with proof and checkpoint, is in hand and checked."""

from __future__ import annotations

import contextlib
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import psycopg

from api.client import Client
from tests.bench.council import ORIGIN, Chronicle
from tests.bench.harness import Bench, Figure, Section
from tests.bench.submitting import SETUP_ACTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ledger.statement import SignedAct
    from tests.bench.server import Server

CALLS, QUICK_CALLS = 200, 40
MAX_RATIO = 12
START_S = 120
STOP_S = 30
ROW_BYTES = 1500
_URL = re.compile(r"http://127\.0\.0\.1:[0-9]+")
_SERVE = "from api.cli.main import main; main()"


@contextlib.contextmanager
def service(admin_url: str, data_dir: Path) -> Iterator[str]:
    """Run `acervo serve` on a database, with signer and worker as ever, and give its address.

    Raises:
        RuntimeError: It did not come up.
    """
    data_dir.mkdir(exist_ok=True)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ACERVO_")}
    chosen = {"DATABASE_URL": admin_url, "ACERVO_ORIGIN": ORIGIN, "ACERVO_DEMO": "none", "PYTHONUNBUFFERED": "1"}
    chosen |= dict.fromkeys(("ACERVO_READS_PER_SECOND", "ACERVO_REFUSED_PER_SECOND", "ACERVO_EXPORTS_KEPT"), "0")
    command = [sys.executable, "-c", _SERVE, "serve", "--port", "0", "--data-dir", str(data_dir)]
    with subprocess.Popen(command, env=inherited | chosen, stdout=subprocess.PIPE, text=True) as process:
        late = threading.Timer(START_S, process.terminate)
        late.start()
        try:
            url = _address(process)
            late.cancel()
            yield url
        finally:
            late.cancel()
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _address(process: subprocess.Popen[str]) -> str:
    """Read the printed page up to the address, and go on reading it so that the pipe never fills."""
    out = process.stdout
    for line in out or ():
        found = _URL.search(line)
        if found:
            threading.Thread(target=lambda: [None for _ in out or ()], daemon=True).start()
            return found[0]
    raise RuntimeError("the service did not start")


def prepare(client: Client, count: int) -> list[SignedAct]:
    """Found the ledger over HTTP, open the votes, and return ballots that it does not have yet."""
    waiting: list[SignedAct] = []

    def take(acts: Sequence[SignedAct]) -> None:
        waiting.extend(acts)
        while len(waiting) >= SETUP_ACTS:
            client.submit(waiting[:SETUP_ACTS])
            del waiting[:SETUP_ACTS]

    chronicle = Chronicle(take)
    chronicle.found()
    ballots = [act for group in chronicle.open_votes(count // 12 + 1) for act in group][:count]
    client.submit(waiting)
    return ballots


def measure(bench: Bench, server: Server) -> Section:
    """Submit ballots one after the other, and insert bare rows from the same process."""
    calls = QUICK_CALLS if bench.quick else CALLS
    database, bare = server.database(ledger=True), server.database(ledger=False)
    with (
        service(database.admin_url, bench.directory / "service") as url,
        Client(url) as client,
        psycopg.connect(bare.admin_url, autocommit=True) as connection,
    ):
        ballots = iter(prepare(client, calls * (bench.repetitions + 1)))
        bench.say("the service runs, the votes are open")
        connection.execute("CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content bytea)")

        def submit() -> float:
            return _median_ms(calls, lambda: _receipt(client, next(ballots)))

        def insert() -> float:
            content = os.urandom(ROW_BYTES)
            return _median_ms(calls, lambda: connection.execute("INSERT INTO bare (content) VALUES (%s)", (content,)))

        found = bench.compete({"HTTP": submit, "INSERT": insert})
    server.drop(database)
    server.drop(bare)
    over = found["HTTP"].over(found["INSERT"])
    what = "POST of a ballot until its receipt is checked, median"
    figures = [
        Figure(what, found["HTTP"], "ms", over, "a bare INSERT", at_most=MAX_RATIO),
        Figure(f"a bare durable INSERT of {ROW_BYTES:,} bytes, median", found["INSERT"], "ms"),
    ]
    return Section("HTTP", _about(), figures)


def _receipt(client: Client, act: SignedAct) -> None:
    if client.submit([act])[0].receipt is None:
        raise RuntimeError("no receipt came in time")


def _median_ms(calls: int, call: Callable[[], object]) -> float:
    times = []
    for _ in range(calls):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def _about() -> str:
    return (
        "`acervo serve` in processes of its own on loopback, signer and worker running (but not open data, "
        "which is written every night and when the service is first started), and one client that sends one "
        "ballot after the other with `api.client`. The time ends when the receipt (entry, inclusion proof, checkpoint "
        "signed after the commit) has been checked by the client. The yardstick is one INSERT of a row of an entry's "
        "size, committed, from the same process on the same server."
    )
