"""Reading the ledger, its clock, checkpoints, recovery, and a PostgreSQL that goes away."""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest

from ledger.crypto.merkle import cover
from ledger.errors import StoreError
from ledger.ids import parse_recorded
from ledger.log.reader import Head
from ledger.store.listener import Listener
from ledger.store.log_reader import LogPool
from ledger.store.store import LedgerStore
from migrations.runner import migrate, prepare_roles
from tests.kit.waiting import WAIT_S, until
from tests.store.hand import Writer, founding, sha256, submission

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from api.embedded import EmbeddedPostgres
    from tests.kit.postgres import Database


def test_entries_come_in_pages(store: LedgerStore, writer: Writer) -> None:
    """Entries are given in order over page borders, from any index, and up to a limit."""
    for part in range(3):
        store.append([submission(*(writer.next(f"a/{part}-{i}") for i in range(400)))])
    everything = list(store.entries())
    assert len(everything) == 1_201
    for start, limit in ((0, 0), (0, 1), (1, 1_000), (999, 2), (1_000, None), (1_201, 5), (2_000, None)):
        end = None if limit is None else start + limit
        assert list(store.entries(start, limit)) == everything[start:end]
    assert store.entry(5) == everything[5]
    assert store.entry(1_201) is None


def test_streams_are_read_by_name_and_prefix(store: LedgerStore, writer: Writer) -> None:
    """A stream gives its entries after a version; a prefix gives whole segments only, in byte order."""
    for name in ("vote/a/1", "vote/a/1", "vote/a/10", "vote/a-b/1", "vote/a.b/1", "voter/a"):
        store.append([submission(writer.next(name))])
    assert len(store.stream("vote/a/1")) == 2
    assert store.stream("vote/a/1", after_version=1) == store.stream("vote/a/1")[1:]
    assert store.stream("vote/none") == []
    assert store.streams_below("vote/a/") == ["vote/a/1", "vote/a/10"]
    assert store.streams_below("vote/") == ["vote/a-b/1", "vote/a.b/1", "vote/a/1", "vote/a/10"]
    assert store.versions(["vote/a/1", "vote/zz"]) == {"vote/a/1": 2, "vote/zz": 0}
    assert store.stream_head("vote/zz") is None
    with pytest.raises(ValueError, match="vote"):
        store.streams_below("vote")


def test_an_empty_ledger_has_an_empty_head(store: LedgerStore) -> None:
    """Before the founding there is no origin, no entry, no time, no checkpoint."""
    assert store.head() == (0, None)
    assert store.founding() is None
    assert store.latest_checkpoint() is None
    assert store.append([]) == []
    assert list(store.entries()) == []
    assert store.acknowledged() == []
    assert abs(store.now() - datetime.now(UTC)) < timedelta(seconds=5)
    with pytest.raises(StoreError, match="node-missing"):
        store.node(0, 0)


def test_acknowledged_entries_are_found(store: LedgerStore, writer: Writer) -> None:
    """The indexes come from the names of the acknowledgements' streams, in number order."""
    for index in (12, 3):
        store.append([submission(writer.next(f"acknowledgement/{index}"))])
    assert store.acknowledged() == [3, 12]


def test_checkpoints_are_kept(store: LedgerStore, writer: Writer) -> None:
    """The newest note counts; one again, or of a smaller size, changes nothing; none is kept beyond the ledger."""
    store.append([submission(writer.next("a/a"))])
    for size, note in ((1, "a\n"), (2, "b\n"), (2, "b\n"), (2, "c\n"), (1, "d\n")):
        store.save_checkpoint(size, note)
    assert store.latest_checkpoint() == (2, "c\n")
    assert store.checkpoints() == [(2, "c\n"), (2, "b\n"), (1, "a\n")]
    with pytest.raises(StoreError, match="AC103"):
        store.save_checkpoint(3, "e\n")


def test_a_simulated_clock_stamps(store: LedgerStore) -> None:
    """A ledger founded as simulated starts at its founding's instant, stands still, and never goes back."""
    raw = founding(data={"clock": "simulated"}, signed_at="2009-09-01T09:00:00-06:00")
    assert store.append([submission(raw)])[0].placed[0].recorded_at == "2009-09-01T15:00:00.000000Z"
    writer = Writer(sha256(raw))
    later = datetime(2009, 9, 2, tzinfo=UTC)
    store.set_clock(later)
    assert store.now() == later
    stamp = store.append([submission(writer.next("a/a"))])[0].placed[0].recorded_at
    assert parse_recorded(stamp) == later
    with pytest.raises(StoreError, match="AC104"):
        store.set_clock(later - timedelta(seconds=1))


def test_a_real_clock_cannot_be_set(store: LedgerStore, writer: Writer) -> None:
    """Whoever founded with the real clock keeps it; neither before the founding can it be set."""
    assert writer.founded
    with pytest.raises(StoreError, match="AC104"):
        store.set_clock(datetime(2030, 1, 1, tzinfo=UTC))


def test_recovered_entries_are_the_same(
    store: LedgerStore, writer: Writer, make_database: Callable[[], AbstractContextManager[Database]]
) -> None:
    """Entries put back byte for byte into an empty ledger give the same tree, streams, head and place to go on."""
    for i in range(9):
        store.append([submission(writer.next("a/a"), writer.next(f"b/{i}"))])
    raws = list(store.entries())
    with make_database() as other, LedgerStore(other.app_url) as copy:
        with psycopg.connect(other.admin_url) as connection:
            connection.execute("SELECT ledger.recover(%s)", (raws[:4],))
            connection.execute("SELECT ledger.recover(%s)", (raws[4:],))
        assert list(copy.entries()) == raws
        assert copy.head() == store.head()
        assert copy.founding() == store.founding()
        places = cover(0, len(raws))
        assert copy.nodes(places) == store.nodes(places)
        assert copy.stream_head("a/a") == store.stream_head("a/a")
        assert copy.append([submission(writer.next("a/a"))])[0].result == "appended"


