"""Holding a session: from its data to the acts that secretary, chair and members sign (domain.md §3.3–§3.6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from api.demo.year import actas
from api.demo.year.teller import REGISTRAR, moment
from ledger.acts import agreement as agreement_acts
from ledger.acts import convocation as convocation_acts
from ledger.acts import session as session_acts
from ledger.acts import vote as vote_acts
from ledger.acts.followup import AgreementCited
from ledger.domain.rules import majority, quorum
from ledger.ids import write_instant
from ledger.profiles import load

if TYPE_CHECKING:
    from api.demo.year.meeting import Adopt, Item, Meeting, Vote
    from api.demo.year.teller import Teller

MINUTES_A_ITEM = 6
MINUTES_TO_RECEIVE = 25


@dataclass
class Sitting:
    """A session while it lasts.

    present: seat → number of the designation by which it is held. votes: item → number of its last vote.
    results: what each vote resulted in.
    """

    t: Teller
    meeting: Meeting
    present: dict[str, int] = field(default_factory=dict)
    votes: dict[int, int] = field(default_factory=dict)
    held: int = 0
    agreements: list[int] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)

    # -- convocation and roll

    @property
    def place(self) -> dict[str, Any]:
        """The fields that every act of the session carries."""
        return self.meeting.place

    def office(self, seat: str) -> str:
        """Return who speaks for a seat in this session, `hcd/obrero-2/2`."""
        return f"{self.meeting.code}/{seat}/{self.present[seat]}"

    def roll(self) -> None:
        """Call the roll and declare what follows of it."""
        meeting, t = self.meeting, self.t
        remote, acting = set(meeting.remote.split()), meeting.acting or {}
        arrivals = []
        for seat in meeting.present():
            number = acting.get(seat) or t.holders[f"{meeting.code}/{seat}"][1]
            modality: Any = "remota" if seat in remote else "presencial"
            arrivals.append(session_acts.Arrival(seat=seat, designation=number, modality=modality))
            self.present[seat] = number
        t.sign(session_acts.AttendanceRecorded(**self.place, arrivals=tuple(arrivals)), meeting.secretary)
        self.declare_quorum()

    def voting(self) -> list[str]:
        """Return the voting seats present."""
        return [seat for seat in self.meeting.body.voting if seat in self.present]

    def counted(self) -> tuple[int, int, int]:
        """Return voting seats present, the base, and how many must be present."""
        base = len(self.meeting.body.voting)
        rule = load(self.meeting.body.profile).quorum
        return len(self.voting()), base, quorum.required(rule, base, self.meeting.call)

    def declare_quorum(self) -> bool:
        """Declare that there is quorum, or that it was not reached."""
        present, base, required = self.counted()
        kind = session_acts.QuorumDeclared if present >= required else session_acts.QuorumNotReached
        self.t.sign(kind(**self.place, present=present, base=base, required=required), self.meeting.secretary)
        return present >= required

    def move(self, leave: str, arrive: str, item: int) -> None:
        """Record who goes and who comes."""
        gone, came = tuple(leave.split()), arrive.split()
        if not gone and not came:
            return
        arrivals = []
        for seat in gone:
            del self.present[seat]
        for each in came:
            seat, _, numbered = each.partition("#")
            number = int(numbered) if numbered else self.t.holders[f"{self.meeting.code}/{seat}"][1]
            arrivals.append(session_acts.Arrival(seat=seat, designation=number))
            self.present[seat] = number
        moved = session_acts.AttendanceRecorded(**self.place, arrivals=tuple(arrivals), departures=gone, item=item)
        self.t.sign(moved, self.meeting.secretary)

    # -- items

    def take(self, number: int, item: Item) -> None:
        """Take an item up, vote on it, adopt what it adopts, end it."""
        t, meeting = self.t, self.meeting
        self.move(item.leave, item.arrive, number)
        if item.outcome in {"deferred", "withdrawn", "referred"}:
            t.sign(session_acts.ItemConcluded(**self.place, item=number, outcome=item.outcome), meeting.presides)
            return
        t.sign(session_acts.ItemOpened(**self.place, item=number), meeting.presides)
        for seat in item.recuse.split():
            recused = session_acts.MemberRecused(**self.place, item=number, seat=seat)
            t.sign(recused, self.office(seat), sealed={"cause": item.cause}, public=False)
        for seat, summary in (item.speaks or {}).items():
            said = session_acts.InterventionRecorded(**self.place, item=number, seat=seat)
            t.sign(said, meeting.secretary, sealed={"summary": summary})
        if item.vote is not None:
            motion = item.motion or f"Se somete a votación: {item.title}."
            result = self.vote(number, item, item.vote, motion)
            if result == "approved":
                if item.acta:
                    actas.approve(t, item.acta, self.vote_stream(number))
                for ordinal, adopt in enumerate(item.adopt, 1):
                    self.adopt(number, ordinal, item, adopt)
        if item.after is not None:
            item.after(self, number)
        outcome: Any = "noted" if item.vote is None and item.outcome == "resolved" else item.outcome
        t.sign(session_acts.ItemConcluded(**self.place, item=number, outcome=outcome), meeting.presides)

    def vote(self, number: int, item: Item, vote: Vote, motion: str) -> str:
        """Hold a vote and declare its result."""
        t, meeting = self.t, self.meeting
        self.held += 1
        self.votes[number] = self.held
        place = {**self.place, "vote": self.held}
        out = set(item.recuse.split())
        seats = [seat for seat in self.voting() if seat not in out]
        eligible = tuple(vote_acts.Holder(seat=seat, designation=self.present[seat]) for seat in sorted(seats))
        opened = vote_acts.VoteOpened(
            **place, item=number, method=vote.method, majority=vote.majority, eligible=eligible
        )
        t.sign(
            opened, meeting.secretary, sealed={"motion": motion}, basis=[f"session/{meeting.path}"], public=item.public
        )
        if item.meanwhile is not None:
            item.meanwhile(self, number)
        favor, contra, abstencion = self._cast(place, vote, seats)
        rules = load(meeting.body.profile)
        rule = majority.named(rules, vote.majority)
        everybody = len([seat for seat in meeting.body.voting if seat not in out])
        decided = majority.decide(rule, favor, contra, abstencion, len(seats), everybody)
        if vote.casting is not None:
            t.sign(vote_acts.CastingVoteExercised(**place, choice=vote.casting), self._chair_office())
        result = majority.declared(rules, decided, vote.casting)
        declared = vote_acts.VoteDeclared(**place, favor=favor, contra=contra, abstencion=abstencion, result=result)
        t.sign(declared, meeting.presides)
        self.results.append(
            {"vote": self.held, "favor": favor, "contra": contra, "abstencion": abstencion, "result": result}
        )
        return result

    def _chair_office(self) -> str:
        return self.office(self.meeting.presides.partition("/")[2])

    def _cast(self, place: dict[str, Any], vote: Vote, seats: list[str]) -> tuple[int, int, int]:
        t, secretary = self.t, self.meeting.secretary
        if vote.secret is not None:
            favor, contra, abstencion = vote.secret
            secret = vote_acts.SecretTallyRecorded(
                **place,
                voters=tuple(seats[: sum(vote.secret)]),
                tellers=tuple(vote.tellers.split()),
                favor=favor,
                contra=contra,
                abstencion=abstencion,
            )
            t.sign(secret, secretary)
            return vote.secret
        against, abstain = tuple(vote.against.split()), tuple(vote.abstain.split())
        inclined = tuple(seat for seat in seats if seat not in {*against, *abstain})
        if vote.method == "roll-call":
            t.sign(vote_acts.RollCallRecorded(**place, favor=inclined, contra=against, abstencion=abstain), secretary)
        elif vote.method == "show-of-hands":
            shown = vote_acts.ShowOfHandsRecorded(
                **place, favor=len(inclined), contra=len(against), abstencion=len(abstain), dissenters=against
            )
            t.sign(shown, secretary)
        else:
            for choice, those in (("favor", inclined), ("contra", against), ("abstencion", abstain)):
                for seat in those:
                    self.ballot(place, seat, choice)
            t.sign(vote_acts.VoteClosed(**place, ballots=len(seats)), secretary)
        return len(inclined), len(against), len(abstain)

    def ballot(self, place: dict[str, Any], seat: str, choice: str) -> None:
        """Cast a member's ballot with his own key."""
        act = vote_acts.BallotCast.model_validate({**place, "seat": seat, "choice": choice})
        self.t.sign(act, self.office(seat), basis=[f"vote/{self.meeting.path}/{place['vote']}"])

    def vote_stream(self, item: int) -> str:
        """Return the stream of the item's vote."""
        return f"vote/{self.meeting.path}/{self.votes[item]}"

    def adopt(self, number: int, ordinal: int, item: Item, adopt: Adopt) -> None:
        """Adopt an agreement that the item's vote carries, with the next number of the year."""
        t, meeting = self.t, self.meeting
        code, year = meeting.code, meeting.year
        made = t.next_number(f"agreement/{code}/{year}")
        if adopt.number not in {None, made}:
            raise ValueError(f"{meeting.path}: agreement {adopt.number} would be {made}")
        stream = self.vote_stream(number)
        sealed = {"title": adopt.title or item.title}
        sealed |= {f"resolution/{n}": each.text for n, each in enumerate(adopt.resolutions, 1)}
        if adopt.grounds:
            sealed["grounds"] = adopt.grounds
        act = agreement_acts.AgreementAdopted(
            body=code,
            year=year,
            number=made,
            vote=stream,
            ordinal=ordinal,
            identifier=identifier(meeting, made, adopt),
            resolutions=len(adopt.resolutions),
        )
        t.sign(act, meeting.secretary, sealed=sealed, basis=[stream], public=adopt.public)
        self.agreements.append(made)
        t.notes[f"adopted {code}/{year}/{made}"] = adopt
        for cited in adopt.cites.split():
            target = t.notes.get(f"identifier {cited}")
            cites = AgreementCited(body=code, year=year, number=made, identifier=cited, target=target)
            t.sign(cites, REGISTRAR)
        t.notes[f"identifier {act.identifier}"] = act.stream()


