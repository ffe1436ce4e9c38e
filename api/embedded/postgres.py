"""The manager: one private PostgreSQL cluster in a directory, started by whoever comes first.

Unix socket only, scram password in a file of mode 0600, durable settings. Works as root (PostgreSQL's
processes run as the directory's owner or `nobody`) and as an ordinary user. Nothing of our own runs in the
background: the server outlives a killed parent, and the next start() joins it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from api.embedded import processes
from api.embedded.accounts import Account
from api.embedded.binaries import find_binaries, reachable_copy
from api.embedded.errors import EmbeddedPostgresError
from api.embedded.sizing import server_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30
ORPHANS_GRACE_S = 5.0
MAX_SOCKET_PATH_BYTES = 103  # sun_path, less its end
SHARED_STATE = Path("/var/lib/acervo")
SUPERUSER = "postgres"
DEFAULT_CONNECTIONS = 40
_SOCKET_NAME = ".s.PGSQL.5432"
_LOG_TAIL_LINES = 12
_PROBE_STEP_S = 0.05


class EmbeddedPostgres:
    """A PostgreSQL cluster of our own in `<data_dir>/postgres`.

    Args:
        data_dir: The directory of all state (ACERVO_DATA_DIR); made when missing.
        connections: How many connections all pools of all our processes may open together.
        bin_dir: PostgreSQL's programs; by default the wheel's, then the distribution's.
        settings: Further server settings by name (tests).
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        connections: int = DEFAULT_CONNECTIONS,
        bin_dir: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._connections = connections
        self._settings = dict(settings or {})
        self._in_use: int | None = None
        data_dir = Path(data_dir).absolute()
        data_dir.mkdir(parents=True, exist_ok=True)
        self._account = Account.for_directory(data_dir)
        self.directory = self._own_directory(data_dir)
        self._cluster = self.directory / "cluster"
        self._sockets = self._socket_directory()
        with self._lock():
            self.binaries = reachable_copy(find_binaries(bin_dir), self._account, self.directory)

    def start(self) -> str:
        """Start the server, or join the one that runs, and return the superuser's URL.

        Raises:
            EmbeddedPostgresError: The server cannot be initialised or started; says why in two languages.
        """
        with self._lock():
            if not (self._cluster / "PG_VERSION").exists():
                self._initialise()
            if not self._answers():
                self._launch()
            fcntl.flock(self._mark_use(), fcntl.LOCK_SH)
        return self.url()

    def stop(self) -> None:
        """Stop the server cleanly, whoever else uses it; connected clients are cut off.

        PostgreSQL 18 that is told to stop while it recovers from a crash may wait for ever (seen in the crash
        matrix). It is then stopped at once, as by a power cut; the next start recovers from its own log.
        """
        with self._lock():
            self._forget()
            if self.pid() is None:
                return
            stop = ("pg_ctl", "-D", str(self._cluster), "-w")
            try:
                self._run(*stop, "-m", "fast", "-t", str(STOP_TIMEOUT_S), "stop")
            except EmbeddedPostgresError:
                if self.pid() is not None:
                    self._run(*stop, "-m", "immediate", "-t", str(START_TIMEOUT_S), "stop")

    def release(self) -> bool:
        """Stop the server unless another live process has start()ed it too; return whether it was stopped.

        The mark is a shared file lock, which vanishes with its process: a killed one keeps nothing alive.
        """
        with self._lock():
            try:
                fcntl.flock(self._mark_use(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._forget()
                return False
        self.stop()
        return True

    def pid(self) -> int | None:
        """Return the postmaster's process number while it lives, else None."""
        pid = processes.recorded_pid(self._cluster / "postmaster.pid")
        return pid if pid is not None and processes.serves(pid, self._cluster) else None

    def url(self, database: str = "postgres") -> str:
        """Return the superuser's URL for `database`; it contains the password: never print it."""
        password = (self.directory / "password").read_text()
        host = quote(str(self._sockets), safe="")
        return f"postgresql://{SUPERUSER}:{password}@/{quote(database)}?host={host}"

    def _answers(self) -> bool:
        """Say whether a postmaster lives and takes connections; wait for one that is starting or dying."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while self.pid() is not None and time.monotonic() < deadline:
            with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
                probe.connect(str(self._sockets / _SOCKET_NAME))
                return self.pid() is not None
            time.sleep(_PROBE_STEP_S)
        return False

    # -- directories

    def _own_directory(self, data_dir: Path) -> Path:
        """Return the cluster's home, which PostgreSQL's account can reach.

        As root below a closed directory (a clone in /root) the account cannot reach `data_dir`. We do not
        open what others closed: the cluster then lives under /var/lib/acervo, and `<data_dir>/postgres` is a
        link to it.
        """
        home = data_dir / "postgres"
        if not home.exists() and not home.is_symlink() and not self._account.may_enter(data_dir):
            name = hashlib.sha256(str(data_dir).encode()).hexdigest()[:16]
            SHARED_STATE.mkdir(parents=True, exist_ok=True)
            SHARED_STATE.chmod(0o755)
            (SHARED_STATE / name).mkdir(mode=0o700, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                home.symlink_to(SHARED_STATE / name)
        if home.is_symlink():
            home.resolve().mkdir(mode=0o700, exist_ok=True)
        home.mkdir(mode=0o700, exist_ok=True)
        home = home.resolve()
        self._account.give(home)
        return home

    def _socket_directory(self) -> Path:
        """Return `<home>/run`, or a private short directory when that path does not fit a socket."""
        sockets = self.directory / "run"
        if len(os.fsencode(sockets / _SOCKET_NAME)) > MAX_SOCKET_PATH_BYTES:
            name = hashlib.sha256(str(self.directory).encode()).hexdigest()[:16]
            sockets = Path(tempfile.gettempdir()) / f"acervo-{name}"
        if len(os.fsencode(sockets / _SOCKET_NAME)) > MAX_SOCKET_PATH_BYTES:
            raise EmbeddedPostgresError("postgres-path-too-long", str(sockets))
        return sockets

    def _prepare_sockets(self) -> None:
        with contextlib.suppress(FileExistsError):
            self._sockets.mkdir(mode=0o700)
            self._account.give(self._sockets)
        status = self._sockets.lstat()  # in a shared directory somebody may have been there first
        if self._sockets.is_symlink() or status.st_uid != self._account.uid or status.st_mode & 0o077:
            raise EmbeddedPostgresError("postgres-unsafe-directory", str(self._sockets))

    # -- one at a time

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        descriptor = os.open(self.directory / "lock", os.O_RDONLY | os.O_CREAT, 0o600)
        try:
            self._account.give(self.directory / "lock")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _mark_use(self) -> int:
        """Return the descriptor whose shared lock says that this process uses the server."""
        if self._in_use is None:
            self._in_use = os.open(self.directory / "in-use", os.O_RDONLY | os.O_CREAT, 0o600)
            self._account.give(self.directory / "in-use")
        return self._in_use

    def _forget(self) -> None:
        if self._in_use is not None:
            os.close(self._in_use)
            self._in_use = None

    # -- programs

    def _run(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs as its account and return what it printed."""
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [str(self.binaries / program), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            **self._account.popen_arguments(),
        )
        if done.returncode:
            raise EmbeddedPostgresError("postgres-command-failed", f"{program}: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    def _major_version(self) -> int:
        return int(self._run("postgres", "--version").split()[2].split(".")[0])

    def _initialise(self) -> None:
        """Make the cluster under another name and rename it: a kill in between leaves nothing half made."""
        for stale in self.directory.glob("cluster-*"):
            shutil.rmtree(stale)
        password = self.directory / "password"
        descriptor = os.open(password, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        os.write(descriptor, secrets.token_urlsafe(32).encode())
        os.close(descriptor)
        self._account.give(password)
        building = self.directory / f"cluster-{secrets.token_hex(4)}"
        # The builtin provider sorts alike on every system; before version 17 "C.UTF-8" is the nearest.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        locale = builtin if self._major_version() >= 17 else ["--locale=C.UTF-8"]
        arguments = ["-D", str(building), "-U", SUPERUSER, "-E", "UTF8", "-k", "--auth=scram-sha-256"]
        self._run("initdb", *arguments, f"--pwfile={password}", *locale)
        with (building / "postgresql.conf").open("a") as file:
            file.write("\ninclude 'acervo.conf'\n")
        building.rename(self._cluster)

    def _launch(self) -> None:
        major = (self._cluster / "PG_VERSION").read_text().strip()
        if int(major) != self._major_version():
            raise EmbeddedPostgresError("postgres-other-version", f"{major} ≠ {self._major_version()}")
        self._prepare_sockets()
        settings = self._cluster / "acervo.conf"
        settings.write_text(server_settings(self._connections, self._sockets, self._settings))
        self._account.give(settings)
        log = self.directory / "postgres.log"
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            processes.clear_remains(self._cluster, self._sockets, ORPHANS_GRACE_S)
            try:
                timeout = str(START_TIMEOUT_S)
                self._run("pg_ctl", "-D", str(self._cluster), "-l", str(log), "-w", "-t", timeout, "-s", "start")
            except EmbeddedPostgresError as error:
                tail = (
                    "\n".join(log.read_text(errors="replace").splitlines()[-_LOG_TAIL_LINES:]) if log.exists() else ""
                )
                if "still in use" not in tail or time.monotonic() > deadline:
                    raise EmbeddedPostgresError("postgres-did-not-start", f"{log}\n{tail or error.detail}") from error
                time.sleep(0.2)
            else:
                return
