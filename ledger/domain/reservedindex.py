"""The semester's index of what is reserved, published by its hash (LGTAIP 2025 art. 105; domain.md §1 H3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ledger.acts.disclosure import ReservedIndexPublished
from ledger.domain.body import body_of
from ledger.domain.rules.committee import PROFILE
from ledger.domain.rules.days import calendar_day
from ledger.domain.world import Signed, State, World
from ledger.errors import RuleViolation
from ledger.ids import legal_day

if TYPE_CHECKING:
    from typing import Literal

_LAST: dict[int, tuple[int, int]] = {1: (6, 30), 2: (12, 31)}


@dataclass(frozen=True, slots=True)
class ReservedIndexState(State):
    """A published index: as of which day, over how many entries, its hash and number of rows."""

    on: date
    size: int
    sha256: str
    rows: int


def last_day(year: int, half: Literal[1, 2]) -> date:
    """Return the last day of a semester."""
    return date(year, *_LAST[half])


def check(state: ReservedIndexState | None, signed: Signed, world: World) -> None:
    """Check that a Comité publishes a semester's index once, as of its last day, over what was recorded.

    Whether the hash is that of the index is no rule's business: anybody computes it again from the entries.

    Raises:
        RuleViolation: "index-published", "body-unknown", "not-transparency-committee", "index-not-of-semester",
            "not-yet-recorded", "impossible-date".
    """
    act = _narrow(signed)
    world.rule("reserved-index")
    if state is not None:
        raise RuleViolation("index-published", index=act.stream())
    today = legal_day(signed.statement.occurred_at)
    body = body_of(world, act.body)
    adopted = body.rules_on(today)
    if adopted is None or adopted.profile != PROFILE:
        raise RuleViolation("not-transparency-committee", body=act.body)
    on = calendar_day(act.on)
    if on != last_day(act.year, act.half) or on > today:
        raise RuleViolation("index-not-of-semester", on=act.on)
    if not 0 < act.size <= signed.index:
        raise RuleViolation("not-yet-recorded", index=act.size)


def evolve(_state: ReservedIndexState | None, signed: Signed) -> ReservedIndexState:
    """Return the state after the act."""
    act = _narrow(signed)
    return ReservedIndexState(
        *signed.heading(), on=calendar_day(act.on), size=act.size, sha256=act.sha256, rows=act.rows
    )


def _narrow(signed: Signed) -> ReservedIndexPublished:
    if not isinstance(signed.act, ReservedIndexPublished):
        raise TypeError(type(signed.act).__name__)
    return signed.act
