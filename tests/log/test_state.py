"""The signer's file: cut-off writes, damage, failing disks, replaced files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ledger.crypto.merkle import Peaks, leaf_hash
from ledger.errors import UntrustedInputError
from ledger.log.errors import SignerRefusedError
from ledger.log.signer import LogSigner, found_state
from ledger.log.state import FILE_NAME, SLOT_BYTES, SignerState, StateFile, write_durably
from tests.kit.log import LOG_KEY, ORIGIN, MemoryLog

if TYPE_CHECKING:
    from pathlib import Path

LOG = MemoryLog(b"entry %d" % i for i in range(50))


def state(size: int) -> SignerState:
    """Make the state after `size` entries."""
    peaks = Peaks()
    for row in LOG.rows[:size]:
        peaks.append(leaf_hash(row))
    return SignerState(ORIGIN, peaks, LOG.checkpoint(size))


def sizes(directory: Path) -> int:
    """Read back the size that is remembered."""
    file, read = StateFile.open(directory)
    file.close()
    return read.peaks.size


def test_comes_back(tmp_path: Path) -> None:
    """Whatever was saved last is read back, over many turns of the two slots."""
    file = StateFile.create(tmp_path, state(0))
    for size in range(50):
        file.save(state(size))
        file.close()
        file, read = StateFile.open(tmp_path)
        assert (read.to_json(), file.torn) == (state(size).to_json(), False)
    file.close()
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("kept", [0, 1, 100, 300, 511, 512, SLOT_BYTES - 5000])
def test_cut_off_write(tmp_path: Path, kept: int) -> None:
    """A write of which the disk kept only a part leaves the state before it, and the signer goes on from there."""
    file = StateFile.create(tmp_path, state(10))
    file.save(state(20))
    before = (tmp_path / FILE_NAME).read_bytes()
    file.save(state(30))
    file.close()
    after = bytearray((tmp_path / FILE_NAME).read_bytes())
    slot = next(n for n in (0, 1) if before[n * SLOT_BYTES :][:SLOT_BYTES] != after[n * SLOT_BYTES :][:SLOT_BYTES])
    # What the disk kept of the new slot, then the old bytes of the same slot.
    at = slot * SLOT_BYTES
    new = bytes(after[at : at + SLOT_BYTES])
    after[at : at + SLOT_BYTES] = new[:kept] + before[at + kept : at + SLOT_BYTES]
    (tmp_path / FILE_NAME).write_bytes(after)
    assert sizes(tmp_path) == (30 if after[at : at + SLOT_BYTES] == new else 20)
    signer = LogSigner.open(tmp_path, LOG_KEY, LOG, None)
    assert signer.seal() == LOG.checkpoint(50)
    signer.close()


def test_damage(tmp_path: Path) -> None:
    """A file without a whole state is refused, and so is one of another length."""
    StateFile.create(tmp_path, state(10)).close()
    good = (tmp_path / FILE_NAME).read_bytes()
    for bad in (b"", b" " * len(good), good[:-1], good.replace(b"actas", b"otras"), good[SLOT_BYTES:]):
        (tmp_path / FILE_NAME).write_bytes(bad)
        with pytest.raises(SignerRefusedError, match="signer-state-damaged"):
            StateFile.open(tmp_path)


def test_parts_that_differ(tmp_path: Path) -> None:
    """A state whose peaks are not those of its checkpoint is refused, though its checksum fits."""
    mixed = SignerState(ORIGIN, state(10).peaks, state(11).note)
    StateFile.create(tmp_path, mixed).close()
    with pytest.raises(SignerRefusedError, match="signer-state-damaged"):
        StateFile.open(tmp_path)
    for value in (None, {}, {"checkpoint": 1, "origin": ORIGIN, "tree": {}}):
        with pytest.raises(UntrustedInputError):
            SignerState.from_json(value)


def test_replaced_file(tmp_path: Path) -> None:
    """A state file that was replaced under a running signer stops it: what it writes would be remembered nowhere."""
    file = StateFile.create(tmp_path, state(10))
    copy = tmp_path / "copy"
    copy.write_bytes((tmp_path / FILE_NAME).read_bytes())
    copy.rename(tmp_path / FILE_NAME)
    for _ in range(2):
        with pytest.raises(SignerRefusedError, match="signer-state-unwritable"):
            file.save(state(11))
    file.close()


def test_failing_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where fdatasync fails nothing leaves, also when the write did happen, and no later save succeeds."""
    log = LOG.copy()
    found_state(tmp_path, LOG_KEY, MemoryLog())
    signer = LogSigner.open(tmp_path, LOG_KEY, log, None)
    log.extend([b"one more"])

    def failing(_: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", failing)
        with pytest.raises(SignerRefusedError, match="signer-state-unwritable"):
            signer.seal()
    with pytest.raises(SignerRefusedError, match="signer-state-unwritable"):
        signer.seal()
    signer.close()
    # "Reported failed, but persisted": the next start may know the checkpoint that never left; it is the same.
    again = LogSigner.open(tmp_path, LOG_KEY, log, None)
    assert again.seal() == log.checkpoint(51)
    again.close()


def test_short_write_and_large_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk and a state larger than its slot are errors before anything leaves."""
    file = StateFile.create(tmp_path, state(10))
    with pytest.raises(SignerRefusedError, match="signer-state-unwritable"):
        file.save(SignerState(ORIGIN, state(10).peaks, "x" * SLOT_BYTES))
    monkeypatch.setattr(os, "pwrite", lambda *_: 100)
    with pytest.raises(SignerRefusedError, match="signer-state-unwritable"):
        file.save(state(11))
    file.close()
    assert sizes(tmp_path) == 10


def test_creating_twice(tmp_path: Path) -> None:
    """A state that is there is never overwritten, and no rest of the attempt stays."""
    StateFile.create(tmp_path, state(10)).close()
    with pytest.raises(SignerRefusedError, match="signer-state-exists"):
        StateFile.create(tmp_path, state(0))
    assert sizes(tmp_path) == 10
    assert [p.name for p in tmp_path.iterdir()] == [FILE_NAME]
    with pytest.raises(SignerRefusedError, match="signer-state-unwritable"):
        StateFile.create(tmp_path / "other", SignerState(ORIGIN, state(10).peaks, "x" * SLOT_BYTES))
    assert list((tmp_path / "other").iterdir()) == []


def test_files_are_replaced_whole(tmp_path: Path) -> None:
    """A published file is replaced as a whole; where that fails the old one stays and no rest beside it."""
    path = tmp_path / "checkpoint"
    write_durably(path, b"one")
    write_durably(path, b"two")
    assert path.read_bytes() == b"two"
    (tmp_path / "directory" / "x").mkdir(parents=True)
    with pytest.raises(OSError, match="irectory"):
        write_durably(tmp_path / "directory", b"three")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["checkpoint", "directory"]
