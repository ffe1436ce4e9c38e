"""A chapter for a told history: a cabinet that decides by consensus, elects in rounds, loses its quorum for a while."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ledger.acts import position as position_acts
from ledger.acts import session as session_acts
from ledger.acts import vote as vote_acts
from ledger.acts.agreement import AgreementAdopted
from ledger.compose import Batch
from ledger.crypto import disclosure
from ledger.ids import parse_written, write_instant

if TYPE_CHECKING:
    from tests.kit.history import History

SEATS: dict[str, tuple[str, str, bool, str]] = {
    "presidencia": ("estado", "chair", True, "Ministra Presidenta"),
    "salud": ("estado", "member", True, "Ministro de Salud"),
    "trabajo": ("estado", "member", True, "Ministra de Trabajo"),
    "secretaria": ("ninguno", "secretary", False, "Secretaria del Gabinete"),
}
VOTING = ("presidencia", "salud", "trabajo")
METHODS = ("consensus", "secret", "roll-call", "show-of-hands")


def deliberate(history: History) -> None:
    """Tell of one session of the cabinet."""
    batch = Batch(history.town.desk)
    history.town.register_body(
        batch, "gsp", "Gabinete Social", profile="PA_GABINETE", seats=SEATS, changes={"methods": METHODS}
    )
    for seat, (_, _, _, name) in SEATS.items():
        history.town.seat_person(batch, seat, name, body="gsp")
    history.town.submit(batch.acts)
    Cabinet(history).sit()


@dataclass
class Cabinet:
    """The session, act by act."""

    history: History
    votes: int = 0

    path = "gsp/2026/ord/1"
    place = {"body": "gsp", "year": 2026, "series": "ord", "session": 1}  # noqa: RUF012  never changed

    def do(self, kind: Any, who: str = "secretaria", *, sealed: Any = None, basis: Any = (), **data: Any) -> None:
        """Sign and submit an act of the session."""
        town = self.history.town
        town.do(kind(**self.place, **data), town.officer(who, "gsp"), sealed=sealed, basis=basis)

    def sit(self) -> None:
        """From the convocation to the close."""
        begins = write_instant(parse_written(self.history.instant) + timedelta(hours=1))
        items = tuple(session_acts.AgendaEntry(item=n, item_kind="decision") for n in (1, 2, 3))
        titles = {f"item/{n}/title": f"Punto {n}" for n in (1, 2, 3)}
        self.do(session_acts.SessionConvened, begins_at=begins, modality="mixta", items=items, sealed=titles)
        self.history.tick(hours=1)
        came = (
            session_acts.Arrival(seat="presidencia", designation=1),
            session_acts.Arrival(seat="salud", designation=1, modality="remota", evidence="ab" * 32),
            session_acts.Arrival(seat="trabajo", designation=1),
        )
        self.do(session_acts.AttendanceRecorded, arrivals=came)
        self.do(session_acts.QuorumDeclared, present=3, base=3, required=2)
        self.do(session_acts.SessionOpened)
        self.do(session_acts.ItemOpened, item=1)
        self.agree()
        self.dispute()
        self.elect()
        self.interrupt()
        self.do(session_acts.SessionClosed, votes=self.votes, agreements=(1,))

    def open_vote(self, item: int, method: str, eligible: tuple[str, ...] = VOTING, **data: Any) -> list[str]:
        """Open the next vote; return the basis of what members say of it."""
        self.votes += 1
        seats = tuple(vote_acts.Holder(seat=seat, designation=1) for seat in sorted(eligible))
        made = data | {"vote": self.votes, "item": item, "method": method, "eligible": seats}
        self.do(vote_acts.VoteOpened, basis=[f"session/{self.path}"], sealed={"motion": "Se propone"}, **made)
        return [f"vote/{self.path}/{self.votes}"]

    def declare(self, favor: int, contra: int, result: str, **data: Any) -> None:
        """Declare the last vote's result."""
        counts: dict[str, Any] = {"favor": favor, "contra": contra, "abstencion": 0}
        self.do(vote_acts.VoteDeclared, vote=self.votes, result=result, **counts, **data)

    def agree(self) -> None:
        """An item is added and approved; consensus is blocked by one objection, then found, over two items."""
        self.do(session_acts.ItemAdded, item=4, item_kind="general", sealed={"title": "Asunto urgente"})
        self.open_vote(1, "show-of-hands", motion_kind="procedural")
        hands: dict[str, Any] = {"favor": 3, "contra": 0, "abstencion": 0}
        self.do(vote_acts.ShowOfHandsRecorded, vote=self.votes, **hands)
        self.declare(3, 0, "approved")
        self.do(session_acts.AgendaApproved, items=(1, 4, 2, 3), vote=1)
        changed = {"before": "Se destinan dos plantas.", "after": "Se destina una planta."}
        self.do(session_acts.ItemAmended, item=1, sealed=changed)
        disclosed = disclosure.make(
            "resolution/1", "Se destina una planta.", secrets.token_bytes(disclosure.SALT_BYTES)
        )
        text = vote_acts.VotedText(resolutions=(disclosure.digest(disclosed),))
        basis = self.open_vote(1, "consensus", also_items=(4,), scope="general", texts=(text,))
        said: dict[str, Any] = {"vote": self.votes, "seat": "trabajo", "basis": basis}
        self.do(position_acts.ObjectionRaised, "trabajo", sealed={"grounds": "Falta el dictamen."}, **said)
        self.do(position_acts.ObjectionWithdrawn, sealed={"explanation": "Se agregó."}, **said)
        self.do(position_acts.ObjectionRaised, "salud", sealed={"grounds": "No"}, **said | {"seat": "salud"})
        self.do(position_acts.ObjectionWithdrawn, "salud", **said | {"seat": "salud"})
        self.do(vote_acts.ConsensusDeclared, vote=self.votes, consenting=VOTING)
        self.declare(3, 0, "approved")
        self.adopt(basis, {"resolution/1": disclosed})
        self.do(session_acts.ItemConcluded, item=1, outcome="resolved")
        self.do(session_acts.ItemConcluded, item=4, outcome="resolved", vote=self.votes)

    def adopt(self, basis: list[str], prepared: dict[str, str]) -> None:
        """Adopt the agreement under the text that was voted, and no other (I3)."""
        town = self.history.town
        act = AgreementAdopted(
            body="gsp", year=2026, number=1, vote=basis[0], ordinal=1, identifier="1/2026", resolutions=1
        )
        how: dict[str, Any] = {"sealed": {"title": "Plantas"}, "basis": basis, "prepared": prepared}
        town.submit([town.desk.sign(act, town.officer("secretaria", "gsp"), **how)])

    def dispute(self) -> None:
        """One is excluded on challenge, another challenge is dismissed; a dissent; a conflict comes to light."""
        self.do(session_acts.ItemOpened, item=2)
        asked: dict[str, Any] = {"item": 2, "asks": "exclude", "sealed": {"grounds": "Es parte interesada."}}
        self.do(session_acts.RecusalChallenged, "salud", seat="salud", challenged="trabajo", **asked)
        self.do(session_acts.RecusalResolved, "presidencia", item=2, challenged="trabajo", upheld=True)
        self.do(session_acts.RecusalChallenged, seat="presidencia", challenged="salud", **asked)
        self.do(session_acts.RecusalResolved, item=2, challenged="salud", upheld=False, sealed={"reason": "No lo es."})
        voters = ("presidencia", "salud")
        basis = self.open_vote(2, "roll-call", voters)
        self.do(vote_acts.RollCallRecorded, vote=self.votes, favor=("presidencia",), contra=("salud",))
        self.declare(1, 1, "tied")
        filed: dict[str, Any] = {"vote": self.votes, "basis": basis}
        text = {"text": "Disiento."}
        self.do(position_acts.DissentFiled, "salud", seat="salud", form="particular", sealed=text, **filed)
        self.do(position_acts.DissentFiled, seat="presidencia", form="reasoned", sealed=text, **filed)
        found: dict[str, Any] = {
            "seat": "salud",
            "discovered_on": self.history.instant[:10],
            "sealed": {"grounds": "Es accionista."},
        }
        self.do(position_acts.ConflictReported, **found, **filed)
        self.do(session_acts.ItemConcluded, item=2, outcome="referred", committee="hcd")

    def elect(self) -> None:
        """Two secret rounds, the second with one candidate less; a third by roll call elects."""
        self.do(session_acts.ItemOpened, item=3)
        people = tuple(f"p-gsp.{seat}" for seat in VOTING)
        election: dict[str, Any] = {"motion_kind": "election"}
        self.open_vote(3, "secret", candidates=people, **election)
        self.count(dict.fromkeys(people, 1))
        self.declare(1, 2, "tied")
        self.open_vote(3, "secret", candidates=people[:2], withdrawn=people[2:], repeats=self.votes, **election)
        self.count(dict.fromkeys(people[:2], 1), blank=1)
        self.do(vote_acts.VoteDeclared, vote=self.votes, favor=1, contra=1, abstencion=1, result="tied")
        self.open_vote(3, "roll-call", candidates=people[:2], repeats=self.votes, **election)
        named = tuple(
            vote_acts.CandidateCount(person=person, votes=len(seats), seats=seats)
            for person, seats in zip(people, (VOTING[:2], VOTING[2:]), strict=False)
        )
        self.do(vote_acts.ElectionTallyRecorded, vote=self.votes, voters=VOTING, counts=named, blank=0)
        self.declare(2, 1, "approved", elected=people[0])
        self.do(session_acts.ItemConcluded, item=3, outcome="resolved")

    def count(self, votes: dict[str, int], blank: int = 0) -> None:
        """Record a secret count."""
        counts = tuple(vote_acts.CandidateCount(person=person, votes=n) for person, n in votes.items())
        told: dict[str, Any] = {"voters": VOTING, "tellers": ("presidencia",), "counts": counts, "blank": blank}
        self.do(vote_acts.ElectionTallyRecorded, vote=self.votes, **told)

    def interrupt(self) -> None:
        """Two leave, one comes back; a recess in between does not restore the quorum."""
        self.do(session_acts.AttendanceRecorded, departures=("salud", "trabajo"))
        self.do(session_acts.QuorumLost, present=1, base=3, required=2)
        self.do(session_acts.SessionRecessed)
        self.do(session_acts.SessionResumed)
        back = session_acts.Arrival(seat="trabajo", designation=1, modality="remota")
        self.do(session_acts.AttendanceRecorded, arrivals=(back,))
        self.do(session_acts.QuorumRestored, present=2, base=3, required=2)
