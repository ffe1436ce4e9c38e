"""What the log needs from whoever stores entries and nodes; the composition in `ledger.store` implements it.

Everything is read in committed state, never inside the transaction that appends (format §7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ledger.log.errors import LogDamagedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.crypto.merkle import Coord

MAX_READ_ENTRIES = 4096
"""Entries asked for at once, at most; 256 MiB if each had the largest size."""


@dataclass(frozen=True, slots=True)
class Head:
    """The ledger's head and the entries from a place on, of one snapshot.

    Attributes:
        size: Entries that the database says it has.
        peaks: Hashes of the complete subtrees of a tree of that size, left to right, as the database stores
        them;
            one that is missing is left out.
        entries: Entries from the asked place on, in order, at most as many as asked for, none at or after
        ``size``.
        stray: Whether rows stand at or after ``size``, which no append can have put there.
    """

    size: int
    peaks: tuple[bytes, ...]
    entries: tuple[bytes, ...]
    stray: bool


class LogReader(Protocol):
    """Reads a ledger's entries and nodes. One reader is used by one thread at a time."""

    def origin(self) -> str | None:
        """Return the name under which the ledger was founded, ``None`` before entry 0."""

    def head(self, start: int, count: int) -> Head:
        """Return head and entries ``start … start + count - 1`` in one statement, so of one snapshot."""

    def entries(self, start: int, count: int) -> Sequence[bytes]:
        """Return the entries ``start … start + count - 1`` that exist, in order."""

    def nodes(self, coords: Iterable[Coord]) -> Mapping[Coord, bytes]:
        """Return the stored hashes of these complete subtrees; those that are not stored are left out."""

    def node_range(self, level: int, start: int, count: int) -> Sequence[bytes]:
        """Return the hashes at ``(level, start) … (level, start + count - 1)`` that are stored, in order."""


class CheckpointStore(Protocol):
    """Keeps signed checkpoints where readers of the database find them."""

    def save_checkpoint(self, size: int, note: str) -> None:
        """Store a signed checkpoint; storing it again changes nothing."""


def node_hashes(reader: LogReader, coords: Iterable[Coord]) -> Mapping[Coord, bytes]:
    """Read nodes of which every one must be there.

    Raises:
        LogDamagedError: One is missing.
    """
    wanted = list(coords)
    found = reader.nodes(wanted)
    missing = [c for c in wanted if c not in found]
    if missing:
        raise LogDamagedError("node-missing", f"level {missing[0][0]}, index {missing[0][1]}")
    return found
