"""Submission: ballots through all checks into the tree, against a stock event store on the same server.

Ours is schema, signature, authority and the rules of a ballot, guards, the append with its tree, one durable commit
for all that wait. The baseline saves an unsigned event of the same content and checks nothing.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate

from ledger.application import Ledger
from ledger.crypto.dsse import pae
from ledger.store.store import LedgerStore
from ledger.store.vault import Vault
from tests.bench.council import ORIGIN, SEATS, Chronicle, Keys
from tests.bench.harness import Bench, Figure, Sample, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ledger.statement import SignedAct
    from tests.bench.server import Database, Server

SUBMITTERS = 8
BATCH = 100
SETUP_ACTS = 400


class Vote(Aggregate):
    """A stock aggregate whose one event says what a ballot's statement says, unsigned and unchecked."""

    def __init__(self, stream: str, data: dict[str, Any], office: str, occurred_at: str, basis: dict[str, str]) -> None:
        self.stream, self.data, self.office, self.occurred_at, self.basis = stream, data, office, occurred_at, basis


class Stock(Application[UUID]):
    """A stock application; tables, serialisation and recorder are the library's own."""

    env: ClassVar[dict[str, str]] = {"PERSISTENCE_MODULE": "eventsourcing.postgres"}


@contextlib.contextmanager
def stock_application(server: Server) -> Iterator[Stock]:
    """Give a stock application with a database of its own."""
    database = server.database(ledger=False)
    parameters = database.parameters()
    app = Stock(
        {
            "POSTGRES_DBNAME": parameters["dbname"],
            "POSTGRES_HOST": parameters["host"],
            "POSTGRES_USER": parameters["user"],
            "POSTGRES_PASSWORD": parameters["password"],
            "POSTGRES_POOL_SIZE": str(SUBMITTERS),
        }
    )
    try:
        yield app
    finally:
        app.close()
        server.drop(database)


@contextlib.contextmanager
def ledger_of(server: Server, vault: Path) -> Iterator[tuple[Ledger, LedgerStore, Database]]:
    """Give an empty ledger of the product's own parts with a database of its own."""
    database = server.database(ledger=True)
    with LedgerStore(database.app_url) as store:
        yield ledger_at(store, vault), store, database
    server.drop(database)


def ledger_at(store: LedgerStore, vault: Path) -> Ledger:
    """Return a ledger on a store, knowing nothing yet of what stands there."""
    return Ledger(store, Vault(store, vault), ORIGIN)


