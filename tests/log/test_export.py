"""The log as files: whole, resumable, and never of a database that was tampered with."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ledger.crypto.merkle import Peaks, leaf_hash
from ledger.crypto.note import Signer
from ledger.errors import UntrustedInputError
from ledger.log.errors import LogDamagedError
from ledger.log.export import export_log
from ledger.log.policy import Policy
from ledger.log.tiles import ENTRIES, Tile, build, parse_bundle, tiles_of
from tests.kit.log import LOG_KEY, ORIGIN, MemoryLog

if TYPE_CHECKING:
    from pathlib import Path

POLICY = Policy.of(LOG_KEY.verifier)


def make(size: int, mark: str = "") -> MemoryLog:
    """Make a log."""
    return MemoryLog(f"entry {i}{mark}".encode() for i in range(size))


def names(directory: Path) -> set[str]:
    """List the files of an export."""
    return {str(p.relative_to(directory)) for p in directory.rglob("*") if p.is_file()}


def expected(size: int) -> set[str]:
    """List the files that an export of a size has."""
    return {"checkpoint", "policy.txt"} | {t.path for t in tiles_of(size)}


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 700])
def test_whole(tmp_path: Path, size: int) -> None:
    """An export has the checkpoint, the policy and exactly the tree's tiles; the entries lead to the root."""
    log, told = make(size), []
    report = export_log(log, tmp_path / "a/b", log.checkpoint(), POLICY, lambda *n: told.append(n))
    assert names(tmp_path / "a/b") == expected(size)
    assert (report.written, report.kept, report.size) == (len(list(tiles_of(size))), 0, size)
    assert told == [(i + 1, report.written) for i in range(report.written)]
    peaks = Peaks()
    for tile in tiles_of(size):
        raw = (tmp_path / "a/b" / tile.path).read_bytes()
        assert raw == build(tile, log)
        if tile.level == ENTRIES:
            for entry in parse_bundle(raw, tile.width):
                peaks.append(leaf_hash(entry))
    assert (
        Policy.parse((tmp_path / "a/b/policy.txt").read_bytes())
        .open((tmp_path / "a/b/checkpoint").read_bytes())[0]
        .root
        == peaks.root()
    )


def test_growing(tmp_path: Path) -> None:
    """Brought up to a larger size, whole tiles are kept as they are, partial ones replaced, nothing is left over."""
    log = make(300)
    export_log(log, tmp_path, log.checkpoint(), POLICY)
    whole = {p: (tmp_path / p).stat().st_mtime_ns for p in ("tile/0/000", "tile/entries/000")}
    log.extend(b"more %d" % i for i in range(500))
    report = export_log(log, tmp_path, log.checkpoint(), POLICY)
    assert names(tmp_path) == expected(800)
    assert (report.kept, report.written, report.removed) == (2, 7, 3)
    assert {p: (tmp_path / p).stat().st_mtime_ns for p in whole} == whole
    again = export_log(log, tmp_path, log.checkpoint(), POLICY)
    assert (again.kept, again.written, again.removed) == (6, 3, 0)


class Died(Exception):  # noqa: N818  it is no error of ours
    """The process died here."""


@pytest.mark.parametrize("after", range(18))
def test_interrupted(tmp_path: Path, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever an export dies, the old checkpoint and its tiles stand, and doing it again finishes it."""
    log = make(300)
    export_log(log, tmp_path, log.checkpoint(), POLICY)
    old = (tmp_path / "checkpoint").read_bytes()
    log.extend(b"more %d" % i for i in range(500))
    count, real = 0, os.fsync

    def dying(fd: int) -> None:
        nonlocal count
        if count == after:
            raise Died
        count += 1
        real(fd)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", dying)
        with pytest.raises(Died):
            export_log(log, tmp_path, log.checkpoint(), POLICY)
    assert (tmp_path / "checkpoint").read_bytes() == old
    assert names(tmp_path) >= expected(300)
    for tile in tiles_of(300):
        assert (tmp_path / tile.path).read_bytes() == build(tile, log)
    export_log(log, tmp_path, log.checkpoint(), POLICY)
    assert names(tmp_path) == expected(800)


def test_rests_are_removed(tmp_path: Path) -> None:
    """What interrupted exports of other sizes left is removed by the next one."""
    log = make(300)
    export_log(log, tmp_path, log.checkpoint(), POLICY)
    (tmp_path / "tile/0/001.p/.45.new").write_bytes(b"half")
    (tmp_path / "tile/entries/.002.new").write_bytes(b"half")
    (tmp_path / "tile/entries/001.p/50").write_bytes(b"of another size")
    assert export_log(log, tmp_path, log.checkpoint(), POLICY).removed == 2
    assert names(tmp_path) == expected(300)


def damaged(code: str, log: MemoryLog, directory: Path, note: str) -> None:
    """Check that an export is refused with a code."""
    with pytest.raises(LogDamagedError) as caught:
        export_log(log, directory, note, POLICY)
    assert caught.value.code == code


def test_tampered_database(tmp_path: Path) -> None:
    """Nothing is exported that was not signed: a changed or missing entry, changed peaks, a missing node."""
    note = make(300).checkpoint()
    log = make(300)
    log.rows[77] = b"changed"
    damaged("entry-differs", log, tmp_path / "1", note)
    log = make(300)
    del log.rows[-1]
    damaged("entry-missing", log, tmp_path / "2", note)
    log = make(300)
    log.tree[8, 0] = b"\0" * 32
    damaged("root-differs", log, tmp_path / "3", note)
    log = make(300)
    del log.tree[0, 50]
    damaged("entry-missing", log, tmp_path / "4", note)
    assert not (tmp_path / "1" / "checkpoint").exists()


def test_directory_of_another_history(tmp_path: Path) -> None:
    """A directory that holds a longer, a forked or another ledger's export is not written over."""
    log = make(300)
    export_log(log, tmp_path, log.checkpoint(), POLICY)
    damaged("export-ahead", log, tmp_path, log.checkpoint(200))
    fork = make(400, "other")
    damaged("export-of-another-log", fork, tmp_path, fork.checkpoint())
    (tmp_path / "checkpoint").write_text("nonsense", encoding="utf-8")
    damaged("export-of-another-log", log, tmp_path, log.checkpoint())
    key = Signer("other.example/log", b"\1" * 32)
    (tmp_path / "checkpoint").write_text(MemoryLog([b"x"], key.verifier.name).checkpoint(1, key), encoding="utf-8")
    damaged("export-of-another-log", log, tmp_path, log.checkpoint())


def test_policy_must_know_the_key(tmp_path: Path) -> None:
    """A checkpoint that the policy's logs did not sign is not exported under that policy."""
    log = make(3)
    with pytest.raises(UntrustedInputError, match="checkpoint-not-signed"):
        export_log(log, tmp_path, log.checkpoint(3, Signer(ORIGIN, b"\7" * 32)), POLICY)
    assert Tile(0, 0, 3).path not in names(tmp_path)
