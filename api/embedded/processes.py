"""What the process table says about a cluster: its postmaster, and what a killed one left behind.

`kill(pid, 0)` is not enough: a zombie (containers whose first process reaps late) and a number given to
another program after a reboot both answer it, and PostgreSQL itself then refuses to start.
"""

from __future__ import annotations

import contextlib
import os
import signal
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


def serves(pid: int, cluster: Path, *, hidden: bool = True) -> bool:
    """Say whether `pid` is a live PostgreSQL process that works in `cluster` (its working directory).

    `hidden` is the answer for a PostgreSQL process of somebody else, whose directory we may not see.
    """
    if state(pid) != "running":
        return False
    try:
        if (_PROC / str(pid) / "comm").read_text().strip() != "postgres":
            return False
        return (_PROC / str(pid) / "cwd").readlink() == cluster.resolve()
    except PermissionError:
        return hidden  # of a recorded number PostgreSQL's own lock decides
    except OSError:
        return False


def recorded_pid(lock_file: Path) -> int | None:
    """Return the number in the first line of a PostgreSQL lock file, or None."""
    try:
        return int(lock_file.read_text().split()[0])
    except (OSError, IndexError, ValueError):
        return None


def clear_remains(cluster: Path, sockets: Path, grace_s: float) -> None:
    """Clear away what keeps a new server from starting after a kill; call it under the manager's lock.

    The lock files that name a zombie or a foreign process are removed only when no process works in `cluster` any
    more: they also carry the shared-memory key by which PostgreSQL itself would notice one.

    Args:
        cluster: The data directory.
        sockets: Where its socket and the socket's lock file are.
        grace_s: Seconds that the children of a killed postmaster have to leave by themselves.
    """
    if not end_orphans(cluster, grace_s):
        return
    for lock_file in (cluster / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
        pid = recorded_pid(lock_file)
        if pid is None or state(pid) == "absent":
            continue  # PostgreSQL sees for itself that nobody has that number
        if not serves(pid, cluster):
            lock_file.unlink(missing_ok=True)


def end_orphans(cluster: Path, grace_s: float) -> bool:
    """Wait until the children of a killed postmaster have left, and end those that do not; say whether none is there.

    They notice its death within moments. But one that waits for a lock inside the shared memory whose holder was
    killed too never wakes again (seen in the crash matrix), and PostgreSQL refuses to start while it is attached.
    To end it loses nothing: what was committed is in the write-ahead log, as after a power cut.
    """
    if _gone(cluster, grace_s):
        return True
    left = _workers(cluster)
    if set(left) & set(left.values()):
        return False  # one is the parent of another: a postmaster lives
    for pid in left:
        with contextlib.suppress(OSError):
            descriptor = os.pidfd_open(pid)  # the number could be another program's by now, this cannot
            try:
                if serves(pid, cluster):
                    signal.pidfd_send_signal(descriptor, signal.SIGKILL)
            finally:
                os.close(descriptor)
    return _gone(cluster, grace_s)


def _gone(cluster: Path, timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while _workers(cluster):
        if time.monotonic() > deadline:
            return False
        time.sleep(_WAIT_STEP_S)
    return True


def _workers(cluster: Path) -> dict[int, int]:
    """Return PostgreSQL's processes that work in `cluster`, each with its parent."""
    pids = [int(entry.name) for entry in (_PROC.iterdir() if _PROC.exists() else ()) if entry.name.isdigit()]
    return {pid: _parent(pid) for pid in pids if serves(pid, cluster, hidden=False)}


def _parent(pid: int) -> int:
    try:
        return int((_PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except (OSError, IndexError):
        return 0
