"""A signer's process for tests of crashes: `python -m tests.log.child DIRECTORY STEP COUNT`.

It serves a log whose entries lie in a file, and kills itself (SIGKILL) when it does STEP for the COUNT-th time.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.log.publisher import Publisher
from ledger.log.service import SignerService, serve
from ledger.log.signer import LogSigner
from tests.kit.log import LOG_KEY, MemoryLog

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.log.reader import Head

STEPS = ("read", "signed", "state-written", "persisted", "answered", "published", "stored")


class FileLog(MemoryLog):
    """A log in a file of lines: what is in it is committed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        super().__init__()

    def head(self, start: int, count: int) -> Head:
        lines = self._path.read_bytes().split(b"\n")[:-1]
        self.extend(lines[len(self.rows) :])
        return super().head(start, count)

    def save_checkpoint(self, size: int, note: str) -> None:  # noqa: ARG002  the note says it
        """Store where the parent looks: each checkpoint that was stored, for ever."""
        with (self._path.parent / "stored").open("a", encoding="utf-8") as file:
            file.write(note + "\0")


def killer(step: str, count: int) -> Callable[[str], None]:
    """Make a hook that kills this process at a step's count-th time."""
    seen = 0

    def told(name: str) -> None:
        nonlocal seen
        seen += name == step
        if name == step and seen == count:
            os.kill(os.getpid(), signal.SIGKILL)

    return told


def main(directory: Path, step: str, count: int) -> None:
    """Serve until killed."""
    log = FileLog(directory / "entries")
    log.head(0, 0)
    signer = LogSigner.open(directory / "state", LOG_KEY, log, directory / "published")
    hook = killer(step, count)
    publisher = Publisher(directory / "published", log, interval_s=0.0, step=hook)
    service = SignerService(signer, publisher, step=hook)
    serve(service, publisher, signer, directory / "signer.sock")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