class Voting:
    """A ledger, founded, in which votes are opened as their ballots are wanted.

    Not all at the beginning: a vote's ballots come within the hour, while the ledger still knows the vote. Tens of
    thousands of other streams later it would read it again, which is not what is measured here.
    """

    def __init__(self, bench: Bench, ledger: Ledger) -> None:
        self._bench, self._ledger = bench, ledger
        self._waiting: list[SignedAct] = []
        self._chronicle = Chronicle(self._take)
        self._chronicle.found()
        self._flush()

    def ballots(self, count: int) -> list[SignedAct]:
        """Open votes, and return `count` signed ballots that the ledger does not have yet."""
        ballots = [act for group in self._chronicle.open_votes(-(-count // SEATS)) for act in group][:count]
        self._flush()
        self._bench.say(f"{count} ballots signed, their votes opened")
        return ballots

    def _take(self, acts: Sequence[SignedAct]) -> None:
        self._waiting.extend(acts)
        if len(self._waiting) >= SETUP_ACTS:
            self._flush()

    def _flush(self) -> None:
        for start in range(0, len(self._waiting), SETUP_ACTS):
            self._ledger.submit(self._waiting[start : start + SETUP_ACTS])
        self._waiting.clear()


class Ours:
    """The ledger and the ballots that are still to be cast."""

    def __init__(self, ledger: Ledger, ballots: Sequence[SignedAct], server: Server) -> None:
        self._ledger = ledger
        self._ballots = iter(ballots)
        self._server = server

    def run(self, threads: int, calls: int, size: int = 1) -> float:
        """Submit from so many threads, each so many calls of `size` acts; return acts per second."""
        work = [[self._some(size) for _ in range(calls)] for _ in range(threads)]
        self._server.settle()
        return threads * calls * size / in_threads([_submitter(self._ledger, groups) for groups in work])

    def _some(self, size: int) -> list[SignedAct]:
        return [next(self._ballots) for _ in range(size)]


def _submitter(ledger: Ledger, groups: Sequence[Sequence[SignedAct]]) -> Callable[[], None]:
    def submit() -> None:
        for group in groups:
            ledger.submit(group)

    return submit


class Theirs:
    """The stock application."""

    def __init__(self, app: Stock, like: SignedAct, server: Server) -> None:
        self._app = app
        self._like = like.statement
        self._server = server

    def run(self, threads: int, calls: int, size: int = 1) -> float:
        """As `Ours.run`: events per second."""
        votes = [[[self._vote() for _ in range(size)] for _ in range(calls)] for _ in range(threads)]
        self._server.settle()
        return threads * calls * size / in_threads([_saver(self._app, groups) for groups in votes])

    def _vote(self) -> Vote:
        said = self._like
        return Vote(said.stream, dict(said.data), said.office, said.occurred_at, dict(said.basis))


def _saver(app: Stock, groups: Sequence[Sequence[Vote]]) -> Callable[[], None]:
    def save() -> None:
        for group in groups:
            app.save(*group)

    return save


def in_threads(tasks: Sequence[Callable[[], None]]) -> float:
    """Run tasks at once, each in a thread of its own, and return the seconds that all of them took.

    Raises:
        BaseException: What a task raised.
    """
    gate = threading.Barrier(len(tasks) + 1)
    failures: list[BaseException] = []

    def run(task: Callable[[], None]) -> None:
        gate.wait()
        try:
            task()
        except BaseException as error:  # noqa: BLE001  raised again below, in the thread that waits
            failures.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    if failures:
        raise failures[0]
    return elapsed


def signature_checks(act: SignedAct, count: int) -> float:
    """Return bare Ed25519 checks per second of one thread, over a ballot's own bytes."""
    key, message = _key_of(act), pae(act.statement.raw)
    began = time.perf_counter()
    for _ in range(count):
        key.verify(act.signature, message)
    return count / (time.perf_counter() - began)


def _key_of(act: SignedAct) -> Any:
    seat = act.statement.data["seat"]
    return Keys()(f"hcd.{seat}").public


def measure(bench: Bench, server: Server) -> Section:
    """Measure single acts from eight threads and one, and batches."""
    singles, calls, batches = (40, 200, 8) if bench.quick else (250, 1200, 25)
    shapes = {
        "eight": (SUBMITTERS, singles, 1),
        "one": (1, calls, 1),
        "batch": (1, batches, BATCH),
        "batches": (SUBMITTERS, max(2, batches // 5), BATCH),
    }
    with stock_application(server) as app, ledger_of(server, bench.directory / "vault") as (ledger, _, _):
        voting = Voting(bench, ledger)
        found: dict[str, Sample] = {}
        for name, shape in shapes.items():
            ballots = voting.ballots(math.prod(shape) * (bench.repetitions + 1))
            ours, theirs = Ours(ledger, ballots, server), Theirs(app, ballots[0], server)
            found |= bench.compete(
                {f"{name}, ledger": _bound(ours.run, shape), f"{name}, stock": _bound(theirs.run, shape)}
            )
        checks = bench.compete({"signature checks": lambda: signature_checks(ballots[0], 2000)})["signature checks"]
    return Section("Submission", _about(server), _figures(found, checks))


def _bound(run: Callable[[int, int, int], float], shape: tuple[int, int, int]) -> Callable[[], float]:
    return lambda: run(*shape)


def _about(server: Server) -> str:
    return (
        "The act is a `BallotCast/1` of a vote with twelve seats, signed with the member's Ed25519 key beforehand. "
        "`Ledger.submit` checks schema, signature, authority and the rules of a ballot; when it returns, the act is "
        "durable and in the tree. The baseline is an `eventsourcing` application as the library ships it "
        "(PostgresApplicationRecorder), which saves one unsigned event of the same content and checks nothing. Same "
        f"server, same durability ({server.durability}). A submitter alone waits for each commit; eight share them."
    )


def _figures(found: dict[str, Sample], checks: Sample) -> list[Figure]:
    wanted = {
        "eight": ("single ballots, eight submitters", 1.3, "stock, eight threads"),
        "one": ("single ballots, one submitter", 0.8, "stock, one thread"),
        "batch": (f"batches of {BATCH}, one submitter", 0.5, "stock, one thread, same batches"),
        "batches": (f"batches of {BATCH}, eight submitters", 0.5, "stock, eight threads, same batches"),
    }
    figures = []
    for name, (what, goal, against) in wanted.items():
        ours, stock = found[f"{name}, ledger"], found[f"{name}, stock"]
        figures += [
            Figure(what, ours, "acts/s", ours.over(stock), against, at_least=goal),
            Figure(against, stock, "events/s"),
        ]
    figures.append(Figure("bare Ed25519 checks, one thread", checks, "checks/s"))
    for name, who in (("batch", "one submitter"), ("batches", "eight submitters")):
        ours = found[f"{name}, ledger"]
        what = f"batches of {BATCH}, {who}, against the signature check's own limit"
        figures.append(Figure(what, ours, "acts/s", ours.over(checks), "checks of one thread"))
    return figures
