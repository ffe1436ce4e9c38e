"""Quarterly formats of transparency obligations, filed by hash (LGTAIP 2025 arts. 58, 65 XLIV; domain.md §1 H7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ledger.acts.disclosure import TransparencyFormatExported
from ledger.domain.body import body_of
from ledger.domain.rules.committee import PROFILE
from ledger.domain.rules.days import calendar_day
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import legal_day, stream_name

if TYPE_CHECKING:
    from typing import Literal


@dataclass(frozen=True, slots=True)
class FormatState(State):
    """A filed format: its day, over how many entries, its hash and number of rows."""

    on: date
    size: int
    sha256: str
    rows: int


def last_day(year: int, quarter: Literal[1, 2, 3, 4]) -> date:
    """Return the last day of a quarter."""
    return (date(year, 3 * quarter, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def check(state: FormatState | None, signed: Signed, world: World) -> None:
    """Check that a Comité files a quarter's format once it is over, corrections in order, over what was recorded.

    Whether the hash is that of the format is no rule's business: anybody computes it again from the entries.

    Raises:
        RuleViolation: "format-exported", "number-gap", "body-unknown", "not-transparency-committee",
            "quarter-not-over", "not-yet-recorded", "impossible-date".
    """
    act = _narrow(signed)
    world.rule("transparency-format")
    if state is not None:
        raise RuleViolation("format-exported", format=act.stream())
    if act.number > 1:
        earlier = stream_name("sipot", act.body, act.year, act.quarter, act.form, act.number - 1)
        if read(world, FormatState, earlier) is None:
            raise RuleViolation("number-gap", number=act.number)
    today = legal_day(signed.statement.occurred_at)
    adopted = body_of(world, act.body).rules_on(today)
    if adopted is None or adopted.profile != PROFILE:
        raise RuleViolation("not-transparency-committee", body=act.body)
    if not last_day(act.year, act.quarter) < calendar_day(act.on) <= today:
        raise RuleViolation("quarter-not-over", on=act.on)
    if not 0 < act.size <= signed.index:
        raise RuleViolation("not-yet-recorded", index=act.size)


def evolve(_state: FormatState | None, signed: Signed) -> FormatState:
    """Return the state after the act."""
    act = _narrow(signed)
    return FormatState(*signed.heading(), on=calendar_day(act.on), size=act.size, sha256=act.sha256, rows=act.rows)


def _narrow(signed: Signed) -> TransparencyFormatExported:
    if not isinstance(signed.act, TransparencyFormatExported):
        raise TypeError(type(signed.act).__name__)
    return signed.act
