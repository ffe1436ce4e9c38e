"""Numbers are signed, unique and without gaps (format.md §3; domain.md §4, A2).

The stream's name holds the number, so a duplicate collides by itself; what is left to refuse is a gap: the
predecessor must exist, whatever became of it, for a cancelled or annulled act's number stays used. A series
begins at 1 unless `SeriesOpened/1` in `series/<body>/<series>` says otherwise. A void act leaves no state and its
number used all the same: neither does the next one miss it, nor does another act take it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.domain.world import State, read
from ledger.errors import RuleViolation
from ledger.ids import stream_name

if TYPE_CHECKING:
    from ledger.domain.world import Signed, World


@dataclass(frozen=True, slots=True)
class SeriesState(State):
    """A series of a body that does not begin at 1."""

    body: str
    series: str
    first: int


def series_stream(stream: str) -> str:
    """Return the stream of the series that a numbered stream belongs to.

    `agreement/hcd/2026/19` is of `series/hcd/agreement.2026`, `session/hcd/2026/ord/3` of
    `series/hcd/session.2026.ord`.
    """
    kind, body, *middle, _number = stream.split("/")
    return stream_name("series", body, ".".join((kind, *middle)))


def check_predecessor(world: World, stream: str, series: str | None = None) -> None:
    """Check that the number which ends the stream's name is the next of its series.

    Args:
        world: States to read.
        stream: The act's own stream; its last segment is the number.
        series: The series' stream where the series may begin elsewhere than at 1 (`series_stream`), else None.

    Raises:
        RuleViolation: "number-gap".
    """
    world.rule("numbering")
    prefix, _, last = stream.rpartition("/")
    number = int(last)
    if number > 1 and world.begun(f"{prefix}/{number - 1}"):
        return
    opened = None if series is None else read(world, SeriesState, series)
    first = 1 if opened is None else opened.first
    if number != first:
        raise RuleViolation("number-gap", stream=stream, expected=first if number < first else number - 1)


def check_unused(signed: Signed) -> None:
    """Check that the act which makes a numbered thing is the first of its stream: a void one used the number up.

    Raises:
        RuleViolation: "number-used".
    """
    if signed.statement.version > 1:
        raise RuleViolation("number-used", stream=signed.statement.stream)


def remark_gap(world: World, stream: str) -> None:
    """Remark a missing predecessor of an imported number: what the source did not bring cannot be refused for it."""
    world.rule("numbering")
    prefix, _, last = stream.rpartition("/")
    number = int(last)
    if number > 1 and not world.begun(f"{prefix}/{number - 1}"):
        world.remark("number-gap", stream=stream, expected=number - 1)
