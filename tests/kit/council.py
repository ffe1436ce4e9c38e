"""A council to tell stories of: twelve voting seats of three sectors, a secretary, a comisario and a guest.

Everybody sits by designation 1 from 2020 on; `obrero-2` has a suplente by designation 2 besides. `estado-1` is
the chair's seat, `estado-2` the vice-chair's. The rules are those of the shipped profile IMSS_HCT.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ledger import profiles
from ledger.acts.body import BodyRegistered, BodyRulesAdopted, Rules, Seat, SeatsDefined
from ledger.acts.designation import DesignationRegistered
from ledger.acts.session import (
    AgendaEntry,
    Arrival,
    AttendanceRecorded,
    ItemConcluded,
    ItemOpened,
    MemberRecused,
    QuorumDeclared,
    SessionClosed,
    SessionConvened,
    SessionOpened,
)
from ledger.acts.trust import PersonRegistered
from ledger.acts.vote import BallotCast, Holder, RollCallRecorded, VoteDeclared, VoteOpened
from ledger.domain.body import body_of
from ledger.domain.states import SessionState, VoteState
from tests.kit.story import Said, Story, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.acts.body import Method, Role
    from ledger.acts.vote import Result

VOTING = tuple(f"{sector}-{n}" for sector in ("estado", "obrero", "patronal") for n in range(1, 5))
CHAIR = "designation/hcd/estado-1/1"
VICE_CHAIR = "designation/hcd/estado-2/1"
SECRETARY = "designation/hcd/secretaria/1"
SINCE = "2020-01-01T00:00:00-06:00"
DAY = "2026-01-28"
SENT = f"{DAY[:8]}14T09:00:00-06:00"
BEGINS = f"{DAY}T10:00:00-06:00"
NEXT_DAY = "2026-01-29T10:00:00-06:00"
SEVEN, SIX = VOTING[:7], VOTING[:6]
CHOICES: tuple[Literal["favor", "contra", "abstencion"], ...] = ("favor", "contra", "abstencion")


def _role(seat: str) -> Role:
    roles: dict[str, Role] = {"estado-1": "chair", "estado-2": "vice-chair"}
    return roles.get(seat, "member")


def seats() -> tuple[Seat, ...]:
    """Return the council's seats."""
    voting = (Seat(seat=name, sector=name.partition("-")[0], role=_role(name), voting=True) for name in VOTING)
    others: tuple[tuple[str, Role], ...] = (
        ("secretaria", "secretary"),
        ("vigilancia", "comisario"),
        ("invitada", "guest"),
    )
    return (*voting, *(Seat(seat=name, sector="ninguno", role=role, voting=False) for name, role in others))


def remarks(story: Story) -> list[str]:
    """Return the codes of what was remarked, in order."""
    return [code for code, _ in story.world.remarks]


def rules(**changes: Any) -> Rules:
    """Return the rules of IMSS_HCT with changes; notice, window and texts before votes only where a story asks.

    The vice-chair may preside, so that stories can tell of an acting chair.
    """
    told: dict[str, Any] = {
        "notice_breach": "REMARK",
        "holiday_calendar": None,
        "reschedule_window": None,
        "veto": None,
        "presiding": ("chair", "vice-chair"),
        "text_before_vote": False,
    }
    return Rules.model_validate(profiles.load("IMSS_HCT").model_dump() | told | changes)


def designated(seat: str, number: int = 1, **changes: Any) -> DesignationRegistered:
    """Return a designation to a seat, of a person of its own (`<seat>.<number>`), as propietario since 2020."""
    made: dict[str, Any] = {"person": f"{seat}.{number}", "capacity": "propietario", "begins_at": SINCE}
    return DesignationRegistered(body="hcd", seat=seat, number=number, **(made | changes))


def founded(by_rules: Rules | None = None) -> Story:
    """Return a story in which the council stands, its clock at the day of the convocation."""
    names = [seat.seat for seat in seats()]
    story = Story("2020-01-01T09:00:00-06:00").given(
        BodyRegistered(body="hcd", body_kind="council"),
        BodyRulesAdopted(body="hcd", profile="IMSS_HCT", rules=by_rules or rules(), valid_from="2020-01-01"),
        SeatsDefined(body="hcd", seats=seats(), valid_from="2020-01-01"),
        *(PersonRegistered(person=f"{name}.1") for name in names),
        PersonRegistered(person="obrero-2.2"),
        *(designated(name) for name in names),
        designated("obrero-2", 2, capacity="suplente"),
    )
    return story.at(SENT)


