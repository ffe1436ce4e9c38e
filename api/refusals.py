"""What the rules refused: an operational record beside the ledger, never an act of it (domain.md §3.5, V2).

One JSON line a refusal: when, by which rule, which types of act, and the hash of each statement, so that whoever holds
the refused act can show that it was tried. No key, no office, no text: nothing in it is a personal datum.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

from ledger.ids import write_recorded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from ledger.statement import SignedAct

FILE_NAME = "refusals.jsonl"
MAX_BYTES = 8 * 1024 * 1024
"""A file that has grown to this is set aside as `….1`, in place of an older one; its counts go with it."""
_VOTING = ("VoteOpened/", "Ballot")


class Refusals:
    """Keeps and counts refusals; counts start with what the file has.

    Args:
        path: The file; its directory is made with the first refusal.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._by_code: Counter[str] = Counter()
        self._votes = 0
        self._read()

    def note(self, acts: Sequence[SignedAct], code: str, at: datetime) -> None:
        """Keep a refusal; a disk that is full must not change the answer.

        Args:
            acts: What was submitted together.
            code: The rule's.
            at: When, by the ledger's clock.
        """
        types = sorted({act.statement.type for act in acts})
        line = {
            "at": write_recorded(at),
            "code": code,
            "types": types,
            "statements": [act.statement.sha256 for act in acts],
        }
        with self._lock:
            self._count(line)
            with contextlib.suppress(OSError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                if self._path.exists() and self._path.stat().st_size > MAX_BYTES:
                    self._path.replace(self._path.with_name(f"{FILE_NAME}.1"))
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line, separators=(",", ":")) + "\n")

    def counts(self) -> dict[str, Any]:
        """Return how many there are, how many of them of votes and ballots, and how many by each rule."""
        with self._lock:
            return {
                "total": self._by_code.total(),
                "votes": self._votes,
                "by_code": dict(sorted(self._by_code.items())),
            }

    def _count(self, line: dict[str, Any]) -> None:
        self._by_code[line["code"]] += 1
        self._votes += any(name.startswith(_VOTING) for name in line["types"])

    def _read(self) -> None:
        with contextlib.suppress(OSError), self._path.open(encoding="utf-8") as file:
            for text in file:
                with contextlib.suppress(ValueError, KeyError, TypeError):  # a line cut off by a kill
                    self._count(json.loads(text))
