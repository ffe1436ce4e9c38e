"""Signed notes and checkpoints against real ones: a log of transparency-dev/tessera, a note of Go's."""

from __future__ import annotations

import pytest

from ledger.crypto.merkle import Peaks, leaf_hash
from ledger.crypto.note import Checkpoint, Note, Signer, Verifier, open_checkpoint
from ledger.errors import UntrustedInputError
from tests.kit.shared import shared

pytestmark = pytest.mark.vectors
LOG = shared("vectors/tlog-tiles/testdata/log")
VKEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
# The example in the documentation of golang.org/x/mod/sumdb/note.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


@pytest.mark.parametrize("size", range(16))
def test_every_checkpoint_verifies(size: int) -> None:
    """Each of the real log's checkpoints parses, is written back the same, and is signed by its key."""
    raw = (LOG / f"checkpoint.{size}").read_bytes()
    checkpoint, signed = open_checkpoint(raw, [Verifier.parse(VKEY)])
    assert (checkpoint.size, checkpoint.origin) == (size, "example.com/log/testdata")
    assert signed == {Verifier.parse(VKEY): None}
    assert Note.parse(raw).format().encode() == raw
    assert Checkpoint.parse(checkpoint.text) == checkpoint


def test_roots_follow_from_the_entries() -> None:
    """Peaks grown entry by entry have the root of each checkpoint on the way."""
    bundle = (LOG / "tile/entries/000.p/15").read_bytes()
    peaks = Peaks()
    while True:
        raw = (LOG / f"checkpoint.{peaks.size}").read_text(encoding="utf-8")
        assert Checkpoint.parse(Note.parse(raw).text).root == peaks.root()
        if not bundle:
            break
        length = int.from_bytes(bundle[:2], "big")
        peaks.append(leaf_hash(bundle[2 : 2 + length]))
        bundle = bundle[2 + length :]
    assert peaks.size == 15


@pytest.mark.parametrize("position", range(0, 160, 7))
def test_changed_checkpoint_is_refused(position: int) -> None:
    """A real checkpoint with one bit changed anywhere is never accepted."""
    raw = bytearray((LOG / "checkpoint.15").read_bytes())
    raw[position] ^= 1
    with pytest.raises(UntrustedInputError):
        open_checkpoint(bytes(raw), [Verifier.parse(VKEY)])


def test_note_of_another_implementation() -> None:
    """Go's documented note verifies under its key and no other text, and its key signs the same here."""
    key = Verifier.parse(GO_VKEY)
    raw = f"{GO_TEXT}\n{GO_LINE}"
    assert key.vkey == GO_VKEY
    assert Note.parse(raw).verify([key]) == {key: None}
    with pytest.raises(UntrustedInputError, match="note-signature-invalid"):
        Note.parse(raw.replace("answer", "reason")).verify([key])
    assert Signer.parse(GO_SKEY).sign(GO_TEXT).line() == GO_LINE
