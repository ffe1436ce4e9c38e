"""What an import took, what stood already, what it refused, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was refused: the file, the line (the header is line 1), the rule's code, and its particulars."""

    file: str
    line: int
    code: str
    detail: str = ""


@dataclass(slots=True)
class Report:
    """The outcome of an import.

    taken: how many rows of each file are recorded (or would be, of a dry run).
    standing: how many stood already, word for word, and were left as they are.
    remarks: how often each remark was made: discrepancies of the source that are no reason to refuse.
    refusals: every row that was refused, by file and line.
    """

    dry_run: bool
    taken: Counter[str] = field(default_factory=Counter)
    standing: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    worked: int = 0

    def refuse(self, file: str, line: int, code: str, detail: str = "", rows: Mapping[str, int] | None = None) -> None:
        """Note a refused row, and how many rows of which files fall with it."""
        self.refusals.append(Refusal(file, line, code, printable(detail)))
        self.worked += sum(rows.values()) if rows else 1

    def take(self, rows: Mapping[str, int], *, stood: bool = False) -> None:
        """Note rows that are recorded, or that stood already."""
        (self.standing if stood else self.taken).update(rows)
        self.worked += sum(rows.values())

    @property
    def clean(self) -> bool:
        """Whether nothing was refused."""
        return not self.refusals

    def as_json(self) -> dict[str, Any]:
        """Return the report as data; of the refusals at most MAX_SHOWN."""
        return {
            "dry_run": self.dry_run,
            "provenance": "proved since import, not at origin",
            "taken": _counts(self.taken),
            "standing": _counts(self.standing),
            "remarks": _counts(self.remarks),
            "refused": len(self.refusals),
            "refusals": [
                {"file": r.file, "line": r.line, "code": r.code, "detail": r.detail} for r in self.refusals[:MAX_SHOWN]
            ],
        }


def printable(text: str) -> str:
    """Return text of a folder so that it can be shown: no control or bidi character reaches a terminal."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _counts(counter: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in sorted(counter.items()) if count}
