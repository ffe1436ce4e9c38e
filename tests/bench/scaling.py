"""Growth: what an append and a proof cost in a small ledger and in one of a million entries."""

from __future__ import annotations

import contextlib
import random
import time
from typing import TYPE_CHECKING

from ledger.receipts import make_receipts
from ledger.store.log_reader import LogPool
from tests.bench.filling import checkpoint, fill
from tests.bench.harness import Bench, Figure, Section
from tests.bench.submitting import BATCH, Voting, ledger_at, ledger_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.application import Ledger
    from ledger.statement import SignedAct
    from ledger.store.store import LedgerStore
    from ledger.store.submission import Outcome, Submission
    from tests.bench.server import Server

SMALL, LARGE = 10_000, 1_000_000
QUICK_SMALL, QUICK_LARGE = 4_000, 60_000
MAX_APPEND_RATIO = 1.25
MAX_PROOF_RATIO = 2
SEED = 6962


class Sized:
    """A ledger filled up to a size, and what it costs there; microseconds an act or a proof."""

    def __init__(self, bench: Bench, ledger: Ledger, store: LedgerStore, ballots: Sequence[SignedAct]) -> None:
        self._ledger, self._store = ledger, store
        self._ballots = iter(ballots)
        self._singles, self._batches, self._proofs = (50, 2, 50) if bench.quick else (200, 10, 300)
        self._spent = 0.0
        self._append = store.append
        store.append = self._timed  # type: ignore[method-assign, assignment]
        self._log = LogPool(store.pool)
        self._note = checkpoint(self._log)
        self._size = self._log.head(0, 0).size
        self._random = random.Random(SEED)

    def _timed(self, submissions: Sequence[Submission]) -> list[Outcome]:
        began = time.perf_counter()
        outcomes = self._append(submissions)
        self._spent += time.perf_counter() - began
        return outcomes

    def single(self) -> float:
        """Append ballots one by one; the time in the append function's call, commit included."""
        return self._run(self._singles, 1)

    def batch(self) -> float:
        """Append batches."""
        return self._run(self._batches, BATCH)

    def _run(self, calls: int, size: int) -> float:
        self._spent = 0.0
        for _ in range(calls):
            self._ledger.submit([next(self._ballots) for _ in range(size)])
        return self._spent / (calls * size) * 1e6

    def proof(self) -> float:
        """Make receipts of random entries: read the nodes, fold the proof, check it against the signed root."""
        picked = [self._random.randrange(self._size) for _ in range(self._proofs)]
        entries = {index: self._store.entry(index) or b"" for index in picked}
        began = time.perf_counter()
        for index, raw in entries.items():
            make_receipts({index: raw}, self._note, self._log)
        return (time.perf_counter() - began) / len(entries) * 1e6


@contextlib.contextmanager
def _sized(bench: Bench, server: Server, size: int) -> Iterator[Sized]:
    """Give a ledger of that many entries, with ballots that wait to be cast."""
    per_run = 1 * (50 if bench.quick else 200) + BATCH * (2 if bench.quick else 10)
    with ledger_of(server, bench.directory / f"vault-{size}") as (ledger, store, database):
        ballots = Voting(bench, ledger).ballots(per_run * (bench.repetitions + 1))
        fill(database.admin_url, size)
        bench.say(f"{size} entries stand")
        again = ledger_at(store, bench.directory / f"vault-{size}")
        yield Sized(bench, again, store, ballots)


def measure(bench: Bench, server: Server) -> Section:
    """Measure both sizes in turn."""
    small, large = (QUICK_SMALL, QUICK_LARGE) if bench.quick else (SMALL, LARGE)
    with _sized(bench, server, small) as few, _sized(bench, server, large) as many:
        found = bench.compete({"single, small": few.single, "single, large": many.single})
        found |= bench.compete({"batch, small": few.batch, "batch, large": many.batch})
        found |= bench.compete({"proof, small": few.proof, "proof, large": many.proof})
    figures = []
    for name, what, goal in (
        ("single", "an append of one act, commit included", MAX_APPEND_RATIO),
        ("batch", f"an act appended in a batch of {BATCH}", MAX_APPEND_RATIO),
        ("proof", "a receipt made and checked", MAX_PROOF_RATIO),
    ):
        one, other = found[f"{name}, small"], found[f"{name}, large"]
        figures += [
            Figure(f"{what}, {large:,} entries", other, "µs", other.over(one), f"at {small:,}", at_most=goal),
            Figure(f"{what}, {small:,} entries", one, "µs"),
        ]
    return Section("Growth", _about(), figures)


def _about() -> str:
    return (
        "Two ledgers on one server, each founded and its votes opened through the append function, then filled to its "
        "size by a superuser with rows of a ballot's size, true leaf hashes and a true tree over them. Then real "
        "ballots are appended; the time is that of the call to the append function. A receipt is an inclusion proof of "
        "a random entry, read from the stored nodes and checked against a checkpoint's root."
    )
