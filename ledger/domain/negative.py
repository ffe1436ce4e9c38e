"""Negative certificates: what a whole series does not hold (domain.md §3.9, X4; LGTAIP 19, 140).

What can honestly be negated is what public, structured data show: which numbers of a series there are, on which days
they fell, in which state they are, which units answer for them. What the sealed texts are about nobody can recompute;
the certificate's own sealed words say it and the signer answers for them.

The rule walks the series number by number, so a hole in it is refused; the full verifier also goes through every entry
of the range (`ledger.verify.claims`), so that what stands beyond a hole is found as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from ledger.domain.agreement import AgreementState
from ledger.domain.certified import standing_of
from ledger.domain.designation import DesignationState
from ledger.domain.fulfilment import FulfilmentState
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.numbering import SeriesState, series_stream
from ledger.domain.states import SessionState
from ledger.domain.world import State, World, read
from ledger.errors import RuleViolation
from ledger.ids import stream_name

if TYPE_CHECKING:
    from datetime import date, datetime

    from ledger.acts.certification import Negative

MAX_NUMBERS = 2_000
"""How many numbers one statement may look through; each becomes a guard of the append."""
_OPENED = frozenset({"agreement", "session", "certification"})
_WITH_YEAR = frozenset({"agreement", "session", "certification", "request"})
_WITH_SERIES = frozenset({"session", "designation"})
_WITH_STANDING = frozenset({"agreement", "designation"})
Found: TypeAlias = tuple[str, State]


@runtime_checkable
class Dated(Protocol):
    """The state of a certificate or a request, whose modules read this one."""

    @property
    def on(self) -> date:
        """The day on which it was issued, or received."""


def check_negative(negative: Negative, body: str, at: datetime, index: int, world: World) -> None:
    """Check a negative statement: the whole series was looked at, and what fits is what is listed.

    Args:
        negative: The statement.
        body: Whose series.
        at: When the certificate was issued, as written.
        index: Its place; the checkpoint is not of a later one.
        world: States to read.

    Raises:
        RuleViolation: "negative-series", "negative-range", "negative-too-wide", "negative-checkpoint", "negative-hole",
            "negative-incomplete", "negative-moved", "negative-contradicted", "impossible-date".
    """
    world.rule("negative")
    _check_shape(negative, at)
    if negative.tree_size > index:
        raise RuleViolation("negative-checkpoint", size=negative.tree_size)
    prefix = negative.prefix(body)
    found = _series(negative, prefix, world)
    for stream, state in found:
        if state.index >= negative.tree_size:
            raise RuleViolation("negative-moved", stream=stream, size=negative.tree_size)
    fitting = tuple(stream for stream, state in found if _fits(negative, stream, state, at, world))
    if fitting != negative.listed:
        differing = sorted(set(fitting) ^ set(negative.listed))
        raise RuleViolation("negative-contradicted", stream=differing[0] if differing else prefix)


def matching(negative: Negative, body: str, at: datetime, world: World) -> tuple[str, ...]:
    """Return the objects of the series that fit, as the statement is to list them.

    Raises:
        RuleViolation: "negative-hole", "negative-incomplete", "negative-too-wide".
    """
    found = _series(negative, negative.prefix(body), world)
    return tuple(stream for stream, state in found if _fits(negative, stream, state, at, world))


def _check_shape(negative: Negative, at: datetime) -> None:
    kind = negative.object_kind
    if (kind in _WITH_YEAR) != (negative.year is not None) or (kind in _WITH_SERIES) != (negative.series is not None):
        raise RuleViolation("negative-series", kind=kind)
    if (negative.mark is not None and kind not in _WITH_STANDING) or (
        negative.unit is not None and kind != "agreement"
    ):
        raise RuleViolation("negative-series", kind=kind)
    if not calendar_day(negative.from_on) <= calendar_day(negative.to_on) <= at.date():
        raise RuleViolation("negative-range", from_on=negative.from_on, to_on=negative.to_on)


def _series(negative: Negative, prefix: str, world: World) -> list[Found]:
    """Return every object of the series, which begins where it began and ends where nothing follows."""
    first, last = negative.first, negative.last
    if last - first >= MAX_NUMBERS:
        raise RuleViolation("negative-too-wide", most=MAX_NUMBERS)
    opened = read(world, SeriesState, series_stream(f"{prefix}/1")) if negative.object_kind in _OPENED else None
    begins = 1 if opened is None else opened.first
    if first != begins:
        raise RuleViolation("negative-hole", stream=f"{prefix}/{begins}")
    found = []
    for number in range(first, last + 1):
        stream = stream_name(prefix, number)
        state = world.state(stream)
        if state is not None:
            found.append((stream, state))
        elif not world.begun(stream):  # a void act's number stays used, and nothing came of it
            raise RuleViolation("negative-hole", stream=stream)
    beyond = max(last, first - 1) + 1
    if world.begun(stream_name(prefix, beyond)):
        raise RuleViolation("negative-incomplete", stream=f"{prefix}/{beyond}")
    return found


def _fits(negative: Negative, stream: str, state: State, at: datetime, world: World) -> bool:
    if not calendar_day(negative.from_on) <= _day(state) <= calendar_day(negative.to_on):
        return False
    if negative.mark is not None and negative.mark not in standing_of(stream, state, at, world).marks:
        return False
    return negative.unit is None or negative.unit in _units(stream, state, world)


def _day(state: State) -> date:
    """Return the legal day on which the object came to be, as its own act says."""
    match state:
        case AgreementState():
            return state.adopted_on
        case SessionState():
            return state.day
        case DesignationState():
            return state.begins_at.date()
        case Dated():
            return state.on
        case _:
            raise TypeError(type(state).__name__)


def _units(stream: str, state: State, world: World) -> set[str]:
    """Return every unit that answers for some resolutivo of an agreement."""
    units: set[str] = set()
    count = state.resolutions if isinstance(state, AgreementState) else None
    ordinal = 1
    while count is None or ordinal <= count:
        found = read(world, FulfilmentState, stream_name("fulfilment", stream.partition("/")[2], ordinal))
        if found is None and count is None:
            break
        units |= set(found.units) if found is not None else set()
        ordinal += 1
    return units
