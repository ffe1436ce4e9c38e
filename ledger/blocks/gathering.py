"""From a session's acts and the texts that their disclosures open to the facts that its acta tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ledger.acts.agreement import AgreementAdopted, AgreementImported
from ledger.acts.convocation import ConvocationRectified
from ledger.acts.imported import AgendaImported
from ledger.acts.position import DissentFiled
from ledger.acts.session import (
    AgendaApproved,
    AttendanceRecorded,
    InterventionRecorded,
    ItemAdded,
    ItemConcluded,
    ItemOpened,
    MemberRecused,
    OfSession,
    QuorumDeclared,
    QuorumLost,
    QuorumRestored,
    RecusalChallenged,
    RecusalResolved,
    SessionClosed,
    SessionConvened,
    SessionImported,
    SessionOpened,
    SessionRecessed,
    SessionResumed,
)
from ledger.acts.vote import (
    SENSES,
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
from ledger.blocks.facts import (
    AgendaSet,
    AgreementMade,
    CandidateTold,
    ChallengeDecided,
    Closed,
    Dissent,
    Intervention,
    ItemEnded,
    ItemTaken,
    Movement,
    Opened,
    Quorum,
    Recess,
    Recused,
    SessionFacts,
    Sitting,
    VoteHeld,
)
from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ledger.acts.base import Act
    from ledger.acts.session import AgendaEntry, Arrival
    from ledger.acts.vote import Marks, Sense
    from ledger.blocks.facts import Happening, Member

_CHANGES: dict[type[OfSession], Literal["lost", "restored"]] = {QuorumLost: "lost", QuorumRestored: "restored"}


@dataclass(frozen=True, slots=True)
class Told:
    """An act of the session, of its votes, ballots or agreements, with what its disclosures open.

    occurred_at: as signed. texts: sealed name → opened value; a value that is erased is simply not there.
    """

    act: Act
    occurred_at: str
    texts: Mapping[str, Any] = field(default_factory=dict)


def gather(
    told: Iterable[Told],
    who: Callable[[str, int], Member],
    body_name: str = "",
    institution: str = "",
    person: Callable[[str], str] = lambda _: "",
) -> SessionFacts:
    """Return the facts of one session.

    Args:
        told: Acts of the streams `session/…`, `vote/…`, `ballot/…` of one session and of the agreements that
            its votes made, in order of their indexes.
        who: Gives the holder of a seat by the number of the designation.
        body_name: As opened; empty where it is not.
        institution: As opened; empty where it is not.
        person: Gives a person's name, empty where it is not opened; asked for candidates.

    Raises:
        RuleViolation: "session-unknown" when no act convenes or imports the session.
    """
    gathering = _Gathering(who, person=person)
    for each in told:
        gathering.take(each)
    return gathering.facts(body_name, institution)


@dataclass
class _Counting:
    """A vote on its way to its declaration."""

    opened: VoteOpened
    motion: str
    seats: dict[str, Sitting]
    marks: dict[str, str] | None = None
    voters: tuple[str, ...] = ()
    dissenters: tuple[str, ...] = ()
    casting: str | None = None
    candidates: tuple[CandidateTold, ...] = ()
    elected: str | None = None

    def held(self, favor: int, contra: int, abstencion: int, result: str) -> VoteHeld:
        """Return the vote as it ended."""
        marks: dict[Sense, tuple[Sitting, ...]] | None = None
        if self.marks is not None:
            marks = {sense: self.sittings(s for s, m in self.marks.items() if m == sense) for sense in SENSES[:3]}
        return VoteHeld(
            self.opened.vote,
            self.opened.item,
            self.opened.method,
            self.opened.majority,
            self.motion,
            favor,
            contra,
            abstencion,
            result,
            marks=marks,
            voters=self.sittings(self.voters),
            dissenters=self.sittings(self.dissenters),
            casting=self.casting,
            candidates=self.candidates,
            elected=self.elected,
        )

    def sittings(self, seats: Iterable[str]) -> tuple[Sitting, ...]:
        """Return who sat in the seats, in order of the seats' names."""
        return tuple(self.seats[seat] for seat in sorted(seats) if seat in self.seats)


