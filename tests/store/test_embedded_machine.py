"""The private PostgreSQL and its machine: accounts, programs, sizes, copies, and what is told when it fails."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from api.embedded import EmbeddedPostgres, EmbeddedPostgresError, binaries, postgres, processes, sizing
from api.embedded.accounts import Account
from api.embedded.binaries import find_binaries, reachable_copy
from ledger.store.store import LedgerStore
from migrations.runner import migrate, prepare_roles
from tests.kit.copies import dump_database, restore_database
from tests.kit.private import SMALL, ask
from tests.store.hand import Writer, founding, sha256, submission

if TYPE_CHECKING:
    from collections.abc import Callable


def test_errors_are_told_in_two_languages(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing programs, a setting that cannot be, foreign versions: Spanish first, English, and the reason."""
    with pytest.raises(EmbeddedPostgresError, match=r"No se encontraron .* / The PostgreSQL programs were not found"):
        EmbeddedPostgres(place / "var", bin_dir=place)
    with pytest.raises(EmbeddedPostgresError, match=r"no arrancó") as caught:
        EmbeddedPostgres(place / "var", settings={"shared_buffers": "nonsense"}).start()
    assert "nonsense" in str(caught.value)
    server = EmbeddedPostgres(place / "other", settings=SMALL)
    server.start()
    server.stop()
    (server.directory / "cluster" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedPostgresError, match="otra versión mayor"):
        server.start()
    monkeypatch.setattr(postgres, "MAX_SOCKET_PATH_BYTES", 10)
    with pytest.raises(EmbeddedPostgresError, match="demasiado larga"):
        EmbeddedPostgres(place / "long")


def test_a_long_path_gets_a_short_socket(place: Path) -> None:
    """A data directory too deep for a socket's name works: the socket lies in a private directory of its own."""
    server = EmbeddedPostgres(place / ("d" * 60) / ("e" * 60), settings=SMALL)
    assert ask(server.start(), "SELECT 1") == 1
    sockets = next(path for path in Path(tempfile.gettempdir()).glob("acervo-*") if (path / ".s.PGSQL.5432").exists())
    assert sockets.stat().st_mode & 0o777 == 0o700
    server.stop()
    sockets.chmod(0o755)
    with pytest.raises(EmbeddedPostgresError, match="abierto a otras"):
        server.start()
    shutil.rmtree(sockets)


def test_the_size_follows_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """shared_buffers is an eighth of the memory within bounds, and a container's limit counts."""
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(sizing, "_CGROUP_LIMITS", (limit,))
    for content, expected in ((f"{512 * sizing.MIB}", "64MB"), (f"{100 * sizing.MIB}", "32MB"), ("max", None)):
        limit.write_text(content)
        text = sizing.server_settings(30, tmp_path, {"work_mem": "4'MB"})
        assert expected is None or f"shared_buffers = '{expected}'" in text
        assert "max_connections = '38'" in text
        assert "work_mem = '4''MB'" in text


def test_a_dump_restores_the_ledger(place: Path, own_server: Callable[[], EmbeddedPostgres]) -> None:
    """pg_dump and pg_restore of the wheel bring the ledger back, with triggers and rights, into a new database."""
    server = own_server()
    server.start()
    migrate(server.url())
    with LedgerStore(prepare_roles(server.url(), "uno")) as store:
        store.append([submission(founding())])
        writer = Writer(sha256(founding()))
        store.append([submission(*(writer.next(f"a/{i}") for i in range(20)))])
        entries, head = list(store.entries()), store.head()
    dump_database(server.url(), place / "dump")
    assert (place / "dump").stat().st_mode & 0o777 == 0o600
    ask(server.url(), "SELECT 1")
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE restored")
    restore_database(server.url("restored"), place / "dump")
    assert migrate(server.url("restored")) == []
    with LedgerStore(prepare_roles(server.url("restored"), "dos")) as store:
        assert list(store.entries()) == entries
        assert store.head() == head
        assert store.append([submission(writer.next("a/0"))])[0].result == "appended"
    with psycopg.connect(server.url("restored")) as connection, pytest.raises(psycopg.Error) as caught:
        connection.execute("DELETE FROM ledger.entries")
    assert caught.value.sqlstate == "AC100"
    with pytest.raises(EmbeddedPostgresError, match="pg_restore"):
        restore_database(server.url("restored"), place / "dump")
    assert json.dumps(head)


