"""The signer's memory against databases that were changed, rolled back, rewritten: refused, and nothing forged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ledger.crypto.note import Checkpoint, Note, Signer, open_checkpoint
from ledger.errors import UntrustedInputError
from ledger.log import signer as signer_module
from ledger.log.errors import SignerRefusedError
from ledger.log.signer import LogSigner, found_state, load_key, reset_from_checkpoint
from ledger.log.state import FILE_NAME
from tests.kit.log import LOG_KEY, ORIGIN, MemoryLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def entries(start: int, stop: int, mark: str = "") -> Iterator[bytes]:
    """Make entries; another mark makes others."""
    return (f"entry {i}{mark}".encode() for i in range(start, stop))


class Desk:
    """A signer with its log, opened again at will.

    Attributes:
        log: The database.
        left: Every checkpoint that left, in order.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory / "signer"
        self.published = directory / "checkpoint"
        self.log = MemoryLog()
        self.left: list[str] = []
        found_state(self.directory, LOG_KEY, self.log)
        self.signer = self.reopen(first=True)

    def reopen(self, *, first: bool = False) -> LogSigner:
        """Start the signer again, as after a restart."""
        if not first:
            self.signer.close()
        self.signer = LogSigner.open(self.directory, LOG_KEY, self.log, self.published)
        return self.signer

    def seal(self) -> str:
        """Seal, let the checkpoint leave and publish it."""
        note = self.signer.seal()
        self.left.append(note)
        self.published.write_text(note, encoding="utf-8")
        return note


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a desk with 300 entries signed."""
    desk = Desk(tmp_path)
    desk.log.extend(entries(0, 300))
    desk.seal()
    yield desk
    desk.signer.close()


def refused(code: str, act: Callable[[], object]) -> None:
    """Check that the signer refuses, with this code and a sentence that says something."""
    with pytest.raises(SignerRefusedError) as caught:
        act()
    assert caught.value.code == code
    assert len(caught.value.detail) > 20


def test_signs_what_is_committed(desk: Desk) -> None:
    """A checkpoint is of the committed size, with the right root, signed; the same one while nothing is added."""
    checkpoint, signed = open_checkpoint(desk.left[0], [LOG_KEY.verifier])
    assert desk.left[0] == desk.log.checkpoint(300)
    assert (checkpoint.size, set(signed)) == (300, {LOG_KEY.verifier})
    assert desk.signer.seal() is desk.signer.seal()
    assert desk.reopen().seal() == desk.left[0]
    desk.log.extend(entries(300, 301))
    assert desk.seal() == desk.log.checkpoint(301)


def test_pages(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """More entries than one read gives are read in pages, under one signature."""
    monkeypatch.setattr(signer_module, "MAX_READ_ENTRIES", 7)
    desk.log.extend(entries(300, 400))
    assert desk.seal() == desk.log.checkpoint(400)


def test_empty_ledger(tmp_path: Path) -> None:
    """A new ledger's signer signs the empty tree; founding it again changes nothing."""
    desk = Desk(tmp_path)
    assert desk.seal() == desk.log.checkpoint(0)
    desk.signer.close()
    found_state(desk.directory, LOG_KEY, desk.log)
    desk.signer = LogSigner.open(desk.directory, LOG_KEY, desk.log, None)
    assert any("snapshot" in notice for notice in desk.signer.notices)
    desk.signer.close()


def test_rollback_is_refused(desk: Desk) -> None:
    """A database restored from a backup of before is refused, running and at the next start, and stays so."""
    backup = desk.log.copy()
    desk.log.extend(entries(300, 310))
    desk.seal()
    desk.signer._reader = backup
    for _ in range(3):
        refused("log-rolled-back", desk.signer.seal)
    desk.log = backup
    refused("log-rolled-back", desk.reopen)


def test_fork_after_rollback_is_refused(desk: Desk) -> None:
    """A restored database that went on with other acts, past the signed size, is refused."""
    fork = desk.log.copy()
    desk.log.extend(entries(300, 310))
    desk.seal()
    fork.extend(entries(300, 320, "other"))
    desk.log = fork
    refused("log-forked", desk.reopen)


