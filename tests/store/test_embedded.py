"""The private PostgreSQL: as root and as an ordinary user, raced, killed, half dead, and copied."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from api.embedded import EmbeddedPostgres, EmbeddedPostgresError, binaries, postgres, processes, sizing
from api.embedded.accounts import Account
from api.embedded.binaries import find_binaries, reachable_copy
from api.embedded.copies import dump_database, restore_database
from ledger.store.store import LedgerStore
from migrations.runner import migrate, prepare_roles
from tests.store.hand import Writer, founding, sha256, submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = os.geteuid() == 0
REPOSITORY = Path(__file__).parents[2]
SMALL = {"shared_buffers": "32MB"}


@pytest.fixture
def place() -> Iterator[Path]:
    """Give a directory that PostgreSQL's account can reach, and stop what runs in it."""
    directory = Path(tempfile.mkdtemp(prefix="acervo-e-"))
    directory.chmod(0o755)
    yield directory
    for home in directory.rglob("postgres/lock"):
        with contextlib.suppress(EmbeddedPostgresError):
            EmbeddedPostgres(home.parent.parent).stop()
    shutil.rmtree(directory, ignore_errors=True)


def ask(url: str, query: str) -> object:
    """Run queries one after the other and return the one value of the last."""
    row = None
    with psycopg.connect(url, autocommit=True) as connection:
        for part in query.split("; "):
            cursor = connection.execute(part.encode())
            row = cursor.fetchone() if cursor.description else None
    assert row is not None
    return row[0]


def kill(server: EmbeddedPostgres) -> None:
    """Kill the postmaster and wait until it is dead."""
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while server.pid() is not None:
        time.sleep(0.005)


def test_it_starts_stops_and_starts_again(place: Path) -> None:
    """A fresh directory gives a durable UTF-8 server that keeps its data; a stopped one has no process."""
    server = EmbeddedPostgres(place / "var", settings=SMALL)
    assert server.pid() is None
    url = server.start()
    for name, value in (
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("listen_addresses", ""),
        ("data_checksums", "on"),
        ("server_encoding", "UTF8"),
        ("max_connections", str(postgres.DEFAULT_CONNECTIONS + sizing.RESERVED_CONNECTIONS)),
    ):
        assert ask(url, f"SHOW {name}") == value
    assert ask(url, "CREATE TABLE t (a int); INSERT INTO t VALUES (7) RETURNING a") == 7
    pid = server.pid()
    assert server.start() == url
    assert server.pid() == pid
    server.stop()
    assert server.pid() is None
    server.stop()
    assert EmbeddedPostgres(place / "var", settings=SMALL).start() == url
    assert ask(url, "SELECT a FROM t") == 7


def test_nobody_else_gets_in(place: Path) -> None:
    """The password is asked for and lies in a closed file; socket and directories are closed to others."""
    server = EmbeddedPostgres(place / "var", settings=SMALL)
    url = server.start()
    password = (server.directory / "password").read_text()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(password, "otra"))
    for path in (server.directory, server.directory / "cluster", server.directory / "run"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert (server.directory / "password").stat().st_mode & 0o777 == 0o600
    assert (server.directory / "run" / ".s.PGSQL.5432").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(not ROOT, reason="only root can become somebody else")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_an_ordinary_user_runs_it(place: Path) -> None:
    """A user without rights starts it in his own directory, and root joins the same server afterwards."""
    nobody = pwd.getpwnam("nobody")
    home = place / "home"
    home.mkdir()
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    read, write = os.pipe()
    child = os.fork()  # and not a new program: Python itself may lie where `nobody` may not go
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            mine = EmbeddedPostgres(home / "var", settings=SMALL)
            mine.start()
            os.write(write, str(mine.pid()).encode())
        except BaseException as error:  # noqa: BLE001  told to the parent
            os.write(write, repr(error).encode())
        os._exit(0)
    os.waitpid(child, 0)
    server = EmbeddedPostgres(home / "var", settings=SMALL)
    assert os.read(read, 1000).decode() == str(server.pid())
    os.close(read)
    os.close(write)
    assert ask(server.start(), "SELECT 1") == 1
    assert Path(f"/proc/{server.pid()}").stat().st_uid == nobody.pw_uid


@pytest.mark.skipif(not ROOT, reason="only root drops rights")
def test_root_drops_its_rights(place: Path) -> None:
    """As root no process of PostgreSQL is root's, and the directory above stays as it was."""
    before = place.stat()
    server = EmbeddedPostgres(place / "var", settings=SMALL)
    server.start()
    assert Path(f"/proc/{server.pid()}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
    assert (place.stat().st_mode, place.stat().st_uid) == (before.st_mode, before.st_uid)


@pytest.mark.skipif(not ROOT, reason="only root drops rights")
def test_a_closed_directory_stays_closed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below a directory that PostgreSQL's account may not enter, the cluster lives elsewhere, by a link."""
    monkeypatch.setattr(postgres, "SHARED_STATE", place / "lib")
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedPostgres(closed / "var", settings=SMALL)
    assert ask(server.start(), "SELECT 1") == 1
    assert closed.stat().st_mode & 0o777 == 0o700
    assert (closed / "var" / "postgres").is_symlink()
    assert server.directory.parent == place / "lib"
    again = EmbeddedPostgres(closed / "var", settings=SMALL)
    assert again.pid() == server.pid()
    server.stop()


@pytest.mark.skipif(not ROOT, reason="only root drops rights")
def test_unreachable_programs_are_copied(place: Path) -> None:
    """Programs in a closed virtual environment run from a private copy, which is made once."""
    account = Account.for_directory(place)
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    programs = find_binaries()
    package = programs.parent.parent
    for part in (package, package.with_name(package.name + ".libs")):
        (closed / part.name).symlink_to(part)
    hidden = closed / package.name / programs.parent.name / "bin"
    assert reachable_copy(programs, account, place) == programs
    copy = reachable_copy(hidden, account, place)
    assert copy != hidden
    assert reachable_copy(hidden, account, place) == copy
    server = EmbeddedPostgres(place / "var", bin_dir=hidden, settings=SMALL)
    assert server.binaries.is_relative_to(server.directory)
    assert ask(server.start(), "SELECT 1") == 1


def test_racing_starters_share_one_server(place: Path) -> None:
    """Four processes that start at once on an empty directory end up with one postmaster."""
    code = (
        "import sys; from pathlib import Path; from api.embedded import EmbeddedPostgres;"
        "e = EmbeddedPostgres(Path(sys.argv[1]), settings={'shared_buffers': '32MB'}); e.start(); print(e.pid())"
    )

    def start(_: int) -> str:
        return subprocess.check_output([sys.executable, "-c", code, str(place / "var")], cwd=REPOSITORY, text=True)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(4)))) == 1


