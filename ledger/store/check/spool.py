"""The entries and nodes of the database written out as a log directory, for the verifier to read (format.md §7).

What is missing is left empty there (an entry of no bytes, a hash of zeros), so that each hole is one finding and all
that stands around it is still verified. The columns that repeat what stands in an entry are compared on the way.
"""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger.acts.transparency import PersonalDataErased
from ledger.crypto.merkle import HASH_SIZE, cover, fold, leaf_hash, node_hash
from ledger.errors import UntrustedInputError
from ledger.ids import MAX_ENTRY_BYTES, ZERO_HASH
from ledger.log.tiles import ENTRIES, HEIGHT, TILE_WIDTH, Tile, pack_bundle
from ledger.statement import Entry
from ledger.verify.history import lenient_place
from ledger.verify.outcome import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from ledger.statement import Statement
    from ledger.store.check.tables import EntryRow, Tables

MAX_HOLES = 1_000
"""So many missing entries are looked for one by one; a table with more of them is no ledger any more."""
_VOID = "Void/1"
_NO_HASH = bytes(HASH_SIZE)


@dataclass(slots=True)
class Spooled:
    """What was read on the way.

    Attributes:
        size: Entries, missing ones included.
        leaves: Leaf hashes of the entries as they stand, concatenated.
        founding: SHA-256 in hex of entry 0's statement, its origin, whether it says `clock: simulated`.
        recorded_at: The last entry's stamp.
        streams: Stream → version, statement and index of its last statement.
        erased: Digest → (index, name) of values that `PersonalDataErased` acts name.
        root: The root that the database's own nodes give; empty where one of them is missing.
    """

    size: int = 0
    leaves: bytearray = field(default_factory=bytearray)
    founding: tuple[str, str, bool] | None = None
    recorded_at: str = ""
    streams: dict[str, tuple[int, str, int]] = field(default_factory=dict)
    erased: dict[str, tuple[int, str]] = field(default_factory=dict)
    root: bytes = b""


