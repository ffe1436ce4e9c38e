"""The next free number of a series: series have no gaps, so it is found by doubling and halving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ledger.domain.rules.numbering import SeriesState, series_stream
from ledger.ids import kind_of

if TYPE_CHECKING:
    from ledger.domain.world import State

MAX_NUMBER = 999_999
_WITH_SERIES = {"agreement", "certification", "session"}


class Source(Protocol):
    """What is asked of the ledger."""

    def stream_head(self, stream: str) -> tuple[int, str]:
        """Return (version, statement hash) of a stream."""

    def state(self, stream: str) -> State | None:
        """Return a stream's state."""


def next_number(ledger: Source, series: str) -> int:
    """Return the first number of the series whose stream is empty, in O(log n) look-ups.

    Args:
        ledger: Where streams are looked up.
        series: A stream's name without its number, e.g. `agreement/hcd/2026`.
    """

    def taken(number: int) -> bool:
        return ledger.stream_head(f"{series}/{number}")[0] > 0

    first = _first(ledger, series)
    if not taken(first):
        return first
    low, step = first, 1
    while taken(min(low + step, MAX_NUMBER)) and low + step < MAX_NUMBER:
        low, step = low + step, step * 2
    high = min(low + step, MAX_NUMBER)  # taken(low), not taken(high)
    while high - low > 1:
        middle = (low + high) // 2
        if taken(middle):
            low = middle
        else:
            high = middle
    return high


def _first(ledger: Source, series: str) -> int:
    if kind_of(series) not in _WITH_SERIES:
        return 1
    name = series_stream(f"{series}/1")
    if not ledger.stream_head(name)[0]:
        return 1
    state = ledger.state(name)
    return state.first if isinstance(state, SeriesState) else 1
