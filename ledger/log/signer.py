"""The signer: memory outside the database, and the only hand that signs checkpoints (format §7).

What it defeats (threats.md): whoever owns the database can change rows, but not what was signed. The signer
hashes the entry bytes itself, from the size that it remembers on, and grows its own peaks; so every
checkpoint extends the last one by construction. What the database says about its tree is only compared with
that. Any difference stops the signer for good: it goes on refusing, says what it found and what to do, and a
person has to act.

What it cannot see: a database and a signer's memory that were restored *together* from one old snapshot. For
that it reads, at start, the last checkpoint from a place that a snapshot does not bring back: the published
file or a witness.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ledger.crypto.merkle import Peaks, consistency_coords, cover, fold, leaf_hash, verify_consistency
from ledger.crypto.note import Checkpoint, Note, Signer, open_checkpoint
from ledger.errors import UntrustedInputError
from ledger.log.attestation import attestation_text
from ledger.log.errors import LogDamagedError, SignerRefusedError
from ledger.log.reader import MAX_READ_ENTRIES, node_hashes
from ledger.log.state import SignerState, StateFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ledger.log.reader import Head, LogReader

MAX_KEY_FILE_BYTES = 4096
_RECOVER = "Stop all writing. Put the missing entries back with the command recover from a published log or a bundle"
_EXPERTS = "Stop all writing, keep the database as it is for the experts, and compare it with a published log"


class Anchor(Protocol):
    """A place outside this machine that remembers how far the log was."""

    @property
    def name(self) -> str:
        """What it is called in messages."""

    def known_size(self, note: str) -> int | None:
        """Return the size of the last checkpoint that the place has of this log, ``None`` if it cannot say.

        Args:
            note: The signer's own last checkpoint, for places that want to be asked with one.
        """


class LogSigner:
    """The signing of one ledger's checkpoints. Opened once per ledger; used by one thread.

    Attributes:
        state: What was signed last.
        rollback_detectable: Whether something outside of database and state was there to compare with at the
        start.
        notices: What a person should read, gathered at the start.
    """

    def __init__(self, file: StateFile, state: SignerState, key: Signer, reader: LogReader) -> None:
        self.state = state
        self.rollback_detectable = False
        self.notices: list[str] = []
        self._file = file
        self._key = key
        self._reader = reader

    @classmethod
    def open(
        cls, directory: Path, key: Signer, reader: LogReader, published: Path | None, anchors: Sequence[Anchor] = ()
    ) -> LogSigner:
        """Take the lock, read the state, compare it with database, published checkpoint and anchors.

        Args:
            directory: Where the state lies; not in the database's directory.
            key: The log's key; its name is the origin.
            reader: Reads the database.
            published: The file with the last published checkpoint, if there is such a place.
            anchors: Witnesses to be asked how far the log was.

        Raises:
            SignerRefusedError: One of the comparisons failed; the message says what to do.
        """
        file, state = StateFile.open(directory)
        signer = cls(file, state, key, reader)
        try:
            signer._check_names()
            signer._check_published(published)
            for anchor in anchors:
                signer._check_anchor(anchor)
            signer.seal()
        except BaseException:
            file.close()
            raise
        if file.torn:
            signer.notices.append("the last write of the signer's state was cut off; the state before it holds")
        if not signer.rollback_detectable:
            signer.notices.append(
                "no published checkpoint and no witness answered: a machine that was restored from an old snapshot "
                "cannot be detected"
            )
        return signer

    def close(self) -> None:
        """Give up the lock."""
        self._file.close()

    def seal(self, step: Callable[[str], None] = lambda _: None) -> str:
        """Sign the size that is committed now and return the checkpoint; the same one if nothing was added.

        Args:
            step: Told the name of each step as it is done, for tests of crashes.

        Raises:
            SignerRefusedError: The database is not the one that was signed, or the state cannot be made
            durable.
        """
        # 1. Read. Nothing has changed; dying here loses nothing.
        peaks = self.state.peaks.copy()
        head = self._read(peaks)
        step("read")
        # 2. Compare. The root that will be signed is of bytes that were hashed here; the database's own tree
        # must be    the same, or proofs made from it would not verify.
        self._compare(head, peaks)
        if peaks.size == self.state.peaks.size:
            return self.state.note
        # 3. Sign. The signature exists in this process only; dying here, it never was. The next signature for
        # this    or a larger size extends the same remembered peaks.
        note = Checkpoint(self.state.origin, peaks.size, peaks.root()).sign(self._key)
        step("signed")
        # 4. Persist, before the signature leaves. Dying after it, the next start knows this checkpoint and
        # gives out    the same bytes; so no two different checkpoints of one size ever leave, whatever the
        # database says then.
        state = SignerState(self.state.origin, peaks, note)
        self._file.save(state, step)
        self.state = state
        step("persisted")
        # 5. The caller lets it out.
        return note

    def attest(self, digest: str) -> str:
        """Sign that files of this hash were exported from this log; it is no checkpoint and moves nothing.

        Raises:
            UntrustedInputError: ``attestation-malformed`` for what is no SHA-256 in hex.
        """
        text = attestation_text(self.state.origin, digest)
        return Note(text, (self._key.sign(text),)).format()

    def _read(self, peaks: Peaks) -> Head:
        """Read entries from the peaks' size to the head, hashing them into the peaks, page by page."""
        while True:
            head = self._reader.head(peaks.size, MAX_READ_ENTRIES)
            if head.size < self.state.peaks.size:
                raise SignerRefusedError(
                    "log-rolled-back",
                    f"the database has {head.size} entries, {self.state.peaks.size} were signed. {_RECOVER}",
                )
            if len(head.entries) != min(head.size - peaks.size, MAX_READ_ENTRIES):
                raise SignerRefusedError(
                    "log-entries-missing", f"an entry is missing at or after index {peaks.size}. {_EXPERTS}"
                )
            for entry in head.entries:
                peaks.append(leaf_hash(entry))
            if peaks.size == head.size:
                return head

    def _compare(self, head: Head, peaks: Peaks) -> None:
        if head.stray:
            raise SignerRefusedError(
                "log-stray-entries", f"rows stand at or after index {head.size}, where no append put them. {_EXPERTS}"
            )
        if list(head.peaks) == peaks.hashes:
            return
        old = self.state.peaks
        stored = self._reader.nodes(cover(0, old.size))
        if [stored.get(c) for c in cover(0, old.size)] != old.hashes:
            raise SignerRefusedError(
                "log-forked", f"the first {old.size} entries' tree is not the one that was signed. {_EXPERTS}"
            )
        raise SignerRefusedError(
            "log-tampered",
            f"the tree over entries {old.size} to {head.size - 1} is not that of their bytes. {_EXPERTS}",
        )

    def _check_names(self) -> None:
        for what, name in (("key", self._key.verifier.name), ("database", self._reader.origin())):
            if name not in (self.state.origin, None):
                raise SignerRefusedError(
                    "log-other-origin", f"the {what} is of {name}, the signer's state of {self.state.origin}"
                )

    def _check_published(self, published: Path | None) -> None:
        """Compare with the last published checkpoint: ours must extend it."""
        if published is None or not published.exists():
            return
        try:
            old, _ = open_checkpoint(published.read_bytes(), [self._key.verifier])
        except UntrustedInputError as error:
            raise SignerRefusedError("log-forked", f"{published} is no checkpoint of this log: {error}") from error
        self._check_size(str(published), old.size)
        peaks = self.state.peaks
        try:
            coords = consistency_coords(old.size, peaks.size)
            nodes = node_hashes(self._reader, {c for group in coords for c in group})
            proof = [fold([nodes[c] for c in group]) for group in coords]
            verify_consistency(old.size, old.root, peaks.size, peaks.root(), proof)
        except (UntrustedInputError, LogDamagedError) as error:
            raise SignerRefusedError(
                "log-forked", f"the log is no continuation of {published}: {error}. {_EXPERTS}"
            ) from error
        self.rollback_detectable = True

    def _check_anchor(self, anchor: Anchor) -> None:
        size = anchor.known_size(self.state.note)
        if size is not None:
            self._check_size(anchor.name, size)
            self.rollback_detectable = True

    def _check_size(self, where: str, size: int) -> None:
        if size > self.state.peaks.size:
            raise SignerRefusedError(
                "signer-state-behind",
                f"{where} knows {size} entries, the signer's state {self.state.peaks.size}: this machine was restored "
                "from an older snapshot. Recover the database from a published log, move the state away and run "
                "reset-from-checkpoint with the newest published checkpoint",
            )


