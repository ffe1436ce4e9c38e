"""Registries rebuilt while they are read and while acts come in; a worker that is gone is seen (decision 0008)."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
import pytest

from api.kept import KeptWorker
from api.main import create_app
from ledger.statement import Entry
from projections import REGISTRIES, tracking
from projections.rebuild import compare, rebuild
from projections.replay import PAGE_ACTS
from projections.runner import Runner
from tests.bench.council import ORIGIN
from tests.bench.year_bodies import KINDS
from tests.bench.year_told import ToldYear
from tests.kit.served import served
from tests.kit.system import running, settings_for
from tests.projections.rows import all_rows

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Callable, Iterator

    from api.system import System
    from tests.bench.year_told import Group
    from tests.kit.postgres import Database

FEW = tuple(replace(kind, bodies=1, sessions=5) for kind in KINDS)
"""One body of each profile, five sessions a year."""
LISTS = {"agreements": "AgreementAdopted/1", "sessions": "SessionConvened/1", "keys": "KeyEnrolled/1"}
"""List → the type of act of which each made one of its objects, in a generated year."""
FOUNDED = {"agreements": 0, "sessions": 0, "keys": 3}
"""List → how many of its objects the founding made: two officers' keys and the recovery key."""
REBUILDS = 2
WAIT_S = 60.0


class Reading(threading.Thread):
    """Reads lists over and over; keeps what was wrong with any answer, and how many there were."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url = url
        self.stopped = threading.Event()
        self.failures: list[str] = []
        self.answers: list[tuple[str, int, int]] = []

    def run(self) -> None:
        """Read until stopped; a position that goes back is a failure like any other."""
        last = 0
        with httpx.Client(base_url=self.url, timeout=WAIT_S) as client:
            while not self.stopped.is_set():
                for path in LISTS:
                    answer = client.get(f"/api/v1/{path}", params={"limit": 500})
                    if answer.status_code != 200:
                        self.failures.append(f"{path}: {answer.status_code} {answer.text[:200]}")
                        continue
                    said = answer.json()
                    position = said["moment"]["as_of_position"]
                    if position < last:
                        self.failures.append(f"{path}: {position} after {last}")
                    last = position
                    self.answers.append((path, position, len(said["data"])))


def submit(system: System, groups: list[Group]) -> None:
    """Hand groups of acts in, each when the ledger's clock is set to it."""
    for group in groups:
        if system.size():
            system.store.set_clock(group.at)
        system.ledger.submit(group.acts)


@dataclass(frozen=True)
class Year:
    """A system with most of a small generated year in it, its worker, and the groups that are to come."""

    system: System
    database: Database
    worker: KeptWorker
    coming: list[Group]

    def take(self, keep: int) -> list[Group]:
        """Take the coming groups but the last few."""
        place = max(len(self.coming) - keep, 0)
        taken, self.coming[:] = self.coming[:place], self.coming[place:]
        return taken

    def caught_up(self) -> bool:
        """Wait until the registries have seen all that there is."""
        return self.system.progress.wait_until(self.system.size(), WAIT_S)


