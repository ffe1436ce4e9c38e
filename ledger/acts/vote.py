"""Votes and ballots (domain.md §3.5): streams of their own, named after their session."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, get_args

from pydantic import Field

from ledger.acts.base import (
    CHAIR,
    FOUNDER,
    REGISTRAR,
    SEAT,
    SECRETARY,
    Choice,
    Count,
    Day,
    Digest,
    Grant,
    Number,
    Part,
    SealedField,
    Sha256,
    Slug,
    Text,
    Whose,
)
from ledger.acts.body import Method  # noqa: TC001  the schema reads it at run time
from ledger.acts.session import MAX_ITEMS, OfSession
from ledger.ids import stream_name

if TYPE_CHECKING:
    from collections.abc import Iterator

MotionKind = Literal["substantive", "procedural", "election", "acta", "urgent", "veto", "removal"]
Scope = Literal["general", "particular"]
MAX_CANDIDATES = 60
MAX_AGREEMENTS = 20
Result = Literal["approved", "rejected", "tied"]
Seats = Annotated[tuple[Slug, ...], Field(max_length=600)]
Holders = Annotated[tuple[str, ...], Field(max_length=600)]
Sense = Literal["favor", "contra", "abstencion", "presente", "ausente", "licencia", "otro"]
SENSES: tuple[Sense, ...] = get_args(Sense)
"""How an imported roll marks somebody; under `presente` he was there and did not vote."""
HERE: tuple[Sense, ...] = ("favor", "contra", "abstencion", "presente")
"""Those of who was there."""


class OfVote(OfSession):
    """An act of the n-th vote of a session."""

    vote: Number

    @cached_property
    def vote_path(self) -> str:
        """`hcd/2026/ord/3/2`."""
        return f"{self.session_path}/{self.vote}"

    def stream(self) -> str:
        """One stream a vote."""
        return stream_name("vote", self.vote_path)


class Holder(Part):
    """A seat with the number of the designation in virtue of which it is held."""

    seat: Slug
    designation: Number


class VotedText(Part):
    """The text put to the vote for one agreement: the digests that its resolutivos will be sealed under (I3).

    Whoever is handed the disclosures before the vote can tell that this is what he votes on, and everybody that the
    agreement is what was voted.
    """

    resolutions: Annotated[tuple[Digest, ...], Field(min_length=1, max_length=40)]


class VoteOpened(OfVote):
    """A vote on a motion begins; `eligible` are the voting seats present and not recused, no more, no less.

    also_items: further items that the same vote decides.
    scope, of_general: a text approved in general is then voted in particular; the latter names the former.
    repeats: the vote that this one takes again: a tie, or the round of an election that elected nobody.
    candidates: persons, of an election; `withdrawn` those of the round before who stood down.
    texts: what each agreement of this vote will say, in order.
    """

    type_name: ClassVar[str] = "VoteOpened/1"
    kind: ClassVar[str] = "vote"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("motion", Text),)
    basis_kinds: ClassVar[tuple[str, ...]] = ("session",)
    item: Number
    method: Method
    majority: Slug = "simple"
    motion_kind: MotionKind = "substantive"
    also_items: Annotated[tuple[Number, ...], Field(max_length=MAX_ITEMS)] = ()
    scope: Scope | None = None
    of_general: Number | None = None
    repeats: Number | None = None
    candidates: Annotated[tuple[Slug, ...], Field(max_length=MAX_CANDIDATES)] = ()
    withdrawn: Annotated[tuple[Slug, ...], Field(max_length=MAX_CANDIDATES)] = ()
    texts: Annotated[tuple[VotedText, ...], Field(max_length=MAX_AGREEMENTS)] = ()
    eligible: Annotated[tuple[Holder, ...], Field(min_length=1, max_length=600)]


class RollCallRecorded(OfVote):
    """The roll call as the secretary attests it: one act, each seat at most once (up to 500 marks fit)."""

    type_name: ClassVar[str] = "RollCallRecorded/1"
    kind: ClassVar[str] = "vote"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    voice: ClassVar[Whose] = "attested"
    favor: Seats = ()
    contra: Seats = ()
    abstencion: Seats = ()


class ShowOfHandsRecorded(OfVote):
    """Counts of a vote by show of hands (votación económica), with the named dissenters if they asked."""

    type_name: ClassVar[str] = "ShowOfHandsRecorded/1"
    kind: ClassVar[str] = "vote"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    voice: ClassVar[Whose] = "attested"
    favor: Count
    contra: Count
    abstencion: Count
    dissenters: Seats = ()


class SecretTallyRecorded(OfVote):
    """A secret vote: who voted and the counts; no choice stands anywhere, sealed or not (format.md §8)."""

    type_name: ClassVar[str] = "SecretTallyRecorded/1"
    kind: ClassVar[str] = "vote"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    voice: ClassVar[Whose] = "attested"
    voters: Seats
    tellers: Annotated[tuple[Slug, ...], Field(max_length=10)] = ()
    favor: Count
    contra: Count
    abstencion: Count


class CandidateCount(Part):
    """How many voted for a candidate; `seats` who they were, of a vote by roll call only."""

    person: Slug
    votes: Count
    seats: Seats = ()


class ElectionTallyRecorded(OfVote):
    """An election as the tellers counted it: who voted, how many for each candidate, how many for none (V8).

    Of a secret election no seat stands beside a candidate, here or anywhere (format.md §8).
    """

    type_name: ClassVar[str] = "ElectionTallyRecorded/1"
    kind: ClassVar[str] = "vote"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    voice: ClassVar[Whose] = "attested"
    voters: Seats
    tellers: Annotated[tuple[Slug, ...], Field(max_length=10)] = ()
    counts: Annotated[tuple[CandidateCount, ...], Field(min_length=1, max_length=MAX_CANDIDATES)]
    blank: Count


class ConsensusDeclared(OfVote):
    """What the secretary attests of a vote by consensus: who consents, and whose objection stands in its way.

    Silence of those present is consent; one objection that stands blocks it.
    """

    type_name: ClassVar[str] = "ConsensusDeclared/1"
    kind: ClassVar[str] = "vote"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    voice: ClassVar[Whose] = "attested"
    consenting: Seats
    objecting: Seats = ()


class VoteClosed(OfVote):
    """No more ballots; only for votes by the members' own ballots."""

    type_name: ClassVar[str] = "VoteClosed/1"
    kind: ClassVar[str] = "vote"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    ballots: Count


