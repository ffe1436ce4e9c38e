"""Nothing in a stream occurred before what the stream says before it (domain.md §3.0, G8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import RuleViolation
from ledger.ids import parse_written

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.world import Signed


def check_not_before(signed: Signed, last: datetime) -> None:
    """Check that the act did not occur before the stream's last.

    Raises:
        RuleViolation: "back-dated".
    """
    if parse_written(signed.statement.occurred_at) < last:
        raise RuleViolation("back-dated", occurred_at=signed.statement.occurred_at, last=last.isoformat())
