"""What goes into the append function and what comes back (format.md §6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ledger.statement import SignedAct

Result: TypeAlias = Literal["appended", "duplicate", "taken", "gap", "prev", "basis", "guard", "window", "malformed"]


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A disclosure as the vault stores it: encrypted under the data key that `data_key` names.

    digest: base64url(SHA-256) of the ASCII disclosure; of an acta's block as of any other.
    """

    name: str
    digest: str
    data_key: str
    nonce: bytes
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class Submission:
    """Acts that are recorded all or not at all.

    guards: stream → version of every other stream that the check read; 0 = absent.
    sealed: for each act its vault rows.
    not_before, not_after: the stamp must lie in [not_before, not_after), for which the check holds.
    """

    acts: tuple[SignedAct, ...]
    guards: Mapping[str, int]
    not_before: datetime
    not_after: datetime
    sealed: tuple[tuple[SealedRow, ...], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Placed:
    """An act's place: its index, its stamp as written, its entry byte for byte."""

    index: int
    recorded_at: str
    entry: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a submission; `placed` has one member an act where it stands, and is empty otherwise.

    about: the stream in question of a refusal. detail: the reason of `malformed`.
    """

    result: Result
    about: str = ""
    detail: str = ""
    placed: tuple[Placed, ...] = ()