def test_a_void_entry_keeps_its_place(
    store: LedgerStore, writer: Writer, make_database: Callable[[], AbstractContextManager[Database]]
) -> None:
    """Recovery takes back even an entry that nobody can read, at its index, without effect on any stream."""
    store.append([submission(writer.next("a/a"))])
    raws = [*store.entries(), b"\xff void", b'{"index":9}']
    with make_database() as other, LedgerStore(other.app_url) as copy:
        with psycopg.connect(other.admin_url) as connection:
            connection.execute("SELECT ledger.recover(%s)", (raws,))
        assert list(copy.entries()) == raws
        assert copy.size() == 4
        assert copy.stream_head("void/2") is None
        assert copy.append([submission(writer.next("a/a"))])[0].placed[0].index == 4


def test_the_log_reader_shows_one_snapshot(store: LedgerStore, database: Database) -> None:
    """Head, peaks and entries come together; rows beyond the head are called stray; missing nodes are left out."""
    reader = LogPool(store.pool)
    assert reader.origin() is None
    assert reader.head(0, 10) == Head(0, (), (), stray=False)
    store.append([submission(founding())])
    writer = Writer(sha256(founding()))
    for i in range(12):
        store.append([submission(writer.next(f"a/{i}"))])
    head = reader.head(3, 4)
    assert head.size == 13
    assert head.peaks == tuple(store.nodes(cover(0, 13)))
    assert head.entries == tuple(store.entries(3, 4))
    assert not head.stray
    assert reader.node_range(1, 2, 99) == store.nodes([(1, i) for i in range(2, 6)])
    assert reader.nodes([(1, 0), (9, 9)]) == {(1, 0): store.node(1, 0)}
    assert reader.entries(11, 99) == list(store.entries(11))
    reader.save_checkpoint(13, "x\n")
    assert store.latest_checkpoint() == (13, "x\n")
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE ledger.head SET size = 12")
    assert reader.head(0, 1).stray


def test_a_listener_hears_commits(store: LedgerStore, writer: Writer) -> None:
    """A commit wakes the listener, a refused append does not, and checkpoints have their own channel."""
    with store.listen() as listener, store.listen("ledger_checkpoints") as signed:
        store.append([submission(writer.next("a/a"))])
        assert listener.wait(WAIT_S)
        raw = writer.next("b/b")
        store.append([submission(raw, guards={"a/a": 7})])
        assert not listener.wait(0.1)
        assert not signed.wait(0)
        store.save_checkpoint(1, "x\n")
        assert signed.wait(WAIT_S)


def test_a_listener_comes_back(store: LedgerStore, writer: Writer, database: Database) -> None:
    """A session that was cut off is made again and reported as an announcement."""
    with store.listen() as listener:
        with psycopg.connect(database.admin_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert listener.wait(WAIT_S)
        store.append([submission(writer.next("a/a"))])
        assert listener.wait(WAIT_S)


def test_a_listener_on_a_standby_looks_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where LISTEN is refused, waiting is a short sleep, after which the caller looks for himself."""

    class Standby:
        def execute(self, _: object) -> None:
            raise psycopg.errors.ReadOnlySqlTransaction

        def close(self) -> None:
            """Nothing is open."""

    monkeypatch.setattr(psycopg, "connect", lambda *_, **__: Standby())
    with Listener(database.app_url, "ledger_entries") as listener:
        started = time.monotonic()
        assert not listener.wait(60)
        assert time.monotonic() - started < 10


def test_a_listener_tries_again_after_a_failure(own_server: Callable[[], EmbeddedPostgres]) -> None:
    """While PostgreSQL is away waiting is an error; once it is back the same listener hears again."""
    server = own_server()
    listener = Listener(server.start(), "ledger_entries")
    with listener:
        server.stop()
        for _ in range(2):
            with pytest.raises(StoreError, match="database-unreachable"):
                listener.wait(1)
        server.start()
        assert listener.wait(WAIT_S)
        assert not listener.wait(0)


def test_an_append_survives_a_killed_server(own_server: Callable[[], EmbeddedPostgres]) -> None:
    """Kill -9 of PostgreSQL under load: no acknowledged act is lost, none stands twice, and nobody lends a hand."""
    server = own_server()
    server.start()
    migrate(server.url())
    app_url = prepare_roles(server.url(), "prueba")
    acknowledged: list[bytes] = []
    stop = threading.Event()
    with LedgerStore(app_url) as store:
        store.append([submission(founding())])
        writer = Writer(sha256(founding()))

        def load() -> None:
            while not stop.is_set():
                raw = writer.next(f"a/{len(acknowledged)}")
                outcome = store.append([submission(raw)], retry_s=60)[0]
                acknowledged.append(outcome.placed[0].entry)

        thread = threading.Thread(target=load)
        thread.start()
        for killed in range(3):
            until(lambda killed=killed: len(acknowledged) > 20 * (killed + 1))  # type: ignore[misc]
            pid = server.pid()
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            until(lambda: server.pid() is None)
            server.start()
        until(lambda: len(acknowledged) > 80)
        stop.set()
        thread.join(WAIT_S)
        assert not thread.is_alive()
        assert list(store.entries())[1:] == acknowledged