def test_a_dying_server_is_not_joined(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A postmaster that takes no connections within the time is not reported as running."""
    server = EmbeddedPostgres(place / "var", settings=SMALL)
    monkeypatch.setattr(postgres, "START_TIMEOUT_S", 0.2)
    monkeypatch.setattr(server, "pid", os.getpid)
    assert not server._answers()


def test_shared_memory_still_in_use_is_waited_for(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a killed server's children still hold its memory, starting is tried again."""
    server = EmbeddedPostgres(place / "var", settings=SMALL)
    server.start()
    server.stop()
    run, refused = server._run, list[str]()

    def refusing(program: str, *arguments: str) -> str:
        if program == "pg_ctl" and not refused:
            refused.append(program)
            (server.directory / "postgres.log").write_text("FATAL: pre-existing shared memory block is still in use")
            raise EmbeddedPostgresError("postgres-command-failed", "pg_ctl")
        return run(program, *arguments)

    monkeypatch.setattr(server, "_run", refusing)
    assert ask(server.start(), "SELECT 1") == 1
    assert refused


def test_accounts_are_chosen_by_owner(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ordinary user runs as himself; root as the owner or nobody, and says so when nobody is unknown."""
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    mine = Account.for_directory(place)
    assert (mine.uid, mine.drops, mine.popen_arguments()) == (4242, False, {})
    mine.give(place / "not-there")
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    def unknown(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwnam", unknown)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    with pytest.raises(EmbeddedPostgresError, match="no existe"):
        Account.for_directory(place)
    closed = place / "closed"
    closed.mkdir(mode=0o710)
    status = closed.stat()
    assert Account(status.st_uid, 1, drops=False).may_enter(closed)
    assert Account(4242, status.st_gid, drops=False).may_enter(closed)
    assert not Account(4242, 4242, drops=False).may_enter(closed)


def test_the_distribution_s_programs_are_the_second_choice(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the wheel the newest of the distribution is taken; an older private copy makes room."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr(binaries, "_DISTRIBUTION", place)
    for version in ("15", "9", "17", "x"):
        (place / version / "bin").mkdir(parents=True)
        for program in ("postgres", "initdb", "pg_ctl"):
            (place / version / "bin" / program).write_text("")
    assert find_binaries() == place / "17" / "bin"
    stranger = Account(4242, 4242, drops=False)
    target = place / "target"
    (target / "bin-old").mkdir(parents=True)
    (place / "17").chmod(0o700)
    copy = reachable_copy(place / "17" / "bin", stranger, target)
    assert (copy / "postgres").exists()
    assert not (target / "bin-old").exists()


def test_other_people_s_processes_are_left_to_postgres(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process called postgres whose directory we may not see counts as serving; one that vanishes does not."""
    answers: dict[type[OSError], bool] = {PermissionError: True, FileNotFoundError: False}
    for error, expected in answers.items():

        def readlink(_: Path, error: type[OSError] = error) -> Path:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(Path, "read_text", lambda path, **_: "postgres\n" if path.name == "comm" else "1 (x) S 1")
            patch.setattr(Path, "readlink", readlink)
            assert processes.serves(os.getpid(), place) is expected
            assert not processes.serves(os.getpid(), place, hidden=False)


def test_a_server_that_will_not_end_is_ended(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a clean stop takes for ever, the server is stopped at once; the next start recovers and loses nothing."""
    server = EmbeddedPostgres(place, settings=SMALL)
    url = server.start()
    ask(url, "CREATE TABLE kept (a int); INSERT INTO kept VALUES (1) RETURNING a")
    monkeypatch.setattr(postgres, "STOP_TIMEOUT_S", 1)
    with psycopg.connect(url) as connection:
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)  # it hears nothing any more
        server.stop()
        assert server.pid() is None
    assert ask(server.start(), "SELECT a FROM kept") == 1