def found_state(directory: Path, key: Signer, reader: LogReader) -> None:
    """Make the memory of a new ledger's signer: the empty tree. Done again before entry 0, it changes nothing.

    Raises:
        SignerRefusedError: ``signer-state-lost``: the ledger has entries, so this is no founding;
            ``signer-state-exists``: a state that has signed something is there.
    """
    if reader.head(0, 0).size:
        raise SignerRefusedError(
            "signer-state-lost", "the ledger has entries; a lost state is made again only by reset-from-checkpoint"
        )
    empty = Peaks()
    note = Checkpoint(key.verifier.name, 0, empty.root()).sign(key)
    try:
        StateFile.create(directory, SignerState(key.verifier.name, empty, note)).close()
    except SignerRefusedError:
        file, state = StateFile.open(directory)
        file.close()
        if state.peaks.size or state.origin != key.verifier.name:
            raise


def reset_from_checkpoint(directory: Path, key: Signer, reader: LogReader, note: bytes | str) -> Checkpoint:
    """Make a lost memory again from a published checkpoint: the explicit command of a person who knows why.

    Every entry is read and hashed again; the result must be the checkpoint's root.

    Args:
        directory: Where the state shall lie; an old one must have been moved away.
        key: The log's key.
        reader: Reads the database, which must have all the checkpoint's entries.
        note: The newest published checkpoint there is, signed by this key.

    Raises:
        SignerRefusedError: ``log-rolled-back``, ``log-forked``, ``signer-state-exists``.
        UntrustedInputError: The note is no checkpoint signed by this key.
    """
    checkpoint, _ = open_checkpoint(note, [key.verifier])
    peaks = Peaks()
    while peaks.size < checkpoint.size:
        entries = reader.entries(peaks.size, min(MAX_READ_ENTRIES, checkpoint.size - peaks.size))
        if not entries:
            raise SignerRefusedError(
                "log-rolled-back",
                f"the database has {peaks.size} entries, the checkpoint {checkpoint.size}. {_RECOVER}",
            )
        for entry in entries:
            peaks.append(leaf_hash(entry))
    if peaks.root() != checkpoint.root:
        raise SignerRefusedError("log-forked", f"the entries do not lead to the checkpoint's root. {_EXPERTS}")
    mine = checkpoint.sign(key)
    StateFile.create(directory, SignerState(checkpoint.origin, peaks, mine)).close()
    return checkpoint


