"""What acts say of the whole: roots of the tree, and that a series holds nothing else (format.md §10 V10; X4).

The rule of a negative certificate walks its series by names, so it stops at a hole and never sees what stands beyond.
Here every entry of the range is gone through: which numbers of the series were there, and what the tree's root was at
the size that the certificate names. A log that was cut short and built up again does not give that root.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.acts.certification import CertificationIssued
from ledger.acts.oversight import EvidenceBundleExported
from ledger.crypto.merkle import Peaks, leaf_hash
from ledger.verify.history import quick_statement
from ledger.verify.outcome import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.acts.base import Act
    from ledger.acts.certification import Negative
    from ledger.verify.history import History
    from ledger.verify.outcome import Outcome

CLAIMING = frozenset({CertificationIssued, EvidenceBundleExported})
"""The types whose acts `claims_of` has claims of."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the entry `index` says: the tree of `size` had `root` (hex); of `negative`, where there is one."""

    index: int
    size: int
    root: str
    body: str = ""
    negative: Negative | None = None

    @property
    def prefix(self) -> str:
        """What the streams of the negated series have before their number; "" of a mere root."""
        return "" if self.negative is None else self.negative.prefix(self.body)


def claims_of(index: int, act: Act) -> list[Claim]:
    """Return what a lawful entry says of the whole."""
    match act:
        case CertificationIssued():
            return [Claim(index, each.tree_size, each.root, act.body, each) for each in act.negatives]
        case EvidenceBundleExported():
            return [Claim(index, act.tree_size, act.root)]
        case _:
            return []


def check_claims(claims: Iterable[Claim], history: History, outcome: Outcome) -> None:
    """V10: recompute each claim over entries 0…index-1, in one pass."""
    pending = sorted(claims, key=lambda claim: claim.index)
    numbers: dict[str, set[int]] = defaultdict(set)
    prefixes = {claim.prefix for claim in pending} - {""}
    sizes, peaks, roots = {claim.size for claim in pending}, Peaks(), dict[int, str]()
    for index in range(pending[-1].index + 1):
        if index in sizes:
            roots[index] = peaks.root().hex()
        while pending and pending[0].index == index:
            _judge(pending.pop(0), roots, numbers, outcome)
        raw = history.entry(index)
        peaks.append(leaf_hash(raw))
        if prefixes and history.is_lawful(index):
            prefix, _, number = quick_statement(raw)[0].stream.rpartition("/")
            if prefix in prefixes and number.isdecimal():
                numbers[prefix].add(int(number))


def _judge(claim: Claim, roots: dict[int, str], numbers: dict[str, set[int]], outcome: Outcome) -> None:
    outcome.steps[10].checked("claims")
    if roots.get(claim.size) != claim.root:
        code = "bundle-root-differs" if claim.negative is None else "negative-root-differs"
        outcome.find(Finding(10, code, claim.index, detail=f"{claim.size}"))
    if claim.negative is None:
        return
    # Numbers that are told and missing are holes, which the rule itself refuses.
    told = range(claim.negative.first, claim.negative.last + 1)
    for number in sorted(each for each in numbers[claim.prefix] if each not in told):
        outcome.find(Finding(10, "negative-left-out", claim.index, detail=f"{claim.prefix}/{number}"))
