"""What an import took and what it refused, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

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

    taken: how many rows of each file stand in the ledger (or would, in a dry run).
    remarks: how often each remark was made: discrepancies of the source that are no reason to refuse.
    """

    dry_run: bool
    taken: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, file: str, line: int, code: str, detail: str = "") -> None:
        """Note a refused row."""
        self.refusals.append(Refusal(file, line, code, detail))

    @property
    def clean(self) -> bool:
        """Whether nothing was refused."""
        return not self.refusals

    def as_json(self) -> dict[str, Any]:
        """Return the report as data."""
        return {
            "dry_run": self.dry_run,
            "taken": dict(sorted(self.taken.items())),
            "remarks": dict(sorted(self.remarks.items())),
            "refused": len(self.refusals),
            "refusals": [
                {"file": r.file, "line": r.line, "code": r.code, "detail": r.detail} for r in self.refusals[:MAX_SHOWN]
            ],
        }
