"""What happens to a checkpoint after it has been given out: published, stored, cosigned. Nobody waits for it.

A thread of its own takes the newest checkpoint, at most one each `interval_s`, since each publication syncs the disk
that the appends need. Each step may be lost in a crash without harm: the signer's state is the truth, and the next
start publishes what it has signed. A witness that did not answer is asked again, for certificates wait for it.
"""

from __future__ import annotations

import logging
import threading
from functools import partial
from typing import TYPE_CHECKING

from ledger.crypto.note import Checkpoint, Note
from ledger.errors import AcervoError
from ledger.log.state import write_durably
from ledger.log.witness import add_cosignatures

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ledger.crypto.note import Signature
    from ledger.log.reader import CheckpointStore, LogReader
    from ledger.log.witness import WitnessClient

PUBLISH_INTERVAL_S = 1.0
WITNESS_RETRY_S = 30.0
_log = logging.getLogger(__name__)


class Publisher:
    """Publishes checkpoints from a thread.

    Attributes:
        errors: The last error of each place (``file``, ``database``, a witness' name), gone when it works again.
        published_size: Size of the checkpoint that was published last, −1 before.
    """

    def __init__(
        self,
        path: Path | None,
        store: CheckpointStore | None,
        witnesses: Sequence[WitnessClient] = (),
        reader: LogReader | None = None,
        *,
        interval_s: float = PUBLISH_INTERVAL_S,
        retry_s: float = WITNESS_RETRY_S,
        step: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.errors: dict[str, str] = {}
        self.published_size = -1
        self._path = path
        self._store = store
        self._witnesses = list(witnesses) if reader is not None else []
        self._reader = reader
        self._interval_s = interval_s
        self._retry_s = retry_s
        self._unwitnessed: str | None = None
        self._step = step
        self._newest: str | None = None
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="checkpoint-publisher", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def offer(self, note: str) -> None:
        """Give a checkpoint to be published; one that is still waiting is dropped for it."""
        with self._changed:
            self._newest = note
            self._changed.notify()

    def stop(self) -> None:
        """Publish what is waiting and end the thread."""
        with self._changed:
            self._stopping.set()
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                again = None if self._unwitnessed is None else self._retry_s
                self._changed.wait_for(lambda: self._newest is not None or self._stopping.is_set(), again)
                note, self._newest = self._newest, None
                stopping = self._stopping.is_set()
            if note is not None:
                self.publish(note)
            elif self._unwitnessed is not None and not stopping:
                self._ask_witnesses(self._unwitnessed)
            if stopping:
                return
            # Coalesce: what comes in meanwhile replaces itself, and does not wake us.
            self._stopping.wait(self._interval_s)

    def publish(self, note: str) -> None:
        """Publish one checkpoint to every place; an error at one of them is kept and does not stop the others."""
        size = Checkpoint.parse(Note.parse(note).text).size
        # 1. The file. Dying before it, the published place lags behind the state, which is allowed; never ahead.
        self._attempt("file", lambda: self._write(note))
        self._step("published")
        # 2. The database, for those who read there. Dying before it, the next checkpoint comes.
        self._attempt("database", lambda: self._save(size, note))
        self._step("stored")
        # 3. Witnesses. Whatever they have cosigned, they persisted before they answered.
        self._ask_witnesses(note)
        self.published_size = size

    def _ask_witnesses(self, note: str) -> None:
        """Ask all of them, those too that have cosigned it: the note that is kept then has every signature."""
        size = Checkpoint.parse(Note.parse(note).text).size
        signatures: list[Signature] = []
        for witness in self._witnesses:
            self._attempt(witness.name, partial(self._cosign, witness, note, signatures))
        if signatures:
            self._attempt("file", lambda: self._write(add_cosignatures(note, signatures)))
            self._attempt("database", lambda: self._save(size, add_cosignatures(note, signatures)))
            self._step("cosigned")
        self._unwitnessed = note if any(each.name in self.errors for each in self._witnesses) else None

    def _write(self, note: str) -> None:
        if self._path is not None:
            write_durably(self._path, note.encode())

    def _save(self, size: int, note: str) -> None:
        if self._store is not None:
            self._store.save_checkpoint(size, note)

    def _cosign(self, witness: WitnessClient, note: str, into: list[Signature]) -> None:
        assert self._reader is not None  # noqa: S101  no witnesses are kept without it
        into.extend(witness.cosign(note, self._reader))

    def _attempt(self, place: str, action: Callable[[], object]) -> None:
        try:
            action()
        except (OSError, AcervoError) as error:
            self.errors[place] = str(error)
            _log.warning("checkpoint not published to %s: %s", place, error)
        else:
            self.errors.pop(place, None)