@dataclass
class Sitting:
    """A session of the council: makes its acts, and takes a story up to where a test begins."""

    story: Story = field(default_factory=founded)
    number: int = 1
    year: int = 2026
    series: str = "ord"

    @property
    def place(self) -> dict[str, Any]:
        """The fields that every act of the session carries."""
        return {"body": "hcd", "year": self.year, "series": self.series, "session": self.number}

    @property
    def path(self) -> str:
        """The segments that every stream of the session shares."""
        return f"hcd/{self.year}/{self.series}/{self.number}"

    @property
    def state(self) -> SessionState:
        """The session as it stands."""
        state = self.story.state(f"session/{self.path}")
        assert isinstance(state, SessionState)
        return state

    def vote_state(self, vote: int = 1) -> VoteState:
        """Return a vote as it stands."""
        state = self.story.state(f"vote/{self.path}/{vote}")
        assert isinstance(state, VoteState)
        return state

    # -- acts ------------------------------------------------------------------------------------------------

    def convened(self, listed: int = 3, **changes: Any) -> SessionConvened:
        """Return a convocation with so many decisions."""
        entries = tuple(AgendaEntry(item=n, item_kind="decision") for n in range(1, listed + 1))
        made: dict[str, Any] = {"begins_at": BEGINS, "modality": "mixta", "items": entries}
        return SessionConvened(**self.place, **(made | changes))

    def roll(self, present: Iterable[str] = VOTING, *leaving: str, item: int | None = None) -> AttendanceRecorded:
        """Return the entry of seats, each by designation 1 or as `seat/n` says, and who leaves."""
        named = (seat.partition("/") for seat in present)
        arrivals = tuple(Arrival(seat=seat, designation=int(number or 1)) for seat, _, number in named)
        return AttendanceRecorded(**self.place, arrivals=arrivals, departures=leaving, item=item)

    def quorum(self, present: int = 12, base: int = 12, required: int = 7) -> QuorumDeclared:
        """Return a declaration of quorum."""
        return QuorumDeclared(**self.place, present=present, base=base, required=required)

    def opened(self, office: str = CHAIR) -> Said:
        """Return the opening by the chair."""
        return say(SessionOpened(**self.place), office=office)

    def taken_up(self, item: int = 1, office: str = SECRETARY) -> Said:
        """Return the opening of an item."""
        return say(ItemOpened(**self.place, item=item), office=office)

    def concluded(self, item: int = 1, outcome: Any = "resolved", office: str = SECRETARY) -> Said:
        """Return the end of an item."""
        return say(ItemConcluded(**self.place, item=item, outcome=outcome), office=office)

    def recused(self, seat: str, item: int = 1) -> MemberRecused:
        """Return a recusal from an item."""
        return MemberRecused(**self.place, item=item, seat=seat)

    def closed(self, votes: int = 0, *agreements: int) -> Said:
        """Return the close by the chair."""
        return say(SessionClosed(**self.place, votes=votes, agreements=agreements), office=CHAIR)

    def vote_opened(self, vote: int = 1, method: Method = "roll-call", **changes: Any) -> Said:
        """Return the opening of a vote on the current item, for all who may vote on it."""
        return say(VoteOpened(**self.vote_data(vote, method, **changes)), office=changes.get("office", SECRETARY))

    def vote_data(self, vote: int, method: Method, **changes: Any) -> dict[str, Any]:
        """Return the data of the opening of a vote."""
        state, body = self.state, body_of(self.story.world, "hcd")
        voting = {seat.seat for seat in body.voting_seats_on(state.day)}
        item = changes.get("item", state.current_item or 1)
        able = [seat for seat in sorted(state.present) if seat in voting and seat not in state.items[item].recused]
        eligible = tuple(Holder(seat=seat, designation=state.present[seat].designation) for seat in able)
        changes.pop("office", None)
        return self.place | {"vote": vote, "item": item, "method": method, "eligible": eligible} | changes

    def roll_call(self, favor: int, contra: int = 0, abstencion: int = 0, vote: int = 1) -> RollCallRecorded:
        """Return a roll call in which the eligible seats voted so, in their order."""
        able = sorted(self.vote_state(vote).eligible)
        first, second, third = able[:favor], able[favor : favor + contra], able[favor + contra :][:abstencion]
        return RollCallRecorded(
            **self.place, vote=vote, favor=tuple(first), contra=tuple(second), abstencion=tuple(third)
        )

    def declared(self, favor: int, contra: int, abstencion: int, result: Result, **around: Any) -> Said:
        """Return a declaration of result by the chair; `vote` and `office` as wanted."""
        vote, office = around.get("vote", 1), around.get("office", CHAIR)
        counts: dict[str, Any] = {"favor": favor, "contra": contra, "abstencion": abstencion}
        return say(VoteDeclared(**self.place, vote=vote, **counts, result=result), office=office)

    def ballot(self, seat: str, choice: Any = "favor", vote: int = 1, number: int = 1) -> Said:
        """Return a member's own ballot."""
        act = BallotCast(**self.place, vote=vote, seat=seat, choice=choice)
        return say(act, office=f"designation/hcd/{seat}/{number}")

    # -- up to where a test begins ---------------------------------------------------------------------------

    def convene(self, listed: int = 3, **changes: Any) -> Sitting:
        """Convene, and move the clock to the hour."""
        self.story.given(self.convened(listed, **changes)).at(changes.get("begins_at", BEGINS))
        return self

    def open(self, present: Iterable[str] = VOTING, **changes: Any) -> Sitting:
        """Convene, take the roll, declare quorum, open."""
        names = list(present)
        self.convene(**changes).story.given(self.roll(names))
        count = sum(name.partition("/")[0] in VOTING for name in names)
        self.story.given(self.quorum(count), self.opened())
        return self

    def at_item(self, present: Iterable[str] = VOTING, *recused: str, item: int = 1) -> Sitting:
        """Open, and take up an item from which seats excuse themselves."""
        self.open(present).story.given(self.taken_up(item), *(self.recused(seat, item) for seat in recused))
        return self

    def voting(self, method: Method = "roll-call", present: Iterable[str] = VOTING, *recused: str) -> Sitting:
        """Open a vote on item 1."""
        self.at_item(present, *recused).story.given(self.vote_opened(method=method))
        return self

    def recorded(self, favor: int, contra: int = 0, abstencion: int = 0, *recused: str) -> Sitting:
        """Record a roll call of so many seats on item 1; those present are as many as voted."""
        able = [seat for seat in VOTING if seat not in recused][: favor + contra + abstencion]
        self.voting("roll-call", [*able, *recused], *recused)
        self.story.given(self.roll_call(favor, contra, abstencion))
        return self
