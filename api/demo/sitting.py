"""One session of the demo Consejo, from its convocation to its close, as officers would sign it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from api.demo.town import VOTING_SEATS
from ledger.acts import agreement as agreement_acts
from ledger.acts import convocation as convocation_acts
from ledger.acts import session as session_acts
from ledger.acts import vote as vote_acts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from api.demo.town import Town


@dataclass
class Sitting:
    """A session of a body: its place in the year, who is present, how many votes it held.

    present: seat → number of the designation by which it is held.
    convocation: SHA-256 of the convocation's statement.
    """

    town: Town
    year: int
    number: int
    series: str = "ord"
    body: str = "hcd"
    present: dict[str, int] = field(default_factory=dict)
    convocation: str = ""
    votes: int = 0
    agreements: list[int] = field(default_factory=list)

    @property
    def place(self) -> dict[str, Any]:
        """The fields that every act of the session carries."""
        return {"body": self.body, "year": self.year, "series": self.series, "session": self.number}

    @property
    def path(self) -> str:
        """`hcd/2026/ord/3`."""
        return f"{self.body}/{self.year}/{self.series}/{self.number}"

    def convene(self, titles: Sequence[str], begins_at: str) -> None:
        """Convene with an orden del día of decisions."""
        entries = tuple(session_acts.AgendaEntry(item=n, item_kind="decision") for n in range(1, len(titles) + 1))
        act = session_acts.SessionConvened(**self.place, begins_at=begins_at, modality="presencial", items=entries)
        sealed = {f"item/{n}/title": title for n, title in enumerate(titles, 1)}
        signed = self.town.desk.sign(act, self.town.secretary, sealed=sealed)
        self.town.submit([signed])
        self.convocation = signed.statement.sha256

    def deliver(self, seats: Iterable[str] = VOTING_SEATS, number: int = 1, received_at: str | None = None) -> None:
        """Attest that seats received the present convocation, now unless said; notice is measured from here."""
        at = received_at or self.town.now()
        receipts = tuple(
            convocation_acts.Receipt(seat=seat, designation=number, received_at=at, channel="e-mail") for seat in seats
        )
        act = convocation_acts.ConvocationDelivered(**self.place, convocation=self.convocation, receipts=receipts)
        self.town.do(act, basis=[f"session/{self.path}"])

    def waive(self) -> None:
        """Attest that all who are present waive a short notice."""
        present = tuple(sorted(seat for seat in self.present if seat in VOTING_SEATS))
        act = convocation_acts.DefectAcknowledged(
            **self.place, convocation=self.convocation, defect="notice", waived_by=present
        )
        self.town.do(act, basis=[f"session/{self.path}"])

    def attend(self, seats: Iterable[str] = VOTING_SEATS, number: int = 1) -> None:
        """Record who is present at the roll."""
        arrivals = tuple(session_acts.Arrival(seat=seat, designation=number) for seat in seats)
        self.town.do(session_acts.AttendanceRecorded(**self.place, arrivals=arrivals))
        self.present |= {arrival.seat: arrival.designation for arrival in arrivals}

    def leave(self, seats: Iterable[str], item: int | None = None) -> None:
        """Record who leaves."""
        gone = tuple(seats)
        self.town.do(session_acts.AttendanceRecorded(**self.place, departures=gone, item=item))
        for seat in gone:
            del self.present[seat]

    def open(self, base: int = 12, required: int = 7) -> None:
        """Declare quorum and open."""
        present = sum(seat in VOTING_SEATS for seat in self.present)
        self.town.do(session_acts.QuorumDeclared(**self.place, present=present, base=base, required=required))
        self.town.do(session_acts.SessionOpened(**self.place), self.town.chair)

    def begin(self, titles: Sequence[str], begins_at: str, seats: Iterable[str] = VOTING_SEATS) -> None:
        """Convene, take the roll, declare quorum, open."""
        self.convene(titles, begins_at)
        self.attend(seats)
        self.open()

    def item(self, item: int) -> None:
        """Take up an item."""
        self.town.do(session_acts.ItemOpened(**self.place, item=item))

    def conclude(self, item: int, outcome: Any = "resolved") -> None:
        """End an item."""
        self.town.do(session_acts.ItemConcluded(**self.place, item=item, outcome=outcome))

    # -- votes -----------------------------------------------------------------------------------------------

    def open_vote(self, item: int, method: Any, motion: str, recused: Iterable[str] = ()) -> int:
        """Open the next vote; return its number."""
        self.votes += 1
        out = set(recused)
        eligible = tuple(
            vote_acts.Holder(seat=seat, designation=number)
            for seat, number in sorted(self.present.items())
            if seat in VOTING_SEATS and seat not in out
        )
        self.town.do(
            vote_acts.VoteOpened(**self.place, vote=self.votes, item=item, method=method, eligible=eligible),
            sealed={"motion": motion},
            basis=[f"session/{self.path}"],
        )
        return self.votes

    def roll_call(self, item: int, motion: str, marks: Mapping[str, Iterable[str]]) -> int:
        """Hold a roll call: open, record, declare. marks: choice → seats; who is not named votes in favour."""
        vote = self.open_vote(item, "roll-call", motion)
        contra, abstencion = sorted(marks.get("contra", ())), sorted(marks.get("abstencion", ()))
        favor = sorted(s for s in self.present if s in VOTING_SEATS and s not in {*contra, *abstencion})
        self.town.do(
            vote_acts.RollCallRecorded(
                **self.place,
                vote=vote,
                favor=tuple(favor),
                contra=tuple(contra),
                abstencion=tuple(abstencion),
            )
        )
        result = "approved" if 2 * len(favor) > len(favor) + len(contra) + len(abstencion) else "rejected"
        self.declare(vote, len(favor), len(contra), len(abstencion), result)
        return vote

    def tie(self, item: int, motion: str, against: Iterable[str], casting: Any) -> int:
        """Hold a roll call that ties, broken by the chair's casting vote; the others present vote in favour."""
        vote = self.open_vote(item, "roll-call", motion)
        contra = tuple(sorted(against))
        favor = tuple(sorted(s for s in self.present if s in VOTING_SEATS and s not in contra))
        self.town.do(vote_acts.RollCallRecorded(**self.place, vote=vote, favor=favor, contra=contra))
        self.town.do(vote_acts.CastingVoteExercised(**self.place, vote=vote, choice=casting), self.town.chair)
        self.declare(vote, len(favor), len(contra), 0, "approved" if casting == "favor" else "rejected")
        return vote

    def secret(self, item: int, motion: str, favor: int, contra: int, abstencion: int = 0) -> int:
        """Hold a secret vote: who voted and the counts, nobody's choice."""
        vote = self.open_vote(item, "secret", motion)
        voters = tuple(sorted(seat for seat in self.present if seat in VOTING_SEATS))
        self.town.do(
            vote_acts.SecretTallyRecorded(
                **self.place, vote=vote, voters=voters, favor=favor, contra=contra, abstencion=abstencion
            )
        )
        result = "approved" if 2 * favor > len(voters) else "rejected"
        self.declare(vote, favor, contra, abstencion, result)
        return vote

    def ballots(self, item: int, motion: str, choices: Mapping[str, str]) -> int:
        """Hold a vote by the members' own signed ballots: open, cast, close, declare."""
        vote = self.open_vote(item, "ballot", motion)
        for seat, choice in choices.items():
            self.cast(vote, seat, choice)
        self.town.do(vote_acts.VoteClosed(**self.place, vote=vote, ballots=len(choices)))
        cast = list(choices.values())
        favor, contra, abstencion = (cast.count(choice) for choice in ("favor", "contra", "abstencion"))
        result = "approved" if 2 * favor > len(self.present) else "rejected"
        self.declare(vote, favor, contra, abstencion, result)
        return vote

    def cast(self, vote: int, seat: str, choice: str) -> Any:
        """Cast a member's ballot with his own key."""
        act = vote_acts.BallotCast.model_validate({**self.place, "vote": vote, "seat": seat, "choice": choice})
        return self.town.do(act, self.town.officer(seat, number=self.present[seat]), basis=[f"vote/{self.path}/{vote}"])

    def declare(self, vote: int, favor: int, contra: int, abstencion: int, result: Any) -> None:
        """Declare a result."""
        self.town.do(
            vote_acts.VoteDeclared(
                **self.place, vote=vote, favor=favor, contra=contra, abstencion=abstencion, result=result
            ),
            self.town.chair,
        )

    # -- what follows ----------------------------------------------------------------------------------------

    def adopt(self, number: int, identifier: str, vote: int, title: str, resolutions: Sequence[str]) -> None:
        """Adopt an agreement that an approved vote carries."""
        stream = f"vote/{self.path}/{vote}"
        self.town.do(
            agreement_acts.AgreementAdopted(
                body=self.body,
                year=self.year,
                number=number,
                vote=stream,
                ordinal=1,
                identifier=identifier,
                resolutions=len(resolutions),
            ),
            sealed={"title": title} | {f"resolution/{n}": text for n, text in enumerate(resolutions, 1)},
            basis=[stream],
        )
        self.agreements.append(number)

    def close(self) -> None:
        """Close the session, saying how many votes it held and which agreements it adopted."""
        self.town.do(
            session_acts.SessionClosed(**self.place, votes=self.votes, agreements=tuple(self.agreements)),
            self.town.chair,
        )
