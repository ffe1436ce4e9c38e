"""The signer's durable memory: one small file outside PostgreSQL (format §7).

The file has two slots of `SLOT_BYTES`, written in turn; each begins with one line of JSON that holds a sequence
number, the log's state and a SHA-256 over both; what comes after the line says nothing. The state is that of the
valid slot with the larger number.

Why slots and not a temporary file renamed: writing a slot in place and one fdatasync is as safe and four
times as fast, for nothing but data blocks that exist already has to reach the disk.

* We die before or while the slot is written: it is incomplete, its checksum does not fit, and the other slot,
which
  is never touched meanwhile, says what was true before. The signature for the new state has not left.
* We die after fdatasync: the new slot is valid and says what was about to be told. Telling it again is
harmless.
* fdatasync reports an error: nobody knows what is on the disk. The file is never written again by this
process, and
  the signature does not leave; the next start reads what is there, either of the two.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from ledger.crypto.merkle import Peaks
from ledger.crypto.note import Checkpoint, Note
from ledger.errors import UntrustedInputError
from ledger.log.errors import SignerRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SLOT_BYTES = 16 * 1024
BLOCK_BYTES = 4 * 1024
FILE_NAME = "signer-state"


@dataclass(frozen=True, slots=True)
class SignerState:
    """What the signer knows of the log without asking the database.

    Attributes:
        origin: The log's name.
        peaks: Size and complete subtrees of the tree that was signed last.
        note: The last signed checkpoint, verbatim; of the same size and root as ``peaks``.
    """

    origin: str
    peaks: Peaks
    note: str

    def to_json(self) -> dict[str, Any]:
        """Return what a slot holds."""
        return {"checkpoint": self.note, "origin": self.origin, "tree": self.peaks.to_json()}

    @classmethod
    def from_json(cls, value: Any) -> SignerState:
        """Read what :meth:`to_json` gave, and check that its parts say the same.

        Raises:
            UntrustedInputError: They do not, or something is missing.
        """
        match value:
            case {"checkpoint": str(note), "origin": str(origin), "tree": tree}:
                state = cls(origin, Peaks.from_json(tree), note)
            case _:
                raise UntrustedInputError("state-malformed", "not checkpoint, origin and tree")
        if Checkpoint.parse(Note.parse(note).text) != Checkpoint(origin, state.peaks.size, state.peaks.root()):
            raise UntrustedInputError("state-malformed", "peaks and checkpoint differ")
        return state


class StateFile:
    """The open and locked file. One process has it at a time; it goes on holding the lock until it dies."""

    def __init__(self, directory: Path, descriptor: int) -> None:
        self._path = directory / FILE_NAME
        self._fd = descriptor
        self._sequence = 0
        self._failed = False
        self.torn = False
        """Whether a slot was incomplete when the file was read, as after a crash in the middle of a write."""

    @classmethod
    def create(cls, directory: Path, state: SignerState) -> StateFile:
        """Make the file with its first state; a file that is there already is never overwritten.

        Raises:
            SignerRefusedError: ``signer-state-exists``.
        """
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        sync_directory(directory.parent)
        # Written aside and linked into place, so that we never die with half a file under the real name.
        aside = directory / f"{FILE_NAME}.new-{os.getpid()}"
        fd = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            file = cls(directory, fd)
            file._lock()
            os.pwrite(fd, b" " * (2 * SLOT_BYTES), 0)
            file._put(state)
            os.fsync(fd)
            os.link(aside, file._path)
            sync_directory(directory)
        except FileExistsError as error:
            os.close(fd)
            raise SignerRefusedError(
                "signer-state-exists", f"{directory / FILE_NAME} is there already; move it away only if you know why"
            ) from error
        except BaseException:
            os.close(fd)
            raise
        finally:
            aside.unlink(missing_ok=True)
        return file

    @classmethod
    def open(cls, directory: Path) -> tuple[StateFile, SignerState]:
        """Open and lock the file and read its state.

        Raises:
            SignerRefusedError: ``signer-state-lost``, ``signer-state-damaged`` or ``signer-already-running``.
        """
        path = directory / FILE_NAME
        try:
            fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise SignerRefusedError(
                "signer-state-lost",
                f"{path} is not there. If this ledger is new, found it; if the file was lost, make it again from a "
                "published checkpoint with the command reset-from-checkpoint, never by hand",
            ) from error
        file = cls(directory, fd)
        try:
            file._lock()
            return file, file._read()
        except BaseException:
            os.close(fd)
            raise

    def close(self) -> None:
        """Close the file and so give up the lock; closing it again does nothing."""
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1

    def save(self, state: SignerState, step: Callable[[str], None] = lambda _: None) -> None:
        """Make a state durable before anything that follows from it leaves this process.

        Args:
            state: The new state.
            step: Told ``state-written`` between write and fdatasync, for tests of crashes.

        Raises:
            SignerRefusedError: ``signer-state-unwritable``; nothing may leave, and no later save will
            succeed.
        """
        try:
            if self._failed or self._path.stat().st_ino != os.fstat(self._fd).st_ino:
                raise OSError("the file was replaced, or an earlier write failed")  # noqa: TRY301  one way out
            self._put(state)
            step("state-written")
            os.fdatasync(self._fd)
        except OSError as error:
            self._failed = True
            raise SignerRefusedError("signer-state-unwritable", f"{self._path}: {error}") from error

    def _lock(self) -> None:
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SignerRefusedError("signer-already-running", f"another process holds {self._path}") from error

    def _put(self, state: SignerState) -> None:
        """Write the older slot."""
        sequence = self._sequence + 1
        body = orjson.dumps({"sequence": sequence, "state": state.to_json()}, option=orjson.OPT_SORT_KEYS)
        line = orjson.dumps({"body": body.decode(), "sha256": sha256(body).hexdigest()}) + b"\n"
        if len(line) > SLOT_BYTES:
            raise SignerRefusedError("signer-state-unwritable", f"the state needs {len(line)} bytes")
        # Whole blocks, but only those that the line needs: what a longer line left behind comes after its end.
        raw = line.ljust(-(-len(line) // BLOCK_BYTES) * BLOCK_BYTES)
        written = os.pwrite(self._fd, raw, sequence % 2 * SLOT_BYTES)
        if written != len(raw):
            raise OSError(f"only {written} bytes were written")
        self._sequence = sequence

    def _read(self) -> SignerState:
        slots = [_parse_slot(os.pread(self._fd, SLOT_BYTES, n * SLOT_BYTES)) for n in (0, 1)]
        whole = [slot for slot in slots if slot is not None]
        if not whole or os.fstat(self._fd).st_size != 2 * SLOT_BYTES:
            raise SignerRefusedError(
                "signer-state-damaged",
                f"{self._path} holds no whole state. Keep it for the experts; then make it again from a published "
                "checkpoint with the command reset-from-checkpoint",
            )
        self._sequence, state = max(whole, key=lambda slot: slot[0])
        # A file that was just created has one slot that was never written, and that is no crash.
        self.torn = len(whole) == 1 and self._sequence > 1
        return state


def read_state(directory: Path) -> SignerState | None:
    """Read the state without the lock, whoever holds it: for comparisons, never for signing. ``None`` if there is none.

    One of the two slots is whole at any moment, so a write that is under way does no harm.
    """
    try:
        with (directory / FILE_NAME).open("rb") as file:
            raw = file.read(2 * SLOT_BYTES)
    except FileNotFoundError:
        return None
    slots = [_parse_slot(raw[:SLOT_BYTES]), _parse_slot(raw[SLOT_BYTES:])]
    return max((slot for slot in slots if slot is not None), key=lambda slot: slot[0], default=(0, None))[1]


def _parse_slot(raw: bytes) -> tuple[int, SignerState] | None:
    """Read a slot; ``None`` if it was never written or not wholly."""
    try:
        outer = json.loads(raw.partition(b"\n")[0])
        body = outer["body"].encode()
        if sha256(body).hexdigest() != outer["sha256"]:
            return None
        inner = json.loads(body)
        return int(inner["sequence"]), SignerState.from_json(inner["state"])
    except (ValueError, LookupError, TypeError, AttributeError, UntrustedInputError):
        return None


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable."""
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file as a whole: after a crash it holds the old content or the new, never a part of either."""
    aside = path.with_name(f".{path.name}.new-{os.getpid()}")
    fd = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(fd)
        aside.rename(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)
