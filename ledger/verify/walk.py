"""V3–V13 over a full history: one pass in the order of indexes, then what needs the whole (format.md §10)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from ledger.crypto.b64 import encode_base64
from ledger.crypto.merkle import leaf_hash
from ledger.errors import UntrustedInputError
from ledger.log.tiles import ENTRIES, TILE_WIDTH, Tile, parse_bundle
from ledger.statement import Entry
from ledger.verify.certificates import check_certificates
from ledger.verify.claims import check_claims
from ledger.verify.history import quick_statement
from ledger.verify.outcome import Finding, Outcome, Remark
from ledger.verify.pool import bundles_of
from ledger.verify.ranges import Flaw
from ledger.verify.replay import Replay
from ledger.verify.reports import check_reports
from ledger.verify.sealed import Digests, check_disclosures, check_documents
from ledger.verify.times import check_anchors
from ledger.verify.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ledger.crypto.note import Checkpoint, Verifier
    from ledger.log.policy import Policy
    from ledger.statement import Statement
    from ledger.verify.bundle import Bundle
    from ledger.verify.ranges import Part
    from ledger.verify.trust import Trust


_DECREASES = Flaw(6, 0, "recorded-decreases")


@dataclass(slots=True)
class Head:
    """The checkpoint that is verified and what V2 and V5 know of it and of older ones.

    signed: who signed the checkpoint, with the time of a witness.
    older: (name, checkpoint, whether it came from outside).
    anchors: (size, seconds since 1970) of every witness' time.
    """

    checkpoint: Checkpoint
    policy: Policy | None
    signed: dict[Verifier, int | None]
    older: list[tuple[str, Checkpoint, bool]] = field(default_factory=list)
    anchors: list[tuple[int, int]] = field(default_factory=list)


def verify_history(bundle: Bundle, trust: Trust, head: Head, outcome: Outcome, source: Iterable[Part]) -> None:
    """V3–V13 over all entries of a tree, given what V2–V7 found of each entry bundle."""
    _History(bundle, trust, head, outcome).run(source)


class _History:
    """The pass over all entries: parts of V3–V7 come in, V8–V10 are replayed beside them."""

    def __init__(self, bundle: Bundle, trust: Trust, head: Head, outcome: Outcome) -> None:
        self.bundle, self.trust, self.head, self.outcome = bundle, trust, head, outcome
        self.size = head.checkpoint.size
        self.tree: Tree | None = Tree(checkpoint.size for _, checkpoint, _ in head.older)
        self.replay = Replay(outcome, self._read, self.size, head.checkpoint.origin)
        self.digests = Digests()
        self._unopened, self._opened = set(map(int, bundle.files["disclosures"])), Counter[str]()
        self._wanted_times = {size for size, _ in head.anchors}
        self._times: dict[int, str] = {}
        self._before = ""

    def run(self, source: Iterable[Part]) -> None:
        """Take the parts in order, then finish what needs the whole."""
        for part in source:
            self._take(part)
        self._finish_tree()
        self._finish_founding()
        self._finish_claims()
        self._finish_acknowledged()
        self._mark_compromised()
        self._finish_sealed()
        check_anchors(self.bundle, self.outcome, self.head.anchors, self._times, simulated=self.replay.simulated)
        check_certificates(self.bundle, self.trust, self.replay, self.outcome)
        self._finish_age()

    def _read(self, n: int) -> bytes:
        return self.bundle.entry_bundle(n, self.size)

    def _take(self, part: Part) -> None:
        start = part.n * TILE_WIDTH
        if part.leaves is None:
            self._lost(part)
            return
        raw = self._read(part.n)
        if sha256(raw).hexdigest() != part.digest:
            raise UntrustedInputError("input-changed", Tile(ENTRIES, part.n, part.width).path)
        if self.tree is not None:
            self.tree.feed(part.leaves)
        flaws = [*part.flaws, *self._boundary(part)]
        hard = {flaw.index for flaw in flaws if flaw.hard}
        void = hard | {flaw.index for flaw in flaws if flaw.step in (6, 7)}
        entries, compared, judged = parse_bundle(raw, part.width), self.replay.compared, self.replay.judged
        for offset, entry in enumerate(entries):
            index = start + offset
            recorded = self.replay.feed(entry, void=index in void, hard=index in hard)
            if index in self._wanted_times:
                self._times[index] = recorded
            if self.replay.sealed and index not in hard:
                self.digests.add(self.replay.sealed)
        self._count(part, len(hard), self.replay.compared - compared, self.replay.judged - judged)
        for flaw in flaws:
            self._flaw(flaw)
        self._open(part.n, entries)

    def _count(self, part: Part, hard: int, compared: int, judged: int) -> None:
        steps = self.outcome.steps
        steps[3].checked("entries", part.width)
        steps[4].checked("tiles", len(self.bundle.widths(0, part.n)) + len(self.bundle.widths(ENTRIES, part.n)))
        steps[6].checked("entries", part.width)
        steps[7].checked("signatures", part.width - hard)
        steps[9].counts["basis"] += compared
        if not self.replay.lost:
            steps[9].checked("entries", part.width - hard)
        if judged:
            steps[8].checked("entries", judged)
            steps[10].checked("entries", judged)

    def _open(self, n: int, entries: Sequence[bytes]) -> None:
        """V11 of one entry bundle's disclosures: on the way, while there is work for all cores."""
        if n not in self._unopened:
            return

        def statement(index: int) -> Statement | None:
            if index - n * TILE_WIDTH >= len(entries):
                return None
            raw = entries[index - n * TILE_WIDTH]
            return Entry.parse(raw).act.statement if self.replay.history.is_hard(index) else quick_statement(raw)[0]

        self._unopened.discard(n)
        self._opened += check_disclosures(self.bundle, self.outcome, statement, {n})

    def _lost(self, part: Part) -> None:
        """An entry bundle that cannot be read: nothing after it can be placed or replayed."""
        for flaw in part.flaws:
            self._flaw(flaw)
        self.tree = None
        self.replay.skip(part.width)

    def _boundary(self, part: Part) -> Iterator[Flaw]:
        """V6 across entry bundles: a worker cannot see its predecessor's last entry."""
        if part.first and part.first < self._before:
            yield replace(_DECREASES, index=part.first_index, detail=part.first)
        self._before = part.last or self._before

    def _flaw(self, flaw: Flaw) -> None:
        stopped = self.outcome.stopped
        if flaw.code == "key-not-in-ledger" and stopped is not None and flaw.index > stopped[0]:
            # An unknown edition or type, or a missing bundle, may have enrolled the key in a way not known here.
            self.outcome.steps[7].not_checked(stopped[1], f"{stopped[0]}")
            return
        path = flaw.detail if flaw.step == 4 else ""
        self.outcome.find(Finding(flaw.step, flaw.code, flaw.index, path, "" if path else flaw.detail))

    def _finish_tree(self) -> None:
        """V3, V4 above level 0, V5's second half: roots."""
        outcome, tree = self.outcome, self.tree
        if tree is None:
            for number in (3, 4, 5):
                outcome.steps[number].not_checked("entries-missing")
            return
        outcome.steps[3].ran = outcome.steps[4].ran = True
        if tree.root() != self.head.checkpoint.root:
            outcome.find(Finding(3, "root-differs", detail=encode_base64(tree.root())))
        for flaw in (*tree.compare(self.bundle), *tree.beyond(self.bundle)):
            self._flaw(flaw)
        for name, checkpoint, _ in self.head.older:
            if tree.roots.get(checkpoint.size) != checkpoint.root:
                outcome.find(Finding(5, "log-rewritten", None, name, f"< {checkpoint.size}"))

    def _finish_founding(self) -> None:
        """V9: the founding on which every chain hangs is the one that is expected."""
        step, founding = self.outcome.steps[9], self.replay.founding
        self.outcome.facts |= {"founding": founding, "simulated": self.replay.simulated}
        if self.trust.founding is None:
            step.independent = False
        elif founding and founding != self.trust.founding:
            self.outcome.find(Finding(9, "founding-differs", 0, detail=founding))
        if self.size == 0:
            step.not_checked("empty-ledger")
        stopped = self.outcome.stopped
        if stopped is not None:
            for number in (8, 9, 10) if self.replay.lost else (8, 10):
                self.outcome.steps[number].not_checked(stopped[1], str(stopped[0]))

    def _finish_claims(self) -> None:
        """V10: what certificates say there is not, and under which roots, recomputed over every entry of the range."""
        if self.replay.claims and not self.replay.lost:
            check_claims(self.replay.claims, self.replay.history, self.outcome)

    def _finish_acknowledged(self) -> None:
        """Findings that an officer says are known stay findings, marked so (format.md §6).

        Those of V11 are never known: they are about what this bundle discloses, not about the ledger.
        """
        known = set()
        for index, leaf in self.replay.acknowledged:
            if index < self.size and leaf_hash(self.replay.history.entry(index)).hex() == leaf:
                known.add(index)
            else:
                self.outcome.remark(Remark("acknowledges-another-entry", index))
        if known:
            self.outcome.findings = [
                replace(f, known=f.index in known) if f.step < 11 else f for f in self.outcome.findings
            ]

    def _mark_compromised(self) -> None:
        """Acts from `compromised_from` to the revocation stay applied and carry the mark (format.md §5)."""
        spans = {c.keyid: c for c in self.replay.compromises}
        if not spans:
            return
        first, last = min(c.since for c in spans.values()), max(c.revoked for c in spans.values())
        for n in range(first // TILE_WIDTH, last // TILE_WIDTH + 1):
            for offset, raw in enumerate(self.replay.history.entries(n)):
                index = n * TILE_WIDTH + offset
                at = raw.find(b'"keyid":"') + 9
                span = spans.get(raw[at : at + 64].decode("latin-1"))
                if span is not None and span.since <= index <= span.revoked:
                    self.outcome.remark(Remark("KEY_COMPROMISED_SINCE", index, span.keyid))

    def _finish_sealed(self) -> None:
        """V11."""
        step = self.outcome.steps[11]
        for index, name in self.digests.repeated(self._statements):
            self.outcome.find(Finding(11, "digest-repeated", index, detail=name))
        step.checked("digests", len(self.digests))
        self._opened += check_disclosures(self.bundle, self.outcome, lambda _: None, self._unopened)
        check_documents(self.bundle, self.outcome)
        check_reports(self.replay.history, self.replay.reports, self.outcome)
        closed = len(self.digests) - self._opened["values"]
        if closed > 0:
            step.not_checked("disclosures-absent", str(closed))

    def _statements(self) -> Iterator[tuple[int, Statement]]:
        for n in bundles_of(self.size):
            for offset, raw in enumerate(self.replay.history.entries(n)):
                if not self.replay.history.is_hard(n * TILE_WIDTH + offset):
                    yield n * TILE_WIDTH + offset, quick_statement(raw)[0]

    def _finish_age(self) -> None:
        """Currency: how old the checkpoint is, by the newest witness' time."""
        limit = self.trust.max_age_s
        times = [time for time in self.head.signed.values() if time]
        if times:
            self.outcome.facts["witnessed_at"] = max(times)
        if limit is None:
            return
        if not times:
            self.outcome.steps[5].not_checked("age-unknown")
        elif self.trust.now_s - max(times) > limit:
            self.outcome.find(Finding(5, "checkpoint-too-old", detail=f"{self.trust.now_s - max(times)} s"))
