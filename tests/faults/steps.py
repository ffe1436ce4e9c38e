"""Named steps at which a process can be told to kill: itself or others, at once, with SIGKILL."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

# ledger/application.py's steps, the append function's two edges, and what follows.
SERVER_STEPS = (
    "1-parsed",
    "2-signature",
    "3-checked",
    "3-sealed",
    "4-before-append",
    "4-uncommitted",
    "4-committed",
    "5-moved-on",
    "6-recorded",
    "7-receipt",
)
# ledger/log/signer.py's, service.py's and publisher.py's.
SIGNER_STEPS = ("read", "signed", "state-written", "persisted", "answered", "published", "stored")


@dataclass
class Plan:
    """Kill `pids`, and this process if `own`, when a step is done for the `nth` time from now.

    A number of −1 stands for the process in PostgreSQL that does the step.
    """

    step: str
    nth: int
    pids: list[int] = field(default_factory=list)
    own: bool = True


class Steps:
    """Counts steps; inert until there is a plan.

    Args:
        struck: Told whom a plan has killed, if we are still there.
    """

    def __init__(self, struck: Callable[[list[int]], None] = lambda _: None) -> None:
        self._struck = struck
        self._plan: Plan | None = None
        self._lock = threading.Lock()

    def plan(self, plan: Plan) -> None:
        """Take a plan; the last one counts."""
        with self._lock:
            self._plan = plan

    def planned(self, step: str) -> bool:
        """Tell whether something is to happen at this step."""
        plan = self._plan
        return plan is not None and plan.step == step

    def done(self, step: str, backend: int = 0) -> None:
        """Note that a step is done; `backend` is the process in PostgreSQL that did it, 0 where none did."""
        with self._lock:
            plan = self._plan
            if plan is None or plan.step != step:
                return
            plan.nth -= 1
            if plan.nth > 0:
                return
            self._plan = None
            pids = [backend if pid == -1 else pid for pid in plan.pids]
            kill(pids)
            if plan.own:
                os.kill(os.getpid(), signal.SIGKILL)
            self._struck(pids)


class FileSteps:
    """Steps of a process that cannot be told: its plan is a file, `<step> <nth>`, taken away when it is carried out."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = 0

    def done(self, step: str) -> None:
        """Note that a step is done."""
        try:
            wanted, nth = self._path.read_text().split()
        except (FileNotFoundError, ValueError):
            self._seen = 0
            return
        self._seen += step == wanted
        if self._seen >= int(nth):
            self._path.unlink()
            os.kill(os.getpid(), signal.SIGKILL)


def kill(pids: Iterable[int]) -> None:
    """Kill processes; those that are gone already are left out."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