@dataclass
class _Gathering:
    who: Callable[[str, int], Member]
    head: SessionConvened | SessionImported | None = None
    venue: str = ""
    titles: dict[int, tuple[str, str]] = field(default_factory=dict)
    sitting: dict[str, Sitting] = field(default_factory=dict)
    counting: dict[int, _Counting] = field(default_factory=dict)
    members: dict[tuple[str, int], Member] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)
    challenges: dict[tuple[int, str], str] = field(default_factory=dict)
    person: Callable[[str], str] = field(default=lambda _: "")

    def take(self, told: Told) -> None:
        """Take an act in; acts that an acta does not tell are passed over."""
        act = told.act
        if isinstance(act, OfVote):
            self.vote(act, told)
        elif isinstance(act, AgreementAdopted | AgreementImported):
            self.agreement(act, told.texts)
        elif isinstance(act, OfSession):
            self.session(act, told)

    def session(self, act: OfSession, told: Told) -> None:
        match act:
            case SessionConvened() | SessionImported():
                self.head = act
                self.sitting.clear()  # a second call begins anew: who came on the first is no attendance of it
                self.happenings.clear()
                self.venue = told.texts.get("venue", "")
                self.listed(act.items, told.texts)
                if isinstance(act, SessionImported) and act.attendance is not None:
                    self.move(act.attendance, (), None)
            case ConvocationRectified():
                self.rectify(act, told.texts)
            case AgendaImported():
                self.listed(act.items, told.texts)
            case ItemAdded():
                self.titles[act.item] = (act.item_kind, told.texts.get("title", ""))
            case AttendanceRecorded():
                self.move(act.arrivals, act.departures, act.item)
            case QuorumDeclared() | QuorumLost() | QuorumRestored():
                self.happenings.append(Quorum(act.present, act.base, act.required, _CHANGES.get(type(act))))
            case AgendaApproved():
                self.happenings.append(AgendaSet(act.items, act.vote))
            case SessionOpened():
                self.happenings.append(Opened(told.occurred_at))
            case SessionRecessed() | SessionResumed():
                self.happenings.append(Recess(told.occurred_at, isinstance(act, SessionResumed)))
            case SessionClosed():
                self.happenings.append(Closed(told.occurred_at, act.votes, act.agreements))
            case _:
                self.item(act, told)

    def rectify(self, act: ConvocationRectified, texts: Mapping[str, Any]) -> None:
        """The acta tells the convocation as it was last put right."""
        if isinstance(self.head, SessionConvened):
            self.head = self.head.model_copy(update={"begins_at": act.begins_at, "modality": act.modality})
        self.venue = texts.get("venue", self.venue)
        self.listed(act.items, texts)

    def listed(self, items: Iterable[AgendaEntry], texts: Mapping[str, Any]) -> None:
        for entry in items:
            self.titles[entry.item] = (entry.item_kind, texts.get(f"item/{entry.item}/title", ""))

    def item(self, act: OfSession, told: Told) -> None:
        match act:
            case ItemOpened():
                self.happenings.append(self.taken(act.item))
            case ItemConcluded():
                self.happenings.append(ItemEnded(act.item, act.outcome))
            case RecusalChallenged():
                self.challenges[act.item, act.challenged] = act.asks
            case RecusalResolved():
                sat = self.seat(act.challenged)
                asks = self.challenges.pop((act.item, act.challenged))
                self.happenings.append(ChallengeDecided(act.item, sat.seat, sat.designation, asks, act.upheld))
            case MemberRecused():
                self.happenings.append(Recused(act.item, act.seat, self.seat(act.seat).designation))
            case InterventionRecorded():
                summary = told.texts.get("summary", "")
                designation = self.seat(act.seat).designation
                self.happenings.append(Intervention(act.item, act.seat, designation, summary))
            case _:
                pass  # cancellations and failed quorums leave no session to tell

    def taken(self, item: int) -> ItemTaken:
        kind, title = self.titles.get(item, ("general", ""))
        return ItemTaken(item, kind, title)

    def seat(self, seat: str) -> Sitting:
        """Return who sits in the seat now; designation 1 where the acts do not say."""
        return self.sitting.get(seat) or self.known(Sitting(seat, 1))

    def known(self, sitting: Sitting) -> Sitting:
        """Remember who that is."""
        key = sitting.seat, sitting.designation
        if key not in self.members:
            self.members[key] = self.who(*key)
        return sitting

    def move(self, arrivals: Iterable[Arrival], departures: Iterable[str], item: int | None) -> None:
        gone = tuple(departures)
        for seat in gone:
            self.sitting.pop(seat, None)
        come = tuple(self.known(Sitting(each.seat, each.designation, each.modality)) for each in arrivals)
        self.sitting |= {each.seat: each for each in come}
        self.happenings.append(Movement(come, gone, item))

    # -- votes and agreements ----------------------------------------------------------------------------------

    def vote(self, act: OfVote, told: Told) -> None:
        if isinstance(act, VoteOpened):
            seats = {each.seat: self.known(Sitting(each.seat, each.designation)) for each in act.eligible}
            self.counting[act.vote] = _Counting(act, told.texts.get("motion", ""), seats)
            return
        if isinstance(act, VoteImported):
            self.happenings.append(self.imported_vote(act, told.texts.get("motion", "")))
            return
        counting = self.counting[act.vote]
        match act:
            case CastingVoteExercised():
                counting.casting = act.choice
            case DissentFiled():
                there = counting.seats[act.seat]
                text = told.texts.get("text", "")
                self.happenings.append(Dissent(act.vote, there.seat, there.designation, act.form, text))
            case VoteDeclared():
                if counting.opened.method == "ballot" and counting.marks is None:
                    counting.marks = {}
                counting.elected = act.elected
                self.happenings.append(counting.held(act.favor, act.contra, act.abstencion, act.result))
            case VoteAnnulled():
                counting.marks = None
                self.happenings.append(counting.held(0, 0, 0, "annulled"))
            case _:
                self.cast(counting, act)

    def cast(self, counting: _Counting, act: OfVote) -> None:
        match act:
            case RollCallRecorded():
                by_sense = {"favor": act.favor, "contra": act.contra, "abstencion": act.abstencion}
                counting.marks = {seat: sense for sense, seats in by_sense.items() for seat in seats}
            case BallotCast() | BallotCorrected():
                counting.marks = {**(counting.marks or {}), act.seat: act.choice}
            case ShowOfHandsRecorded():
                counting.dissenters = act.dissenters
            case SecretTallyRecorded():
                counting.voters = act.voters
            case ConsensusDeclared():
                counting.marks = dict.fromkeys(act.consenting, "favor") | dict.fromkeys(act.objecting, "contra")
            case ElectionTallyRecorded():
                counting.voters = act.voters if counting.opened.method == "secret" else ()
                counting.candidates = tuple(
                    CandidateTold(each.person, self.person(each.person), each.votes, counting.sittings(each.seats))
                    for each in act.counts
                )
            case _:
                pass  # neither the close of a ballot nor a withdrawn objection changes what the acta tells

    def imported_vote(self, act: VoteImported, motion: str) -> VoteHeld:
        return VoteHeld(
            act.vote,
            act.item,
            "imported",
            act.majority,
            motion,
            act.favor,
            act.contra,
            act.abstencion,
            act.result,
            marks=dict(self.imported_marks(act.marks)),
            imported=True,
        )

    def imported_marks(self, marks: Marks) -> Iterator[tuple[Sense, tuple[Sitting, ...]]]:
        for sense, named in marks.by_sense():
            parts = (mark.rpartition("/") for mark in named)
            yield sense, tuple(self.known(Sitting(seat, int(number))) for seat, _, number in parts)

    def agreement(self, act: AgreementAdopted | AgreementImported, texts: Mapping[str, Any]) -> None:
        if isinstance(act, AgreementAdopted):
            resolutions = tuple(texts.get(f"resolution/{n}", "") for n in range(1, act.resolutions + 1))
        else:
            resolutions = (texts["text"],) if "text" in texts else ()
        self.happenings.append(
            AgreementMade(
                act.number,
                act.year,
                act.identifier,
                texts.get("title", ""),
                resolutions,
                None if act.vote is None else int(act.vote.rpartition("/")[2]),
                imported=isinstance(act, AgreementImported),
            )
        )

    # -- all of it ---------------------------------------------------------------------------------------------

    def facts(self, body_name: str, institution: str) -> SessionFacts:
        head = self.head
        if head is None:
            raise RuleViolation("session-unknown")
        imported = isinstance(head, SessionImported)
        return SessionFacts(
            body=head.body,
            year=head.year,
            series=head.series,
            session=head.session,
            day=head.held_on if isinstance(head, SessionImported) else head.begins_at[:10],
            happenings=tuple(self.by_item() if imported else self.closed_last()),
            members=self.members,
            institution=institution,
            body_name=body_name,
            venue=self.venue,
            modality="" if isinstance(head, SessionImported) else head.modality,
            call=1 if isinstance(head, SessionImported) else head.call,
            imported=imported,
            attendance_known=not isinstance(head, SessionImported) or head.attendance is not None,
        )

    def closed_last(self) -> list[Happening]:
        """Order what happened with the close at the end: a dissent that was filed later belongs before it."""
        return sorted(self.happenings, key=lambda each: isinstance(each, Closed))

    def by_item(self) -> Iterator[Happening]:
        """Order an import, whose acts stand one kind after the other, as people read: item, votes, agreements."""
        votes = [each for each in self.happenings if isinstance(each, VoteHeld)]
        made = [each for each in self.happenings if isinstance(each, AgreementMade)]
        yield from (each for each in self.happenings if isinstance(each, Movement))
        for item in sorted({*self.titles, *(vote.item for vote in votes)}):
            if item in self.titles:  # a source without an agenda has votes all the same
                yield self.taken(item)
            for vote in votes:
                if vote.item == item:
                    yield vote
                    yield from (each for each in made if each.vote == vote.vote)
        numbers = {vote.vote for vote in votes}
        yield from (each for each in made if each.vote not in numbers)
