"""A Comité de Transparencia at work: what officers sign about requests, classifications and public versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from api.exports import sipot
from ledger.acts import access, classification, disclosure, transparency
from ledger.acts import session as session_acts
from ledger.acts import trust as trust_acts
from ledger.acts import vote as vote_acts
from ledger.compose import Batch
from ledger.crypto.canonical import dumps
from ledger.domain.agreement_state import AgreementState
from ledger.domain.holidays import HolidaysState
from ledger.domain.rules.days import add_business_days, calendar_day
from ledger.ids import legal_day, parse_written, write_instant
from ledger.statement import Entry
from projections.queries.transparency import INDEX_FORMAT

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from api.demo.town import Town
    from ledger.application import Ledger
    from tests.kit.history import History

CTD = "ctd"
MEMBERS = {
    "presidencia": ("ninguno", "chair", True, "Ofelia Barrientos Nava"),
    "vocal": ("ninguno", "member", True, "Genaro Tovar Lezama"),
    "control": ("ninguno", "member", True, "Irene Saldívar Coria"),
    "unidad": ("ninguno", "secretary", False, "Bernardo Quiroz Maya"),
}
VOTERS = ("control", "presidencia", "vocal")
AGREEMENT = "agreement/hcd/2026/1"
HARM = {f"harm/{part}": f"Daño {part}." for part in ("risk", "balance", "proportionality")}


@dataclass
class Comite:
    """The Comité over a town: its session, its votes, and the day on which everybody signs.

    wait: lets so many hours pass where the clock is simulated.
    """

    town: Town
    ledger: Ledger
    wait: Callable[[], None] = lambda: None
    votes: int = 0
    place: dict[str, Any] = field(default_factory=dict)

    def settle(self) -> None:
        """Register the Comité and its members."""
        batch = Batch(self.town.desk)
        kind: Any = "committee"
        profile = "COMITE_TRANSPARENCIA"
        self.town.register_body(batch, CTD, "Comité de Transparencia", profile=profile, seats=MEMBERS, body_kind=kind)
        for seat, (*_, name) in MEMBERS.items():
            self.town.seat_person(batch, seat, name, body=CTD)
        self.town.submit(batch.acts)

    @property
    def today(self) -> date:
        """The legal day."""
        return legal_day(self.town.now())

    @property
    def unidad(self) -> Any:
        """The secretary, who is the Unidad de Transparencia."""
        return self.town.officer("unidad", CTD)

    def do(self, act: Any, **how: Any) -> int:
        """Let the Unidad sign an act; return its index."""
        index: int = self.town.do(act, how.pop("officer", self.unidad), **how)[0].index
        return index

    def due(self, days: int, since: date | None = None) -> str:
        """Return the last day of a term of business days."""
        calendar = self.ledger.state("holidays/mx-federal")
        holidays = calendar.days if isinstance(calendar, HolidaysState) else frozenset[Any]()
        return add_business_days(since or self.today, days, holidays).isoformat()

    # -- its session ---------------------------------------------------------------------------------------------------

    def sit(self, number: int = 1) -> None:
        """Convene and open a session with one item."""
        self.place = {"body": CTD, "year": self.today.year, "series": "ord", "session": number}
        self.votes = 0
        begins_at = write_instant(parse_written(self.town.now()) + timedelta(seconds=1))
        items = (session_acts.AgendaEntry(item=1, item_kind="decision"),)
        convened = session_acts.SessionConvened(**self.place, begins_at=begins_at, modality="presencial", items=items)
        self.do(convened, sealed={"item/1/title": "Clasificación de información"})
        self.wait()
        arrivals = tuple(session_acts.Arrival(seat=seat, designation=1) for seat in (*VOTERS, "unidad"))
        self.do(session_acts.AttendanceRecorded(**self.place, arrivals=arrivals))
        self.do(session_acts.QuorumDeclared(**self.place, present=3, base=3, required=2))
        self.do(session_acts.SessionOpened(**self.place), officer=self.town.officer("presidencia", CTD))
        self.do(session_acts.ItemOpened(**self.place, item=1))

    def vote(self) -> str:
        """Take an approving vote; return its stream."""
        self.votes += 1
        path = f"{CTD}/{self.place['year']}/ord/{self.place['session']}"
        eligible = tuple(vote_acts.Holder(seat=seat, designation=1) for seat in VOTERS)
        opened = vote_acts.VoteOpened(**self.place, vote=self.votes, item=1, method="roll-call", eligible=eligible)
        self.do(opened, sealed={"motion": "Se confirma"}, basis=[f"session/{path}"])
        self.do(vote_acts.RollCallRecorded(**self.place, vote=self.votes, favor=VOTERS))
        counts: dict[str, Any] = {"favor": 3, "contra": 0, "abstencion": 0, "result": "approved"}
        declared = vote_acts.VoteDeclared(**self.place, vote=self.votes, **counts)
        self.do(declared, officer=self.town.officer("presidencia", CTD))
        return f"vote/{path}/{self.votes}"

    # -- what it decides -----------------------------------------------------------------------------------------------

    def receive(self, number: int, right: Any = "information") -> str:
        """Receive a request today; return its stream."""
        made: dict[str, Any] = {"body": CTD, "year": self.today.year, "number": number, "right": right}
        act = access.AccessRequestReceived(
            **made, received_on=self.today.isoformat(), due_on=self.due(20), folio=f"AR-{number:04}"
        )
        self.do(act, sealed={"text": "Copia del acuerdo", "petitioner": "Periodista"})
        return act.stream()

    def generate(self, index: int, stream: str, version: int = 1, **what: Any) -> str:
        """Generate a public version with one description; return its stream."""
        act = disclosure.PublicVersionGenerated(index=index, version=version, object=stream, **what)
        told = dict.fromkeys(act.sealed_required(), "Estrategia de inspección en curso")
        self.do(act, sealed=told, basis=[stream], officer=self.town.secretary)
        return act.stream()

    def propose(self, index: int, stream: str, by: str, *names: str, **changes: Any) -> None:
        """Propose to reserve texts for two years, on a request or a version."""
        trigger = "public-version" if by.startswith("version/") else "request"
        made: dict[str, Any] = {"index": index, "proposal": 1, "object": stream, "names": names, "by": by}
        made |= {"character": "reserved", "trigger": trigger, "unit": "dir", "fraction": "VI"}
        today = self.today
        made |= {"from_on": today.isoformat(), "until_on": today.replace(year=today.year + 2, day=1).isoformat()}
        act = classification.ClassificationProposed(**(made | changes))
        sealed = {"description": "Estrategia", **(HARM if act.character == "reserved" else {})}
        self.do(act, sealed=sealed, basis=[by], officer=self.town.secretary)

    def resolve(self, index: int, outcome: Any = "confirmed", proposal: int = 1, **changes: Any) -> None:
        """Resolve a proposal by a vote."""
        vote = self.vote()
        act = classification.ClassificationResolved(
            index=index, proposal=proposal, body=CTD, vote=vote, outcome=outcome, **changes
        )
        self.do(act, basis=[vote])

    def approve(self, index: int, version: int = 1) -> None:
        """Approve a public version by a vote."""
        vote = self.vote()
        act = disclosure.PublicVersionApproved(index=index, version=version, body=CTD, vote=vote)
        self.do(act, basis=[vote])

    def open(self, index: int, *names: str) -> None:
        """Publish texts of an entry."""
        custodian = self.town.officer("custodio")
        self.do(transparency.TextPublished(index=index, names=names), officer=custodian)


def tell_of_transparency(history: History) -> None:
    """Tell of a request that leads to a public version of the first agreement, of an appeal, and of ARCO rights."""
    comite = Comite(history.town, history.ledger, lambda: history.tick(hours=1))
    comite.settle()
    agreement = history.state(AGREEMENT)
    assert isinstance(agreement, AgreementState)
    index = agreement.adopted_index
    request = comite.receive(1)
    comite.sit()
    _clarify(comite)
    comite.propose(index, AGREEMENT, request, "resolution/2")
    comite.resolve(index, "modified", until_on=comite.today.replace(year=2027, day=1).isoformat())
    redaction = disclosure.Redaction(name="resolution/2", character="reserved", fraction="VI", description=1)
    made: dict[str, Any] = {"open": ("title", "resolution/1"), "redactions": (redaction,)}
    version = comite.generate(index, AGREEMENT, **made)
    comite.approve(index)
    comite.open(index, "title", "resolution/1")
    _answer(comite, version)
    _change(history, comite, index)
    _cancel(history, comite)
    custodian = history.town.officer("custodio")
    read = disclosure.ReservedDataConsulted(index=index, consultation=1, names=("resolution/2",))
    comite.do(read, sealed={"reader": "Auditora", "purpose": "Revisión"}, officer=custodian)
    size = history.store.head().size
    contents = {"format": INDEX_FORMAT, "on": "2025-12-31", "size": size, "rows": []}
    digest = sha256(dumps(contents)).hexdigest()
    comite.do(
        disclosure.ReservedIndexPublished(
            body=CTD, year=2025, half=2, on="2025-12-31", size=size, sha256=digest, rows=0
        )
    )
    _file_format(comite, history.store.head().size)


def _file_format(comite: Comite, size: int) -> None:
    """Nothing was issued in the last quarter of 2025: the format has one row that says so."""
    template = sipot.templates()["opiniones"]
    filled = sipot.of(template, (2025, 4), comite.today, size, [])
    act = disclosure.TransparencyFormatExported(
        body=CTD,
        year=2025,
        quarter=4,
        form="opiniones",
        number=1,
        edition=template.edition,
        on=comite.today.isoformat(),
        size=size,
        sha256=filled.sha256(),
        rows=1,
    )
    comite.do(act)


def _clarify(comite: Comite) -> None:
    """The petitioner makes it clear, it is turned to a unit, the Comité gives ten days more."""
    of: dict[str, Any] = {"body": CTD, "year": comite.today.year, "number": 1}
    asked = access.AccessPreventionIssued(**of, due_on=comite.due(10))
    comite.do(asked, sealed={"question": "¿Cuál acuerdo?"})
    answered = access.AccessPreventionAnswered(**of, answered_on=comite.today.isoformat(), due_on=comite.due(20))
    comite.do(answered, sealed={"text": "El primero"})
    comite.do(access.AccessRequestTurned(**of, units=("dir",)))
    vote = comite.vote()
    due_on = comite.due(10, calendar_day(answered.due_on))
    extended = access.AccessDeadlineExtended(**of, committee=CTD, vote=vote, due_on=due_on)
    comite.do(extended, sealed={"reason": "Volumen"}, basis=[vote])


def _answer(comite: Comite, version: str) -> None:
    of: dict[str, Any] = {"body": CTD, "year": comite.today.year, "number": 1}
    answered = access.AccessRequestAnswered(**of, modality="public-version", on=(version,))
    comite.do(answered, sealed={"answer": "Se entrega versión pública."}, basis=[version])
    comite.do(access.AccessRequestAppealed(**of, appeal="RRA-1/2026", filed_on=comite.today.isoformat()))
    comite.do(access.AccessAppealResolved(**of, outcome="confirmed"))


def _change(history: History, comite: Comite, index: int) -> None:
    """The term is extended; a second proposal is confirmed and declassified because its cause has ceased."""
    vote = comite.vote()
    until_on = comite.today.replace(year=2029, day=1).isoformat()
    extended = classification.ReservationExtended(index=index, proposal=1, body=CTD, vote=vote, until_on=until_on)
    comite.do(extended, sealed=HARM, basis=[vote])
    vote_stream = "vote/hcd/2026/ord/2/1"
    other = Entry.parse(next(iter(history.store.stream(vote_stream)))).index
    comite.propose(other, vote_stream, comite.receive(2), "motion")
    comite.resolve(other)
    lifted = classification.Declassified(index=other, proposal=1, cause="cause-ceased")
    comite.do(lifted, sealed={"reason": "Terminó la inspección"})


def _cancel(history: History, comite: Comite) -> None:
    """A data subject has his name cancelled: granted, blocked, erased; the log stays whole."""
    history.do(trust_acts.PersonRegistered(person="p-datos-1"), sealed={"name": "Solicitante Anónima"})
    index = history.state("person/p-datos-1").index
    [row] = history.store.sealed_of(index)
    request = comite.receive(3, "cancellation")
    of: dict[str, Any] = {"body": CTD, "year": comite.today.year, "number": 3}
    comite.do(access.AccessRequestAnswered(**of, modality="granted"), sealed={"answer": "Procede."})
    erased = transparency.ErasedDisclosure(index=index, name=row.name, digest=row.digest)
    blocked = access.PersonalDataBlocked(**of, disclosures=(erased,), until_on=comite.today.isoformat())
    comite.do(blocked)
    history.vault.erase([row.digest])
    act = transparency.PersonalDataErased(
        disclosures=(erased,), ground="data-subject-right", irrecoverable_on="2026-12-31", request=request
    )
    comite.do(act, basis=[request], officer=history.town.officer("custodio"))
