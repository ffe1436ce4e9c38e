"""What requests, public versions and openings of text are, apart from their rules (domain.md §3.17)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ledger.domain.world import State

if TYPE_CHECKING:
    from datetime import date, datetime

    from ledger.acts.access import Modality, Right
    from ledger.acts.transparency import ErasedDisclosure

AccessPhase: TypeAlias = Literal["received", "prevented", "turned", "answered", "appealed", "resolved"]
VersionPhase: TypeAlias = Literal["generated", "approved"]


@dataclass(frozen=True, slots=True)
class PublicationState(State):
    """What of the act at `published` is open.

    names: the sealed names opened one by one; everything: all that the act has, blocks included.
    """

    published: int
    names: frozenset[str] = frozenset()
    everything: bool = False

    def opens(self, name: str) -> bool:
        """Return whether the sealed value of this name is open to everybody."""
        return self.everything or name in self.names


@dataclass(frozen=True, slots=True)
class AccessState(State):
    """A request to a Unidad de Transparencia.

    since: the day from which its term runs; due_on: its last day; of a prevention, the last day to answer it.
    prevented: whether it was prevented once; extended: whether its term was extended.
    blocked, blocked_until: data blocked on its account, and the first day on which they may be erased.
    """

    right: Right
    since: date
    due_on: date
    last_at: datetime
    phase: AccessPhase = "received"
    prevented: bool = False
    extended: bool = False
    modality: Modality | None = None
    blocked: frozenset[ErasedDisclosure] = frozenset()
    blocked_until: date | None = None

    @property
    def open(self) -> bool:
        """Tell whether it waits for an answer."""
        return self.phase in {"received", "turned"}

    def lapsed_on(self, day: date) -> bool:
        """Tell whether the petitioner let the prevention's term go by: the request counts as not made."""
        return self.phase == "prevented" and day > self.due_on


@dataclass(frozen=True, slots=True)
class VersionState(State):
    """A public version of what the entry at `index_of` has sealed.

    redactions: (name, character) of all that is taken out.
    open: of an agreement, the names that are open.
    """

    index_of: int
    object: str
    redactions: tuple[tuple[str, str], ...]
    open: tuple[str, ...] = ()
    phase: VersionPhase = "generated"
