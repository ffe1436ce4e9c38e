"""Text that is opened to everybody (format.md §3, §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.transparency import TextPublished
from ledger.domain.classification_state import refuse_classified
from ledger.domain.transparency_states import PublicationState
from ledger.errors import RuleViolation
from ledger.ids import legal_day

if TYPE_CHECKING:
    from ledger.domain.world import Signed, World

__all__ = ["PublicationState", "check", "evolve"]


def check(state: PublicationState | None, signed: Signed, world: World) -> None:
    """Check that text of an act that exists is opened, once, and that none of it is classified on that day.

    Whether the act carries the names is not judged here: no rule finds an act by its index. A name that the
    act does not have opens nothing; the application refuses it before it is signed.

    Raises:
        RuleViolation: "not-yet-recorded", "name-repeated", "already-published", "text-classified".
    """
    act = _narrow(signed)
    world.rule("publication")
    if act.index >= signed.index:
        raise RuleViolation("not-yet-recorded", index=act.index)
    if len(set(act.names)) != len(act.names):
        raise RuleViolation("name-repeated", index=act.index)
    if state is not None and (state.everything or (act.names and all(state.opens(name) for name in act.names))):
        raise RuleViolation("already-published", index=act.index)
    refuse_classified(act.index, act.names, legal_day(signed.statement.occurred_at), world)


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
