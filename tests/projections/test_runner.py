"""The worker: each act once and in order, however pages fall, wherever it is killed, whatever surrounds it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from ledger.acts.trust import EntryAcknowledged, PersonRegistered
from ledger.crypto.merkle import leaf_hash
from ledger.errors import StoreError
from ledger.statement import Entry
from projections import REGISTRIES, Registry, tracking
from projections.rebuild import compare, rebuild
from projections.replay import ProjectionError
from projections.runner import Runner, serve
from tests.kit.waiting import WAIT_S, until
from tests.projections.rows import all_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.world import Signed
    from projections.page import Page
    from tests.kit.history import History
    from tests.kit.postgres import Database


@contextlib.contextmanager
def serving(url: str, history: History) -> Iterator[threading.Thread]:
    """Run the worker in a thread for as long as the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=serve, args=(url, stop, history.vault.disclosure))
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(WAIT_S)
        assert not thread.is_alive()


def status(database: Database) -> tracking.Status:
    """Return how the worker is."""
    with tracking.connect(database.app_url) as connection:
        return tracking.read_status(connection)


@pytest.mark.parametrize("page_acts", [1, 7, 1000])
def test_pages_fall_anywhere(told: History, database: Database, page_acts: int) -> None:
    """The rows are the same however many acts a page has, and the same as those of a rebuild from zero."""
    with Runner(database.app_url, reader=told.vault.disclosure, page_acts=page_acts) as runner:
        assert runner.catch_up() == told.store.head().size
        assert runner.step() == 0
        live = all_rows(database.app_url)
        assert all(live.values()), [name for name, rows in live.items() if not rows]
        assert rebuild(runner.connection, REGISTRIES, told.vault.disclosure) == told.store.head().size
        assert runner.step() == 0
    assert all_rows(database.app_url) == live


def test_live_is_replay(history: History, database: Database) -> None:
    """A worker that follows act by act while they are written leaves the rows of a replay."""
    with serving(database.app_url, history):
        history.tell()
        until(lambda: status(database).lag == 0)
    live = all_rows(database.app_url)
    with tracking.connect(database.app_url) as connection:
        rebuild(connection, REGISTRIES, history.vault.disclosure)
    assert all_rows(database.app_url) == live


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.name)
def test_a_registry_that_comes_later(told: History, database: Database, registry: Registry) -> None:
    """A registry that begins at zero while all others are ahead catches up, and nobody else sees an act twice."""
    with Runner(database.app_url, reader=told.vault.disclosure) as runner:
        runner.catch_up()
        before = all_rows(database.app_url)
        for table in registry.tables:
            runner.connection.execute(f"TRUNCATE registry.{table.name}")
        runner.connection.execute("DELETE FROM registry.tracking WHERE name = %s", (registry.name,))
    with Runner(database.app_url, reader=told.vault.disclosure, page_acts=50) as runner:
        runner.catch_up()
    assert all_rows(database.app_url) == before


def test_redelivery(told: History, database: Database) -> None:
    """Two workers at once, both offered every page, apply each act once."""
    with serving(database.app_url, told), serving(database.app_url, told):
        until(lambda: status(database).lag == 0)
        told.do(PersonRegistered(person="p-late"), sealed={"name": "Tarde"})
        until(lambda: status(database).lag == 0)
    with tracking.connect(database.app_url) as connection:
        assert compare(connection, REGISTRIES, told.vault.disclosure) == []


def _work(url: str, pages: int) -> None:
    """Project some pages of three acts, slowly, in a process of its own."""
    with Runner(url, page_acts=3) as runner:
        for _ in range(pages):
            runner.step()
            time.sleep(0.002)


