"""Random acts with their proofs, the same for the same seed: for an auditor's or a public draw (format.md §10)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TextIO

import orjson

from ledger.crypto.merkle import inclusion_proof, leaf_hash, root_of, verify_inclusion
from ledger.crypto.note import Checkpoint, Note
from ledger.errors import UntrustedInputError
from ledger.log.proof import Proof
from ledger.log.tiles import TILE_WIDTH, Tile, parse_bundle
from ledger.statement import Entry
from ledger.verify.bundle import Bundle
from ledger.verify.tree import hashes_of

if TYPE_CHECKING:
    from pathlib import Path

MAX_SAMPLE = 10_000


class TileNodes:
    """Gives the hash of any complete subtree of a tree of `size` leaves out of a bundle's tiles."""

    def __init__(self, bundle: Bundle, size: int) -> None:
        self._bundle = bundle
        self._size = size
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def __call__(self, level: int, idx: int) -> bytes:
        """Return the node at (level, idx).

        Raises:
            UntrustedInputError: "tile-missing".
        """
        base, inner = divmod(level, 8)
        first = idx << inner
        hashes = self._tile(base, first // TILE_WIDTH)
        at = first % TILE_WIDTH
        span = hashes[at : at + (1 << inner)]
        if len(span) != 1 << inner:
            raise UntrustedInputError("tile-missing", f"level {level}, {idx}")
        return root_of(span)

    def _tile(self, level: int, n: int) -> list[bytes]:
        if (level, n) not in self._tiles:
            width = min(TILE_WIDTH, (self._size >> (8 * level)) - n * TILE_WIDTH)
            tile = Tile(level, n, width)
            raw = self._bundle.tile(tile)
            if raw is None or len(raw) != width * 32:
                raise UntrustedInputError("tile-missing", tile.path)
            self._tiles[level, n] = hashes_of(raw)
        return self._tiles[level, n]


def drawn(seed: int, size: int, count: int) -> list[int]:
    """Return the indexes that a seed draws out of `size`, in order; the same on every machine."""
    if not 1 <= count <= MAX_SAMPLE:
        raise UntrustedInputError("sample-size", f"1 … {MAX_SAMPLE}")
    return sorted(random.Random(seed).sample(range(size), min(count, size)))  # noqa: S311  a public, repeatable draw


def proof_of(bundle: Bundle, index: int, note: str) -> Proof:
    """Return the proof of an act of a full bundle or log, checked before it is given out.

    Raises:
        UntrustedInputError: "inclusion-not-proved", "file-missing", "tile-missing".
    """
    checkpoint = Checkpoint.parse(Note.parse(note).text)
    n, offset = divmod(index, TILE_WIDTH)
    width = min(TILE_WIDTH, checkpoint.size - n * TILE_WIDTH)
    entry = parse_bundle(bundle.entry_bundle(n, checkpoint.size), width)[offset]
    hashes = inclusion_proof(index, checkpoint.size, TileNodes(bundle, checkpoint.size))
    verify_inclusion(leaf_hash(entry), index, checkpoint.size, hashes, checkpoint.root)
    return Proof(index, tuple(hashes), note, entry)


def run_sample(path: Path, seed: int, count: int, out: TextIO) -> int:
    """Write one JSON line an act drawn: index, stream, type, and the proof with the entry in it.

    Returns:
        0; 1 where a proof does not lead to the root.
    """
    with Bundle.open(path) as bundle:
        note = bundle.checkpoint().decode("utf-8", "replace")
        size = Checkpoint.parse(Note.parse(note).text).size
        for index in drawn(seed, size, count):
            line: dict[str, object] = {"index": index}
            try:
                proof = proof_of(bundle, index, note)
                entry = Entry.parse(proof.extra or b"")
            except UntrustedInputError as error:
                out.write(orjson.dumps(line | {"code": error.code, "detail": error.detail}).decode() + "\n")
                return 1
            statement = entry.act.statement
            line |= {"recorded_at": entry.recorded_at, "stream": statement.stream, "type": statement.type}
            out.write(orjson.dumps(line | {"proof": proof.format()}).decode() + "\n")
    return 0
