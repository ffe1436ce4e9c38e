"""Nodes that were seen or can be computed from those, so that a fresh receipt asks the database for nothing more.

Completed nodes never change. One that is wrong all the same (somebody changed the database in between) cannot do harm:
a receipt is checked against the signed root before it leaves, and on a difference it is made again from the database.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from ledger.crypto.merkle import leaf_hash, node_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.crypto.merkle import Coord
    from ledger.log.reader import Head, LogReader

MAX_NODES = 16_384
MAX_DEPTH = 62


class RecentNodes:
    """A LogReader that answers from what it knows first. Thread-safe as far as its reader is.

    Args:
        reader: Answers the rest.
        most: How many nodes are remembered.
    """

    def __init__(self, reader: LogReader, most: int = MAX_NODES) -> None:
        self._reader = reader
        self._most = most
        self._known: OrderedDict[Coord, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def learn(self, index: int, entry: bytes) -> None:
        """Remember the leaf of an entry that was just recorded."""
        with self._lock:
            self._remember((0, index), leaf_hash(entry))

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._known.clear()

    def nodes(self, coords: Iterable[Coord]) -> Mapping[Coord, bytes]:
        """Return the hashes of these complete subtrees; those that are not stored are left out."""
        wanted = list(coords)
        found: dict[Coord, bytes] = {}
        with self._lock:
            for coord in wanted:
                value = self._compute(coord, MAX_DEPTH)
                if value is not None:
                    found[coord] = value
        missing = [coord for coord in wanted if coord not in found]
        if missing:
            read = self._reader.nodes(missing)
            found.update(read)
            with self._lock:
                for coord, value in read.items():
                    self._remember(coord, value)
        return found

    def _compute(self, coord: Coord, depth: int) -> bytes | None:
        """Return a node that is known, or whose halves are, down to known leaves."""
        value = self._known.get(coord)
        if value is not None:
            self._known.move_to_end(coord)
            return value
        level, index = coord
        if not level or not depth:
            return None
        # The right half first: it is the newer one, and where it is not known there is nothing to compute.
        right = self._compute((level - 1, 2 * index + 1), depth - 1)
        left = None if right is None else self._compute((level - 1, 2 * index), depth - 1)
        if left is None or right is None:
            return None
        value = node_hash(left, right)
        self._remember(coord, value)
        return value

    def _remember(self, coord: Coord, value: bytes) -> None:
        self._known[coord] = value
        self._known.move_to_end(coord)
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    # -- the rest of a LogReader

    def origin(self) -> str | None:
        """Return the founding's origin."""
        return self._reader.origin()

    def head(self, start: int, count: int) -> Head:
        """Return head and entries of one snapshot."""
        return self._reader.head(start, count)

    def entries(self, start: int, count: int) -> Sequence[bytes]:
        """Return the entries of a range."""
        return self._reader.entries(start, count)

    def node_range(self, level: int, start: int, count: int) -> Sequence[bytes]:
        """Return the stored hashes of a range of one level."""
        return self._reader.node_range(level, start, count)
