"""A year of real size: told to a ledger, projected, verified, and asked about as of its days, over HTTP."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING

import httpx

from ledger.log.export import export_log
from ledger.log.policy import Policy
from ledger.store.log_reader import LogPool
from ledger.store.store import LedgerStore
from ledger.store.vault import Vault
from ledger.verify.write import Extras, opened_of, write_bundle
from projections import REGISTRIES, tracking
from projections.rebuild import compare, rebuild
from tests.bench.auditing import verify
from tests.bench.filling import checkpoint, tidy
from tests.bench.harness import Bench, Figure, Sample, Section
from tests.bench.logbook import LOG_KEY
from tests.bench.serving import service
from tests.bench.submitting import ledger_of
from tests.bench.year_asked import PRESENT, questions
from tests.bench.year_told import ToldYear

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ledger.application import Ledger
    from ledger.verify.bundle import Opened
    from tests.bench.auditing import Verified
    from tests.bench.server import Database, Server
    from tests.bench.year_asked import Question

SCALE, QUICK_SCALE = 1.0, 1 / 30
REPEATED = 3
MAX_P95_MS = 400
TELL_EVERY = 25_000
HTTP_TIMEOUT_S = 60


@dataclass
class Loaded:
    """What loading came to: acts, seconds in `Ledger.submit`, and the disclosures for a bundle."""

    size: int = 0
    seconds: float = 0.0
    opened: list[Opened] = field(default_factory=list)


def load(bench: Bench, ledger: Ledger, store: LedgerStore, year: ToldYear) -> Loaded:
    """Submit the year group by group, each when the ledger's clock is set to it; signing is not in the seconds."""
    loaded = Loaded()
    for group in year.groups():
        if loaded.size:
            store.set_clock(group.at)  # the founding sets it by itself
        began = time.perf_counter()
        recorded = ledger.submit(group.acts)
        loaded.seconds += time.perf_counter() - began
        for each, act in zip(recorded, group.acts, strict=True):
            loaded.opened.extend(opened_of(each.index, act))
        if (loaded.size + len(recorded)) // TELL_EVERY > loaded.size // TELL_EVERY:
            bench.say(f"{loaded.size + len(recorded):,} acts, {loaded.seconds:.0f} s in submit")
        loaded.size += len(recorded)
    return loaded


def project(database: Database, vault: Vault) -> float:
    """Make all registries from entry 0; return the seconds."""
    connection = tracking.connect(database.app_url)
    try:
        began = time.perf_counter()
        rebuild(connection, REGISTRIES, vault.disclosure)
        return time.perf_counter() - began
    finally:
        connection.close()


def audit(directory: Path, store: LedgerStore, loaded: Loaded) -> tuple[float, Verified]:
    """Write a bundle with every disclosure out of the database and verify it; return its seconds and the verifier's.

    Raises:
        RuntimeError: It does not verify.
    """
    directory.mkdir()
    reader = LogPool(store.pool)
    policy = Policy.parse(f"log {LOG_KEY.verifier.vkey}\nquorum none\n".encode())
    began = time.perf_counter()
    export_log(reader, directory / "log", checkpoint(reader), policy)
    write_bundle(directory / "year.zip", directory / "log", extras=Extras(disclosures=loaded.opened))
    return time.perf_counter() - began, verify(directory / "year.zip", loaded.size)


def ask(bench: Bench, url: str, asked: Iterable[Question]) -> dict[str, list[float]]:
    """Ask every question some times, after once to warm up; return the milliseconds by what it rests on.

    Raises:
        RuntimeError: An answer is not 200.
    """
    found: dict[str, list[float]] = {}
    with httpx.Client(base_url=url, timeout=HTTP_TIMEOUT_S) as client:
        for question in asked:
            times = []
            for repetition in range(-1, REPEATED):
                elapsed = answered(client, question)
                if repetition >= 0:
                    times.append(elapsed)
            found.setdefault(question.rests_on, []).extend(times)
            if min(times) > MAX_P95_MS / 4:
                bench.say(f"{question.path} {dict(question.params)}: {min(times):.0f} ms")
    return found


def answered(client: httpx.Client, question: Question) -> float:
    """Ask a question once; return the milliseconds.

    Raises:
        RuntimeError: The answer is not 200.
    """
    began = time.perf_counter()
    response = client.get(question.path, params=dict(question.params))
    elapsed = (time.perf_counter() - began) * 1000
    if response.status_code != httpx.codes.OK:
        raise RuntimeError(f"{response.url}: {response.status_code} {response.text[:300]}")
    return elapsed


