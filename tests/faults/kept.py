"""Child processes that the supervisor keeps alive while they are killed: the signer, and the server that answers."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tests.faults.steps import kill

BACK_S = 60.0
"""How long what was killed may take to be there again."""
_ROOT = Path(__file__).parents[2]


class LostError(Exception):
    """The server went away before it answered."""


class Kept:
    """A child process that the supervisor keeps alive by its one command."""

    def __init__(self, name: str, arguments: list[str], log: Path) -> None:
        self.name = name
        self.starts = 0
        self._arguments = arguments
        self._log = log
        self.process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        """Its number; 0 while it was never started."""
        return 0 if self.process is None else self.process.pid

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self.process is not None and self.process.poll() is None

    def revive(self) -> None:
        """Start it."""
        self._close_pipes()
        with self._log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self._arguments],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.starts += 1

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            kill([self.process.pid])
            self.process.wait()
            self._close_pipes()

    def _close_pipes(self) -> None:
        """Give the pipes of a process that is gone back."""
        for pipe in (self.process.stdin, self.process.stdout) if self.process is not None else ():
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


class KeptServer(Kept):
    """The server, and what it was asked and has not answered."""

    def __init__(self, arguments: list[str], log: Path) -> None:
        super().__init__("server", arguments, log)
        self._waiting: dict[int, list[dict[str, Any] | None]] = {}
        self._answered = threading.Condition()
        self._ready = False
        self.struck: list[int] = []

    def revive(self) -> None:
        """Start it and listen to it; what was asked before is lost."""
        super().revive()
        process = self.process
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with contextlib.suppress(ValueError):
            for line in process.stdout:
                if not line.endswith("\n"):
                    break  # torn by the kill: it never arrived
                answer = json.loads(line)
                with self._answered:
                    if "id" in answer:
                        self._waiting.pop(answer["id"], [None])[0] = answer
                    self.struck += answer.get("struck", [])
                    self._ready = self._ready or "ready" in answer
                    self._answered.notify_all()
        with self._answered:
            self._ready = False
            self._waiting.clear()
            self._answered.notify_all()

    def ask(self, number: int, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request and wait for its answer.

        Raises:
            LostError: the server is not there, or died before it answered.
        """
        place: list[dict[str, Any] | None] = [None]
        with self._answered:
            if not self._answered.wait_for(lambda: self._ready, 1.0):
                raise LostError
            self._waiting[number] = place
            self._write({"id": number, **request})
            while place[0] is None and self._waiting.get(number) is place:
                self._answered.wait()
        if place[0] is None:
            raise LostError
        return place[0]

    def tell(self, request: dict[str, Any]) -> None:
        """Send what has no answer of its own.

        Raises:
            LostError: the server is not there.
        """
        with self._answered:
            if not self._answered.wait_for(lambda: self._ready, BACK_S):
                raise LostError
            self._write(request)

    def _write(self, request: dict[str, Any]) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except (OSError, ValueError) as error:  # broken by the kill, or closed by the supervisor since
            raise LostError from error