def identifier(meeting: Meeting, number: int, adopt: Adopt) -> str:
    """Return an agreement's identifier in its body's scheme."""
    if load(meeting.body.profile).numbering.scheme == "YEARLY":
        return f"{number}/{meeting.year}"
    return f"ACDO.{adopt.level}.{meeting.body.code}.{meeting.day:%d%m%y}/{number}.P.{adopt.unit}"


def convene(t: Teller, meeting: Meeting) -> None:
    """Send the convocation with its orden del día."""
    entries = tuple(session_acts.AgendaEntry(item=n, item_kind=item.kind) for n, item in enumerate(meeting.items, 1))
    act = session_acts.SessionConvened(
        **meeting.place,
        begins_at=write_instant(moment(meeting.begins)),
        modality=meeting.modality,
        call=meeting.call,
        items=entries,
    )
    titles = {f"item/{n}/title": item.title for n, item in enumerate(meeting.items, 1)}
    t.do(act, meeting.secretary, sealed={"venue": meeting.venue, **titles})
    t.wait(MINUTES_TO_RECEIVE)
    deliver(t, meeting)


def deliver(t: Teller, meeting: Meeting) -> None:
    """Prove that everybody received the convocation: two say so themselves, of the others it is attested."""
    convocation = t.notes[f"convocation {meeting.path}"] = t.statement_of(f"session/{meeting.path}")
    basis, received = [f"session/{meeting.path}"], t.written()
    must = [place.seat for place in meeting.body.places() if place.voting or place.role == "comisario"]
    filled = [seat for seat in must if f"{meeting.code}/{seat}" in t.holders or seat in (meeting.acting or {})]
    own, attested = filled[1:3], [filled[0], *filled[3:]]
    t.wait(1)
    for seat in own:
        number = (meeting.acting or {}).get(seat) or t.holders[f"{meeting.code}/{seat}"][1]
        seen = convocation_acts.ConvocationAcknowledged(
            **meeting.place, convocation=convocation, seat=seat, received_at=received
        )
        t.sign(seen, f"{meeting.code}/{seat}/{number}", basis=basis)
    receipts = tuple(
        convocation_acts.Receipt(
            seat=seat,
            designation=(meeting.acting or {}).get(seat) or t.holders[f"{meeting.code}/{seat}"][1],
            received_at=received,
            channel="in-person" if place % 2 else "portal",
        )
        for place, seat in enumerate(attested)
    )
    told = convocation_acts.ConvocationDelivered(**meeting.place, convocation=convocation, receipts=receipts)
    t.do(told, meeting.secretary, basis=basis)


