"""A signed log of any length as files, written as the append function and the export would, without a database.

A million acts take minutes to sign and seconds to write: memory stays small, and shorter logs are prefixes of the
long one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ledger.crypto.merkle import Peaks, leaf_hash
from ledger.crypto.note import Checkpoint, Signer
from ledger.ids import write_recorded
from ledger.log.policy import Policy
from ledger.log.tiles import ENTRIES, HEIGHT, TILE_WIDTH, Tile, pack_bundle
from ledger.statement import Entry
from ledger.verify.write import Extras, opened_of, write_bundle
from tests.bench.council import ORIGIN, Chronicle, SteadyClock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ledger.statement import SignedAct
    from ledger.verify.bundle import Opened

LOG_KEY = Signer(ORIGIN, b"\5" * 32)
BEGIN = datetime(2026, 1, 5, 15, 0, 0, tzinfo=UTC)
VOTES_A_SESSION = 10
_FORGET_EVERY = 100
STEP = timedelta(minutes=3)


@dataclass
class LogWriter:
    """Writes entries, tiles and checkpoints below a directory; each file once, whole ones as soon as they are full.

    Attributes:
        directory: The log; made by the first file.
        opened: The disclosures of all acts so far.
    """

    directory: Path
    opened: list[Opened] = field(default_factory=list)
    _peaks: Peaks = field(default_factory=Peaks)
    _entries: list[bytes] = field(default_factory=list)
    _levels: dict[int, list[bytes]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self._peaks.size

    def append(self, act: SignedAct, recorded_at: datetime) -> Entry:
        """Append an act as the database would, stamp given; return its entry."""
        entry = Entry.compose(act, self.size, write_recorded(recorded_at))
        self.opened.extend(opened_of(self.size, act))
        self._entries.append(entry.raw)
        for level, idx, node in self._peaks.append(leaf_hash(entry.raw)):
            if level % HEIGHT == 0:
                self._node(level // HEIGHT, idx, node)
        if len(self._entries) == TILE_WIDTH:
            self._put(Tile(ENTRIES, self.size // TILE_WIDTH - 1), pack_bundle(self._entries))
            self._entries.clear()
        return entry

    def _node(self, level: int, idx: int, node: bytes) -> None:
        hashes = self._levels.setdefault(level, [])
        hashes.append(node)
        if len(hashes) == TILE_WIDTH:
            self._put(Tile(level, idx // TILE_WIDTH), b"".join(hashes))
            hashes.clear()

    def _put(self, tile: Tile, content: bytes, directory: Path | None = None) -> None:
        path = (directory or self.directory) / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def bundle(self, path: Path) -> None:
        """Write all so far as an evidence bundle with every disclosure: what `acervo export bundle` would hand over."""
        log = path.with_suffix(".log")
        self._snapshot(log)
        write_bundle(path, log, extras=Extras(disclosures=self.opened))

    def _snapshot(self, directory: Path) -> None:
        """Make a log of its own of what there is: whole files are linked, partial ones written."""
        for path in self.directory.rglob("*"):
            if path.is_file():
                target = directory / path.relative_to(self.directory)
                target.parent.mkdir(parents=True, exist_ok=True)
                os.link(path, target)
        if self._entries:
            place = Tile(ENTRIES, self.size // TILE_WIDTH, len(self._entries))
            self._put(place, pack_bundle(self._entries), directory)
        for level, hashes in self._levels.items():
            if hashes:
                width = len(hashes)
                self._put(Tile(level, (self.size >> level * HEIGHT) // TILE_WIDTH, width), b"".join(hashes), directory)
        (directory / "policy.txt").write_text(f"log {LOG_KEY.verifier.vkey}\nquorum none\n")
        note = Checkpoint(ORIGIN, self.size, self._peaks.root()).sign(LOG_KEY)
        Policy.parse((directory / "policy.txt").read_bytes()).open(note)
        (directory / "checkpoint").write_bytes(note.encode())


def write_history(
    writer: LogWriter, upto: int, told: Callable[[int], None], each: Callable[[Entry], None] = lambda _entry: None
) -> None:
    """Go on with the history of the Consejo until there are `upto` entries: sessions of votes by signed ballot.

    Args:
        writer: Takes the acts, from the founding on; it has none yet.
        upto: Entries wanted; the last session may break off.
        told: Is told the number of entries now and then.
        each: Is given every entry.
    """
    clock = SteadyClock(BEGIN, STEP)

    def take(acts: Sequence[SignedAct]) -> None:
        for act in acts:
            if writer.size < upto:
                each(writer.append(act, clock.instant + timedelta(seconds=30)))

    chronicle = Chronicle(take, clock)
    chronicle.found()
    sessions = 0
    while writer.size < upto:
        chronicle.whole_session(VOTES_A_SESSION)
        sessions += 1
        if sessions % _FORGET_EVERY == 0:
            chronicle.forget()
            told(writer.size)
