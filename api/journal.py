"""A file of JSON lines that does not grow without end: what is worth keeping beside the ledger, and is no act of it."""

from __future__ import annotations

import contextlib
import json
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MAX_BYTES = 8 * 1024 * 1024
"""A file that has grown to this is set aside as `….1`, in place of an older one."""


class Journal:
    """Lines in the order in which they were kept. Thread-safe.

    Args:
        path: The file; its directory is made with the first line.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def note(self, line: Mapping[str, Any]) -> None:
        """Keep a line; a disk that is full must not change the answer."""
        with self._lock, contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.exists() and self._path.stat().st_size > MAX_BYTES:
                self._path.replace(self._path.with_name(f"{self._path.name}.1"))
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, separators=(",", ":")) + "\n")

    def lines(self) -> Iterator[dict[str, Any]]:
        """Give the lines of the present file, the oldest first; what a kill cut off is left out."""
        with contextlib.suppress(OSError), self._path.open(encoding="utf-8") as file:
            for text in file:
                with contextlib.suppress(ValueError):
                    line = json.loads(text)
                    if isinstance(line, dict):
                        yield line
