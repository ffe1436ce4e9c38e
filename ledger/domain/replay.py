"""From an entry to the act that rules see, and from a stream's entries to its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts import parse_act
from ledger.domain.registry import evolve
from ledger.domain.world import Signed
from ledger.ids import parse_recorded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.domain.world import State
    from ledger.statement import Entry


def signed_of(entry: Entry) -> Signed:
    """Return the recorded act as rules see it.

    Raises:
        UntrustedInputError: "unknown-type" or "bad-data".
    """
    statement = entry.act.statement
    act = parse_act(statement.type, statement.data)
    return Signed(act, statement, parse_recorded(entry.recorded_at), entry.index)


def fold(entries: Iterable[Entry], state: State | None = None) -> State | None:
    """Return the state that a stream's entries leave behind, in order, starting from `state`."""
    for entry in entries:
        state = evolve(state, signed_of(entry))
    return state