@pytest.fixture(scope="module")
def year(
    make_database: Callable[[], contextlib.AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Year]:
    """Give two thirds of a year, worker running."""
    with make_database() as database:
        settings = settings_for(database, tmp_path_factory.mktemp("year"), origin=ORIGIN)
        with running(settings, settled=False) as system:
            worker = KeptWorker(system)
            worker.revive()
            groups = list(ToldYear(kinds=FEW).groups())
            cut = len(groups) * 2 // 3
            submit(system, groups[:cut])
            yield Year(system, database, worker, groups[cut:])
            worker.stop()


def test_a_rebuild_is_not_noticed_by_readers_and_writers(year: Year) -> None:
    """While all registries are rebuilt, twice, and acts come in: no failed answer, none that says too little of itself.

    Every answer has exactly the objects that the acts below the index have made at which it says that it stands; after
    it the rows are those of a replay.
    """
    system, reader = year.system, year.system.vault.disclosure
    with served(create_app(system)) as url, tracking.connect(year.database.app_url) as connection:
        reading = Reading(url)
        writing = threading.Thread(target=submit, args=(system, year.take(keep=1)), daemon=True)
        assert year.caught_up()
        reading.start()
        writing.start()
        for _ in range(REBUILDS):
            rebuild(connection, REGISTRIES, reader)
        writing.join(WAIT_S)
        assert not writing.is_alive()
        assert year.caught_up()
        reading.stopped.set()
        reading.join(WAIT_S)
        assert compare(connection, REGISTRIES, reader) == []
    assert reading.failures == []
    types = [Entry.parse(raw).act.statement.type for raw in system.entries(0, system.size())]
    assert len({position for _, position, _ in reading.answers}) > 2
    for path, position, count in reading.answers:
        made = FOUNDED[path] + sum(each == LISTS[path] for each in types[:position])
        assert count == min(made, 500), (path, position)


def test_rows_after_a_rebuild_are_those_before(year: Year) -> None:
    """Identical rows of every table, earlier versions included."""
    assert year.caught_up()
    before = all_rows(year.database.app_url)
    with tracking.connect(year.database.app_url) as connection:
        assert rebuild(connection, REGISTRIES, year.system.vault.disclosure) == year.system.size()
    assert all_rows(year.database.app_url) == before


def until(url: str, state: str) -> Any:
    """Wait until health says that the worker is in a state; return the whole answer."""
    deadline = time.monotonic() + WAIT_S
    while True:
        answer = httpx.get(f"{url}/api/v1/health", timeout=30)
        if answer.json()["worker"]["state"] == state:
            return answer
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.05)


def test_a_worker_that_is_gone_is_seen(year: Year) -> None:
    """Health says each registry's lag; a worker killed with −9 is "lost", one that was stopped is "stopped".

    What is recorded meanwhile is in no list, and each list says how much it lacks: nothing is silently stale.
    """
    assert year.caught_up()
    size = year.system.size()
    with served(create_app(year.system)) as url:
        assert httpx.get(f"{url}/api/v1/persons").json()["moment"]["lag"] == 0
        answer = until(url, "running")
        assert answer.json()["worker"]["lags"] == dict.fromkeys(sorted(each.name for each in REGISTRIES), 0)
        assert year.worker._child is not None
        os.kill(year.worker._child.pid, signal.SIGKILL)
        answer = until(url, "lost")
        assert (answer.status_code, answer.json()["worker"]["ok"]) == (503, False)
        submit(year.system, year.take(keep=0))
        lag = year.system.size() - size
        assert httpx.get(f"{url}/api/v1/health").json()["worker"]["lag"] == lag > 0
        for path in ("persons", "persons?as_of=2020-01-01"):
            moment = httpx.get(f"{url}/api/v1/{path}").json()["moment"]
            assert (moment["as_of_position"], moment["lag"]) == (size, lag)
        assert "lag" not in httpx.get(f"{url}/api/v1/persons?known_at={size - 1}").json()["moment"]
        year.worker.revive()
        assert until(url, "running").json()["worker"]["ok"]
        year.worker.stop()
        assert until(url, "stopped").status_code == 503
        year.worker.revive()
        until(url, "running")


def test_a_page_is_one_transaction_and_waits_for_no_disk(year: Year) -> None:
    """A thousand acts a transaction; commits of registries do not wait for the disk, and no other's are like that."""
    size = year.system.size()
    assert PAGE_ACTS >= 500
    assert size > PAGE_ACTS
    year.worker.stop()
    with psycopg.connect(year.database.admin_url, autocommit=True) as connection:
        connection.execute("DELETE FROM registry.act_times")
        connection.execute("DELETE FROM registry.tracking WHERE name = 'times'")
    (times,) = (registry for registry in REGISTRIES if registry.name == "times")
    with Runner(year.database.app_url, registries=(times,)) as runner:
        assert runner.catch_up() == size
        assert runner.connection.execute("SHOW synchronous_commit").fetchone() == ("off",)
        pages = runner.connection.execute(
            "SELECT count(*) FROM registry.act_times GROUP BY xmin::text ORDER BY min(entry_index)"
        ).fetchall()
    assert [count for (count,) in pages] == [min(PAGE_ACTS, size - at) for at in range(0, size, PAGE_ACTS)]
    with year.system.store.pool.connection() as pooled:
        assert pooled.execute("SHOW synchronous_commit").fetchall() == [{"synchronous_commit": "on"}]
