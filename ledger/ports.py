"""What the ledger (`ledger.application`) needs of the outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from ledger.store.store import Head, StreamHead
    from ledger.store.submission import Outcome, SealedRow, Submission


class Store(Protocol):
    """What the ledger needs of its store."""

    def append(self, submissions: Sequence[Submission]) -> list[Outcome]:
        """Record submissions in one transaction; each stands or falls by itself."""

    def stream(self, name: str, after_version: int = 0) -> Iterable[bytes]:
        """Give a stream's entries in order."""

    def stream_heads(self, names: Iterable[str]) -> Mapping[str, StreamHead]:
        """Return the heads of those streams that are there."""

    def streams_below(self, prefix: str) -> Iterable[str]:
        """Give the names of streams that begin with the prefix."""

    def now(self) -> datetime:
        """Return the database's clock, simulated or not."""

    def head(self) -> Head:
        """Return the number of entries and the last stamp."""


class Sealer(Protocol):
    """What the ledger needs of its vault."""

    def prepare(self, subjects: Iterable[str]) -> None:
        """Have the subjects' data keys ready."""

    def seal(self, subject: str, name: str, digest: str, text: str) -> SealedRow:
        """Encrypt a disclosure under the subject's data key."""
