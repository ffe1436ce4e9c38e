"""Series that do not begin at 1 (format.md §3): a body whose paper numbering goes on in the ledger."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ledger.acts.trust import SeriesOpened
from ledger.domain.body import body_of
from ledger.domain.rules.numbering import SeriesState
from ledger.errors import RuleViolation
from ledger.ids import stream_name

if TYPE_CHECKING:
    from ledger.domain.world import Signed, World

_SERIES = re.compile(r"(?:access|agreement|certification)\.[0-9]{4}|session\.[0-9]{4}\.[a-z0-9][a-z0-9_-]*")


def check(state: SeriesState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `series/<body>/<series>`; it must come before the series' first number.

    Raises:
        RuleViolation: "series-already-open", "series-unknown", "series-begun", "body-unknown".
    """
    act = _narrow(signed)
    world.rule("numbering")
    if state is not None:
        raise RuleViolation("series-already-open", series=act.series, first=state.first)
    body_of(world, act.body)
    if not _SERIES.fullmatch(act.series):
        raise RuleViolation("series-unknown", series=act.series)
    kind, *middle = act.series.split(".")
    if world.state(stream_name(kind, act.body, *middle, 1)) is not None:
        raise RuleViolation("series-begun", series=act.series)


def evolve(_state: SeriesState | None, signed: Signed) -> SeriesState:
    """Return the state after the act."""
    act = _narrow(signed)
    return SeriesState(*signed.heading(), body=act.body, series=act.series, first=act.first)


def _narrow(signed: Signed) -> SeriesOpened:
    if not isinstance(signed.act, SeriesOpened):
        raise TypeError(type(signed.act).__name__)
    return signed.act