def test_a_killed_server_comes_back(place: Path) -> None:
    """Kill -9 of the postmaster, with clients connected: start() brings it back with what was committed."""
    server = EmbeddedPostgres(place / "var", settings=SMALL)
    url = server.start()
    ask(url, "CREATE TABLE t (a int); SELECT 1")
    for number in range(3):
        with psycopg.connect(url, autocommit=True) as client:
            client.execute("INSERT INTO t VALUES (1)")
            kill(server)
            server.start()
        assert ask(url, "SELECT count(*) FROM t") == number + 1


def test_a_lock_file_of_somebody_else_is_no_obstacle(place: Path) -> None:
    """A stale lock file whose number now belongs to another program does not keep the server from starting."""
    server = EmbeddedPostgres(place / "var", settings=SMALL)
    server.start()
    lock = server.directory / "cluster" / "postmaster.pid"
    content = lock.read_text().splitlines()
    kill(server)
    with subprocess.Popen(["sleep", "60"]) as other:
        lock.write_text("\n".join([str(other.pid), *content[1:]]) + "\n")
        try:
            assert server.pid() is None
            assert ask(server.start(), "SELECT 1") == 1
        finally:
            other.kill()


def test_a_zombie_is_no_server(place: Path) -> None:
    """A dead process that nobody has reaped yet counts as dead, and its lock is cleared."""
    with subprocess.Popen(["true"]) as zombie:
        os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
        assert processes.state(zombie.pid) == "zombie"
        (place / "postmaster.pid").write_text(f"{zombie.pid}\n")
        assert not processes.serves(zombie.pid, place)
        processes.clear_stale_locks(place, place, timeout_s=5)
        assert not (place / "postmaster.pid").exists()
    assert processes.state(zombie.pid) == "absent"
    (place / "postmaster.pid").write_text("no number\n")
    assert processes.recorded_pid(place / "postmaster.pid") is None


def test_orphans_are_waited_for(place: Path) -> None:
    """A lock is not cleared while a process still works in the directory."""
    with subprocess.Popen(["sleep", "60"], cwd=place) as worker:
        assert not processes.wait_for_orphans(place, timeout_s=0.1)
        worker.kill()
    assert processes.wait_for_orphans(place, timeout_s=5)


def test_the_last_user_stops_it(place: Path) -> None:
    """release() stops the server only when no other live process uses it; a killed user counts no more."""
    server = EmbeddedPostgres(place / "var", settings=SMALL)
    server.start()
    code = (
        "import sys, time; from pathlib import Path; from api.embedded import EmbeddedPostgres;"
        "EmbeddedPostgres(Path(sys.argv[1])).start(); print('ready', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(place / "var")], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        assert not server.release()
        assert server.pid() is not None
        other.kill()
    assert server.release()
    assert server.pid() is None


def test_an_unfinished_initialisation_is_begun_again(place: Path) -> None:
    """What a kill during initdb left behind is removed, and a whole cluster takes its place."""
    server = EmbeddedPostgres(place / "var", settings=SMALL)
    (server.directory / "cluster-half").mkdir()
    assert ask(server.start(), "SELECT 1") == 1
    assert not (server.directory / "cluster-half").exists()


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
    with subprocess.Popen(["sleep", "60"], cwd=place) as worker:
        (place / "postmaster.pid").write_text(f"{os.getpid()}\n")
        processes.clear_stale_locks(place, place, timeout_s=0.1)
        assert (place / "postmaster.pid").exists()
        worker.kill()


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
