"""What sessions, votes and ballots are after their acts; apart from their rules, which read one another's states."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from ledger.domain.world import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from ledger.acts.base import Choice
    from ledger.acts.body import Method, SessionKind
    from ledger.acts.carpeta import CarpetaDocument
    from ledger.acts.circulation import ObservationOutcome
    from ledger.acts.position import DissentForm
    from ledger.acts.session import ItemKind
    from ledger.acts.vote import Marks, MotionKind, Result, Scope, Sense

SessionPhase: TypeAlias = Literal[
    "convened", "quorate", "not-held", "open", "recess", "quorum-lost", "closed", "cancelled", "imported"
]
VotePhase: TypeAlias = Literal["open", "recorded", "closed", "declared", "annulled", "imported"]
Outcome: TypeAlias = Literal["resolved", "noted", "deferred", "withdrawn", "referred"]
BEFORE: tuple[SessionPhase, ...] = ("convened", "quorate")
ALIVE: tuple[SessionPhase, ...] = (*BEFORE, "open", "recess", "quorum-lost")
SETTLED: frozenset[VotePhase] = frozenset({"declared", "annulled", "imported"})


@dataclass(frozen=True, slots=True)
class ItemState:
    """A listed item.

    outcome: how it ended; None while it has not.
    recused: seats that excused themselves from it or were excluded.
    approved: whether it may be taken up: listed by the convocation, or added and approved by the body.
    challenges: challenged seat → what is asked of it, not decided yet.
    """

    kind: ItemKind
    outcome: Outcome | None = None
    recused: frozenset[str] = frozenset()
    approved: bool = True
    challenges: Mapping[str, Literal["exclude", "return"]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Present:
    """Who sits in a seat now: the holder of the numbered designation to it, which says person and capacity."""

    designation: int
    modality: str


@dataclass(frozen=True, slots=True)
class SessionState(State):
    """A session.

    path: `body/year/series/number`, the segments that its votes, ballots and acta share.
    day: the legal day of `begins_at`; the body's rules and seats are those of this day.
    convocation, convoked_at: SHA-256 of the statement that last convened or rectified it, and when that occurred.
    missed_on: day of the first call, which was not held; None while this is the first.
    present: seat → who sits in it now; after the close, who sat there at the close.
    attended: seats in which somebody sat at any time of it.
    last_at: when the stream's last act occurred; nothing later occurred before it.
    opened_index: index of the opening, None before it.
    votes, agreements: as the close states them; None and () before.
    until_at: of a permanent session, when it ends; None of others.
    is_quorum_lost: quorum was declared lost and not restored yet, in recess too.
    source_has_attendance: of an import: whether the source says who was present.
    """

    path: str
    body: str
    year: int
    series: str
    number: int
    begins_at: datetime
    day: date
    call: int
    phase: SessionPhase
    items: Mapping[int, ItemState]
    last_at: datetime
    convocation: str
    convoked_at: datetime
    missed_on: date | None = None
    current_item: int | None = None
    present: Mapping[str, Present] = field(default_factory=dict)
    attended: frozenset[str] = frozenset()
    opened_index: int | None = None
    votes: int | None = None
    agreements: tuple[int, ...] = ()
    imported: bool = False
    source_has_attendance: bool = True
    modality: str = "presencial"
    session_kind: SessionKind = "ordinary"
    until_at: datetime | None = None
    is_quorum_lost: bool = False

    def recused_from(self, items: Iterable[int]) -> frozenset[str]:
        """Return the seats that are recused from any of the items."""
        return frozenset().union(*(self.items[item].recused for item in items))


@dataclass(frozen=True, slots=True)
class VoteState(State):
    """A vote of a session.

    session: the session's path.
    items: the item under which it is taken, and those which it decides besides.
    eligible: seat → designation of those who may vote; empty of an import, and of a secret vote once it is settled
        (`eligible_count` stays).
    repeats: number of the vote that it takes again; None of a first one.
    texts: digests of the resolutivos of each agreement that it may make, in order; () where none were named.
    counts: of an election, candidate → votes.
    against, silent: of a recorded vote that is not secret, seats of which an act says that they were not in favour,
        and eligible ones that did not vote.
    voters: how many voted, abstentions included; 0 until recorded or declared.
    marks: of an imported vote, its roll; None of others.
    casting: what the chair's casting vote was, where there was one.
    """

    session: str
    body: str
    number: int
    item: int
    method: Method
    majority: str
    phase: VotePhase
    last_at: datetime
    eligible: Mapping[str, int] = field(default_factory=dict)
    eligible_count: int = 0
    favor: int = 0
    contra: int = 0
    abstencion: int = 0
    voters: int = 0
    result: Result | None = None
    casting: Literal["favor", "contra"] | None = None
    imported: bool = False
    items: tuple[int, ...] = ()
    motion_kind: MotionKind = "substantive"
    scope: Scope | None = None
    repeats: int | None = None
    texts: tuple[tuple[str, ...], ...] = ()
    candidates: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    cast_for: str | None = None
    elected: str | None = None
    against: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    marks: Marks | None = None

    def sense_of(self, holder: str) -> Sense | None:
        """Return how an imported roll marks a holder `seat/designation`, None where it does not have him."""
        by_sense = () if self.marks is None else self.marks.by_sense()
        return next((sense for sense, holders in by_sense if holder in holders), None)

    @property
    def decides(self) -> bool:
        """Whether it was declared and its item is thereby resolved: a tie, or an election of nobody, resolves none."""
        undecided = self.result == "tied" or (bool(self.candidates) and self.elected is None)
        return self.phase == "declared" and not undecided


@dataclass(frozen=True, slots=True)
class BallotState(State):
    """A member's vote as it last stood."""

    choice: Choice
    seat: str
    designation: int


@dataclass(frozen=True, slots=True)
class ObjectionState(State):
    """A member's objection to a consensus, and whether it stands."""

    seat: str
    stands: bool
    last_at: datetime


@dataclass(frozen=True, slots=True)
class DissentState(State):
    """What a member filed beside a vote."""

    seat: str
    form: DissentForm


@dataclass(frozen=True, slots=True)
class ConflictState(State):
    """A conflict of a member that came to light on a day after the vote."""

    seat: str
    discovered_on: date


@dataclass(frozen=True, slots=True)
class Observation:
    """A member's observation of an acta: on which draft, and what became of it (None while nothing has)."""

    seat: str
    draft: int
    outcome: ObservationOutcome | None = None


@dataclass(frozen=True, slots=True)
class CirculationState(State):
    """The circulation of a session's acta.

    session: the session's path.
    round, draft, root, to, due_at: of the last round: which draft went to which seats until when.
    observations: by number, from 1 without gaps.
    approved_root: root of the draft that was approved; None while none is.
    vote: the vote that approved it; None where signatures did.
    """

    session: str
    round: int
    draft: int
    root: str
    to: tuple[str, ...]
    due_at: datetime
    last_at: datetime
    observations: Mapping[int, Observation] = field(default_factory=dict)
    approved_root: str | None = None
    vote: str | None = None


@dataclass(frozen=True, slots=True)
class CarpetaState(State):
    """The folder of a session, frozen.

    documents: in order, those of addenda after those frozen.
    manifest: SHA-256 of all of them.
    """

    session: str
    documents: tuple[CarpetaDocument, ...]
    manifest: str
    last_at: datetime
    addenda: int = 0
