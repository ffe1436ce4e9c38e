"""Work that is done beside the ledger, from a queue in PostgreSQL (procrastinate): open data, every night.

    1  every night at the hour that is set, and at the start, a job is put into the queue       once, whoever asks
    2  the worker takes it, writes the day's folder whole or not at all, takes old ones away    api/exports/shelf.py
    3  killed on the way, it is taken up again                                                  `retry_stalled`

A job that is put into the queue on somebody's connection is there when that transaction commits, and never otherwise.
The worker is a child of the server: `python -m api.jobs`. It needs a database that can be written, and says so.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

import psycopg
from procrastinate import App, PsycopgConnector, RetryStrategy
from psycopg.rows import tuple_row

from api.exports.shelf import Shelf
from api.processes import run_child
from api.settings import Settings
from api.wiring import build

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psycopg import Connection

    from api.system import System

QUEUE = "exports"
SCHEMA = "jobs"
TASK = "export-data"
SEARCH_PATH = f"{SCHEMA}, pg_catalog"
CONNECTIONS = 4
"""Of the ledger's store in this process."""
NICENESS = 10
MEXICO_UTC_HOURS = 6
"""Central Mexico keeps no summer time since 2022."""
TRIES = RetryStrategy(max_attempts=5, exponential_wait=4)
_READY = "SELECT NOT pg_is_in_recovery(), to_regclass('jobs.procrastinate_jobs') IS NOT NULL"
_PATH = "SELECT set_config('search_path', %s, true)"
_DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(%s, %s, 0, NULL, %s, '{}', NULL)::procrastinate_job_to_defer_v1])
WHERE NOT EXISTS (SELECT FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo')"""
_log = logging.getLogger("acervo.jobs")


def queue_of(url: str) -> App:
    """Return the queue of a database, without tasks; whoever opens it may put jobs into it."""
    options = f"-c search_path={SEARCH_PATH.replace(' ', '')}"
    kwargs = {"options": options, "application_name": "acervo-jobs"}
    return App(connector=PsycopgConnector(conninfo=url, kwargs=kwargs, min_size=1, max_size=3))


def defer_export(connection: Connection[Any]) -> None:
    """Put the writing of today's open data into the queue, in the connection's transaction.

    It is asked for once however often it is asked for; what is rolled back was never asked for.
    """
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute("SELECT current_setting('search_path')").fetchone()
        cursor.execute(_PATH, (SEARCH_PATH,))
        cursor.execute(_DEFER, (QUEUE, TASK, TASK, TASK))
        cursor.execute(_PATH, row)


def with_tasks(queue: App, system: System) -> App:
    """Give the queue what the worker does."""

    def export_data(timestamp: int = 0) -> str | None:  # noqa: ARG001  the queue says for when
        written = Shelf(system.settings.data_dir).write(system)
        if written is not None:
            _log.info("open data of %s written", written)
        return written

    async def retry_stalled(timestamp: int = 0) -> None:  # noqa: ARG001  as above
        for job in await queue.job_manager.get_stalled_jobs():
            await queue.job_manager.retry_job(job)

    nightly = f"30 {(system.settings.exports_hour + MEXICO_UTC_HOURS) % 24} * * *"
    task = queue.task(name=TASK, queue=QUEUE, queueing_lock=TASK, retry=TRIES)(export_data)
    queue.periodic(cron=nightly)(task)
    queue.periodic(cron="*/10 * * * *")(queue.task(name="retry-stalled", queue=QUEUE)(retry_stalled))
    return queue


def refusal(url: str) -> str | None:
    """Return why the queue cannot be worked on in this database, None where it can."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(_READY).fetchone()
    writable, there = row if row is not None else (False, False)
    return None if writable and there else "jobs-read-only" if not writable else "jobs-missing"


def main(config: dict[str, Any], say: Callable[[Mapping[str, Any]], None]) -> None:
    """Work on the queue until told to stop, or say why that cannot be.

    Args:
        config: `settings`, `database_url` (empty for the private server) and `app_url` (`api.kept.KeptJobs`).
        say: Tells the parent that we began, or why not.
    """
    code = refusal(config["app_url"])
    if code is not None:
        say({"code": code})
        return
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    os.nice(NICENESS)
    given = {**config["settings"], "database_url": config["database_url"], "database_connections": CONNECTIONS}
    say({"started": True})
    system = build(Settings.model_validate(given), signer=False)
    try:
        with system.store.pool.connection() as connection:
            defer_export(connection)
        with_tasks(queue_of(system.app_url), system).run_worker(
            queues=[QUEUE], concurrency=1, delete_jobs="successful", shutdown_graceful_timeout=5.0
        )
    finally:
        system.close()


if __name__ == "__main__":
    run_child(main)
