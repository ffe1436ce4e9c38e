"""A body of two seats below the council that meets once: a committee with agreements, a working group with a minuta."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.acts import agreement as agreement_acts
from ledger.acts import body as body_acts
from ledger.acts import session as session_acts
from ledger.acts import vote as vote_acts
from ledger.compose import Batch
from ledger.ids import parse_written
from ledger.profiles import load

if TYPE_CHECKING:
    from api.demo.town import Town

SEATS = (("presidente", "estado", "chair", True), ("secretario", "ninguno", "secretary", False))


@dataclass
class Committee:
    """The body and its session.

    decided_by: the council's vote by which it is convened; its own chair convenes it where there is none.
    """

    town: Town
    body: str
    body_kind: Any = "committee"
    decided_by: str | None = None

    @property
    def president(self) -> Any:
        """Who presides."""
        return self.town.officer("presidente", self.body)

    @property
    def clerk(self) -> Any:
        """Its secretary."""
        return self.town.officer("secretario", self.body)

    @property
    def year(self) -> int:
        """The year of the town's clock."""
        return parse_written(self.town.now()).year

    @property
    def path(self) -> str:
        """The session's segments."""
        return f"{self.body}/{self.year}/ord/1"

    def settle(self) -> None:
        """Register the body below the council with its people."""
        batch, since = Batch(self.town.desk), "2020-01-01"
        changes: dict[str, Any] = {"notice_business_days": None, "holiday_calendar": None}
        if self.decided_by is not None:
            changes["conveners"] = (body_acts.ConvenerRule(kinds=("ordinary",), body="hcd"),)
        rules = load("IMSS_COMITE").model_copy(update=changes)
        named: dict[str, Any] = {"body": self.body}
        registered = body_acts.BodyRegistered(**named, body_kind=self.body_kind, parent="hcd")
        batch.sign(registered, self.town.founder, sealed={"name": f"Órgano {self.body} (ficticio)"})
        adopted = body_acts.BodyRulesAdopted(**named, profile="IMSS_COMITE", rules=rules, valid_from=since)
        batch.sign(adopted, self.town.founder)
        seats: Any = tuple(
            {"seat": seat, "sector": sector, "role": role, "voting": voting} for seat, sector, role, voting in SEATS
        )
        batch.sign(body_acts.SeatsDefined(**named, seats=seats, valid_from=since), self.town.founder)
        for seat, *_ in SEATS:
            self.town.seat_person(batch, seat, f"Persona {seat} de {self.body}", body=self.body)
        self.town.submit(batch.acts)

    def meet(self, *, adopting: bool) -> None:
        """Hold the first session; adopt one agreement in it or only take note."""
        town = self.town
        place: dict[str, Any] = {"body": self.body, "year": self.year, "series": "ord", "session": 1}
        kind: Any = "decision" if adopting else "information"
        items = (session_acts.AgendaEntry(item=1, item_kind=kind),)
        convened = session_acts.SessionConvened(
            **place, begins_at=town.now(), modality="presencial", items=items, decided_by=self.decided_by
        )
        basis = [] if self.decided_by is None else [self.decided_by]
        town.do(convened, self.clerk, sealed={"item/1/title": "Único punto"}, basis=basis)
        arrivals = (session_acts.Arrival(seat="presidente", designation=1),)
        town.do(session_acts.AttendanceRecorded(**place, arrivals=arrivals), self.clerk)
        town.do(session_acts.QuorumDeclared(**place, present=1, base=1, required=1), self.clerk)
        town.do(session_acts.SessionOpened(**place), self.president)
        town.do(session_acts.ItemOpened(**place, item=1), self.clerk)
        if adopting:
            self._adopt(place)
        outcome: Any = "resolved" if adopting else "noted"
        town.do(session_acts.ItemConcluded(**place, item=1, outcome=outcome), self.clerk)
        closed = session_acts.SessionClosed(**place, votes=int(adopting), agreements=(1,) if adopting else ())
        town.do(closed, self.president)

    def _adopt(self, place: dict[str, Any]) -> None:
        eligible = (vote_acts.Holder(seat="presidente", designation=1),)
        opened = vote_acts.VoteOpened(**place, vote=1, item=1, method="roll-call", eligible=eligible)
        self.town.do(opened, self.clerk, sealed={"motion": "Se aprueba"}, basis=[f"session/{self.path}"])
        self.town.do(vote_acts.RollCallRecorded(**place, vote=1, favor=("presidente",)), self.clerk)
        counts: dict[str, Any] = {"favor": 1, "contra": 0, "abstencion": 0, "result": "approved"}
        self.town.do(vote_acts.VoteDeclared(**place, vote=1, **counts), self.president)
        vote = f"vote/{self.path}/1"
        of: dict[str, Any] = {"body": self.body, "year": self.year, "number": 1}
        adopted = agreement_acts.AgreementAdopted(
            **of, vote=vote, ordinal=1, identifier=f"1/{self.year}", resolutions=1
        )
        self.town.do(adopted, self.clerk, sealed={"title": "Dictamen", "resolution/1": "Se aprueba."}, basis=[vote])