def load_key(path: Path, name: str) -> Signer:
    """Read the log's private key: an skey line or a PKCS #8 PEM file of Ed25519.

    Args:
        path: The file; nobody but its owner may read it.
        name: The origin, which a PEM file does not say and an skey must say too.

    Raises:
        SignerRefusedError: ``signer-key-unsafe`` for a file that others may read, is too large or of another
        name. UntrustedInputError: ``skey-malformed`` and the like.
    """
    status = path.stat()
    if stat.S_IMODE(status.st_mode) & 0o077 or status.st_size > MAX_KEY_FILE_BYTES:
        raise SignerRefusedError("signer-key-unsafe", f"{path} must be a small file of mode 0600")
    raw = path.read_bytes()
    if raw.startswith(b"-----BEGIN"):
        try:
            private = load_pem_private_key(raw, None)
        except (ValueError, TypeError) as error:
            raise UntrustedInputError("skey-malformed", "not an unencrypted PEM key") from error
        if not isinstance(private, Ed25519PrivateKey):
            raise UntrustedInputError("skey-malformed", "not an Ed25519 key")
        return Signer(name, private.private_bytes_raw())
    key = Signer.parse(raw.decode("utf-8", "replace").removesuffix("\n"))
    if key.verifier.name != name:
        raise SignerRefusedError("signer-key-unsafe", f"{path} is the key of {key.verifier.name}, not of {name}")
    return key