class CastingVoteExercised(OfVote):
    """The chair breaks a tie: once, openly, only where the body's rules grant it (LFEP 20).

    candidate: for whom, of a tie in an election.
    """

    type_name: ClassVar[str] = "CastingVoteExercised/1"
    kind: ClassVar[str] = "vote"
    may_sign: ClassVar[tuple[Grant, ...]] = (CHAIR,)
    choice: Literal["favor", "contra"]
    candidate: Slug | None = None


class VoteDeclared(OfVote):
    """The declared result; one that does not follow from what was cast is refused (V3).

    Of an election `favor` are the votes for who leads, `contra` those for others, `elected` who is elected.
    """

    type_name: ClassVar[str] = "VoteDeclared/1"
    kind: ClassVar[str] = "vote"
    may_sign: ClassVar[tuple[Grant, ...]] = (CHAIR, SECRETARY)
    favor: Count
    contra: Count
    abstencion: Count
    result: Result
    elected: Slug | None = None


class VoteAnnulled(OfVote):
    """A vote undone before its declaration; its number stays used."""

    type_name: ClassVar[str] = "VoteAnnulled/1"
    kind: ClassVar[str] = "vote"
    may_sign: ClassVar[tuple[Grant, ...]] = (CHAIR, SECRETARY)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)


class Marks(Part):
    """Marks of an imported vote by sense: `seat/designation` each, e.g. `ags01/2`.

    licencia: on leave that day, where the source keeps it apart from absence; otro: what it counts under no other
        sense, as suspended or deceased members. Absent where the source has no such mark.
    """

    favor: Holders = ()
    contra: Holders = ()
    abstencion: Holders = ()
    presente: Holders = ()
    ausente: Holders = ()
    licencia: Holders | None = None
    otro: Holders | None = None

    def by_sense(self) -> Iterator[tuple[Sense, tuple[str, ...]]]:
        """Give who was marked how, those senses too in which nobody was."""
        for sense in SENSES:
            yield sense, getattr(self, sense) or ()


class VoteImported(OfVote):
    """A vote held before the ledger, with every mark; tally and result must follow from the marks.

    published_result: what the source says came of it, where it says so. Of a vote without a single mark it is all
        there is; of others a difference is remarked.
    """

    type_name: ClassVar[str] = "VoteImported/1"
    kind: ClassVar[str] = "vote"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER, REGISTRAR)
    voice: ClassVar[Whose] = "imported"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("motion", Text),)
    basis_kinds: ClassVar[tuple[str, ...]] = ("session",)
    item: Number
    held_on: Day
    majority: Slug = "simple"
    marks: Marks
    favor: Count
    contra: Count
    abstencion: Count
    result: Result
    published_result: Result | None = None
    source_sha256: Sha256
    row: Number


class _OfBallot(OfVote):
    seat: Slug

    def stream(self) -> str:
        """One stream a ballot: a second one of the same seat collides by itself."""
        return stream_name("ballot", self.vote_path, self.seat)


class BallotCast(_OfBallot):
    """A member's own vote, signed with his own key, with the vote that he saw in `basis`."""

    type_name: ClassVar[str] = "BallotCast/1"
    kind: ClassVar[str] = "ballot"
    may_sign: ClassVar[tuple[Grant, ...]] = (SEAT,)
    voice: ClassVar[Whose] = "own"
    basis_kinds: ClassVar[tuple[str, ...]] = ("vote",)
    choice: Choice


class BallotCorrected(_OfBallot):
    """He changes his vote before the close; both stand, the last counts."""

    type_name: ClassVar[str] = "BallotCorrected/1"
    kind: ClassVar[str] = "ballot"
    may_sign: ClassVar[tuple[Grant, ...]] = (SEAT,)
    voice: ClassVar[Whose] = "own"
    basis_kinds: ClassVar[tuple[str, ...]] = ("vote",)
    choice: Choice
