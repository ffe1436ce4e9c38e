"""kill −9 at each named step of signing and publishing, while clients write and wait: nothing is ever signed twice."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from ledger.crypto.merkle import consistency_proof, verify_consistency
from ledger.crypto.note import Checkpoint, open_checkpoint
from ledger.errors import NotSealedError
from ledger.log.client import SignerClient
from ledger.log.errors import SignerRefusedError
from ledger.log.signer import LogSigner, found_state
from ledger.log.state import StateFile
from tests.kit.log import LOG_KEY, MemoryLog
from tests.log.child import STEPS

if TYPE_CHECKING:
    from pathlib import Path

WRITERS = 3


class Scene:
    """A ledger under load whose signer is killed and started again.

    Attributes:
        left: Every checkpoint that a client got.
        acknowledged: Largest size that a client was told is sealed.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.left: list[str] = []
        self.acknowledged = 0
        self._lock = threading.Lock()
        self._count = 0
        self._stop = threading.Event()
        (directory / "entries").touch()
        found_state(directory / "state", LOG_KEY, MemoryLog())

    def append(self) -> int:
        """Commit an entry and return the size then."""
        with self._lock, (self.directory / "entries").open("ab") as file:
            file.write(b'{"entry":%d}\n' % self._count)
            self._count += 1
            return self._count

    def write_and_wait(self) -> None:
        """Write entries and wait for their checkpoints, as a worker of the API does."""
        client = SignerClient(self.directory / "signer.sock", timeout_s=5)
        while not self._stop.is_set():
            size = self.append()
            try:
                note = client.checkpoint(size)
            except NotSealedError:
                time.sleep(0.01)  # the act stays recorded; the next request seals it too
                continue
            with self._lock:
                self.left.append(note)
                self.acknowledged = max(self.acknowledged, size)
        client.close()

    def child(self, step: str, count: int) -> subprocess.Popen[bytes]:
        """Start a signer that dies at a step."""
        command = [sys.executable, "-m", "tests.log.child", str(self.directory), step, str(count)]
        return subprocess.Popen(command)

    def play(self, deaths: list[tuple[str, int]]) -> None:
        """Let the signer die in each of these ways, then serve for a while and end in order."""
        writers = [threading.Thread(target=self.write_and_wait) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        try:
            for step, count in deaths:
                assert self.child(step, count).wait(60) == -9, f"the signer did not die at {step}"
            last = self.child("none", 0)
            goal = self.acknowledged + 5
            end = time.monotonic() + 60
            while self.acknowledged < goal and time.monotonic() < end:
                time.sleep(0.01)
        finally:
            self._stop.set()
            for writer in writers:
                writer.join()
        last.terminate()
        assert last.wait(60) == 0
        assert self.acknowledged >= goal

    def checkpoints(self) -> list[Checkpoint]:
        """Collect what ever left: to clients, to the published file, to the database."""
        notes = [*self.left, (self.directory / "published").read_text(encoding="utf-8")]
        notes += (self.directory / "stored").read_text(encoding="utf-8").split("\0")[:-1]
        return [open_checkpoint(note, [LOG_KEY.verifier])[0] for note in notes]


def check(scene: Scene) -> None:
    """Check that all that left is one history, and that nothing acknowledged was lost."""
    log = MemoryLog((scene.directory / "entries").read_bytes().split(b"\n")[:-1])
    by_size: dict[int, Checkpoint] = {}
    for checkpoint in scene.checkpoints():
        assert by_size.setdefault(checkpoint.size, checkpoint) == checkpoint, "two checkpoints of one size"
    sizes = sorted(by_size)
    newest = by_size[sizes[-1]]
    for size in sizes:
        proof = consistency_proof(size, newest.size, lambda level, idx: log.tree[level, idx])
        verify_consistency(size, by_size[size].root, newest.size, newest.root, proof)
    assert by_size[newest.size].text == log.checkpoint(newest.size).partition("\n\n")[0] + "\n"
    file, state = StateFile.open(scene.directory / "state")
    file.close()
    assert state.peaks.size >= newest.size >= scene.acknowledged > 0


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_each_step(tmp_path: Path, step: str) -> None:
    """Killed twice at a step under load, the signer goes on by itself and all that ever left is one history."""
    scene = Scene(tmp_path)
    scene.play([(step, 1), (step, 4)])
    check(scene)


@pytest.mark.faults
def test_killed_often(tmp_path: Path) -> None:
    """A hundred deaths at all steps in turn change nothing of that."""
    scene = Scene(tmp_path)
    scene.play([(STEPS[i % len(STEPS)], 1 + i % 7) for i in range(100)])
    check(scene)


class Died(BaseException):
    """The process died here."""


@pytest.mark.parametrize("step", ["read", "signed", "state-written", "persisted"])
def test_database_changed_after_a_death(tmp_path: Path, step: str) -> None:
    """Dead at a step, with another last entry at the next start: one of the two is signed, never both."""
    log = MemoryLog(b"entry %d" % i for i in range(10))
    found_state(tmp_path, LOG_KEY, MemoryLog())
    signer = LogSigner.open(tmp_path, LOG_KEY, log, None)
    log.extend([b"eleven"])

    def die(name: str) -> None:
        if name == step:
            raise Died

    with pytest.raises(Died):
        signer.seal(die)
    signer.close()
    other = MemoryLog([*log.rows[:10], b"another"])
    if step in ("read", "signed"):
        # Nothing was remembered and nothing had left: the other entry may be sealed, and then the first no more.
        signer = LogSigner.open(tmp_path, LOG_KEY, other, None)
        assert signer.seal() == other.checkpoint(11)
        signer.close()
        other = log
    with pytest.raises(SignerRefusedError, match="log-forked"):
        LogSigner.open(tmp_path, LOG_KEY, other, None)
