"""When each act was recorded, and the day of which it tells: what questions "as known on K" and "as of D" lean on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.registry import AGGREGATES
from projections.base import Registry, Table, recorded_text
from projections.history import day_of

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.page import Page

TIMES = Table("act_times", ("entry_index", "recorded", "told_on"), ("entry_index",), born="entry_index")


def handle(page: Page, signed: Signed) -> None:
    """Note the act's times."""
    page.add(TIMES, [(signed.index, recorded_text(signed.recorded_at), day_of(signed))])


REGISTRY = Registry("times", (TIMES,), dict.fromkeys(AGGREGATES), handle)
