"""The log as files: checkpoint, tiles, entry bundles and policy, as other people's tools read them (format §7, §9)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.crypto.merkle import consistency_coords, cover, fold, leaf_hash, verify_consistency
from ledger.crypto.note import Checkpoint, Note
from ledger.errors import UntrustedInputError
from ledger.log.errors import LogDamagedError
from ledger.log.reader import node_hashes
from ledger.log.state import sync_directory, write_durably
from ledger.log.tiles import ENTRIES, TILE_WIDTH, Tile, build, pack_bundle, tiles_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from ledger.log.policy import Policy
    from ledger.log.reader import LogReader

CHECKPOINT = "checkpoint"
POLICY = "policy.txt"


@dataclass(slots=True)
class Exported:
    """What an export did.

    Attributes:
        size: Entries of the exported tree.
        written: Tiles and bundles written.
        kept: Whole tiles and bundles that were there from an earlier export; they are never written again.
        removed: Partial tiles of an earlier export that larger ones have replaced.
    """

    size: int
    written: int = 0
    kept: int = 0
    removed: int = 0


def export_log(
    reader: LogReader,
    directory: Path,
    checkpoint: str,
    policy: Policy,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Exported:
    """Write the log of a checkpoint into a directory, or bring an earlier export up to it.

    An export that was interrupted is finished by doing it again.

    Args:
        reader: Reads entries and nodes.
        directory: Made if it is not there.
        checkpoint: A signed checkpoint of this log.
        policy: What `policy.txt` shall say; one of its logs must have signed the checkpoint.
        progress: Told how many tiles of how many are done.

    Raises:
        LogDamagedError: ``root-differs``, ``entry-differs``, ``node-missing``, ``entry-missing``: the database does
            not hold what was signed; ``export-ahead``, ``export-of-another-log``: the directory holds a checkpoint
            that this one does not continue.
        UntrustedInputError: The checkpoint is not signed by a log of the policy.
    """
    head, _ = policy.open(checkpoint)
    coords = cover(0, head.size)
    nodes = node_hashes(reader, coords)
    if fold([nodes[c] for c in coords]) != head.root:
        raise LogDamagedError("root-differs", f"the stored tree of {head.size} entries is not the signed one")
    _check_earlier(reader, directory, head)
    report = Exported(head.size)
    # 1. Tiles and bundles. Dying here, the old checkpoint stands, and all that it needs stands too: whole tiles are
    #    the same for every larger tree, and partial ones of other widths have other names.
    _write_tiles(reader, directory, list(tiles_of(head.size)), report, progress)
    # 2. Policy, then the checkpoint, last: whoever reads it finds all its tiles.
    write_durably(directory / POLICY, policy.format().encode())
    write_durably(directory / CHECKPOINT, checkpoint.encode())
    # 3. Partial tiles that nothing needs any more. Dying here, the next export removes them.
    report.removed = _remove_partial(directory, head.size)
    return report


def _check_earlier(reader: LogReader, directory: Path, head: Checkpoint) -> None:
    """Check that the new checkpoint continues the one that the directory holds."""
    path = directory / CHECKPOINT
    if not path.exists():
        return
    try:
        old = Checkpoint.parse(Note.parse(path.read_bytes()).text)
        if old.origin != head.origin:
            raise LogDamagedError("export-of-another-log", f"{path} is of {old.origin}")
        if old.size > head.size:
            raise LogDamagedError("export-ahead", f"{path} has {old.size} entries, the checkpoint {head.size}")
        groups = consistency_coords(old.size, head.size)
        nodes = node_hashes(reader, {c for group in groups for c in group})
        proof = [fold([nodes[c] for c in group]) for group in groups]
        verify_consistency(old.size, old.root, head.size, head.root, proof)
    except UntrustedInputError as error:
        raise LogDamagedError("export-of-another-log", f"{path}: {error}") from error


def _write_tiles(
    reader: LogReader,
    directory: Path,
    tiles: list[Tile],
    report: Exported,
    progress: Callable[[int, int], None],
) -> None:
    touched = {directory}
    directory.mkdir(parents=True, exist_ok=True)
    for done, tile in enumerate(tiles, start=1):
        path = directory / tile.path
        if tile.width == TILE_WIDTH and path.exists():
            report.kept += 1
        else:
            content = _checked_bundle(tile, reader) if tile.level == ENTRIES else build(tile, reader)
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, content)
            touched.update(_between(directory, path))
            report.written += 1
        progress(done, len(tiles))
    # The names are made durable once for all, before the checkpoint that relies on them.
    for folder in touched:
        sync_directory(folder)


def _checked_bundle(tile: Tile, reader: LogReader) -> bytes:
    """Build a bundle whose entries have the leaf hashes that the tree has."""
    entries = reader.entries(tile.start, tile.width)
    hashes = reader.node_range(0, tile.start, tile.width)
    if not len(entries) == len(hashes) == tile.width:
        raise LogDamagedError("entry-missing", f"between {tile.start} and {tile.start + tile.width - 1}")
    for index, (entry, value) in enumerate(zip(entries, hashes, strict=True), start=tile.start):
        if leaf_hash(entry) != value:
            raise LogDamagedError("entry-differs", f"entry {index} is not the one in the tree")
    return pack_bundle(entries)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; its name becomes durable later, with its directory."""
    aside = path.with_name(f".{path.name}.new")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def _between(directory: Path, path: Path) -> Iterable[Path]:
    """List the directories from a file's up to the export's."""
    return (p for p in path.parents if p.is_relative_to(directory))


def _remove_partial(directory: Path, size: int) -> int:
    """Remove partial tiles that are not of this size, rests of interrupted writes, and directories left empty."""
    current = {directory / tile.path for tile in tiles_of(size) if tile.width < TILE_WIDTH}
    removed = 0
    for folder in sorted((directory / "tile").rglob("*.p")):
        for path in folder.iterdir():
            if path not in current:
                path.unlink()
                removed += 1
        if not any(folder.iterdir()):
            folder.rmdir()
    for rest in (directory / "tile").rglob(".*.new"):
        rest.unlink()
    return removed