def test_other_entry_at_the_signed_size_is_refused(desk: Desk) -> None:
    """No second checkpoint of a size that was signed ever leaves, though the database has another last entry."""
    fork = MemoryLog(entries(0, 299))
    fork.extend([b"another"])
    desk.log = fork
    refused("log-forked", desk.reopen)


def test_rewritten_prefix_is_refused(desk: Desk) -> None:
    """A history rewritten from the beginning, with all nodes computed anew, is refused when it grows."""
    desk.log = MemoryLog([b"another founding", *entries(1, 305)])
    refused("log-forked", desk.reopen)


@pytest.mark.parametrize("coord", [(8, 0), (5, 8), (0, 302), (1, 150), (0, 310)])
def test_tampered_nodes_are_refused(desk: Desk, coord: tuple[int, int]) -> None:
    """A changed node among the peaks, old or new, is noticed before a root with it could be signed."""
    desk.log.extend(entries(300, 311))
    desk.log.tree[coord] = b"\0" * 32
    peaks = {(8, 0), (5, 8), (4, 18), (2, 76), (1, 154), (0, 310)}
    if coord in peaks:
        refused("log-forked" if coord in {(8, 0), (5, 8)} else "log-tampered", desk.signer.seal)
    else:
        # Below the peaks it changes no root; the signed root is that of the entries all the same.
        assert desk.signer.seal() == MemoryLog(desk.log.rows).checkpoint(311)


def test_missing_node_is_refused(desk: Desk) -> None:
    """A missing peak is as good as a changed one."""
    desk.log.extend(entries(300, 301))
    del desk.log.tree[0, 300]
    refused("log-tampered", desk.signer.seal)


def test_changed_new_entry_is_refused(desk: Desk) -> None:
    """An entry changed between its append and its signature is refused: the tree is not of these bytes."""
    desk.log.extend(entries(300, 305))
    desk.log.rows[302] = b"changed"
    refused("log-tampered", desk.signer.seal)


def test_missing_and_stray_entries_are_refused(desk: Desk) -> None:
    """An entry deleted at the end, or put in behind the head by a superuser, is refused."""
    desk.log.extend(entries(300, 305))
    last = desk.log.rows.pop()
    refused("log-entries-missing", desk.signer.seal)
    desk.log.rows += [last, b"out of band"]
    refused("log-stray-entries", desk.signer.seal)


def test_snapshot_of_everything_is_noticed(desk: Desk) -> None:
    """Database and state restored together from a snapshot are noticed by the published checkpoint."""
    state, backup = (desk.directory / FILE_NAME).read_bytes(), desk.log.copy()
    desk.log.extend(entries(300, 310))
    desk.seal()
    desk.signer.close()
    (desk.directory / FILE_NAME).write_bytes(state)
    desk.log = backup
    refused("signer-state-behind", desk.reopen)


def test_published_checkpoint_of_another_history(desk: Desk) -> None:
    """A published checkpoint that our log does not continue, or of another key, stops the start."""
    other = MemoryLog(entries(0, 100, "other"))
    desk.published.write_text(other.checkpoint(100), encoding="utf-8")
    refused("log-forked", desk.reopen)
    desk.published.write_text(other.checkpoint(300 - 200, Signer(ORIGIN, b"\5" * 32)), encoding="utf-8")
    refused("log-forked", lambda: LogSigner.open(desk.directory, LOG_KEY, desk.log, desk.published))


def test_older_published_checkpoint_is_fine(desk: Desk) -> None:
    """A published checkpoint that lags behind, as after a crash, is continued and counts as comparison."""
    desk.log.extend(entries(300, 333))
    desk.signer.seal()
    assert desk.reopen().rollback_detectable
    assert not desk.signer.notices


class Anchor:
    """A witness that remembers a size, or does not answer."""

    name = "w1"

    def __init__(self, size: int | None) -> None:
        self.size = size

    def known_size(self, note: str) -> int | None:
        Checkpoint.parse(Note.parse(note).text)
        return self.size


