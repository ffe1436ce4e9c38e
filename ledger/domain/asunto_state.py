"""What asuntos and dictámenes are after their acts; apart from their rules, which read one another's states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ledger.domain.world import State

if TYPE_CHECKING:
    from ledger.acts.asunto import Sense
    from ledger.acts.session import ItemKind

AsuntoPhase: TypeAlias = Literal["submitted", "returned", "accepted", "listed", "withdrawn"]


@dataclass(frozen=True, slots=True)
class AsuntoState(State):
    """An asunto.

    round: how often it was brought.
    complete: whether it names its grounds.
    dictamen_of: the committee whose dictamen it needs.
    session, item: where it is listed, once it is.
    """

    body: str
    unit: str
    item_kind: ItemKind
    phase: AsuntoPhase
    round: int
    complete: bool
    dictamen_of: str | None = None
    session: str | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True)
class DictamenState(State):
    """A dictamen of a committee on an asunto, and the meeting in which it was approved."""

    body: str
    asunto: str
    sense: Sense
    session: str
