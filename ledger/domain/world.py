"""What a rule may read: states of streams, and nothing else (format.md §6, guards).

The same `check` and `evolve` run in two worlds: the server's loader, which turns every stream that was read
into a guard of the append, and the offline verifier's replay, which holds the state of entries 0…index-1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ledger.acts.base import Act
    from ledger.statement import Statement


@dataclass(frozen=True, slots=True)
class State:
    """State of one stream after its last act; every aggregate's state extends it.

    version, index and statement are those of the stream's last entry; `statement` is its SHA-256 in hex.
    """

    version: int
    index: int
    statement: str


@dataclass(slots=True)
class Signed:
    """An act with what surrounds it, as rules see it. Nobody changes one; frozen, it would take thrice as long to make.

    recorded_at: the database's stamp; while checking before the append, the instant that the stamping
        window is tied to.
    index: its place; before the append the place after the last known entry.
    """

    act: Act
    statement: Statement
    recorded_at: datetime
    index: int

    def heading(self) -> tuple[int, int, str]:
        """Return (version, index, statement) for the state that this act leaves behind."""
        return self.statement.version, self.index, self.statement.sha256


class World(Protocol):
    """States of streams as of one index."""

    @property
    def origin(self) -> str:
        """The ledger's origin."""

    def state(self, stream: str) -> State | None:
        """Return the stream's state, or None while nothing stands in it."""

    def begun(self, stream: str) -> bool:
        """Tell whether any entry stands in the stream, lawful or void: a void act's number stays used."""

    def rule(self, code: str) -> None:
        """Note that the rule was applied (V10 counts them)."""

    def lacks(self, code: str) -> None:
        """Note that the rule could not be applied because an import's source lacks what it needs."""

    def remark(self, code: str, **params: Any) -> None:
        """Note what is worth knowing and no failure: imported discrepancies, a compromised key."""

    def until(self, instant: datetime) -> None:
        """Note that the check holds only for a recording before `instant` (a term ends, a window closes)."""


@dataclass(frozen=True, slots=True)
class View:
    """A world to look at, for whoever composes an act: it takes no notes.

    of: gives a stream's state as somebody knows it.
    """

    of: Callable[[str], State | None]
    origin: str = ""

    def state(self, stream: str) -> State | None:
        """Return the stream's state."""
        return self.of(stream)

    def begun(self, stream: str) -> bool:
        """Tell whether anything is known to stand in the stream."""
        return self.of(stream) is not None

    def rule(self, code: str) -> None:
        """Do nothing."""

    def lacks(self, code: str) -> None:
        """Do nothing."""

    def remark(self, code: str, **params: Any) -> None:
        """Do nothing."""

    def until(self, instant: datetime) -> None:
        """Do nothing."""


S = TypeVar("S", bound=State)


def read(world: World, kind: type[S], stream: str) -> S | None:
    """Return the stream's state as the class that its kind has, or None while it is empty."""
    state = world.state(stream)
    if state is None:
        return None
    if not isinstance(state, kind):
        raise TypeError(f"{stream}: {type(state).__name__}")
    return state
