"""The private PostgreSQL: as root and as an ordinary user, raced, killed, half dead, and copied."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from api.embedded import EmbeddedPostgres, postgres, processes, sizing
from api.embedded.accounts import Account
from api.embedded.binaries import find_binaries, reachable_copy
from tests.kit.private import REPOSITORY, ROOT, SMALL, ask, kill


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
        processes.clear_remains(place, place, grace_s=5)
        assert not (place / "postmaster.pid").exists()
    assert processes.state(zombie.pid) == "absent"
    (place / "postmaster.pid").write_text("no number\n")
    assert processes.recorded_pid(place / "postmaster.pid") is None


def test_an_orphan_that_never_leaves_is_ended(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed postmaster's child that hears nothing any more does not keep the server from coming back."""
    monkeypatch.setattr(postgres, "ORPHANS_GRACE_S", 0.3)
    server = EmbeddedPostgres(place / "var", settings=SMALL)
    url = server.start()
    with psycopg.connect(url, autocommit=True) as client:
        client.execute("CREATE TABLE t (a int)")
        client.execute("INSERT INTO t VALUES (7)")
        orphan = client.info.backend_pid
        os.kill(orphan, signal.SIGSTOP)
        kill(server)
        assert ask(server.start(), "SELECT a FROM t") == 7
        assert processes.state(orphan) != "running"


def test_children_of_a_living_postmaster_are_left_alone(place: Path) -> None:
    """Where the lock file names another program but the postmaster lives, no process is ended and no lock removed."""
    server = EmbeddedPostgres(place / "var", settings=SMALL)
    url = server.start()
    cluster = server.directory / "cluster"
    lock = cluster / "postmaster.pid"
    content, pid = lock.read_text(), server.pid()
    lock.write_text(f"{os.getpid()}\n")
    processes.clear_remains(cluster, server.directory / "run", grace_s=0.1)
    assert lock.exists()
    lock.write_text(content)
    assert server.pid() == pid
    assert ask(url, "SELECT 1") == 1


def test_other_programs_in_the_directory_are_no_orphans(place: Path) -> None:
    """A shell or an editor whose working directory is the cluster is neither waited for nor ended."""
    with subprocess.Popen(["sleep", "60"], cwd=place) as shell:
        assert processes.end_orphans(place, grace_s=0.1)
        assert shell.poll() is None
        shell.kill()


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
