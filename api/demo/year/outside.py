"""What a teller needs of the world beside the ledger: the newest checkpoint, documents, files that others keep."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, Protocol

from api.exporting import export_bundle, handed
from ledger.crypto import canonical
from ledger.crypto.note import Checkpoint, Note

if TYPE_CHECKING:
    from pathlib import Path

    from api.client import Client
    from api.exporting import Handed
    from api.system import System
    from ledger.compose import Officer

KEPT = "demo-kept"
"""Directory of what the auditor of the story keeps; it goes with the demo."""


class Index(NamedTuple):
    """The index of what is reserved: over how many entries, the hash of its canonical JSON, how many rows."""

    size: int
    sha256: str
    rows: int


class Outside(Protocol):
    """The world beside the ledger."""

    def checkpoint(self) -> tuple[int, str]:
        """Return size and root (hex) of a checkpoint over all that stands."""

    def store(self, officer: Officer, content: bytes, digest: str) -> None:
        """Keep a document, signed for by an officer's key."""

    def keep_checkpoint(self, day: str) -> None:
        """Keep the present checkpoint as an auditor would."""

    def hand_over(self, name: str) -> Handed:
        """Write a bundle of the whole ledger for an authority, and return what is to be said of it."""

    def reserved_index(self, on: str) -> Index:
        """Return the index of what is reserved on a day, computed from the registries."""


@dataclass(frozen=True, slots=True)
class Served:
    """The world of a running system.

    client: speaks HTTP to it.
    """

    system: System
    client: Client

    @property
    def directory(self) -> Path:
        """Where the auditor of the story keeps what he got."""
        found = self.system.settings.data_dir.absolute() / KEPT
        found.mkdir(exist_ok=True)
        return found

    def _note(self) -> str:
        """Return a checkpoint over all that stands: the published one may still be on its way behind the last act."""
        return self.system.checkpoint(self.system.size())

    def checkpoint(self) -> tuple[int, str]:
        """Return size and root of a checkpoint over all that stands."""
        found = Checkpoint.parse(Note.parse(self._note()).text)
        return found.size, found.root.hex()

    def store(self, officer: Officer, content: bytes, digest: str) -> None:
        """Keep a document over HTTP."""
        self.client.store_document(officer, content, digest)

    def keep_checkpoint(self, day: str) -> None:
        """Keep the present checkpoint in a file of that day."""
        (self.directory / f"{day}.checkpoint").write_text(self._note(), encoding="utf-8")

    def hand_over(self, name: str) -> Handed:
        """Write a bundle, with the checkpoints that are kept as earlier ones."""
        path = self.directory / f"{name}.evidencia.zip"
        older = [kept.read_bytes() for kept in sorted(self.directory.glob("*.checkpoint"))]
        export_bundle(self.system, path, older, lambda _done, _of: None)
        return handed(path)

    def reserved_index(self, on: str) -> Index:
        """Read the index over HTTP once the registries show all acts."""
        last = str(self.system.size() - 1)
        found = self.client.get("/api/v1/reserved-index", on=on, wait_until=last)
        return Index(found["size"], sha256(canonical.dumps(found)).hexdigest(), len(found["rows"]))