def test_killed_anywhere(told: History, database: Database) -> None:
    """A worker killed with −9, again and again, leaves nothing double and nothing out."""
    spawn = multiprocessing.get_context("spawn")
    for _ in range(3):
        worker = spawn.Process(target=_work, args=(database.app_url, 1000))
        worker.start()
        reached = min(status(database).position + 20, told.store.head().size)
        until(lambda reached=reached: status(database).position >= reached)  # type: ignore[misc]
        worker.kill()
        worker.join()
    with Runner(database.app_url) as runner:
        runner.catch_up()
        assert compare(runner.connection, REGISTRIES) == []


@pytest.mark.usefixtures("told")
def test_killed_between_rows_and_position(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """An end after the rows were written and before the commit leaves the page to be done again."""
    with monkeypatch.context() as patch, Runner(database.app_url) as runner:
        patch.setattr(tracking, "advance", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            runner.step()
    assert not any(all_rows(database.app_url).values())
    with Runner(database.app_url) as runner:
        runner.catch_up()
        assert compare(runner.connection, REGISTRIES) == []


def test_lost_connection(told: History, database: Database) -> None:
    """The worker makes a connection again that the server ended, and goes on."""
    with serving(database.app_url, told):
        until(lambda: status(database).lag == 0)
        with psycopg.connect(database.admin_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'acervo-registries'"
                " AND datname = current_database()"
            )
        told.do(PersonRegistered(person="p-late"), sealed={"name": "Tarde"})
        until(lambda: status(database).lag == 0)


def test_lag_and_waiting(told: History, database: Database) -> None:
    """The lag is told, and who waits for a position gets it as soon as it is there, or is told that it is not."""
    size = told.store.head().size
    assert (status(database).lag, status(database).state) == (size, "stopped")
    with tracking.connect(database.app_url) as connection:
        progress = tracking.Progress(
            database.app_url, lambda: tracking.position_of(tracking.positions(connection.cursor()), REGISTRIES)
        )
        assert not progress.wait_until(size, 0.05)
        with serving(database.app_url, told):
            assert progress.wait_until(size, WAIT_S)
            index = told.do(PersonRegistered(person="p-late"), sealed={"name": "Tarde"})
            began = time.monotonic()
            assert progress.wait_until(index + 1, WAIT_S)
            assert time.monotonic() - began < 20
            assert status(database).state == "running"
        progress.close()
    assert status(database).state == "stopped"


def test_hostile_environment(told: History, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables that change other people's connections, clocks and event stores change no row."""
    with Runner(database.app_url, reader=told.vault.disclosure) as runner:
        runner.catch_up()
    rows = all_rows(database.app_url)
    hostile = {
        "COMPRESSOR_TOPIC": "zlib",
        "CIPHER_TOPIC": "nobody:Cipher",
        "PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "PGOPTIONS": "-c timezone=Asia/Tokyo -c DateStyle=German -c default_transaction_read_only=on",
        "PGTZ": "Asia/Tokyo",
        "PGDATESTYLE": "SQL, DMY",
        "PGAPPNAME": "somebody",
        "TZ": "Asia/Tokyo",
        "LC_ALL": "tr_TR.UTF-8",
    }
    for name, value in hostile.items():
        monkeypatch.setenv(name, value)
    time.tzset()
    try:
        with Runner(database.app_url, reader=told.vault.disclosure) as runner:
            rebuild(runner.connection, REGISTRIES, told.vault.disclosure)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert "COMPRESSOR_TOPIC" not in os.environ
    assert all_rows(database.app_url) == rows


# -- fail stop ---------------------------------------------------------------------------------------------------


def _fail(_page: Page, signed: Signed) -> None:
    if signed.index >= 41:
        raise RuntimeError("a bug")


def test_fail_stop(told: History, database: Database) -> None:
    """A registry that fails stops all of them right before the act, and the error names index and registry."""
    registries = (*REGISTRIES, Registry("buggy", (), {"person": None, "key": None, "designation": None}, _fail))
    with Runner(database.app_url, registries=registries) as runner:
        with pytest.raises(ProjectionError, match="index 41, registry buggy: RuntimeError: a bug") as refusal:
            runner.catch_up()
        assert set(tracking.positions(runner.connection.cursor()).values()) == {41}
        assert (refusal.value.index, refusal.value.registry) == (41, "buggy")
    stop = threading.Event()
    thread = threading.Thread(target=serve, args=(database.app_url, stop, None, registries))
    thread.start()
    until(lambda: status(database).state == "failed")
    found = status(database)
    assert (found.failed_index, found.failed_registry, found.error) == (41, "buggy", "RuntimeError: a bug")
    assert found.lag == told.store.head().size - 41
    stop.set()
    thread.join()


def test_a_row_that_the_database_refuses(told: History, database: Database) -> None:
    """A row that PostgreSQL refuses is told with its act and its registry, in whichever page it comes."""
    with psycopg.connect(database.app_url) as connection:
        connection.execute("ALTER TABLE registry.designations ADD CHECK (seat <> 'obrero-2')")
    with Runner(database.app_url) as runner, pytest.raises(ProjectionError) as refusal:
        runner.catch_up()
    entry = Entry.parse(told.store.entry(refusal.value.index) or b"")
    assert entry.act.statement.stream == "designation/hcd/obrero-2/1"
    assert refusal.value.registry == "people"
    assert "CheckViolation" in refusal.value.sentence


def _smuggle(database: Database, raw: bytes) -> None:
    """Put an entry into the ledger as only a superuser can."""
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("SELECT ledger.recover(ARRAY[%s])", (raw,))


def _acknowledge(history: History, raw: bytes, index: int) -> None:
    history.ledger = type(history.ledger)(history.store, history.vault, history.ledger.origin)
    history.town.heads = history.ledger
    history.town.desk.heads = history.ledger
    history.do(EntryAcknowledged(index=index, leaf=leaf_hash(raw).hex()))


def test_void_entry_that_nobody_can_read(told: History, database: Database) -> None:
    """An unreadable entry stops the worker until an officer acknowledges it; then it is left out."""
    index = told.store.head().size
    _smuggle(database, b"nothing of ours")
    with serving(database.app_url, told):
        until(lambda: status(database).state == "failed")
        assert (status(database).failed_index, status(database).failed_registry) == (index, "entries")
        _acknowledge(told, b"nothing of ours", index)
        until(lambda: status(database).lag == 0)
        assert status(database).state == "running"
    with tracking.connect(database.app_url) as connection:
        assert connection.execute("SELECT entry_index FROM registry.left_out").fetchall() == [(index,)]
        assert compare(connection, REGISTRIES, told.vault.disclosure) == []


def test_void_entry_that_was_projected(told: History, database: Database) -> None:
    """When an entry that already had its effect is acknowledged as void, the registries are rebuilt without it."""
    index = told.store.head().size
    signed = told.town.desk.sign(PersonRegistered(person="p-intruder"), told.town.founder, sealed={"name": "Intruso"})
    raw = Entry.compose(signed, index, told.store.head().recorded_at or "").raw
    _smuggle(database, raw)
    with Runner(database.app_url, reader=told.vault.disclosure) as runner:
        runner.catch_up()
        intruder = "SELECT count(*) FROM registry.persons WHERE id = 'p-intruder'"
        assert runner.connection.execute(intruder).fetchone() == (1,)
        _acknowledge(told, raw, index)
        runner.catch_up()
        assert runner.connection.execute(intruder).fetchone() == (0,)
        assert compare(runner.connection, REGISTRIES, told.vault.disclosure) == []
        assert runner.step() == 0


def test_ledger_that_went_back(told: History, database: Database) -> None:
    """Registries that are ahead of the ledger are not written any more."""
    with Runner(database.app_url) as runner:
        runner.catch_up()
        runner.connection.execute("UPDATE registry.tracking SET position = position + 1")
        told.do(PersonRegistered(person="p-late"), sealed={"name": "Tarde"})
        runner.connection.execute("UPDATE registry.tracking SET position = position + 1")
        with pytest.raises(StoreError, match="ahead-of-ledger"):
            runner.step()
