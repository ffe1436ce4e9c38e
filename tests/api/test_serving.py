"""`acervo serve` as people run it: from nothing to a page of what to try, stopped cleanly, killed, started again."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from api.embedded import EmbeddedPostgres
from tests.kit.waiting import WAIT_S

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
START_S = 180.0
STOP_S = 60.0
HOSTILE = {
    "COMPRESSOR_TOPIC": "os:remove",
    "CIPHER_TOPIC": "nowhere:Nothing",
    "PERSISTENCE_MODULE": "nowhere",
    "POSTGRES_DBNAME": "another",
    "PGHOST": "nowhere.example",
    "PGPORT": "1",
    "PGUSER": "nobody",
    "PGOPTIONS": "-c default_transaction_isolation=serializable -c timezone=Asia/Tokyo",
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "tr_TR.UTF-8",
    "PYTHONWARNINGS": "default",
    "http_proxy": "http://127.0.0.1:1",
}


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Give a data directory that PostgreSQL's account can reach; in the end nothing may run in it any more.

    The children of a killed server let go of PostgreSQL themselves, and open its lock file anew in doing so: the
    directory is removed only when they have left.
    """
    with tempfile.TemporaryDirectory(prefix="acervo-test-serve-") as name:
        path = Path(name)
        path.chmod(0o755)
        yield path / "var"
        left = wait_gone(path / "var")
        if (path / "var" / "postgres").exists():
            EmbeddedPostgres(path / "var").stop()
        assert left == []


class Server:
    """`acervo serve` in a process of its own, on a free port."""

    def __init__(self, data_dir: Path, *, port: int = 0, hostile: bool = False) -> None:
        measured = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(data_dir.parent),
            "ACERVO_DEMO": "council",  # the year is told in test_demo_year.py
            **(HOSTILE if hostile else {}),
            **measured,
        }
        self.output = data_dir.parent / f"serve-{time.monotonic_ns()}.txt"
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "api.cli.main", "serve", "--port", str(port), "--data-dir", str(data_dir)],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.url = ""

    def said(self) -> str:
        """Return what it has printed so far."""
        return self.output.read_text(errors="replace")

    def wait(self) -> str:
        """Wait until it has printed its page, and return the address."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            match = re.search(r"http://127\.0\.0\.1:[0-9]+", self.said())
            if match:
                self.url = match[0]
                return self.url
            assert self.process.poll() is None, self.said()
            time.sleep(0.05)
        raise AssertionError(self.said())

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal to the server alone and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOP_S)


@contextlib.contextmanager
def serving(data_dir: Path, *, hostile: bool = False) -> Iterator[Server]:
    """Give a server that is up; it is killed afterwards if it still runs."""
    server = Server(data_dir, hostile=hostile)
    try:
        server.wait()
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()


def children(data_dir: Path) -> list[int]:
    """Return the processes that have the data directory among their arguments or open as their log, but for servers."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            log = str((entry / "fd" / "2").readlink())
            ours = f"{data_dir}/" in log and re.search(r"-m api\.(signer|worker|jobs)", command)
            if ours or f"-D {data_dir}/postgres" in command:
                found.append(int(entry.name))
    return found


def wait_gone(data_dir: Path) -> list[int]:
    """Wait until nothing of a data directory runs any more; return what still does."""
    deadline = time.monotonic() + STOP_S
    while (left := children(data_dir)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def wait_well(url: str) -> dict[str, object]:
    """Wait until health says that all is well, and return what it says."""
    deadline = time.monotonic() + START_S
    said: dict[str, object] = {}
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            answer = httpx.get(f"{url}/api/v1/health", timeout=10)
            said = answer.json()
            if answer.status_code == 200:
                return said
        time.sleep(0.1)
    raise AssertionError(said)


def test_from_nothing_to_a_stopped_server_and_on_again(data_dir: Path) -> None:
    """Every curl line of the first run's page works; Ctrl-C leaves nothing running; the second run goes on."""
    with serving(data_dir) as server:
        before = wait_well(server.url)
        lines = [line.strip() for line in server.said().splitlines() if line.strip().startswith("curl ")]
        assert len(lines) >= 6
        for line in lines:
            done = subprocess.run(line, shell=True, capture_output=True, cwd=data_dir.parent, check=False)  # noqa: S602  our own page
            assert done.returncode == 0, line
            assert b'"status":4' not in done.stdout, line
        checkpoint = httpx.get(f"{server.url}/checkpoint", timeout=WAIT_S).text
        assert server.end() == 0
    assert wait_gone(data_dir) == []
    with serving(data_dir) as server:
        assert wait_well(server.url)["tree_size"] == before["tree_size"]
        assert httpx.get(f"{server.url}/checkpoint", timeout=WAIT_S).text == checkpoint
        assert server.end(signal.SIGTERM) == 0
    assert wait_gone(data_dir) == []


def test_children_die_with_a_killed_server(data_dir: Path) -> None:
    """After a kill −9 of the server, signer, worker and PostgreSQL end by themselves; the next start needs no hand."""
    with serving(data_dir) as server:
        size = wait_well(server.url)["tree_size"]
        assert len(children(data_dir)) >= 3
        server.end(signal.SIGKILL)
    assert wait_gone(data_dir) == []
    with serving(data_dir) as server:
        assert wait_well(server.url)["tree_size"] == size


def test_killed_parts_come_back(data_dir: Path) -> None:
    """After a kill −9 of signer, worker and PostgreSQL together the server brings them back, and all is well."""
    with serving(data_dir) as server:
        wait_well(server.url)
        for pid in children(data_dir):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(1)
        assert wait_well(server.url)["status"] == "ok"
        assert "log" in httpx.get(f"{server.url}/api/v1/log", timeout=WAIT_S).text
        assert server.end() == 0


def test_a_hostile_environment_changes_nothing(data_dir: Path) -> None:
    """Variables of the event library, of PostgreSQL, of time and locale do not reach the ledger."""
    with serving(data_dir, hostile=True) as server:
        wait_well(server.url)
        recorded = httpx.get(f"{server.url}/api/v1/acts/0", trust_env=False, timeout=WAIT_S).json()["recorded_at"]
        assert abs(time.time() - time.mktime(time.strptime(recorded[:19], "%Y-%m-%dT%H:%M:%S")) + time.timezone) < 3600
        done = subprocess.run(
            [sys.executable, "-m", "api.cli.main", "check", "--data-dir", str(data_dir)],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **HOSTILE},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_port_in_use_is_2_before_anything_starts(data_dir: Path) -> None:
    """One sentence, exit code 2, and no data directory is made."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = Server(data_dir, port=taken.getsockname()[1])
        assert server.process.wait(START_S) == 2
    assert "está ocupado" in server.said()
    assert "Traceback" not in server.said()
    assert not data_dir.exists()


def test_an_unusable_data_directory_is_2(data_dir: Path) -> None:
    """A data directory that is a file: one sentence, exit code 2."""
    data_dir.write_text("")
    server = Server(data_dir)
    assert server.process.wait(START_S) == 2
    assert "no puede usarse" in server.said()
    assert "Traceback" not in server.said()
    data_dir.unlink()
