"""A ledger in memory: the real `Ledger` over lists and dictionaries, for long stories told in seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ledger.crypto import disclosure
from ledger.crypto.disclosure import block_name, block_root
from ledger.ids import parse_written, write_recorded
from ledger.statement import Entry
from ledger.store.store import Head, StreamHead
from ledger.store.submission import Outcome, Placed, SealedRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.statement import SignedAct
    from ledger.store.submission import Submission


@dataclass
class MemoryStore:
    """What `Ledger` needs of a store, of one process and one simulated clock; nothing is refused but lost races."""

    raws: list[bytes] = field(default_factory=list)
    streams: dict[str, list[bytes]] = field(default_factory=dict)
    heads: dict[str, StreamHead] = field(default_factory=dict)
    clock: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    def append(self, submissions: Sequence[Submission]) -> list[Outcome]:
        """Record submissions whose acts follow their streams' heads."""
        return [self._append(each.acts) for each in submissions]

    def _append(self, acts: tuple[SignedAct, ...]) -> Outcome:
        placed = []
        for act in acts:
            said = act.statement
            if said.type == "LedgerFounded/1":
                self.clock = parse_written(said.signed_at)
            last = self.heads.get(said.stream)
            if said.version != (last.version if last else 0) + 1:
                return Outcome("taken", said.stream)
            for stream, statement in said.basis.items():
                if stream not in self.heads or self.heads[stream].sha256 != statement:
                    return Outcome("basis", stream)
            index, recorded_at = len(self.raws), write_recorded(self.clock)
            raw = Entry.compose(act, index, recorded_at).raw
            self.raws.append(raw)
            self.streams.setdefault(said.stream, []).append(raw)
            self.heads[said.stream] = StreamHead(said.version, said.sha256, index)
            placed.append(Placed(index, recorded_at, raw))
        return Outcome("appended", placed=tuple(placed))

    def stream(self, name: str, after_version: int = 0) -> Iterable[bytes]:
        """Give a stream's entries in order."""
        return self.streams.get(name, [])[after_version:]

    def stream_heads(self, names: Iterable[str]) -> Mapping[str, StreamHead]:
        """Return the heads of those streams that are there."""
        return {name: self.heads[name] for name in names if name in self.heads}

    def streams_below(self, prefix: str) -> Iterable[str]:
        """Give the names of streams that begin with the prefix."""
        return sorted(name for name in self.heads if name.startswith(prefix))

    def entry(self, index: int) -> bytes | None:
        """Return an entry's bytes."""
        return self.raws[index] if 0 <= index < len(self.raws) else None

    def now(self) -> datetime:
        """Return the simulated clock."""
        return self.clock

    def set_clock(self, instant: datetime) -> None:
        """Set the simulated clock; it does not go back."""
        assert instant >= self.clock
        self.clock = instant

    def head(self) -> Head:
        """Return the number of entries and the last stamp."""
        return Head(len(self.raws), None)


@dataclass
class MemoryVault:
    """Keeps disclosures as they are, by the digest."""

    texts: dict[str, str] = field(default_factory=dict)
    store: MemoryStore = field(default_factory=MemoryStore)
    drafts: list[dict[str, str]] = field(default_factory=list)
    _of_root: dict[str, dict[str, str]] = field(default_factory=dict)

    def prepare(self, subjects: Iterable[str]) -> None:
        """Do nothing: there are no keys."""

    def seal(self, subject: str, name: str, digest: str, text: str) -> SealedRow:
        """Keep a disclosure."""
        self.texts[digest] = text
        if name == block_name(1):
            self.drafts.append({})
        if name.startswith("block/"):
            self.drafts[-1][name] = text
        return SealedRow(name, digest, subject, b"", b"")

    def disclosures(self, index: int) -> dict[str, str]:
        """Return an act's disclosures by name; of an acta's draft its blocks."""
        said = Entry.parse(self.store.raws[index]).act.statement
        found = {name: self.texts[digest] for name, digest in said.sealed.items() if digest in self.texts}
        assert all(disclosure.digest(text) == said.sealed[name] for name, text in found.items())
        return found | self._blocks(str(said.data["root"])) if said.type == "ActaDrafted/1" else found

    def _blocks(self, root: str) -> dict[str, str]:
        while self.drafts:
            draft = self.drafts.pop()
            in_order = [draft[block_name(number)] for number in range(1, len(draft) + 1)]
            self._of_root[block_root(in_order)] = draft
        return self._of_root.get(root, {})
