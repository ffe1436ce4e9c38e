"""Child processes that cannot outlive us: their standard input is a pipe of which we hold the only other end.

What a child needs comes as one JSON line over that pipe, never by arguments or environment, where others could read
it. When we end, in whatever way, the pipe closes and the child stops itself. What a child has to say it says on its
standard output, in JSON lines.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import api
from api.settings import child_environment
from ledger.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

READY_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 15.0
ORPHAN_GRACE_S = 10.0
MAX_LINE_BYTES = 64 * 1024


class Child:
    """A child process of ours.

    Args:
        name: Names its log file.
        module: Run as `python -m module`; its main calls `run_child`.
        config: What it needs to know.
        log: File that takes its standard error.
    """

    def __init__(self, name: str, module: str, config: Mapping[str, Any], log: Path) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        root = str(Path(api.__file__).resolve().parents[1])
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**child_environment(), "PYTHONPATH": root},
                start_new_session=True,  # Ctrl-C is for us; we stop the children in their order
            )
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("pipes were asked for")
        self._input, self._output = self._process.stdin, self._process.stdout
        self._heard = b""
        self._input.write(json.dumps(dict(config)).encode() + b"\n")
        self._input.flush()

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._process.poll() is None

    def hear(self, timeout_s: float = READY_TIMEOUT_S) -> dict[str, Any]:
        """Return the next thing that the child says.

        Raises:
            StoreError: "child-failed" when it ended or said nothing in time.
        """
        deadline, raw = time.monotonic() + timeout_s, self._heard
        while b"\n" not in raw and len(raw) < MAX_LINE_BYTES:
            ready, _, _ = select.select([self._output], [], [], max(0.0, deadline - time.monotonic()))
            piece = os.read(self._output.fileno(), 4096) if ready else b""
            if not piece:
                self.stop()
                raise StoreError("child-failed", f"{self.name}: {self.log}", name=self.name, log=str(self.log))
            raw += piece
        line, _, self._heard = raw.partition(b"\n")
        said: dict[str, Any] = json.loads(line)
        return said

    def stop(self, timeout_s: float = STOP_TIMEOUT_S) -> None:
        """End it: by closing its pipe, then by force."""
        with contextlib.suppress(OSError):
            self._input.close()
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._output.close()


def run_child(main: Callable[[dict[str, Any], Callable[[Mapping[str, Any]], None]], None]) -> None:
    """Run a child's main with its configuration and a function that speaks to the parent; die with the parent."""
    raw = b""
    while not raw.endswith(b"\n"):
        piece = os.read(0, 1)
        if not piece:
            return
        raw += piece
    threading.Thread(target=_watch_parent, name="parent", daemon=True).start()
    main(json.loads(raw), _say)


def _say(words: Mapping[str, Any]) -> None:
    os.write(1, json.dumps(dict(words)).encode() + b"\n")


def _watch_parent() -> None:
    """Stop like somebody asked to as soon as the parent is gone; by force if that takes too long."""
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ORPHAN_GRACE_S)
    os._exit(1)
