"""What the process table says about a cluster: its postmaster, and what a killed one left behind.

`kill(pid, 0)` is not enough: a zombie (containers whose first process reaps late) and a number given to
another program after a reboot both answer it, and PostgreSQL itself then refuses to start.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

_PROC = Path("/proc")
_WAIT_STEP_S = 0.05


def state(pid: int) -> str:
    """Return "running", "zombie" or "absent"."""
    try:
        letter = (_PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, IndexError):
        return "absent"
    return "zombie" if letter in "ZX" else "running"


def serves(pid: int, cluster: Path) -> bool:
    """Say whether `pid` is a live PostgreSQL process that works in `cluster` (its working directory)."""
    if state(pid) != "running":
        return False
    try:
        if (_PROC / str(pid) / "comm").read_text().strip() != "postgres":
            return False
        return (_PROC / str(pid) / "cwd").readlink() == cluster.resolve()
    except PermissionError:
        return True  # somebody else's process: PostgreSQL's own lock decides
    except OSError:
        return False


def recorded_pid(lock_file: Path) -> int | None:
    """Return the number in the first line of a PostgreSQL lock file, or None."""
    try:
        return int(lock_file.read_text().split()[0])
    except (OSError, IndexError, ValueError):
        return None


def wait_for_orphans(cluster: Path, timeout_s: float) -> bool:
    """Wait until no process works in `cluster`; return whether that came true.

    After a killed postmaster its children notice within moments. Its lock file may be removed only then: the
    file also carries the shared-memory key by which PostgreSQL itself would notice them.
    """
    deadline = time.monotonic() + timeout_s
    while _workers(cluster):
        if time.monotonic() > deadline:
            return False
        time.sleep(_WAIT_STEP_S)
    return True


def _workers(cluster: Path) -> list[int]:
    home, found = cluster.resolve(), []
    for entry in _PROC.iterdir() if _PROC.exists() else ():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if (entry / "cwd").readlink() == home and state(int(entry.name)) == "running":
                    found.append(int(entry.name))
    return found


def clear_stale_locks(cluster: Path, sockets: Path, timeout_s: float) -> None:
    """Remove the lock files that name a zombie or a foreign process; call it under the manager's lock."""
    for lock_file in (cluster / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
        pid = recorded_pid(lock_file)
        if pid is None or state(pid) == "absent":
            continue  # PostgreSQL sees for itself that nobody has that number
        if not serves(pid, cluster) and wait_for_orphans(cluster, timeout_s):
            lock_file.unlink(missing_ok=True)
