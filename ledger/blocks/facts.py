"""What an acta tells, as facts in the order in which they happened (domain.md §3.7, L1).

Facts are what the session's acts say together with the texts that their disclosures open; nothing in them is
written by hand. `ledger.blocks.gathering` makes them from acts, `draft_blocks` turns them into blocks, and
`contradictions` compares blocks with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.acts.vote import Sense


@dataclass(frozen=True, slots=True)
class Sitting:
    """A seat held in virtue of the numbered designation to it; modality as the attendance says."""

    seat: str
    designation: int
    modality: str = "presencial"


@dataclass(frozen=True, slots=True)
class Member:
    """Who holds a seat by one designation, as the acta names him.

    name: empty where it is erased or was never known; then the seat stands for him.
    """

    name: str
    role: str
    capacity: str
    voting: bool


@dataclass(frozen=True, slots=True)
class Movement:
    """Who enters and who leaves; before the opening, the roll call. `item` from which on it holds."""

    arrivals: tuple[Sitting, ...] = ()
    departures: tuple[str, ...] = ()
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Quorum:
    """Quorum as declared: seats present, the base, how many were needed; there, lost or restored."""

    present: int
    base: int
    required: int
    change: Literal["lost", "restored"] | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The session begins, at an instant as written."""

    at: str


@dataclass(frozen=True, slots=True)
class Recess:
    """A recess begins (`resumed` false) or ends, at an instant as written."""

    at: str
    resumed: bool


@dataclass(frozen=True, slots=True)
class ItemTaken:
    """The body takes up an item."""

    item: int
    item_kind: str
    title: str


@dataclass(frozen=True, slots=True)
class ItemEnded:
    """How an item ends."""

    item: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Recused:
    """A member excuses himself from an item."""

    item: int
    seat: str
    designation: int


@dataclass(frozen=True, slots=True)
class AgendaSet:
    """The body approved its orden del día, items in this order; `vote` where one was taken."""

    items: tuple[int, ...]
    vote: int | None


@dataclass(frozen=True, slots=True)
class ChallengeDecided:
    """A challenge of a member's part in an item is decided; asks: exclude or return."""

    item: int
    seat: str
    designation: int
    asks: str
    upheld: bool


@dataclass(frozen=True, slots=True)
class Dissent:
    """What a member who voted filed beside the result."""

    vote: int
    seat: str
    designation: int
    form: str
    text: str


@dataclass(frozen=True, slots=True)
class CandidateTold:
    """A candidate with name (empty where it is erased) and votes; of a roll call also whose they were."""

    person: str
    name: str
    votes: int
    voters: tuple[Sitting, ...] = ()


@dataclass(frozen=True, slots=True)
class Intervention:
    """What a member said on an item, in summary."""

    item: int
    seat: str
    designation: int
    summary: str


@dataclass(frozen=True, slots=True)
class VoteHeld:
    """A vote with its declared counts and, where the method names them, everybody's mark.

    marks: by sense, who voted so; None where nobody's choice is known (secret, show of hands).
    voters: of a secret vote, who voted. dissenters: of a show of hands, who asked to be named.
    result: "annulled" of a vote undone before its declaration; its counts are then 0.
    casting: the chair's casting vote.
    candidates: of an election, with their votes; `elected` who was elected.
    """

    vote: int
    item: int
    method: str
    majority: str
    motion: str
    favor: int
    contra: int
    abstencion: int
    result: str
    marks: Mapping[Sense, tuple[Sitting, ...]] | None = None
    voters: tuple[Sitting, ...] = ()
    dissenters: tuple[Sitting, ...] = ()
    casting: str | None = None
    imported: bool = False
    candidates: tuple[CandidateTold, ...] = ()
    elected: str | None = None


@dataclass(frozen=True, slots=True)
class AgreementMade:
    """An agreement with its resolutivos; `vote` is the number of its vote in the session, where known."""

    number: int
    year: int
    identifier: str
    title: str
    resolutions: tuple[str, ...]
    vote: int | None
    imported: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """The session ends and says how many votes it held and which agreements it adopted."""

    at: str
    votes: int
    agreements: tuple[int, ...]


Happening: TypeAlias = (
    Movement
    | Quorum
    | Opened
    | Recess
    | ItemTaken
    | ItemEnded
    | AgendaSet
    | ChallengeDecided
    | Dissent
    | Recused
    | Intervention
    | VoteHeld
    | AgreementMade
    | Closed
)


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session, told.

    day: the legal day, `YYYY-MM-DD`. body_name: empty where it was erased; then the identifier stands for it.
    attendance_known: False of an import whose source does not say who was present.
    members: (seat, designation) → who that was; holds everybody whom a happening names.
    """

    body: str
    year: int
    series: str
    session: int
    day: str
    happenings: tuple[Happening, ...]
    members: Mapping[tuple[str, int], Member] = field(default_factory=dict)
    institution: str = ""
    body_name: str = ""
    venue: str = ""
    modality: str = ""
    call: int = 1
    imported: bool = False
    attendance_known: bool = True

    def member(self, seat: str, designation: int) -> Member:
        """Return who held the seat; the seat's own name where nobody is known."""
        return self.members.get((seat, designation)) or Member("", "member", "propietario", voting=True)
