"""Text that is opened to everybody (format.md §3, §8)."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.acts.transparency import TextPublished
from ledger.domain.world import Signed, State, World
from ledger.errors import RuleViolation


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


def check(state: PublicationState | None, signed: Signed, world: World) -> None:
    """Check that text of an act that exists is opened, once.

    Whether the act carries the names is not judged here: no rule finds an act by its index. A name that the
    act does not have opens nothing; the application refuses it before it is signed.

    Raises:
        RuleViolation: "not-yet-recorded", "name-repeated", "already-published".
    """
    act = _narrow(signed)
    world.rule("publication")
    if act.index >= signed.index:
        raise RuleViolation("not-yet-recorded", index=act.index)
    if len(set(act.names)) != len(act.names):
        raise RuleViolation("name-repeated", index=act.index)
    if state is None:
        return
    if state.everything or (act.names and all(state.opens(name) for name in act.names)):
        raise RuleViolation("already-published", index=act.index)


def evolve(state: PublicationState | None, signed: Signed) -> PublicationState:
    """Return the state after the act: what was open stays open."""
    act = _narrow(signed)
    opened = frozenset() if state is None else state.names
    return PublicationState(
        *signed.heading(),
        published=act.index,
        names=opened | frozenset(act.names),
        everything=not act.names,
    )


def _narrow(signed: Signed) -> TextPublished:
    if not isinstance(signed.act, TextPublished):
        raise TypeError(type(signed.act).__name__)
    return signed.act
