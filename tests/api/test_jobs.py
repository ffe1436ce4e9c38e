"""The queue of nightly work: on a real PostgreSQL, in a transaction or not at all, done again after a kill."""

from __future__ import annotations

import os
import signal
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

import migrations
from api import jobs
from api.exports.shelf import Shelf
from api.kept import KeptJobs
from api.processes import Child
from tests.kit.system import running, settings_for
from tests.kit.waiting import until

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Callable, Iterator

    from api.system import System
    from tests.kit.postgres import Database

COUNT = "SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'todo'"


@pytest.fixture(scope="module")
def quiet(
    make_database: Callable[[], contextlib.AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[System]:
    """Give a settled system on which nothing works."""
    with make_database() as database, running(settings_for(database, tmp_path_factory.mktemp("jobs"))) as system:
        yield system


def waiting(system: System) -> int:
    """Return how many jobs wait."""
    with psycopg.connect(system.app_url) as connection:
        row = connection.execute(COUNT).fetchone()
    assert row is not None
    return int(row[0])


def work_off(system: System) -> None:
    """Do what waits in the queue, in this process, and end."""
    queue = jobs.with_tasks(jobs.queue_of(system.app_url), system)
    queue.run_worker(queues=[jobs.QUEUE], wait=False, install_signal_handlers=False, delete_jobs="successful")


def test_the_schema_is_the_librarys() -> None:
    """The migration holds the schema of the procrastinate that is locked, octet by octet."""
    content = Path(migrations.__file__).with_name("0165_jobs.sql").read_text(encoding="utf-8")
    _, _, vendored = content.partition(f"-- {'-' * 117}\n")
    assert vendored == files("procrastinate").joinpath("sql", "schema.sql").read_text(encoding="utf-8")


def test_a_job_of_a_rolled_back_transaction_never_runs(quiet: System) -> None:
    """What a transaction asked for is there when it commits, once; what was rolled back was never asked for."""
    shelf = Shelf(quiet.settings.data_dir)
    with psycopg.connect(quiet.app_url) as connection:
        before = connection.execute("SHOW search_path").fetchone()
        jobs.defer_export(connection)
        assert connection.execute(COUNT).fetchone() == (1,)
        assert connection.execute("SHOW search_path").fetchone() == before
        connection.rollback()
    assert waiting(quiet) == 0
    work_off(quiet)
    assert shelf.dates() == []
    with psycopg.connect(quiet.app_url) as connection:
        jobs.defer_export(connection)
        jobs.defer_export(connection)
    assert waiting(quiet) == 1
    work_off(quiet)
    assert (waiting(quiet), shelf.dates()) == (0, [quiet.written_now()[:10]])
    package = shelf.package(shelf.dates()[0])
    assert package is not None
    assert package["acervo"]["tree_head"]["size"] == quiet.size()


def test_a_job_that_fails_is_tried_again(quiet: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export that cannot be written leaves nothing behind and its job in the queue, to be tried later."""
    shelf = Shelf(quiet.settings.data_dir)

    def broken(*_: object) -> None:
        raise OSError("disk full")

    with psycopg.connect(quiet.app_url) as connection:
        jobs.defer_export(connection)
    with monkeypatch.context() as patch:
        patch.setattr(Shelf, "write", broken)
        work_off(quiet)
    assert waiting(quiet) == 1
    assert list(shelf.directory.glob(".*")) == []
    with psycopg.connect(quiet.app_url) as connection:
        row = connection.execute("SELECT attempts, scheduled_at > now() FROM jobs.procrastinate_jobs").fetchone()
        assert row == (1, True)
        connection.execute("SET search_path = jobs")
        connection.execute("DELETE FROM jobs.procrastinate_jobs")


def test_the_process_writes_the_days_folder_and_survives_a_kill(database: Database, tmp_path: Path) -> None:
    """Started by the server's own hand, it writes today's data at once; killed, it is started again and goes on."""
    with running(settings_for(database, tmp_path / "data")) as system:
        kept = KeptJobs(system)
        shelf = Shelf(system.settings.data_dir)
        try:
            kept.revive()
            assert kept.alive()
            assert until(shelf.dates) == [system.written_now()[:10]]
            child = kept._child
            assert isinstance(child, Child)
            os.kill(child.pid, signal.SIGKILL)
            assert until(lambda: not kept.alive())
            shelf.prune(1)
            for each in shelf.dates():
                (shelf.directory / each).rename(shelf.directory / "2001-01-01")
            kept.revive()
            assert until(lambda: len(shelf.dates()) == 2)
        finally:
            kept.stop()
        assert not kept.alive()


def test_a_standby_refuses_cleanly(quiet: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the database cannot be written, or has no queue, the process says so and is not started over and over."""
    assert jobs.refusal(quiet.app_url) is None
    monkeypatch.setattr(jobs, "_READY", "SELECT false, true")
    assert jobs.refusal(quiet.app_url) == "jobs-read-only"
    monkeypatch.setattr(jobs, "_READY", "SELECT true, false")
    assert jobs.refusal(quiet.app_url) == "jobs-missing"
    said: list[Any] = []
    jobs.main({"app_url": quiet.app_url}, said.append)
    assert said == [{"code": "jobs-missing"}]
    with psycopg.connect(quiet.settings.database_url.get_secret_value(), autocommit=True) as owner:  # type: ignore[union-attr]
        owner.execute("ALTER SCHEMA jobs RENAME TO away")
        kept = KeptJobs(quiet)
        try:
            kept.revive()
            assert (kept.refusal, kept.alive()) == ("jobs-missing", True)
        finally:
            kept.stop()
            owner.execute("ALTER SCHEMA away RENAME TO jobs")
