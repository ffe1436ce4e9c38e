"""Verification: V1–V13 of a bundle by the command that anybody runs, its speed and its memory.

The bare signature check is the yardstick: whatever a verifier does besides is to cost no more than that once more.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import orjson

from api.demo.town import VOTING_SEATS
from ledger.crypto.dsse import pae
from tests.bench.council import Keys
from tests.bench.harness import Bench, Figure, Sample, Section
from tests.bench.logbook import LogWriter, write_history

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ledger.crypto.keys import PrivateKey
    from ledger.statement import Entry
    from tests.bench.server import Server

SIZES = (100_000, 300_000, 1_000_000)
QUICK_SIZES = (4_000, 10_000, 20_000)
MAX_MEMORY_MIB = 600
MAX_GROWTH = 3
_SAMPLE_S = 0.05


class Verified(NamedTuple):
    """What one verification took: seconds, and the peak memory of all its processes in MiB."""

    seconds: float
    memory: float


class Peak:
    """Samples the memory of a process and its descendants; each counts with its own highest (VmHWM).

    Pages that processes share are counted in each of them, so the sum is an upper bound.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._highest: dict[int, int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def mib(self) -> float:
        """The sum, in MiB."""
        return sum(self._highest.values()) / 1024

    def _run(self) -> None:
        while not self._over.wait(_SAMPLE_S):
            for pid in descendants(self._pid):
                with contextlib.suppress(OSError):
                    self._highest[pid] = max(self._highest.get(pid, 0), _high_water_kib(pid))


def descendants(root: int) -> set[int]:
    """Return a process and all that descend from it."""
    parents: dict[int, int] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                stat = Path(entry.path, "stat").read_text()
                parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _high_water_kib(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def verify(path: Path, size: int) -> Verified:
    """Verify a bundle in a process of its own, with all cores.

    Raises:
        RuntimeError: It did not verify, or not all of it.
    """
    report, verified = run_verifier(str(path), "--self-contained", "--json")
    if orjson.loads(report)["facts"]["size"] != size:
        raise RuntimeError("the report is of another size")
    return verified


def run_verifier(*arguments: str) -> tuple[bytes, Verified]:
    """Run the verifier in a process of its own; return what it wrote and what it took.

    Raises:
        RuntimeError: It did not verify.
    """
    command = [sys.executable, "-m", "ledger.verify", *arguments]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process, Peak(process.pid) as peak:
        report, _ = process.communicate()
    elapsed = time.perf_counter() - began
    if process.returncode != 0:
        raise RuntimeError(f"the bundle does not verify: {report[:2000].decode()}")
    return report, Verified(elapsed, peak.mib)


class Checks:
    """Bare Ed25519 checks over the acts' own bytes, with keys that were read before."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._keys = {key.public.keyid: key.public for key in _officers()}

    def collect(self, entry: Entry) -> None:
        """Keep the first few thousand entries to check."""
        if len(self._entries) < 3000 and entry.act.statement.signer in self._keys:
            self._entries.append(entry)

    def per_second(self) -> float:
        """Check them all once in one thread; return checks per second."""
        work = [
            (self._keys[entry.act.statement.signer].verify, entry.act.signature, pae(entry.act.statement.raw))
            for entry in self._entries
        ]
        began = time.perf_counter()
        for check, signature, message in work:
            if not check(signature, message):
                raise RuntimeError("a signature of the log is none")
        return len(work) / (time.perf_counter() - began)


def _officers() -> Iterator[PrivateKey]:
    keys = Keys()
    return (keys(f"hcd.{seat}") for seat in VOTING_SEATS)


def measure(bench: Bench, server: Server) -> Section:  # noqa: ARG001  no database has a part in it
    """Write one history, verify a prefix of it again and again, and the shortest and the whole once for the memory."""
    sizes = QUICK_SIZES if bench.quick else SIZES
    small, middle, large = sizes
    cores = len(os.sched_getaffinity(0))
    checks = Checks()
    with bundles(bench, sizes, checks.collect) as paths:

        def audit(size: int) -> Verified:
            done = verify(paths[size], size)
            bench.say(f"{size} acts: {done.seconds:.1f} s, {done.memory:.0f} MiB")
            return done

        found = bench.compete(
            {"verification": lambda: middle / audit(middle).seconds, "signature checks": checks.per_second}, warm=0
        )
        short, long = audit(small), audit(large)
    bare = found["signature checks"].times(cores)
    figures = [
        Figure(
            f"V1–V13, all cores, {middle:,} acts",
            found["verification"],
            "acts/s",
            found["verification"].over(bare),
            f"bare checks of one thread × {cores}",
            at_least=0.5,
        ),
        Figure(f"bare Ed25519 checks of one thread × {cores}", bare, "checks/s"),
        Figure(f"V1–V13, all cores, {large:,} acts", Sample((large / long.seconds,)), "acts/s"),
        Figure(f"peak memory, {small:,} acts", Sample((short.memory,)), "MiB"),
        Figure(f"peak memory, {large:,} acts", Sample((long.memory,)), "MiB", at_most=MAX_MEMORY_MIB),
        Figure(
            "peak memory, the larger against the smaller",
            Sample((long.memory,)),
            "MiB",
            Sample((long.memory / short.memory,)),
            f"{small:,} acts",
            at_most=MAX_GROWTH,
        ),
    ]
    return Section("Verification", _about(), figures)


def _about() -> str:
    return (
        "`python -m ledger.verify BUNDLE --self-contained` on an evidence bundle with every disclosure, in processes "
        "of its own; the acts are sessions of ten votes by twelve Ed25519 ballots each, every one lawful. Reading, "
        "hashing, strict parsing and the replay of the rules are in the figure. Memory is the sum of the highest of "
        "each process of the tree (VmHWM, pages that they share counted in each). The smallest and the largest bundle "
        "are verified once, for their memory."
    )


@contextlib.contextmanager
def bundles(bench: Bench, sizes: Sequence[int], collect: Callable[[Entry], None]) -> Iterator[dict[int, Path]]:
    """Give bundles of these sizes, each a prefix of the next; removed at the end. `collect` is shown every entry."""
    with tempfile.TemporaryDirectory(dir=bench.directory) as name:
        directory = Path(name)
        writer = LogWriter(directory / "log")
        paths = {size: directory / f"{size}.zip" for size in sizes}

        def take(entry: Entry) -> None:
            collect(entry)
            if writer.size in paths:
                writer.bundle(paths[writer.size])

        write_history(writer, max(sizes), lambda size: bench.say(f"{size} acts signed"), take)
        writer.opened.clear()
        yield paths