def rebuild_while_asked(url: str, admin_url: str, vault: Path, asked: Sequence[Question]) -> tuple[float, list[float]]:
    """Rebuild all registries while the service answers question after question.

    Returns:
        The seconds of the rebuild, and the milliseconds of each answer given meanwhile.

    Raises:
        RuntimeError: An answer is not 200, or a row is not what it was.
    """
    with LedgerStore(admin_url) as store, tracking.connect(admin_url) as connection, ThreadPoolExecutor(1) as pool:
        reader = Vault(store, vault).disclosure
        began = time.perf_counter()
        rebuilding = pool.submit(rebuild, connection, REGISTRIES, reader)
        times: list[float] = []
        with httpx.Client(base_url=url, timeout=HTTP_TIMEOUT_S) as client:
            questions_again = cycle(asked)
            while not rebuilding.done():
                times.append(answered(client, next(questions_again)))
        rebuilding.result()
        seconds = time.perf_counter() - began
        differences = compare(connection, REGISTRIES, reader)
    if differences:
        raise RuntimeError(f"{differences[0].table}: rows differ after a rebuild")
    return seconds, times


def percentile_95(values: Iterable[float]) -> float:
    """Return the value that 95 of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * 95 // 100) - 1]


def measure(bench: Bench, server: Server) -> Section:
    """Load, project, verify and ask, once each: the size is the point."""
    year = ToldYear(QUICK_SCALE if bench.quick else SCALE)
    data_dir = bench.directory / "year"
    data_dir.mkdir()
    with ledger_of(server, data_dir / "vault") as (ledger, store, database):
        loaded = load(bench, ledger, store, year)
        bench.say(f"{loaded.size:,} acts loaded in {loaded.seconds:.0f} s of submit")
        tidy(database.admin_url)
        projected = project(database, Vault(store, data_dir / "vault"))
        bench.say(f"registries in {projected:.0f} s")
        tidy(database.admin_url)
        written, verified = audit(bench.directory / "year-bundle", store, loaded)
        bench.say(f"bundle in {written:.0f} s, verified in {verified.seconds:.0f} s")
        loaded.opened.clear()
        store.close()  # the service gives the role another password
        with service(database.admin_url, data_dir) as url:
            answers = ask(bench, url, questions(year))
            asked = [question for question in questions(year) if question.rests_on == PRESENT]
            again, meanwhile = rebuild_while_asked(url, database.admin_url, data_dir / "vault", asked)
            bench.say(f"rebuilt in {again:.0f} s while {len(meanwhile)} questions were answered; identical rows")
    figures = [
        Figure("loaded by `Ledger.submit`, one submitter", Sample((loaded.size / loaded.seconds,)), "acts/s"),
        Figure("the whole year in `Ledger.submit`", Sample((loaded.seconds,)), "s"),
        Figure("all registries, one pass", Sample((loaded.size / projected,)), "acts/s"),
        Figure("bundle written, every disclosure", Sample((written,)), "s"),
        Figure("V1–V13, all cores", Sample((loaded.size / verified.seconds,)), "acts/s"),
        Figure("V1–V13, peak memory", Sample((verified.memory,)), "MiB"),
    ]
    figures += [
        Figure("rebuilt while the service answers", Sample((loaded.size / again,)), "acts/s"),
        Figure("GET meanwhile, p95", Sample((percentile_95(meanwhile),)), "ms"),
    ]
    for rests_on, times in answers.items():
        figures += [
            Figure(f"GET {rests_on}, median", Sample((statistics.median(times),)), "ms"),
            Figure(f"GET {rests_on}, p95", Sample((percentile_95(times),)), "ms", at_most=MAX_P95_MS),
        ]
    return Section("A year of real size", _about(year), figures)


def _about(year: ToldYear) -> str:
    profiles = len({body.kind.profile for body in year.bodies})
    return (
        f"Generated by a seed: {len(year.bodies):,} bodies of {profiles} profiles, {len(year.sessions):,} sessions in "
        "twelve months with convocation, receipts, attendance, quorum, items and roll calls, "
        f"{len(year.agreements):,} agreements numbered without gaps, captured, communicated and fulfilled, actas "
        f"drafted, signed, sealed and opened: {year.size:,} acts, each signed on its day by an enrolled key, on a "
        "simulated clock. Loading is the time in `Ledger.submit` by one submitter in groups of about a hundred; "
        "signing is not in it. The verifier checks a bundle with every disclosure in processes of its own, and finds "
        "nothing. Questions go to `acervo serve` over HTTP one after the other, each once to warm up and then three "
        "times: a body's composition, sessions, agreements and actas, one agreement, one session, the follow-up board "
        "of a body, of a unit and of all that is overdue. Then all registries are rebuilt while questions of now are "
        "asked one after the other; an answer that fails, or a row that is another one after it, would end the "
        "measurement. Everything is measured once, at its size; median and p95 "
        "are over all answers."
    )