class Spooler:
    """Writes the log directory; what is wrong with rows on the way becomes findings.

    Args:
        tables: What is read.
        directory: An empty directory.
        outcome: Gets counts and findings.
        progress: Told how many entries of how many are read.
    """

    def __init__(
        self,
        tables: Tables,
        directory: Path,
        outcome: Outcome,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> None:
        self._tables = tables
        self._directory = directory
        self._outcome = outcome
        self._progress = progress
        self.result = Spooled()

    def run(self) -> Spooled:
        """Read entries, then nodes."""
        count, last = self._tables.extent()
        self.result.size = min(last, count + MAX_HOLES)
        self._entries()
        self._nodes()
        return self.result

    # -- entries -------------------------------------------------------------------------------------------------

    def _entries(self) -> None:
        page: list[bytes] = []
        for raw in self._filled():
            index = len(self.result.leaves) // HASH_SIZE
            self.result.leaves += leaf_hash(raw)
            page.append(raw if len(raw) <= MAX_ENTRY_BYTES else b"")
            if len(page) == TILE_WIDTH or index == self.result.size - 1:
                self._write(Tile(ENTRIES, index // TILE_WIDTH, len(page)), pack_bundle(page))
                page.clear()
                self._progress(index + 1, self.result.size)

    def _filled(self) -> Iterator[bytes]:
        """Give one entry for each index; no bytes where there is none. Rows outside of the ledger are findings."""
        expected = 0
        for row in self._tables.entries():
            index = row.position - 1
            if not expected <= index < self.result.size:
                self._find(9, "row-stray", index, f"ledger.entries {row.position}")
                continue
            while expected < index:
                self._find(3, "row-missing", expected, f"ledger.entries {expected + 1}")
                expected += 1
                yield b""
            self._take(row, index)
            expected += 1
            yield row.state
        while expected < self.result.size:
            self._find(3, "row-missing", expected, f"ledger.entries {expected + 1}")
            expected += 1
            yield b""

    def _take(self, row: EntryRow, index: int) -> None:
        """Compare the columns with the bytes, and note what other tables must say."""
        self._outcome.steps[9].checked("rows")
        try:
            entry = Entry.parse(row.state)
        except UntrustedInputError:
            stream, version, kind, statement = self._unreadable(row.state)
        else:
            said = entry.act.statement
            stream, version, kind, statement = said.stream, said.version, said.type, said.sha256
            self.result.recorded_at = entry.recorded_at
            self._note(index, said)
        before = self.result.streams.get(stream)
        if not stream or (before is not None and version <= before[0]):
            # No statement, or of a place that is taken: as recover writes it (migrations/0004).
            stream, version, kind = f"void/{index}", 1, _VOID
        elif version == (before[0] if before else 0) + 1:
            self.result.streams[stream] = (version, statement, index)
        for column, found, said_so in (
            ("originator_id", row.stream, stream),
            ("originator_version", row.version, version),
            ("topic", row.topic, kind),
        ):
            if found != said_so:
                self._find(9, "row-differs", index, f"ledger.entries {row.position}: {column} = {found}")

    @staticmethod
    def _unreadable(raw: bytes) -> tuple[str, int, str, str]:
        place = lenient_place(raw)
        if place is None:
            return "", 1, _VOID, ZERO_HASH
        kind = json.loads(b64decode(json.loads(raw)["act"]["payload"])).get("type")
        return place.stream, place.version, str(kind), place.statement

    def _note(self, index: int, statement: Statement) -> None:
        if index == 0:
            simulated = statement.data.get("clock") == "simulated"
            self.result.founding = statement.sha256, statement.ledger, simulated
        if statement.type == PersonalDataErased.type_name:
            for each in statement.data.get("disclosures", ()):
                self.result.erased[each["digest"]] = each["index"], each["name"]

    # -- nodes ---------------------------------------------------------------------------------------------------

    def _nodes(self) -> None:
        """Compare every stored node with the tree over the entries, and write tiles of what is stored."""
        rows = self._tables.nodes()
        self._wanted_peaks = dict.fromkeys(cover(0, self.result.size), b"")
        row = next(rows, None)
        level, hashes = 0, bytes(self.result.leaves)
        while hashes:
            row = self._level(level, hashes, row, rows)
            level, hashes = level + 1, _parents(hashes)
        while row is not None:
            self._find_node("row-stray", row[0], row[1])
            row = next(rows, None)
        peaks = list(self._wanted_peaks.values())
        self.result.root = fold(peaks) if all(len(peak) == HASH_SIZE for peak in peaks) else b""

    def _level(
        self,
        level: int,
        hashes: bytes,
        row: tuple[int, int, bytes] | None,
        rows: Iterator[tuple[int, int, bytes]],
    ) -> tuple[int, int, bytes] | None:
        """Compare one level; return the first row beyond it."""
        count, expected, stored = len(hashes) // HASH_SIZE, 0, bytearray()
        while row is not None and row[0] <= level:
            at, idx, value = row
            if at < level or not expected <= idx < count:
                self._find_node("row-stray", at, idx)
            else:
                while expected < idx:
                    self._missing(level, expected, stored)
                    expected += 1
                if value != hashes[idx * HASH_SIZE : (idx + 1) * HASH_SIZE]:
                    self._find_node("row-differs", level, idx)
                self._keep(level, idx, value, stored)
                expected += 1
            row = next(rows, None)
        while expected < count:
            self._missing(level, expected, stored)
            expected += 1
        self._outcome.steps[4].checked("nodes", count)
        if level % HEIGHT == 0:
            for n in range(-(-count // TILE_WIDTH)):
                part = bytes(stored[n * TILE_WIDTH * HASH_SIZE : (n + 1) * TILE_WIDTH * HASH_SIZE])
                self._write(Tile(level // HEIGHT, n, len(part) // HASH_SIZE), part)
        return row

    def _missing(self, level: int, idx: int, stored: bytearray) -> None:
        self._find_node("row-missing", level, idx)
        self._keep(level, idx, b"", stored)

    def _keep(self, level: int, idx: int, value: bytes, stored: bytearray) -> None:
        if level % HEIGHT == 0:
            stored += value if len(value) == HASH_SIZE else _NO_HASH
        if (level, idx) in self._wanted_peaks:
            self._wanted_peaks[level, idx] = value

    def _find_node(self, code: str, level: int, idx: int) -> None:
        # The first entry below the node; of rows that no tree has, whatever they say.
        index = idx << level if 0 <= level < 64 else idx
        self._find(4, code, index, f"ledger.nodes {level} {idx}")

    # -- both ----------------------------------------------------------------------------------------------------

    def _find(self, step: int, code: str, index: int, detail: str) -> None:
        self._outcome.find(Finding(step, code, index, detail=detail[:200]))

    def _write(self, tile: Tile, content: bytes) -> None:
        path = self._directory / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _parents(hashes: bytes) -> bytes:
    """Return the complete nodes above a level's."""
    pairs: Iterable[int] = range(0, len(hashes) - HASH_SIZE, 2 * HASH_SIZE)
    return b"".join(node_hash(hashes[at : at + HASH_SIZE], hashes[at + HASH_SIZE : at + 2 * HASH_SIZE]) for at in pairs)