def waive(sitting: Sitting) -> None:
    """Let all who are present waive that they were told too late (S3)."""
    meeting = sitting.meeting
    act = convocation_acts.DefectAcknowledged(
        **meeting.place,
        convocation=sitting.t.notes[f"convocation {meeting.path}"],
        defect="notice",
        waived_by=tuple(sitting.voting()),
    )
    basis = "Por unanimidad de las personas presentes se dispensa el plazo; artículo 3 de la LFPA, por analogía."
    sitting.t.sign(act, meeting.secretary, sealed={"legal_basis": basis}, basis=[f"session/{meeting.path}"])


def hold(t: Teller, meeting: Meeting) -> Sitting:
    """Hold a session from the roll to its close; without quorum it ends with the roll."""
    sitting = Sitting(t, meeting)
    sitting.roll()
    present, _, required = sitting.counted()
    if present < required:
        t.send()
        return sitting
    if meeting.waived:
        waive(sitting)
    t.sign(session_acts.SessionOpened(**meeting.place), meeting.presides)
    t.send()
    for number, item in enumerate(meeting.items, 1):
        t.wait(MINUTES_A_ITEM)
        sitting.take(number, item)
        t.send()
    closed = session_acts.SessionClosed(**meeting.place, votes=sitting.held, agreements=tuple(sitting.agreements))
    t.do(closed, meeting.presides)
    t.notes[f"sitting {meeting.path}"] = sitting
    return sitting
