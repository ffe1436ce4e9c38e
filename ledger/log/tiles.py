"""Tiles and entry bundles of c2sp.org/tlog-tiles, height 8: their names, widths and bytes (format §7).

``/tile/<L>/<N>[.p/<W>]`` holds up to 256 hashes of the tree's level ``8 * L``; ``/tile/entries/<N>[.p/<W>]``
holds up to 256 entries, each ``uint16 big-endian length ‖ entry``. N is written in groups of three digits,
all but the last with ``x``. A tile with fewer than 256 has its width W in its name; empty ones do not exist;
whole ones never change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.crypto.merkle import HASH_SIZE, MAX_TREE_SIZE
from ledger.errors import UntrustedInputError
from ledger.log.errors import LogDamagedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.log.reader import LogReader

HEIGHT = 8
TILE_WIDTH = 1 << HEIGHT
MAX_LEVEL = 6
"""Highest level of tiles in a tree of ``MAX_TREE_SIZE`` leaves."""
MAX_ENTRY_LENGTH = 65_535
MAX_BUNDLE_BYTES = TILE_WIDTH * (MAX_ENTRY_LENGTH + 2)
MAX_TILE_BYTES = TILE_WIDTH * HASH_SIZE
ENTRIES = -1
"""Level that stands for entry bundles."""

_PATH = re.compile(
    r"tile/(?P<level>entries|[0-6])/(?P<groups>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """Which tile or bundle.

    Attributes:
        level: 0 to ``MAX_LEVEL`` for hashes, ``ENTRIES`` for entries.
        n: Its place at that level, from 0.
        width: Hashes or entries in it, 1 to 256.
    """

    level: int
    n: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Its name below the log's prefix, without a leading slash."""
        name = f"{self.n % 1000:03d}"
        rest = self.n // 1000
        while rest:
            name = f"x{rest % 1000:03d}/{name}"
            rest //= 1000
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{name}{partial}"

    @property
    def tree_level(self) -> int:
        """Level in the tree of the nodes that it holds; 0 for entries."""
        return 0 if self.level == ENTRIES else self.level * HEIGHT

    @property
    def start(self) -> int:
        """Index of its first node at ``tree_level``, or of its first entry."""
        return self.n * TILE_WIDTH

    def exists(self, size: int) -> bool:
        """Say whether a tree of ``size`` leaves has all that it holds."""
        return (self.start + self.width) << self.tree_level <= size

    @classmethod
    def parse(cls, path: str) -> Tile:
        """Read a name strictly, without a leading slash.

        Raises:
            UntrustedInputError: ``tile-path-malformed``, also for a tile beyond the largest tree.
        """
        match = _PATH.fullmatch(path) if len(path) <= 80 else None
        if match is None:
            raise UntrustedInputError("tile-path-malformed", path[:80])
        level = ENTRIES if match["level"] == "entries" else int(match["level"])
        n = int(match["groups"].replace("x", "").replace("/", ""))
        tile = cls(level, n, int(match["width"] or TILE_WIDTH))
        # The same name must come out: no leading groups of zeros, no «.p/256».
        if tile.path != path or tile.width > TILE_WIDTH or not tile.exists(MAX_TREE_SIZE):
            raise UntrustedInputError("tile-path-malformed", path[:80])
        return tile


def tiles_of(size: int, *, since: int = 0) -> Iterator[Tile]:
    """List the tiles and bundles of a tree: every whole one and the partial one of each level.

    Args:
        size: The tree's leaves.
        since: Leave out what was whole already in a tree of so many leaves.
    """
    for level in (ENTRIES, *range(MAX_LEVEL + 1)):
        shift = 0 if level == ENTRIES else level * HEIGHT
        count, before = size >> shift, since >> shift
        for n in range(before // TILE_WIDTH, count // TILE_WIDTH):
            yield Tile(level, n)
        if count % TILE_WIDTH:
            yield Tile(level, count // TILE_WIDTH, count % TILE_WIDTH)


def pack_bundle(entries: Sequence[bytes]) -> bytes:
    """Write entries as a bundle.

    Raises:
        ValueError: More than 256 entries, or one longer than 65,535 bytes.
    """
    if len(entries) > TILE_WIDTH or any(len(e) > MAX_ENTRY_LENGTH for e in entries):
        raise ValueError("a bundle holds at most 256 entries of at most 65535 bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def parse_bundle(raw: bytes, width: int) -> list[bytes]:
    """Read a bundle of exactly ``width`` entries.

    Raises:
        UntrustedInputError: ``bundle-malformed``: cut off, or more or fewer entries than its name says.
    """
    entries: list[bytes] = []
    at = 0
    for _ in range(width):
        end = at + 2 + int.from_bytes(raw[at : at + 2], "big")
        if at + 2 > len(raw) or end > len(raw):
            raise UntrustedInputError("bundle-malformed", f"{len(entries)} whole entries where {width} should be")
        entries.append(raw[at + 2 : end])
        at = end
    if at != len(raw):
        raise UntrustedInputError("bundle-malformed", f"{len(raw) - at} bytes after entry {width}")
    return entries


def build(tile: Tile, reader: LogReader) -> bytes:
    """Build a tile or bundle from the stored nodes or entries; the caller has checked that it exists.

    Raises:
        LogDamagedError: ``node-missing`` or ``entry-missing``.
    """
    if tile.level == ENTRIES:
        entries = reader.entries(tile.start, tile.width)
        if len(entries) != tile.width:
            raise LogDamagedError("entry-missing", f"between {tile.start} and {tile.start + tile.width - 1}")
        return pack_bundle(entries)
    hashes = reader.node_range(tile.tree_level, tile.start, tile.width)
    if len(hashes) != tile.width:
        raise LogDamagedError("node-missing", f"level {tile.tree_level}, in {tile.path}")
    return b"".join(hashes)
