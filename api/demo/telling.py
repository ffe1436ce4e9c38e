"""Telling the demo year to a running system and counting what came out; for the command line and the server."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.demo.seed import is_demo
from api.demo.year import script
from api.demo.year.counters import check
from api.demo.year.service import speaking, teller_of
from api.demo.year.teller import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.system import System


@dataclass(frozen=True, slots=True)
class Told:
    """What came out: how many acts, in how many seconds, and the counters of domain.md §7.5 as counted."""

    size: int
    seconds: float
    counted: Mapping[str, int]


def tell_year(system: System, step: Callable[[int, int], None] = lambda _done, _of: None) -> Told:
    """Tell the year to an empty ledger whose worker runs, through HTTP, and check its counters.

    Args:
        system: The system; nothing is founded in it yet.
        step: Told how many events of how many are over.

    Raises:
        ToldWrongError: Story, ledger and counters disagree.
        StoreError: "production-demo-keys".
    """
    begun = time.monotonic()
    with speaking(system) as client:
        teller = teller_of(system, client)
        script.tell(teller, step)
        seconds = time.monotonic() - begun
        return Told(system.size(), seconds, check(client, system.size()))


def unfinished(system: System) -> bool:
    """Tell whether a demo year was begun here and not told to its end: a kill may have come in between."""
    return is_demo(system) and system.store.now() < moment(script.ENDS)
