"""What a verification collects step by step; `report.py` turns it into text (format.md §10)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ledger.verify.authority_of import Judged

STEPS = range(1, 14)
MAX_FINDINGS_LISTED = 1000
MAX_REMARKS_LISTED = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it must be: the step that saw it, where, and a stable code.

    index: the entry, None where none can be named. file: of V1 and V11. known: acknowledged in the ledger.
    """

    step: int
    code: str
    index: int | None = None
    file: str = ""
    detail: str = ""
    known: bool = False

    def order(self) -> tuple[int, int, str, str, str]:
        """Sort by step, then place."""
        return self.step, -1 if self.index is None else self.index, self.file, self.code, self.detail


@dataclass(frozen=True, slots=True)
class Remark:
    """Worth knowing and no failure."""

    code: str
    index: int | None = None
    detail: str = ""


@dataclass(slots=True)
class Step:
    """One step: how much it checked of what, what it could not check and why, and on whose word it rests.

    ran: whether it checked anything at all.
    counts: word → number, e.g. {"entries": 1234}.
    unchecked: codes of what was not checked, with details.
    independent: False where a trust input is the bundle's own.
    """

    number: int
    ran: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    unchecked: list[tuple[str, str]] = field(default_factory=list)
    independent: bool = True

    def checked(self, word: str, count: int = 1) -> None:
        """Count what was checked."""
        self.ran = True
        self.counts[word] += count

    def not_checked(self, code: str, detail: str = "") -> None:
        """Note what was not checked; once each."""
        if (code, detail) not in self.unchecked:
            self.unchecked.append((code, detail))


@dataclass(slots=True)
class Outcome:
    """Everything that a verification found.

    facts: origin, size, root, founding … as far as they were read.
    stopped: index from which on V8–V10 are not checked, with the code why.
    failed: (step, code) → how many findings; `findings` lists at most MAX_FINDINGS_LISTED a step.
    lists: totals behind remarks, rules and what sources lack.
    judged: of an excerpt, its acts and whether each was its signer's to make; no step's, for it is by the acts at hand.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    steps: dict[int, Step] = field(default_factory=lambda: {number: Step(number) for number in STEPS})
    findings: list[Finding] = field(default_factory=list)
    failed: Counter[tuple[int, str]] = field(default_factory=Counter)
    remarks: list[Remark] = field(default_factory=list)
    remarked: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    lacking: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    stopped: tuple[int, str] | None = None
    judged: list[Judged] = field(default_factory=list)
    _listed: Counter[int] = field(default_factory=Counter)

    def find(self, finding: Finding) -> None:
        """Add a finding; each step lists its first ones, all are counted."""
        self.failed[(finding.step, finding.code)] += 1
        if self._listed[finding.step] < MAX_FINDINGS_LISTED:
            self._listed[finding.step] += 1
            self.findings.append(finding)

    def remark(self, remark: Remark) -> None:
        """Add a remark; each code lists its first ones, all are counted."""
        self.remarked[remark.code] += 1
        if self.remarked[remark.code] <= MAX_REMARKS_LISTED:
            self.remarks.append(remark)

    def failures(self, step: int) -> int:
        """Return how many findings a step has."""
        return sum(count for (number, _), count in self.failed.items() if number == step)
