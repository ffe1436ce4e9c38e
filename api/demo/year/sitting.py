"""Holding a session: from its data to the acts that secretary, chair and members sign (domain.md §3.3–§3.6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from api.demo.year import actas
from api.demo.year.convoking import waive
from api.demo.year.teller import REGISTRAR
from api.demo.year.voting import hold_vote, resolutions_of
from ledger.acts import agreement as agreement_acts
from ledger.acts import session as session_acts
from ledger.acts.followup import AgreementCited
from ledger.domain.rules import quorum
from ledger.profiles import load

if TYPE_CHECKING:
    from api.demo.year.meeting import Adopt, Item, Meeting
    from api.demo.year.teller import Teller

MINUTES_A_ITEM = 6
EVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Sitting:
    """A session while it lasts.

    present: seat → number of the designation by which it is held. votes: item → number of its last vote.
    read_out: vote and ordinal → an agreement's resolutivos as they were put to that vote.
    results: what each vote resulted in. closed_at: when it ended.
    """

    t: Teller
    meeting: Meeting
    present: dict[str, int] = field(default_factory=dict)
    votes: dict[int, int] = field(default_factory=dict)
    held: int = 0
    agreements: list[int] = field(default_factory=list)
    read_out: dict[tuple[int, int], dict[str, str]] = field(default_factory=dict)
    results: list[dict[str, Any]] = field(default_factory=list)
    closed_at: datetime = EVER

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
            if item.after is not None:
                item.after(self, number)
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
            approved = hold_vote(self, number, item, item.vote) == "approved"
            if approved:
                if item.acta:
                    actas.approve(t, item.acta, self.vote_stream(number))
                for ordinal, adopt in enumerate(item.adopt, 1):
                    self.adopt(number, ordinal, item, adopt)
        if item.after is not None:
            item.after(self, number)
        outcome: Any = "noted" if item.vote is None and item.outcome == "resolved" else item.outcome
        t.sign(session_acts.ItemConcluded(**self.place, item=number, outcome=outcome), meeting.presides)

    def chair_office(self) -> str:
        """Return the office of who presides."""
        return self.office(self.meeting.presides.partition("/")[2])

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
        sealed = {"title": adopt.title or item.title} | ({"grounds": adopt.grounds} if adopt.grounds else {})
        read_out = self.read_out.get((self.votes[number], ordinal))
        if read_out is None:
            sealed |= resolutions_of(adopt)
        act = agreement_acts.AgreementAdopted(
            body=code,
            year=year,
            number=made,
            vote=stream,
            ordinal=ordinal,
            identifier=identifier(meeting, made, adopt),
            resolutions=len(adopt.resolutions),
            agreement_kind=adopt.kind,
        )
        t.sign(act, meeting.secretary, sealed=sealed, basis=[stream], public=adopt.public, prepared=read_out)
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


def propose(sitting: Sitting) -> None:
    """Approve the orden del día as convened; where something is added, that is proposed and the first item votes it."""
    t, meeting = sitting.t, sitting.meeting
    added = [(number, item) for number, item in enumerate(meeting.items, 1) if item.added]
    for number, item in added:
        act = session_acts.ItemAdded(**meeting.place, item=number, item_kind=item.kind)
        t.sign(act, meeting.secretary, sealed={"title": item.title})
    if not added:
        everything = tuple(range(1, len(meeting.items) + 1))
        t.sign(session_acts.AgendaApproved(**meeting.place, items=everything), meeting.presides)


def admit(sitting: Sitting, item: int) -> None:
    """Approve the orden del día with what was added, by the vote of the item that is taken up."""
    meeting = sitting.meeting
    everything = tuple(range(1, len(meeting.items) + 1))
    act = session_acts.AgendaApproved(**meeting.place, items=everything, vote=sitting.votes[item])
    sitting.t.sign(act, meeting.presides)


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
    propose(sitting)
    t.send()
    for number, item in enumerate(meeting.items, 1):
        t.wait(MINUTES_A_ITEM)
        sitting.take(number, item)
        t.send()
    closed = session_acts.SessionClosed(**meeting.place, votes=sitting.held, agreements=tuple(sitting.agreements))
    t.do(closed, meeting.presides)
    sitting.closed_at = t.clock
    t.notes[f"sitting {meeting.path}"] = sitting
    return sitting