def test_witness_that_remembers_more(desk: Desk) -> None:
    """A witness that knows a larger size stops the start; one that knows as much makes a rollback detectable."""
    desk.signer.close()
    refused("signer-state-behind", lambda: LogSigner.open(desk.directory, LOG_KEY, desk.log, None, [Anchor(301)]))
    desk.signer = LogSigner.open(desk.directory, LOG_KEY, desk.log, None, [Anchor(None), Anchor(300)])
    assert desk.signer.rollback_detectable


def test_one_signer_a_ledger(desk: Desk) -> None:
    """A second process that wants the same state is refused."""
    refused("signer-already-running", lambda: LogSigner.open(desk.directory, LOG_KEY, desk.log, None))


def test_wrong_names(desk: Desk) -> None:
    """A key or a database of another ledger is refused."""
    desk.signer.close()
    other = Signer("other.example/log", b"\1" * 32)
    refused("log-other-origin", lambda: LogSigner.open(desk.directory, other, desk.log, None))
    desk.log.name = "other.example/log"
    refused("log-other-origin", lambda: LogSigner.open(desk.directory, LOG_KEY, desk.log, None))


def test_lost_state(desk: Desk) -> None:
    """Without its state the signer refuses; founding is no way around; only a published checkpoint brings it back."""
    desk.log.extend(entries(300, 305))
    desk.signer.close()
    (desk.directory / FILE_NAME).unlink()
    refused("signer-state-lost", lambda: LogSigner.open(desk.directory, LOG_KEY, desk.log, None))
    refused("signer-state-lost", lambda: found_state(desk.directory, LOG_KEY, desk.log))
    short = MemoryLog(entries(0, 299))
    refused("log-rolled-back", lambda: reset_from_checkpoint(desk.directory, LOG_KEY, short, desk.left[0]))
    other = MemoryLog(entries(0, 300, "other"))
    refused("log-forked", lambda: reset_from_checkpoint(desk.directory, LOG_KEY, other, desk.left[0]))
    with pytest.raises(UntrustedInputError):
        reset_from_checkpoint(desk.directory, LOG_KEY, desk.log, desk.log.checkpoint(300, Signer(ORIGIN, b"\5" * 32)))
    assert reset_from_checkpoint(desk.directory, LOG_KEY, desk.log, desk.left[0]).size == 300
    desk.signer = LogSigner.open(desk.directory, LOG_KEY, desk.log, desk.published)
    assert desk.signer.seal() == desk.log.checkpoint(305)
    refused("signer-state-exists", lambda: reset_from_checkpoint(desk.directory, LOG_KEY, desk.log, desk.left[0]))


def test_founding_over_a_state_that_signed(desk: Desk) -> None:
    """A state that has signed acts is never founded over, though the database be empty."""
    desk.signer.close()
    refused("signer-state-exists", lambda: found_state(desk.directory, LOG_KEY, MemoryLog()))
    desk.signer = LogSigner.open(desk.directory, LOG_KEY, desk.log, None)


def _pem(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_key_files(tmp_path: Path) -> None:
    """Both forms of key files are read; one that others may read, of another name or algorithm is refused."""
    path = tmp_path / "key"
    path.touch(mode=0o600)
    path.write_text(LOG_KEY.skey + "\n", encoding="utf-8")
    assert load_key(path, ORIGIN).skey == LOG_KEY.skey
    refused("signer-key-unsafe", lambda: load_key(path, "other.example/log"))
    path.write_bytes(_pem(ed25519.Ed25519PrivateKey.from_private_bytes(b"\1" * 32)))
    assert load_key(path, ORIGIN).skey == LOG_KEY.skey
    for bad in (_pem(ec.generate_private_key(ec.SECP256R1())), b"-----BEGIN nonsense", b"\xff\xfe"):
        path.write_bytes(bad)
        with pytest.raises(UntrustedInputError):
            load_key(path, ORIGIN)
    path.chmod(0o640)
    refused("signer-key-unsafe", lambda: load_key(path, ORIGIN))
