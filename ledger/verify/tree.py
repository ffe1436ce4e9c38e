"""V3–V5: the tree rebuilt from leaf hashes as they come, its tiles compared, its roots at older sizes kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.crypto.merkle import HASH_SIZE, Peaks, fold, root_of
from ledger.log.tiles import ENTRIES, MAX_LEVEL, TILE_WIDTH, Tile
from ledger.verify.ranges import Flaw, first_difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.verify.bundle import Bundle


def hashes_of(raw: bytes) -> list[bytes]:
    """Split concatenated hashes."""
    return [raw[at : at + HASH_SIZE] for at in range(0, len(raw), HASH_SIZE)]


class Tree:
    """The rebuilt tree: the roots of its whole tiles, one hash for 256 entries, and the last partial leaves.

    Args:
        sizes: older sizes whose roots are wanted.

    Attributes:
        size: leaves fed so far.
        roots: wanted size → root.
    """

    def __init__(self, sizes: Iterable[int] = ()) -> None:
        self._wanted = sorted(set(sizes))
        self._tiles: list[bytes] = []
        self._peaks = Peaks()
        self._rest: list[bytes] = []
        self.size = 0
        self.roots: dict[int, bytes] = {}
        self._note(0, [])

    def feed(self, leaves: bytes) -> None:
        """Take the leaf hashes of the next entry bundle."""
        hashes = hashes_of(leaves)
        self._note(self.size + len(hashes), hashes)
        self.size += len(hashes)
        if len(hashes) == TILE_WIDTH:
            whole = root_of(hashes)
            self._tiles.append(whole)
            self._peaks.append(whole)
        else:
            self._rest = hashes

    def _note(self, upto: int, hashes: list[bytes]) -> None:
        while self._wanted and self._wanted[0] <= upto:
            size = self._wanted.pop(0)
            part = Peaks()
            for leaf in hashes[: size - self.size]:
                part.append(leaf)
            # A tree of 256·q + r leaves is made of the subtrees of its q whole tiles and those of the r leaves.
            self.roots[size] = fold([*self._peaks.hashes, *part.hashes])

    def root(self) -> bytes:
        """Return the root of all leaves fed."""
        part = Peaks()
        for leaf in self._rest:
            part.append(leaf)
        return fold([*self._peaks.hashes, *part.hashes])

    def compare(self, bundle: Bundle) -> Iterator[Flaw]:
        """V4 at levels 1 and above: every tile there is must be the rebuilt one, and every one must be there."""
        level, hashes = 1, self._tiles
        while hashes and level <= MAX_LEVEL:
            for n in range(-(-len(hashes) // TILE_WIDTH)):
                wanted = hashes[n * TILE_WIDTH : (n + 1) * TILE_WIDTH]
                yield from _compare_tile(bundle, level, n, wanted)
            whole = len(hashes) // TILE_WIDTH
            hashes = [root_of(hashes[n * TILE_WIDTH : (n + 1) * TILE_WIDTH]) for n in range(whole)]
            level += 1

    def beyond(self, bundle: Bundle) -> Iterator[Flaw]:
        """V4: tiles that a tree of this size does not have."""
        for tile in bundle.tiles():
            if not tile.exists(self.size):
                index = tile.start if tile.level == ENTRIES else tile.start << tile.tree_level
                yield Flaw(4, min(index, self.size), "tile-beyond-tree", tile.path)


def _compare_tile(bundle: Bundle, level: int, n: int, wanted: list[bytes]) -> Iterator[Flaw]:
    widths = bundle.widths(level, n)
    shift = level * 8
    if len(wanted) not in widths:
        yield Flaw(4, n * TILE_WIDTH << shift, "tile-missing", Tile(level, n, len(wanted)).path)
    for width in widths:
        if width <= len(wanted):
            tile = Tile(level, n, width)
            at = first_difference(bundle.tile(tile) or b"", b"".join(wanted[:width]))
            if at is not None:
                yield Flaw(4, (n * TILE_WIDTH + at) << shift, "tile-differs", tile.path)
