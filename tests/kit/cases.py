"""Chapters of a told history: vetoes, recommendations, interpretations, a report; over any town and clock.

Under the council stand a consejo consultivo `cc`, whose president vetoes two agreements, and a commission of oversight
`cvd`; the council's permanent session decides on one veto, hears the commission, and takes note of the report.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from api.demo.sitting import Sitting
from api.demo.town import VOTING_SEATS
from ledger.acts import agreement as agreement_acts
from ledger.acts import body as body_acts
from ledger.acts import followup, interpretation, parse_act, recommendation, report, unit, validity, veto
from ledger.acts import session as session_acts
from ledger.acts import vote as vote_acts
from ledger.compose import Batch
from ledger.ids import parse_written
from ledger.profiles import load
from ledger.reporting import Fact, content, fact_of, sha256_of
from ledger.statement import Entry

if TYPE_CHECKING:
    from api.demo.town import Town
    from ledger.store.store import LedgerStore

DRAFT: dict[str, Any] = {"name": "proyecto.pdf", "media_type": "application/pdf", "size": 9, "sha256": "ab" * 32}


@dataclass
class Cases:
    """Tells the chapters.

    past_the_interface: whether acts are recorded without asking the interface over HTTP.
    """

    town: Town
    store: LedgerStore
    past_the_interface: bool = True
    year: int = field(init=False)

    def __post_init__(self) -> None:
        """Take the year of the town's clock."""
        self.year = parse_written(self.town.now()).year

    @property
    def president(self) -> Any:
        """Who presides over the consejo consultivo."""
        return self.town.officer("presidente", "cc")

    @property
    def clerk(self) -> Any:
        """The secretary of the consejo consultivo."""
        return self.town.officer("secretario", "cc")

    @property
    def deputy(self) -> Any:
        """The suplente of the council's secretary."""
        return self.town.officer("secretario", number=2)

    def of(self, number: int) -> dict[str, Any]:
        """Return what names an agreement of the consejo consultivo."""
        return {"body": "cc", "year": self.year, "number": number}

    # -- the bodies ------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Register both bodies under the council, their people, and a second secretary of the council."""
        town, since = self.town, "2020-01-01"
        rules = load("IMSS_CC")
        veto_rule = body_acts.VetoRule(power="president", resolver="hcd", resolve_business_days=20)
        rules = rules.model_copy(update={"veto": veto_rule, "holiday_calendar": None})
        batch = Batch(town.desk)
        for body, kind, name in (("cc", "consultative", "Consejo Consultivo"), ("cvd", "commission", "Vigilancia")):
            registered = body_acts.BodyRegistered.model_validate({"body": body, "body_kind": kind, "parent": "hcd"})
            batch.sign(registered, town.founder, sealed={"name": f"{name} (ficticio)"})
            adopted = body_acts.BodyRulesAdopted(body=body, profile="IMSS_CC", rules=rules, valid_from=since)
            batch.sign(adopted, town.founder)
            seats = (
                body_acts.Seat(seat="presidente", sector="estado", role="chair", voting=True),
                body_acts.Seat(seat="secretario", sector="ninguno", role="secretary", voting=False),
            )
            batch.sign(body_acts.SeatsDefined(body=body, seats=seats, valid_from=since), town.founder)
            for seat in seats:
                town.seat_person(batch, seat.seat, f"{name}, {seat.seat}", body=body)
        town.seat_person(batch, "secretario", "Suplente de la Secretaría", number=2, capacity="suplente")
        town.submit(batch.acts)

    def agree(self) -> None:
        """Let the consejo consultivo adopt two agreements by one vote, an acuerdo and a directriz."""
        town = self.town
        place: dict[str, Any] = {"body": "cc", "year": self.year, "series": "ord", "session": 1}
        items = (session_acts.AgendaEntry(item=1, item_kind="decision"),)
        convened = session_acts.SessionConvened(**place, begins_at=town.now(), modality="presencial", items=items)
        town.do(convened, self.clerk, sealed={"item/1/title": "Contratación"})
        arrivals = (session_acts.Arrival(seat="presidente", designation=1),)
        town.do(session_acts.AttendanceRecorded(**place, arrivals=arrivals), self.clerk)
        town.do(session_acts.QuorumDeclared(**place, present=1, base=1, required=1), self.clerk)
        town.do(session_acts.SessionOpened(**place), self.president)
        town.do(session_acts.ItemOpened(**place, item=1), self.clerk)
        eligible = (vote_acts.Holder(seat="presidente", designation=1),)
        opened = vote_acts.VoteOpened(**place, vote=1, item=1, method="roll-call", eligible=eligible)
        town.do(opened, self.clerk, sealed={"motion": "Se aprueba"}, basis=[f"session/cc/{self.year}/ord/1"])
        town.do(vote_acts.RollCallRecorded(**place, vote=1, favor=("presidente",)), self.clerk)
        counts: dict[str, Any] = {"favor": 1, "contra": 0, "abstencion": 0, "result": "approved"}
        town.do(vote_acts.VoteDeclared(**place, vote=1, **counts), self.president)
        vote = f"vote/cc/{self.year}/ord/1/1"
        kinds: tuple[agreement_acts.AgreementKind, ...] = ("agreement", "directive")
        for number, kind in enumerate(kinds, 1):
            named: dict[str, Any] = {"identifier": f"{number}/{self.year}", "resolutions": 1, "agreement_kind": kind}
            adopted = agreement_acts.AgreementAdopted(**self.of(number), vote=vote, ordinal=number, **named)
            texts = {"title": f"Contratación {number}", "resolution/1": "Se contrata."}
            town.do(adopted, self.clerk, sealed=texts, basis=[vote])
        town.do(session_acts.ItemConcluded(**place, item=1, outcome="resolved"), self.clerk)
        town.do(session_acts.SessionClosed(**place, votes=1, agreements=(1, 2)), self.president)

    def follow(self, number: int, addressee: str, due_on: str) -> None:
        """Capture an agreement, review it, and let a unit answer for it."""
        captured = followup.AgreementCaptured(**self.of(number), resolutions=("instruct",))
        self.town.do(captured, self.clerk)
        self.town.do(followup.AgreementCaptureReviewed(**self.of(number), outcome="confirmed"), self.president)
        assigned = followup.ResponsibilityAssigned(**self.of(number), resolution=1, units=(addressee,), due_on=due_on)
        self.town.do(assigned, self.clerk)

    # -- vetoes ----------------------------------------------------------------------------------------------------

    def exercise(self, number: int) -> int:
        """Veto an agreement of the consejo consultivo; return the index of the exercise."""
        stream, case = f"agreement/cc/{self.year}/{number}", f"veto/cc/{self.year}/{number}"
        act = veto.VetoExercised(**self.of(number), power="president", resolver="hcd", norms=("LSS 264-XIV",))
        grounds = {"grounds": "Excede la competencia."}
        index: int = self.town.do(act, self.president, sealed=grounds, basis=[stream])[0].index
        suspended = validity.AgreementSuspended(**self.of(number), case=case, cause="veto")
        self.town.do(suspended, self.clerk, basis=[case])
        return index

    def reinstate(self, number: int) -> None:
        """Register that the veto was decided in favour of the agreement."""
        case = f"veto/cc/{self.year}/{number}"
        self.town.do(validity.AgreementReinstated(**self.of(number), case=case), self.clerk, basis=[case])

    def annul(self, number: int) -> None:
        """Register that the veto was decided against the agreement."""
        case = f"veto/cc/{self.year}/{number}"
        self.town.do(validity.AgreementAnnulled(**self.of(number), case=case), self.clerk, basis=[case])

    def integrate(self, number: int, due_on: str, sense: Any = "overturn") -> None:
        """Admit a veto, integrate its file, draft the project."""
        town = self.town
        town.do(veto.VetoAdmissionDecided(**self.of(number), outcome="admitted", due_on=due_on))
        town.do(veto.VetoCaseIntegrated(**self.of(number), sheets=12), sealed={"evidence/1": DRAFT})
        town.do(veto.VetoResolutionDrafted(**self.of(number), sense=sense), sealed={"draft": DRAFT})

    # -- the council's session -----------------------------------------------------------------------------------

    def sit(self, absent: tuple[str, ...] = ()) -> Sitting:
        """Open the council's first permanent session, with a case and an information."""
        sitting = Sitting(self.town, self.year, 1, "per")
        items = (
            session_acts.AgendaEntry(item=1, item_kind="case"),
            session_acts.AgendaEntry(item=2, item_kind="information"),
        )
        act = session_acts.SessionConvened(
            **sitting.place, begins_at=self.town.now(), modality="presencial", items=items
        )
        self.town.do(act, sealed={"item/1/title": "Veto", "item/2/title": "Informe cuatrimestral"})
        sitting.attend(seat for seat in VOTING_SEATS if seat not in absent)
        sitting.open()
        return sitting

    def decide(self, sitting: Sitting, number: int, outcome: Any = "overturned") -> None:
        """Submit the project to the session, by another than its drafter, and let the council vote it."""
        session = f"session/{sitting.path}"
        self.town.do(veto.VetoSubmitted(**self.of(number), session=session, item=1), self.deputy)
        sitting.item(1)
        vote = f"vote/{sitting.path}/{sitting.roll_call(1, 'Sobre el veto', {'contra': ['patronal-1']})}"
        resolved = veto.VetoResolved(**self.of(number), vote=vote, outcome=outcome, vetoer_sat=False)
        self.town.do(resolved, basis=[vote])
        sitting.conclude(1)
        if outcome == "confirmed":
            self.annul(number)
        else:
            self.reinstate(number)

    # -- reports ---------------------------------------------------------------------------------------------------

    def facts(self) -> list[Fact]:
        """Return the facts of all entries, as anybody reads them."""
        found = []
        for index in range(self.store.head().size):
            raw = self.store.entry(index)
            assert raw is not None
            statement = Entry.parse(raw).act.statement
            fact = fact_of(parse_act(statement.type, statement.data), index, statement.occurred_at)
            if fact is not None:
                found.append(fact)
        return found

    def report(self, sitting: Sitting) -> None:
        """Prepare the report on the bodies below, authorise it, present it as a noted item; and a false one.

        The false one is told only past the interface, which would refuse it.
        """
        town, as_of = self.town, self.store.head().size - 1
        of: dict[str, Any] = {"body": "hcd", "report_kind": "functioning", "period": str(self.year), "number": 1}
        said = content(self.facts(), "hcd", "functioning", str(self.year), as_of)
        bound: dict[str, Any] = {"as_of": as_of, "content_sha256": sha256_of(said)}
        town.do(report.PeriodicReportPrepared(**of, **bound), sealed={"analysis": "Sin novedad."})
        town.do(report.PeriodicReportAuthorized(**of, **bound, level=1), town.chair)
        sitting.item(2)
        sitting.conclude(2, "noted")
        presented = report.ReportPresented(**of, session=f"session/{sitting.path}", item=2)
        town.do(presented, basis=[presented.session])
        false = report.PeriodicReportPrepared(**(of | {"number": 2}), as_of=as_of, content_sha256="ab" * 32)
        if self.past_the_interface:
            town.do(false)

    # -- recommendations, interpretations --------------------------------------------------------------------------

    def recommend(self, sitting: Sitting, addressee: str) -> None:
        """Issue two recommendations in the session; one is attended, verified and reopened, the other one stays."""
        town, session = self.town, f"session/{sitting.path}"
        for number in (1, 2):
            named: dict[str, Any] = {"identifier": f"CV/1/{number}", "unit": addressee, "due_on": f"{self.year}-12-31"}
            issued = recommendation.RecommendationIssued(body="cvd", ordinal=1, number=number, session=session, **named)
            town.do(issued, sealed={"text": "Recomienda."}, basis=[session])
        of: dict[str, Any] = {"body": "cvd", "ordinal": 1, "number": 1}
        town.do(recommendation.RecommendationTransmitted(**of, unit=addressee, oficio="SG/CV/1"))
        progress = recommendation.RecommendationReported(**of, unit=addressee, claim="progress", percent=40)
        town.do(progress, self.deputy, sealed={"narrative": "En curso."})
        town.do(recommendation.RecommendationReported(**of, unit=addressee, claim="attended"), self.deputy)
        town.do(recommendation.RecommendationReviewed(**of, outcome="reopened"), sealed={"reason": "Falta evidencia."})
        town.do(recommendation.RecommendationReported(**of, unit=addressee, claim="attended"), self.deputy)
        town.do(recommendation.RecommendationReviewed(**of, outcome="attended"))

    def interpret(self) -> None:
        """Answer two queries on the first agreement of the consejo consultivo; the second answer supersedes."""
        stream = f"agreement/cc/{self.year}/1"
        for number in (1, 2):
            of = self.of(1) | {"interpretation": number}
            asked = interpretation.InterpretationRequested(**of, petitioner_kind="unit", about="scope", resolution=1)
            self.town.do(asked, self.clerk, sealed={"question": "¿Desde cuándo?"})
            self.town.do(interpretation.InterpretationDrafted(**of), self.clerk, sealed={"draft": "Desde hoy."})
            issued = interpretation.InterpretationIssued(**of)
            self.town.do(issued, self.president, sealed={"answer": "Desde hoy."}, basis=[stream])
        replaced = interpretation.InterpretationSuperseded(**self.of(1), interpretation=1, by=2)
        self.town.do(replaced, self.president)

    def tell(self, due_on: str, addressee: str = "dir") -> None:
        """Tell all of it; a veto of the second agreement stays open."""
        if self.town.heads.stream_head(f"unit/{addressee}")[0] == 0:
            created = unit.UnitCreated(unit=addressee, code=addressee.upper(), effective_on="2001-01-01")
            self.town.do(created, self.town.founder, sealed={"name": "Dirección"})
        self.settle()
        self.agree()
        self.follow(2, addressee, due_on)
        self.exercise(1)
        self.integrate(1, due_on)
        sitting = self.sit()
        self.decide(sitting, 1)
        self.report(sitting)
        self.recommend(sitting, addressee)
        sitting.close()
        self.exercise(2)
        self.interpret()
