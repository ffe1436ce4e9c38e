"""Votes as acts tell them: who could vote, and what each seat's mark was, as far as it is public."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ledger.acts.vote import (
    BallotCast,
    BallotCorrected,
    CastingVoteExercised,
    ConsensusDeclared,
    ElectionTallyRecorded,
    OfVote,
    RollCallRecorded,
    SecretTallyRecorded,
    ShowOfHandsRecorded,
    VoteAnnulled,
    VoteDeclared,
    VoteImported,
    VoteOpened,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.acts.vote import Marks
    from ledger.domain.world import Signed


class Mark(NamedTuple):
    """What is told of one seat in a vote.

    choice: `favor`, `contra`, `abstencion`; `dissent`, named as not in favour in a show of hands; `secret`, voted, and
        nobody may know how; `candidate`, for a person, by roll call; `unnamed`, counted in a show of hands;
        `present`, `absent`, of an import.
    designation: by which the seat was held; None where nothing says it. entry: its index.
    at: when, as written, or the day of an import.
    """

    seat: str
    designation: int | None
    choice: str
    entry: int
    at: str


@dataclass(slots=True)
class VoteTold:
    """A vote.

    at: when it opened, as written, or the day of an import. eligible: seat → designation, of its opening.
    marked: seat → its last mark. imported: of an import, all marks. result: as declared, or `annulled`.
    hands: of a show of hands that was counted, by which entry and when.
    """

    path: str
    body: str
    at: str = ""
    method: str = ""
    motion_kind: str = ""
    majority: str = ""
    opened: int | None = None
    declared: int | None = None
    result: str = ""
    casting: str = ""
    eligible: dict[str, int] = field(default_factory=dict)
    marked: dict[str, Mark] = field(default_factory=dict)
    imported: Marks | None = None
    hands: tuple[int, str] | None = None

    def mark(self, seats: Iterable[str], choice: str, signed: Signed) -> None:
        """Note what seats said; a later word of the same seat replaces the earlier one."""
        for seat in seats:
            mark = Mark(seat, self.eligible.get(seat), choice, signed.index, signed.statement.occurred_at)
            self.marked[seat] = mark

    def marks(self) -> Iterator[Mark]:
        """Yield the marks; of a show of hands also those of whom only the number is told."""
        if self.imported is not None and self.opened is not None:
            for choice, word in _IMPORTED:
                for each in getattr(self.imported, choice):
                    seat, _, number = each.partition("/")
                    yield Mark(seat, int(number) if number.isdecimal() else None, word, self.opened, self.at)
            return
        yield from self.marked.values()
        if self.hands is not None:
            unnamed = {seat: each for seat, each in self.eligible.items() if seat not in self.marked}
            for seat, designation in unnamed.items():
                yield Mark(seat, designation, "unnamed", *self.hands)


_IMPORTED = (
    ("favor", "favor"),
    ("contra", "contra"),
    ("abstencion", "abstencion"),
    ("presente", "present"),
    ("ausente", "absent"),
)


@dataclass(slots=True)
class Votes:
    """All votes by their paths."""

    told: dict[str, VoteTold] = field(default_factory=dict)

    def take(self, signed: Signed) -> None:
        """Take an act."""
        act = signed.act
        if not isinstance(act, OfVote) or act.kind not in {"vote", "ballot"}:
            return
        found = self.told.get(act.vote_path)
        if found is None:
            found = self.told[act.vote_path] = VoteTold(act.vote_path, act.body)
        if isinstance(act, VoteOpened | VoteImported):
            _open(found, act, signed)
        elif isinstance(act, BallotCast | BallotCorrected):
            found.marked[act.seat] = _ballot(found, act, signed)
        elif isinstance(act, VoteDeclared):
            found.result, found.declared = act.result, signed.index
        elif isinstance(act, VoteAnnulled):
            found.result, found.declared = "annulled", signed.index
        else:
            _count(found, act, signed)


def _open(found: VoteTold, act: VoteOpened | VoteImported, signed: Signed) -> None:
    found.opened, found.majority = signed.index, act.majority
    if isinstance(act, VoteOpened):
        found.at, found.method, found.motion_kind = signed.statement.occurred_at, act.method, act.motion_kind
        found.eligible = {holder.seat: holder.designation for holder in act.eligible}
    else:
        found.at, found.method, found.imported = act.held_on, "imported", act.marks
        found.result, found.declared = act.result, signed.index


def _ballot(found: VoteTold, act: BallotCast | BallotCorrected, signed: Signed) -> Mark:
    """Return a member's own mark: the office in which he signed says by which designation he votes."""
    office, own = signed.statement.office, f"designation/{act.body}/{act.seat}/"
    number = office.removeprefix(own) if office.startswith(own) else ""
    designation = int(number) if number.isdecimal() else found.eligible.get(act.seat)
    return Mark(act.seat, designation, act.choice, signed.index, signed.statement.occurred_at)


def _count(found: VoteTold, act: OfVote, signed: Signed) -> None:
    match act:
        case RollCallRecorded():
            for choice in ("favor", "contra", "abstencion"):
                found.mark(getattr(act, choice), choice, signed)
        case ShowOfHandsRecorded():
            if found.method == "acclamation":  # of which the rules ask that all were in favour
                found.mark(found.eligible, "favor", signed)
                return
            found.hands = signed.index, signed.statement.occurred_at
            found.mark(act.dissenters, "dissent", signed)
        case SecretTallyRecorded():
            found.mark(act.voters, "secret", signed)
        case ElectionTallyRecorded():
            found.mark(act.voters, "secret", signed)
            found.mark((seat for count in act.counts for seat in count.seats), "candidate", signed)
        case ConsensusDeclared():
            found.mark(act.consenting, "favor", signed)
            found.mark(act.objecting, "contra", signed)
        case CastingVoteExercised():
            found.casting = act.candidate or act.choice
        case _:
            pass
