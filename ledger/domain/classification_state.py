"""What of one entry's sealed text is withheld, apart from the rules that decide it (domain.md §3.17; `classification`).

That a term has ended is computed: from that day the text may be published, with or without an act that says so (T5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from ledger.domain.states import SessionState
from ledger.domain.world import State, World, read
from ledger.errors import RuleViolation
from ledger.ids import stream_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from ledger.acts.classification import Character

Phase: TypeAlias = Literal["proposed", "confirmed", "modified", "revoked", "declassified"]
STANDING: frozenset[Phase] = frozenset({"confirmed", "modified"})


@dataclass(frozen=True, slots=True)
class Classified:
    """One proposal and what became of it.

    names: still classified by it; empty once revoked or declassified.
    until_on: first day on which it holds no longer; None of what is confidential.
    term_on: the end of the term before an extension.
    session, item: whose decision ends it (T4).
    """

    names: frozenset[str]
    character: Character
    fraction: str | None
    from_on: date
    until_on: date | None
    phase: Phase = "proposed"
    extended: bool = False
    session: str | None = None
    item: int | None = None

    def withholds_on(self, day: date) -> bool:
        """Tell whether its names are withheld on a day: pending, or in force and not expired."""
        return self.phase == "proposed" or self.in_force_on(day)

    def in_force_on(self, day: date) -> bool:
        """Tell whether it stands on a day."""
        return self.phase in STANDING and (self.until_on is None or day < self.until_on)


@dataclass(frozen=True, slots=True)
class ClassificationState(State):
    """All that was ever classified of one entry.

    object: the stream of what the entry belongs to.
    parts: by number of the proposal, from 1 without gaps.
    barred: names that may not be reserved any more: human rights or corruption (T3).
    """

    object: str
    parts: Mapping[int, Classified] = field(default_factory=dict)
    barred: frozenset[str] = frozenset()

    def withholding(self, name: str, day: date, world: World) -> Classified | None:
        """Return what withholds a name on a day, None where nothing does."""
        for part in self.parts.values():
            if name in part.names and part.withholds_on(day) and not decision_adopted(part, world):
                return part
        return None

    def standing(self, name: str, day: date, world: World) -> Classified | None:
        """Return the classification in force of a name on a day, None while it is only proposed or not at all."""
        found = self.withholding(name, day, world)
        return found if found is not None and found.in_force_on(day) else None


def classification_of(world: World, index: int) -> ClassificationState | None:
    """Return what is classified of an entry, None where nothing ever was."""
    return read(world, ClassificationState, stream_name("classification", index))


def refuse_classified(index: int, names: Collection[str], day: date, world: World) -> None:
    """Refuse to open text that is withheld (domain.md §3.17); no names stand for all that the entry has.

    Raises:
        RuleViolation: "text-classified".
    """
    world.rule("classified-text")
    state = classification_of(world, index)
    if state is None:
        return
    asked = names or {name for part in state.parts.values() for name in part.names}
    for name in sorted(asked):
        part = state.withholding(name, day, world)
        if part is not None:
            until = "" if part.until_on is None else part.until_on.isoformat()
            raise RuleViolation("text-classified", index=index, name=name, character=part.character, until_on=until)


def decision_adopted(part: Classified, world: World) -> bool:
    """Tell whether the deliberation that a reservation protects has come to its decision (T4, 112.VIII)."""
    if part.session is None or part.item is None:
        return False
    session = read(world, SessionState, part.session)
    item = None if session is None else session.items.get(part.item)
    return item is not None and item.outcome == "resolved"
