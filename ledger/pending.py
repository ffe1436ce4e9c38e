"""A submission on its way into the ledger, and the error that a refusal of the store is."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ledger.errors import AcervoError, ConflictError, StoreError, UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.acts.base import Act
    from ledger.application import Recorded
    from ledger.statement import SignedAct
    from ledger.store.submission import Outcome, SealedRow


@dataclass(slots=True, eq=False)
class Pending:
    """A submission on its way: what was checked of it, what its check read, and how it ended.

    Attributes:
        acts, parsed: As submitted, and their data.
        verified: Which of the signatures are checked.
        reads: Version at which the last check read each stream.
        remarks: What the rules remarked.
        rows: What the acts seal, closed, once that is done.
        tries: How often it was checked.
        first: Index for which its first act was checked.
        wake: Set when it is answered, or when it is its turn to lead.
        result, error: How it ended.
    """

    acts: tuple[SignedAct, ...]
    parsed: tuple[Act, ...]
    verified: list[bool]
    reads: dict[str, int] = field(default_factory=dict)
    remarks: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    rows: tuple[tuple[SealedRow, ...], ...] | None = None
    tries: int = 0
    first: int = 0
    wake: threading.Event = field(default_factory=threading.Event)
    result: list[Recorded] | None = None
    error: BaseException | None = None

    @property
    def done(self) -> bool:
        """Whether it has its answer."""
        return self.result is not None or self.error is not None

    @property
    def streams(self) -> list[str]:
        """Streams that the acts write, one an act."""
        return [act.statement.stream for act in self.acts]

    @property
    def named(self) -> set[str]:
        """Streams that the acts name in `basis`, by the hash of their last statement."""
        return {stream for act in self.acts for stream in act.statement.basis}


def refusal(outcome: Outcome) -> AcervoError:
    """Return what the submitter is told of an outcome that is none of appended and duplicate."""
    match outcome.result:
        case "taken" | "gap" | "prev":
            return ConflictError("taken", outcome.about)
        case "basis":
            return ConflictError("basis", outcome.about)
        case "guard" | "window":
            return StoreError("too-busy", outcome.about)
        case _:
            return UntrustedInputError(outcome.detail or "malformed", outcome.about)
