"""What a sheet is, and what several of them read: states of bodies and designations, sessions, votes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeAlias

from ledger.acts.trust import LedgerFounded
from ledger.auditing.sessions import Sessions
from ledger.auditing.votes import Votes
from ledger.domain.body import BodyState
from ledger.domain.designation import DesignationState
from ledger.domain.registry import evolve
from ledger.domain.rules.numbering import SeriesState
from ledger.domain.world import View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.domain.world import Signed, State

Cell: TypeAlias = "str | int | None"
Row: TypeAlias = tuple[Cell, ...]
Span: TypeAlias = tuple[int, int]
FOLDED = frozenset({"body", "designation", "series"})
"""Kinds of streams of which sheets read the state."""
NO_SECTOR = "unknown"


class Sheet(Protocol):
    """A table in the making: it takes every act that has effect, in the order of the log, then gives its rows.

    name: of its files. columns: their names, each defined in the catalogue; the last is `acts`, the indexes of the
    entries on which a row rests.
    """

    name: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]

    def take(self, signed: Signed) -> None:
        """Take an act."""

    def rows(self, standing: Standing) -> Iterable[Row]:
        """Return the rows in the order of their natural keys."""


@dataclass(slots=True)
class Standing:
    """What the entries leave behind, as far as sheets ask for it.

    origin: the ledger's. states: of bodies, designations and series. made: designation → index of the act that made
    it. void: stream → index of an entry in it that has no effect. last_day: UTC day of the last entry's stamp.
    simulated: whether the founding says that the ledger is a demo.
    """

    origin: str
    states: dict[str, State] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)
    void: dict[str, int] = field(default_factory=dict)
    sessions: Sessions = field(default_factory=Sessions)
    votes: Votes = field(default_factory=Votes)
    last_day: date = date.min
    simulated: bool = False

    def take(self, signed: Signed) -> None:
        """Take an act; one that is out of its place, or that no state allows, leaves the state as it is."""
        self.last_day = signed.recorded_at.date()
        self.sessions.take(signed)
        self.votes.take(signed)
        if isinstance(signed.act, LedgerFounded):
            self.simulated = signed.act.clock == "simulated"
        if signed.act.kind not in FOLDED:
            return
        stream = signed.statement.stream
        before = self.states.get(stream)
        if signed.statement.version != (1 if before is None else before.version + 1):
            return
        try:
            self.states[stream] = evolve(before, signed)
        except Exception:  # noqa: BLE001  an act that the rules refuse: the verifier says so, the sheet goes on
            return
        if before is None:
            self.made[stream] = signed.index

    @property
    def world(self) -> View:
        """The states, for rules that read them."""
        return View(self.states.get, self.origin)

    def body(self, body: str) -> BodyState | None:
        """Return a body as it stands."""
        state = self.states.get(f"body/{body}")
        return state if isinstance(state, BodyState) else None

    def designation(self, body: str, seat: str, number: int) -> DesignationState | None:
        """Return a designation as it stands."""
        state = self.states.get(f"designation/{body}/{seat}/{number}")
        return state if isinstance(state, DesignationState) else None

    def first_number(self, series: str) -> int:
        """Return where a series begins: at 1, unless an act opened it elsewhere."""
        state = self.states.get(series)
        return state.first if isinstance(state, SeriesState) else 1

    def sector(self, body: str, seat: str) -> str:
        """Return the sector of a seat."""
        state = self.body(body)
        found = None if state is None else state.seat(seat)
        return NO_SECTOR if found is None else found.sector


def acts(*indexes: int | None) -> str:
    """Return indexes as a cell: each once, rising."""
    return " ".join(map(str, sorted({index for index in indexes if index is not None})))


def ranges(spans: Iterable[Span]) -> str:
    """Return spans of numbers as a cell: `3 7-9`."""
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def spans_of(numbers: Iterable[int]) -> list[Span]:
    """Return numbers as spans, both ends included, rising."""
    found: list[Span] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found


def gaps(spans: Iterable[Span], first: int) -> tuple[list[Span], list[Span]]:
    """Return what spans leave out from `first` on up to the last of them, and what they use twice.

    Spans are compared, never counted through: a number far away costs nothing.
    """
    missing: list[Span] = []
    twice: list[Span] = []
    following = first
    for begin, end in sorted(spans):
        if begin > following:
            missing.append((following, begin - 1))
        elif begin < following:
            twice.append((begin, min(end, following - 1)))
        following = max(following, end + 1)
    return missing, twice


def counted(spans: Iterable[Span]) -> int:
    """Return how many numbers spans hold, where no two overlap."""
    return sum(last - first + 1 for first, last in spans)


def natural(path: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key by which paths sort: numbers as numbers."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in path.split("/"))


def permille(part: int, whole: int) -> int | None:
    """Return how many of a thousand, rounded down; None of nothing."""
    return None if whole == 0 else part * 1000 // whole
