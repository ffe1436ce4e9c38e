"""Nothing occurred before what the stream says before it (domain.md §3.0, G8), nor is received before it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.rules.days import calendar_day
from ledger.errors import RuleViolation
from ledger.ids import legal_day, parse_written

if TYPE_CHECKING:
    from datetime import date, datetime

    from ledger.domain.world import Signed


def check_not_before(signed: Signed, last: datetime) -> None:
    """Check that the act did not occur before the stream's last.

    Raises:
        RuleViolation: "back-dated".
    """
    if parse_written(signed.statement.occurred_at) < last:
        raise RuleViolation("back-dated", occurred_at=signed.statement.occurred_at, last=last.isoformat())


def day_received(text: str, signed: Signed) -> date:
    """Return the day on which a paper was received, answered or filed: not later than the act that says so.

    Raises:
        RuleViolation: "impossible-date", "received-later".
    """
    day = calendar_day(text)
    if day > legal_day(signed.statement.occurred_at):
        raise RuleViolation("received-later", received_on=text)
    return day
