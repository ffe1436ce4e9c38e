"""A ledger's log in memory, as a store would show it, and open to be tampered with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.crypto.merkle import Peaks, cover, leaf_hash
from ledger.crypto.note import COSIGNATURE, Checkpoint, Signer
from ledger.log.reader import MAX_READ_ENTRIES, Head

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.crypto.merkle import Coord

ORIGIN = "actas.example/acervo"
LOG_KEY = Signer(ORIGIN, b"\1" * 32)
WITNESS_KEY = Signer("witness.example/w1", b"\2" * 32, COSIGNATURE)


class MemoryLog:
    """Entries and nodes of one ledger. It implements LogReader and CheckpointStore.

    Attributes:
        rows: Entry bytes; to be changed by a test that tampers.
        tree: Node hashes by coordinates; likewise.
        size: What the head says.
        saved: Checkpoints stored, by size; another one of the same size and root is an error of the caller.
        name: The founding's origin.
    """

    def __init__(self, entries: Iterable[bytes] = (), name: str = ORIGIN) -> None:
        self.rows: list[bytes] = []
        self.tree: dict[Coord, bytes] = {}
        self.size = 0
        self.saved: dict[int, str] = {}
        self.name = name
        self._peaks = Peaks()
        self.extend(entries)

    def extend(self, entries: Iterable[bytes]) -> None:
        """Append entries as the database does: entry, completed nodes, head."""
        for entry in entries:
            self.rows.append(entry)
            for level, idx, value in self._peaks.append(leaf_hash(entry)):
                self.tree[level, idx] = value
        self.size = len(self.rows)

    def copy(self) -> MemoryLog:
        """Return an independent copy: a backup."""
        return MemoryLog(self.rows, self.name)

    def checkpoint(self, size: int | None = None, *signers: Signer) -> str:
        """Return a checkpoint of a size, signed by the log or the given keys."""
        size = self.size if size is None else size
        peaks = Peaks(size, [self.tree[c] for c in cover(0, size)])
        return Checkpoint(self.name, size, peaks.root()).sign(*(signers or (LOG_KEY,)))

    def origin(self) -> str | None:
        return self.name if self.rows else None

    def head(self, start: int, count: int) -> Head:
        assert start >= 0
        assert 0 <= count <= MAX_READ_ENTRIES
        end = min(self.size, start + count)
        peaks = tuple(self.tree[c] for c in cover(0, self.size) if c in self.tree)
        return Head(self.size, peaks, tuple(self.rows[start:end]), len(self.rows) > self.size)

    def entries(self, start: int, count: int) -> Sequence[bytes]:
        assert count <= MAX_READ_ENTRIES
        return self.rows[start : start + count]

    def nodes(self, coords: Iterable[Coord]) -> Mapping[Coord, bytes]:
        return {c: self.tree[c] for c in coords if c in self.tree}

    def node_range(self, level: int, start: int, count: int) -> Sequence[bytes]:
        return [self.tree[level, i] for i in range(start, start + count) if (level, i) in self.tree]

    def save_checkpoint(self, size: int, note: str) -> None:
        text = note.partition("\n\n")[0]
        assert self.saved.setdefault(size, note).partition("\n\n")[0] == text, "two checkpoints of one size"
