"""What the rules refused: an operational record beside the ledger, never an act of it (domain.md §3.5, V2).

One JSON line a refusal: when, by which rule, which types of act, and the hash of each statement, so that whoever holds
the refused act can show that it was tried. No key, no office, no text: nothing in it is a personal datum.
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

from api.journal import Journal
from ledger.ids import write_recorded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from ledger.statement import SignedAct

FILE_NAME = "refusals.jsonl"
_VOTING = ("VoteOpened/", "Ballot")


class Refusals:
    """Keeps and counts refusals; counts start with what the present file has.

    Args:
        path: The file; its directory is made with the first refusal.
    """

    def __init__(self, path: Path) -> None:
        self._journal = Journal(path)
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
        self._journal.note(line)

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
        for line in self._journal.lines():
            with contextlib.suppress(KeyError, TypeError):
                self._count(line)
