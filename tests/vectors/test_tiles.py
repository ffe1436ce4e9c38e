"""A real 15-entry log in tlog-tiles layout (transparency-dev/tessera): every tile, bundle and checkpoint of it."""

from __future__ import annotations

import pytest

from ledger.crypto.merkle import consistency_proof, leaf_hash, verify_consistency
from ledger.crypto.note import Verifier, open_checkpoint
from ledger.log.tiles import ENTRIES, Tile, build, parse_bundle, tiles_of
from tests.kit.log import MemoryLog
from tests.kit.shared import shared

pytestmark = pytest.mark.vectors
LOG = shared("vectors/tlog-tiles/testdata/log")
VKEY = Verifier.parse("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
ENTRIES_15 = parse_bundle((LOG / "tile/entries/000.p/15").read_bytes(), 15)


def test_every_file_is_ours() -> None:
    """Each tile and bundle of the log is, byte for byte, what this project builds from the entries."""
    log, files = MemoryLog(ENTRIES_15), 0
    for path in sorted(p for p in (LOG / "tile").rglob("*") if p.is_file()):
        tile = Tile.parse(str(path.relative_to(LOG)))
        assert build(tile, log) == path.read_bytes()
        files += 1
    assert files == 30


@pytest.mark.parametrize("size", range(1, 16))
def test_tiles_of_each_size(size: int) -> None:
    """The tiles of each size stand in the log under their names, and hold the leaf hashes of their bundle."""
    assert [t.path for t in tiles_of(size)] == [f"tile/entries/000.p/{size}", f"tile/0/000.p/{size}"]
    entries = parse_bundle((LOG / Tile(ENTRIES, 0, size).path).read_bytes(), size)
    assert b"".join(map(leaf_hash, entries)) == (LOG / Tile(0, 0, size).path).read_bytes()


def test_checkpoints_are_consistent() -> None:
    """Between any two checkpoints of the log our proof verifies against the roots that its key signed."""
    log = MemoryLog(ENTRIES_15)
    signed = [open_checkpoint((LOG / f"checkpoint.{n}").read_bytes(), [VKEY])[0] for n in range(16)]
    for new in signed:
        for old in signed[: new.size + 1]:
            proof = consistency_proof(old.size, new.size, lambda level, idx: log.tree[level, idx])
            verify_consistency(old.size, old.root, new.size, new.root, proof)
