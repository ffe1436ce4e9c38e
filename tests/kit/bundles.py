"""A lawful story in a `Book` (tests.kit.books): a council that is constituted, meets, votes, adopts and closes.

What there is to a book is to be had from here too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from ledger.acts.agreement import AgreementAdopted
from ledger.acts.body import BodyRegistered, BodyRulesAdopted, MajorityRule, Rules, Seat, SeatsDefined
from ledger.acts.designation import DesignationRegistered
from ledger.acts.session import (
    AgendaEntry,
    Arrival,
    AttendanceRecorded,
    ItemConcluded,
    ItemOpened,
    QuorumDeclared,
    SessionClosed,
    SessionConvened,
    SessionOpened,
)
from ledger.acts.vote import BallotCast, Holder, RollCallRecorded, VoteClosed, VoteDeclared, VoteOpened
from ledger.ids import write_instant
from tests.kit.books import MEXICO, Book, enrol, found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.acts.base import Act

MEMBERS = ("presidencia", "vocal-1", "vocal-2")

RULES = Rules(majorities={"simple": MajorityRule()}, methods=("roll-call", "ballot"))


@dataclass
class Council:
    """A body `cd` of three voting seats (or more), each held by a person of the seat's name, and a secretary.

    rules: by which it acts.
    """

    book: Book = field(default_factory=Book)
    session: int = 0
    members: tuple[str, ...] = MEMBERS
    rules: Rules = RULES

    @property
    def place(self) -> dict[str, Any]:
        """The fields of every act of the current session."""
        return {"body": "cd", "year": 2026, "series": "ord", "session": self.session}

    @property
    def path(self) -> str:
        """The segments of the current session's streams."""
        return f"cd/2026/ord/{self.session}"

    def office(self, seat: str) -> str:
        """Return the office of a seat's holder."""
        return f"designation/cd/{seat}/1"

    def by(self, seat: str, act: Act, **how: Any) -> int:
        """Append an act of a seat's holder."""
        return self.book.say(act, seat, how.pop("office", self.office(seat)), **how)

    def constitute(self, *, simulated: bool = False) -> Council:
        """Found the ledger, enrol everybody, register the body with its rules and designations."""
        book = found(self.book, simulated=simulated)
        for name in (*self.members, "secretaria"):
            enrol(book, name)
        book.say(BodyRegistered(body="cd", body_kind="council"), "ana", "ledger")
        valid = "2026-01-01"
        book.say(BodyRulesAdopted(body="cd", profile="GENERIC", rules=self.rules, valid_from=valid), "ana", "ledger")
        voting = [
            Seat(seat=name, sector="estado", role="chair" if name == "presidencia" else "member", voting=True)
            for name in self.members
        ]
        clerk = Seat(seat="secretaria", sector="ninguno", role="secretary", voting=False)
        book.say(SeatsDefined(body="cd", seats=(*voting, clerk), valid_from=valid), "ana", "ledger")
        for name in (*self.members, "secretaria"):
            self.designate(name)
        return self

    def designate(self, seat: str, number: int = 1, **changes: Any) -> int:
        """Designate the person of the seat's name to it."""
        data: dict[str, Any] = {
            "body": "cd",
            "seat": seat,
            "number": number,
            "person": f"p-{seat}",
            "capacity": "propietario",
            "begins_at": "2026-01-01T00:00:00-06:00",
        }
        return self.book.say(DesignationRegistered(**(data | changes)), "ana", "ledger")

    def convene(self, items: int = 3) -> Council:
        """Convene the next session for ten minutes later, and move the clock there."""
        self.session += 1
        begins = self.book.now + timedelta(minutes=10)
        entries = tuple(AgendaEntry(item=n, item_kind="decision") for n in range(1, items + 1))
        act = SessionConvened(
            **self.place,
            begins_at=write_instant(begins.astimezone(MEXICO)),
            modality="presencial",
            items=entries,
        )
        self.by("secretaria", act)
        self.book.now = begins
        return self

    def open(self, present: Iterable[str] | None = None, **declared: Any) -> Council:
        """Take the roll, declare quorum, open, take up item 1."""
        names = list(self.members if present is None else present)
        arrivals = tuple(Arrival(seat=seat, designation=1) for seat in names)
        self.by("secretaria", AttendanceRecorded(**self.place, arrivals=arrivals))
        data: dict[str, Any] = {
            "present": len(names),
            "base": len(self.members),
            "required": len(self.members) // 2 + 1,
        } | declared
        self.by("secretaria", QuorumDeclared(**self.place, **data))
        self.by("presidencia", SessionOpened(**self.place))
        self.by("secretaria", ItemOpened(**self.place, item=1))
        return self

    def open_vote(
        self, vote: int = 1, method: Any = "ballot", present: Iterable[str] | None = None, item: int = 1
    ) -> int:
        """Open a vote of those present."""
        eligible = tuple(Holder(seat=seat, designation=1) for seat in sorted(present or self.members))
        act = VoteOpened(**self.place, vote=vote, item=item, method=method, eligible=eligible)
        return self.by("secretaria", act, basis=[f"session/{self.path}"])

    def ballot(self, seat: str, vote: int = 1, choice: Any = "favor", **how: Any) -> int:
        """Cast a member's own ballot."""
        act = BallotCast(**self.place, vote=vote, seat=seat, choice=choice)
        how.setdefault("basis", [f"vote/{self.path}/{vote}"])
        return self.by(seat, act, **how)

    def declare(self, vote: int = 1, favor: int = 3, contra: int = 0, result: Any = "approved") -> int:
        """Declare a result."""
        act = VoteDeclared(**self.place, vote=vote, favor=favor, contra=contra, abstencion=0, result=result)
        return self.by("presidencia", act)

    def balloted(self, vote: int = 1, item: int = 1) -> Council:
        """Hold a whole vote by ballots: all in favour."""
        self.open_vote(vote, item=item)
        for seat in self.members:
            self.ballot(seat, vote)
        self.by("secretaria", VoteClosed(**self.place, vote=vote, ballots=len(self.members)))
        self.declare(vote, len(self.members))
        return self

    def called(self, vote: int = 1, favor: Iterable[str] = MEMBERS, present: Iterable[str] = MEMBERS) -> Council:
        """Open a vote by roll call and record it."""
        self.open_vote(vote, "roll-call", present)
        self.by("secretaria", RollCallRecorded(**self.place, vote=vote, favor=tuple(favor)))
        return self

    def adopt(self, number: int = 1, vote: int = 1, **how: Any) -> int:
        """Adopt an agreement on a vote's strength."""
        act = AgreementAdopted(
            body="cd",
            year=2026,
            number=number,
            vote=f"vote/{self.path}/{vote}",
            ordinal=1,
            identifier=f"{number}/2026",
            resolutions=1,
        )
        return self.by("secretaria", act, basis=[f"vote/{self.path}/{vote}"], **how)

    def close(self, votes: int = 1, agreements: Iterable[int] = (1,)) -> Council:
        """Conclude item 1 and close the session."""
        self.by("secretaria", ItemConcluded(**self.place, item=1, outcome="resolved"))
        self.by("presidencia", SessionClosed(**self.place, votes=votes, agreements=tuple(agreements)))
        return self


@cache
def _lawful() -> Council:
    council = Council().constitute().convene(items=1).open().balloted()
    council.adopt()
    return council.close()


def lawful() -> Council:
    """Return a council that has held one session with a vote by ballots and an agreement; a copy of its own."""
    council = _lawful()
    return Council(council.book.copy(), council.session, council.members)
