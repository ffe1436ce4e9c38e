"""A whole history on a real database: every act type that registries know, signed, checked and recorded.

The clock is simulated, so that what is recorded is the same on every run but for keys, salts and hashes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from api.actas import ActaDesk
from api.demo.record import certify
from api.demo.sitting import Sitting
from api.demo.town import VOTING_SEATS, Town
from ledger.acts import acta as acta_acts
from ledger.acts import body as body_acts
from ledger.acts import certification as certification_acts
from ledger.acts import designation as designation_acts
from ledger.acts import session as session_acts
from ledger.acts import transparency, trust
from ledger.acts import vote as vote_acts
from ledger.application import Ledger
from ledger.clock import MEXICO_CITY
from ledger.compose import Batch
from ledger.crypto.keys import PrivateKey
from ledger.domain.rules.days import add_business_days
from ledger.ids import parse_written, write_instant
from ledger.store.store import LedgerStore
from ledger.store.vault import Vault
from tests.kit.appointed import appoint, nominate
from tests.kit.binding import tell_of_books
from tests.kit.cabinet import deliberate
from tests.kit.cases import Cases
from tests.kit.certifying import tell_of_certificates
from tests.kit.followed import follow
from tests.kit.imported import bring_in
from tests.kit.opened import tell_of_transparency
from tests.kit.pki import tell_of_authorities
from tests.kit.planned import close_year, plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Self

    from ledger.application import Recorded
    from ledger.domain.world import State
    from ledger.statement import SignedAct

ORIGIN = "actas.prueba.example/acervo"
DAY = "2026-03-02T09:00:00-06:00"
SHA = "ab" * 32


@cache
def key(_name: str) -> PrivateKey:
    """Return the key of that name, the same for the whole test run."""
    return PrivateKey.generate()


@dataclass
class History:
    """A ledger over a database, its people, and the clock.

    store, vault, ledger: As the service has them.
    town: Who signs.
    past_the_interface: Whether acts are recorded without asking the interface over HTTP.
    """

    past_the_interface: ClassVar[bool] = True
    store: LedgerStore
    vault: Vault
    ledger: Ledger = field(init=False)
    town: Town = field(init=False)
    instant: str = DAY

    def __post_init__(self) -> None:
        """Set the town up on the ledger."""
        self.ledger = Ledger(self.store, self.vault, ORIGIN)
        if self.store.founding() is not None:
            self.instant = write_instant(self.store.now().astimezone(MEXICO_CITY))
        self.town = Town(self.ledger, self._submit, lambda: self.instant, key)

    @classmethod
    def on(cls, url: str, directory: Path) -> Self:
        """Return a history on a database, which may have one already; the vault's keys lie in `directory`."""
        store = LedgerStore(url, pool_size=2)
        return cls(store, Vault(store, directory / "vault"))

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def _submit(self, acts: Sequence[SignedAct]) -> list[Recorded]:
        recorded = self.ledger.submit(acts)
        self.tick()
        return recorded

    def tick(self, **by: int) -> None:
        """Move the clock; a minute unless told otherwise."""
        self.instant = write_instant(parse_written(self.instant) + timedelta(**(by or {"minutes": 1})))
        self.store.set_clock(parse_written(self.instant))

    def do(self, act: Any, officer: Any = None, **how: Any) -> int:
        """Let a founding officer (unless said) sign an act; return its index."""
        index: int = self.town.do(act, officer or self.town.founder, **how)[0].index
        return index

    def state(self, stream: str) -> State:
        """Return a stream's state, which is there."""
        found = self.ledger.state(stream)
        assert found is not None, stream
        return found

    # -- chapters ----------------------------------------------------------------------------------------------

    def found(self) -> None:
        """Found the ledger and settle the council."""
        self.town.found("simulated")
        self.town.settle()

    def sit(self, number: int = 1) -> Sitting:
        """Convene and open the n-th ordinary session with four items."""
        sitting = Sitting(self.town, 2026, number)
        begins_at = write_instant(parse_written(self.instant) + timedelta(hours=1))
        sitting.convene(["Calendario", "Presupuesto", "Designación", "Asuntos generales"], begins_at)
        self.tick(hours=1)
        sitting.attend()
        sitting.open()
        return sitting

    def decide(self, sitting: Sitting) -> None:
        """Hold one vote in each of the four ways, with ballots corrected, a recusal, a tie and a vote annulled."""
        town, place = self.town, sitting.place
        sitting.item(1)
        vote = sitting.roll_call(1, "Se aprueba el calendario", {"contra": ["patronal-1"], "abstencion": ["obrero-4"]})
        self.adopt(sitting, vote)
        sitting.conclude(1)
        sitting.item(2)
        vote = sitting.open_vote(2, "ballot", "Se aprueba el presupuesto")
        for seat in VOTING_SEATS:
            sitting.cast(vote, seat, "favor")
        corrected = vote_acts.BallotCorrected(**place, vote=vote, seat="obrero-2", choice="abstencion")
        town.do(corrected, town.officer("obrero-2"), basis=[f"vote/{sitting.path}/{vote}"])
        town.do(vote_acts.VoteClosed(**place, vote=vote, ballots=12))
        sitting.declare(vote, 11, 0, 1, "approved")
        sitting.conclude(2)
        self._decide_by_hand(sitting)

    def _decide_by_hand(self, sitting: Sitting) -> None:
        town, place = self.town, sitting.place
        sitting.item(3)
        town.do(session_acts.MemberRecused(**place, item=3, seat="patronal-2"), sealed={"cause": "Interés propio"})
        vote = sitting.open_vote(3, "secret", "Se designa", recused=["patronal-2"])
        voters = tuple(sorted(set(VOTING_SEATS) - {"patronal-2"}))
        town.do(
            vote_acts.SecretTallyRecorded(
                **place, vote=vote, voters=voters, tellers=("obrero-1",), favor=8, contra=3, abstencion=0
            )
        )
        sitting.declare(vote, 8, 3, 0, "approved")
        sitting.conclude(3)
        sitting.leave(["patronal-4"], item=4)
        sitting.item(4)
        spoken = session_acts.InterventionRecorded(**place, item=4, seat="obrero-3")
        town.do(spoken, sealed={"summary": "Pide la palabra para hechos."})
        vote = sitting.open_vote(4, "show-of-hands", "Se da por enterado")
        town.do(
            vote_acts.ShowOfHandsRecorded(
                **place, vote=vote, favor=9, contra=2, abstencion=0, dissenters=("estado-4", "patronal-3")
            )
        )
        sitting.declare(vote, 9, 2, 0, "approved")
        vote = sitting.open_vote(4, "roll-call", "Se retira")
        town.do(vote_acts.VoteAnnulled(**place, vote=vote), sealed={"reason": "Se planteó mal"})
        sitting.conclude(4, "noted")

    def adopt(self, sitting: Sitting, vote: int) -> None:
        """Adopt the next agreement by an approved vote."""
        number = 1
        while self.ledger.state(f"agreement/hcd/2026/{number}") is not None:
            number += 1
        day = f"{self.instant[8:10]}{self.instant[5:7]}{self.instant[2:4]}"
        sitting.adopt(
            number, f"ACDO.AS2.HCD.{day}/{number}.P.DIR", vote, f"Acuerdo {number}", ["Se aprueba.", "Notifíquese."]
        )

    def tie(self, sitting: Sitting) -> None:
        """Six against six; a recess; the chair breaks the tie."""
        town, place = self.town, sitting.place
        sitting.item(1)
        vote = sitting.open_vote(1, "roll-call", "Se empata")
        marks: dict[str, Any] = {"favor": VOTING_SEATS[:6], "contra": VOTING_SEATS[6:]}
        town.do(vote_acts.RollCallRecorded(**place, vote=vote, **marks))
        town.do(vote_acts.CastingVoteExercised(**place, vote=vote, choice="favor"), town.chair)
        sitting.declare(vote, 6, 6, 0, "approved")
        sitting.conclude(1)
        town.do(session_acts.SessionRecessed(**place), town.chair)
        town.do(session_acts.SessionResumed(**place), town.chair)
        sitting.close()

    def record(self, sitting: Sitting) -> int:
        """Close, draft twice, sign (one refuses), seal; return the index of the draft that was sealed."""
        town, place = self.town, sitting.place
        sitting.close()
        self.draft(sitting.path)
        drafted, root = self.draft(sitting.path)
        basis = [f"acta/{sitting.path}"]
        for seat in ("secretario", "estado-1"):
            signature = acta_acts.ActaSigned(**place, seat=seat, root=root)
            town.do(signature, town.officer(seat), basis=basis)
        refusal = acta_acts.ActaSignatureRefused(**place, seat="patronal-1", root=root)
        town.do(refusal, town.officer("patronal-1"), basis=basis, sealed={"reason": "No refleja mi voto"})
        hesitant = {**place, "seat": "obrero-1", "root": root}
        town.do(acta_acts.ActaSignatureRefused(**hesitant), town.officer("obrero-1"), basis=basis)
        town.do(acta_acts.ActaSigned(**hesitant), town.officer("obrero-1"), basis=basis)
        attested = acta_acts.ActaSignatureRefusalAttested(**place, seat="obrero-4", root=root)
        town.do(attested, basis=basis, sealed={"reason": "Está enfermo"})
        town.do(
            acta_acts.ActaSealed(
                **place, root=root, signatures=("estado-1", "secretario"), refusals=("obrero-4", "patronal-1")
            )
        )
        return drafted

    def draft(self, path: str) -> tuple[int, str]:
        """Draft the acta of a session; return the draft's index and its root."""
        act, blocks = ActaDesk(self.store, self.vault, self.ledger.state).draft(path)
        signed = self.town.desk.sign(act, self.town.secretary, basis=[f"session/{path}"], blocks=blocks.disclosures)
        return self._submit([signed])[0].index, blocks.root

    def certify(self, number: int, *streams: str) -> None:
        """Certify objects as they stand: requested, compiled, reviewed, issued."""
        certify(self.town, ("hcd", 2026, number), streams, self.town.secretary)

    def change_people(self) -> None:
        """Leave and return, a suplente, a resignation, a seat suppressed, a key revoked, a body extinct."""
        town = self.town
        place: dict[str, Any] = {"body": "hcd", "seat": "obrero-3", "number": 1}
        self.do(designation_acts.LeaveGranted(**place, begins_at=self.instant))
        self.tick(days=2)
        self.do(designation_acts.LeaveEnded(**place, ends_at=self.instant))
        ended = designation_acts.DesignationEnded(
            body="hcd", seat="patronal-4", number=1, ended_at=self.instant, cause="resigned"
        )
        self.do(ended, sealed={"explanation": "Motivos personales"})
        batch = Batch(town.desk)
        town.seat_person(batch, "patronal-4", "Suplente Segunda", number=2, begins_at=self.instant)
        self._submit(batch.acts)
        keyid = key("hcd.obrero-4").public.keyid
        self.do(trust.KeyRevoked(keyid=keyid, reason="compromised", compromised_from=self.store.head().size - 5))
        self.do(body_acts.BodyRegistered(body="breve", body_kind="other", parent="hcd"), sealed={"name": "Breve"})
        seat = body_acts.Seat(seat="unico", sector="x", role="guest", voting=False)
        self.do(body_acts.SeatsDefined(body="breve", seats=(seat,), valid_from="2026-01-01"))
        self.do(body_acts.BodyRenamed(body="breve", effective_on="2026-01-10"), sealed={"name": "Breve y renombrado"})
        self.do(body_acts.BodySuspended(body="breve", suspended_on="2026-01-12"))
        self.do(body_acts.BodyResumed(body="breve", resumed_on="2026-01-20"))
        self.do(body_acts.SeatsSuppressed(body="breve", seats=("unico",), valid_to="2026-02-01"))
        self.do(body_acts.BodyExtinguished(body="breve", extinct_on="2026-02-02"))

    def call_twice(self, number: int) -> None:
        """A session that finds no quorum, is called again, and is cancelled."""
        sitting = Sitting(self.town, 2026, number)
        begins_at = write_instant(parse_written(self.instant) + timedelta(hours=1))
        sitting.convene(["Único punto"], begins_at)
        self.tick(hours=1)
        sitting.attend(["estado-1"])
        self.town.do(session_acts.QuorumNotReached(**sitting.place, present=1, base=12, required=7))
        items = (session_acts.AgendaEntry(item=1, item_kind="decision"),)
        again = write_instant(parse_written(self.instant) + timedelta(hours=2))
        act = session_acts.SessionConvened(**sitting.place, begins_at=again, modality="mixta", call=2, items=items)
        self.town.do(act, sealed={"item/1/title": "Único punto, otra vez"})
        added = session_acts.ItemAdded(**sitting.place, item=2, item_kind="general")
        self.town.do(added, sealed={"title": "Asuntos generales"})
        self.town.do(session_acts.SessionCancelled(**sitting.place), sealed={"reason": "Sismo"})

    def judge(self) -> None:
        """Vetoes, a report, recommendations and interpretations under the council."""
        due = add_business_days(parse_written(self.instant).date(), 20)
        Cases(self.town, self.store, self.past_the_interface).tell(due.isoformat())

    def publish(self, drafted: int) -> None:
        """Open a body's name, an acta with all its blocks, and a person's name; erase that person's name again."""
        custodian = self.town.officer("custodio")
        self.do(transparency.TextPublished(index=self.state("body/hcd").index - 2), custodian)
        self.do(transparency.TextPublished(index=drafted), custodian)
        person = self.state("person/p-hcd.obrero-1").index
        self.do(transparency.TextPublished(index=person, names=("name",)), custodian)
        digest = self.store.sealed_of(person)[0].digest
        self.vault.erase([digest])
        erased = transparency.ErasedDisclosure(index=person, name="name", digest=digest)
        self.do(
            transparency.PersonalDataErased(
                disclosures=(erased,), ground="data-subject-right", irrecoverable_on="2026-12-31"
            ),
            custodian,
        )

    def tell(self) -> Self:
        """Write all chapters."""
        self.found()
        sitting = self.sit()
        self.decide(sitting)
        drafted = self.record(sitting)
        self.certify(1, f"acta/{sitting.path}", f"vote/{sitting.path}/1")
        self.certify(2, f"acta/{sitting.path}")
        of_first: dict[str, Any] = {"body": "hcd", "year": 2026, "number": 1}
        self.town.do(certification_acts.CertificationSuperseded(**of_first, by_year=2026, by_number=2))
        of_second = of_first | {"number": 2}
        self.town.do(certification_acts.CertificationRevoked(**of_second, reason="error"))
        bring_in(self)
        self.do(trust.PersonRegistered(person="p-founder-1"), sealed={"name": "Fundadora"})
        tell_of_authorities(self)
        self.tie(self.sit(2))
        tell_of_books(self)
        follow(self)
        deliberate(self)
        plan(self)
        tell_of_certificates(self)
        self.judge()
        nominate(self)
        self.change_people()
        self.call_twice(3)
        tell_of_transparency(self)
        appoint(self)
        close_year(self)
        self.publish(drafted)
        return self
