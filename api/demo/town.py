"""A small fictional institution at work: every act composed and signed as its officer would (domain.md §7).

The same town serves the demo ledger, the tests and the measurements: it only needs somebody who takes acts and
somebody who knows the heads of streams. All persons are invented.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ledger.acts import body as body_acts
from ledger.acts import designation as designation_acts
from ledger.acts import trust
from ledger.compose import Batch, Desk, Heads, Officer
from ledger.ids import ZERO_HASH
from ledger.profiles import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ledger.crypto.keys import PrivateKey, Secret
    from ledger.statement import SignedAct

TERM_BEGINS = "2024-01-01T00:00:00-06:00"
TERM_ENDS = "2030-01-01T00:00:00-06:00"
SEATS_FROM = "2020-01-01"

# seat → (sector, role, voting, name of its holder)
HCD = {
    "estado-1": ("estado", "chair", True, "Elvira Ronquillo Paz"),
    "estado-2": ("estado", "member", True, "Tadeo Villaseñor Ibarra"),
    "estado-3": ("estado", "member", True, "Nicanor Cuéllar Rangel"),
    "estado-4": ("estado", "member", True, "Obdulia Zepeda Marín"),
    "patronal-1": ("patronal", "member", True, "Leandro Fuentevilla Soto"),
    "patronal-2": ("patronal", "member", True, "Brígida Aldama Ferrer"),
    "patronal-3": ("patronal", "member", True, "Casimiro Peralta Luján"),
    "patronal-4": ("patronal", "member", True, "Adelaida Monroy Treviño"),
    "obrero-1": ("obrero", "member", True, "Evaristo Quintana Robles"),
    "obrero-2": ("obrero", "member", True, "Micaela Olvera Santoyo"),
    "obrero-3": ("obrero", "member", True, "Hilario Bustos Carmona"),
    "obrero-4": ("obrero", "member", True, "Rosaura Tinoco Vega"),
    "secretario": ("secretaria", "secretary", False, "Amparo Lizárraga Núñez"),
    "registrador": ("secretaria", "registrar", False, "Fabián Ocaranza Duarte"),
    "custodio": ("secretaria", "custodian", False, "Jacinta Berumen Olmos"),
}
VOTING_SEATS = tuple(seat for seat, (_, _, voting, _) in HCD.items() if voting)
HCD_NAME = "H. Consejo Directivo (ficticio)"
INSTITUTION = "Instituto Demostrativo de Seguridad Social (ficticio)"


class KeyRing(Protocol):
    """Demo keys by name, made the first time that one is asked for."""

    def __call__(self, name: str) -> PrivateKey:
        """Return the key of that name."""


@dataclass
class Town:
    """Officers with their keys, and the acts that they sign.

    heads, submit: the ledger that takes the acts.
    now: the instant as written by signers.
    keys: demo keys: `founder-1`, `founder-2`, `recovery`, and one a seat (`hcd.obrero-2`).
    person_id: gives the id of a person by seat; random in a real ledger.
    """

    heads: Heads
    submit: Callable[[Sequence[SignedAct]], Any]
    now: Callable[[], str]
    keys: KeyRing
    person_id: Callable[[str], str] = lambda seat: f"p-{seat}"
    salt: Callable[[], bytes] | None = None
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        """Set the desk up."""
        self.desk = Desk(self.heads, self.now) if self.salt is None else Desk(self.heads, self.now, self.salt)

    # -- officers ------------------------------------------------------------------------------------------

    @property
    def founder(self) -> Officer:
        """A founding officer."""
        return Officer(self.keys("founder-1"), "ledger")

    def officer(self, seat: str, body: str = "hcd", number: int = 1) -> Officer:
        """Who holds a seat by its n-th designation."""
        return Officer(
            self.keys(f"{body}.{seat}" if number == 1 else f"{body}.{seat}.{number}"),
            f"designation/{body}/{seat}/{number}",
        )

    @property
    def secretary(self) -> Officer:
        """The secretary of the Consejo."""
        return self.officer("secretario")

    @property
    def chair(self) -> Officer:
        """Who presides."""
        return self.officer("estado-1")

    # -- founding ------------------------------------------------------------------------------------------

    def found(self, clock: str = "real") -> None:
        """Found the ledger: two founding officers, a recovery key."""
        officers = tuple(trust.Founder(person=f"p-founder-{n}", spki=_spki(self.keys(f"founder-{n}"))) for n in (1, 2))
        act = trust.LedgerFounded(
            origin=self.heads.origin,
            officers=officers,
            recovery_spki=_spki(self.keys("recovery")),
            rules_edition=1,
            clock="simulated" if clock == "simulated" else "real",
        )
        signed = self.desk.sign(
            act, self.founder, sealed={"institution": INSTITUTION}, after={"ledger": (0, ZERO_HASH)}
        )
        self.submit([signed])

    def settle(self) -> None:
        """Register the Consejo, its rules and seats, its officers with their keys and designations."""
        batch = Batch(self.desk)
        # The short sample convenes an hour ahead, has no calendar and reads no text before its votes: it says so.
        told: dict[str, Any] = {"notice_breach": "REMARK", "holiday_calendar": None, "reschedule_window": None}
        told["text_before_vote"] = False
        self.register_body(batch, "hcd", HCD_NAME, profile="IMSS_HCT", seats=HCD, body_kind="council", changes=told)
        for seat, (_, _, _, name) in HCD.items():
            self.seat_person(batch, seat, name)
        self.submit(batch.acts)

    def register_body(
        self,
        batch: Batch,
        body: str,
        name: str,
        *,
        profile: str,
        seats: Mapping[str, tuple[str, str, bool, str]],
        body_kind: Any = "council",
        changes: Mapping[str, Any] | None = None,
    ) -> None:
        """Register a body with a shipped profile and its seats; its agreements carry the body's own code.

        changes: rules of the profile that the body has otherwise.
        """
        rules = load(profile).model_copy(update=changes)
        if rules.numbering.scheme == "ACDO":
            numbering = rules.numbering.model_copy(update={"body_code": body.upper()})
            rules = rules.model_copy(update={"numbering": numbering})
        batch.sign(body_acts.BodyRegistered(body=body, body_kind=body_kind), self.founder, sealed={"name": name})
        batch.sign(
            body_acts.BodyRulesAdopted(body=body, profile=profile, rules=rules, valid_from=SEATS_FROM),
            self.founder,
        )
        defined = tuple(
            body_acts.Seat.model_validate({"seat": seat, "sector": sector, "role": role, "voting": voting})
            for seat, (sector, role, voting, _) in seats.items()
        )
        batch.sign(body_acts.SeatsDefined(body=body, seats=defined, valid_from=SEATS_FROM), self.founder)

    def seat_person(
        self,
        batch: Batch,
        seat: str,
        name: str,
        *,
        body: str = "hcd",
        number: int = 1,
        capacity: Any = "propietario",
        begins_at: str = TERM_BEGINS,
        ends_at: str | None = TERM_ENDS,
    ) -> None:
        """Register a person, enrol his key, let him accept it, and designate him to a seat."""
        holder = self.officer(seat, body, number)
        person = self.person_id(f"{body}.{seat}" if number == 1 else f"{body}.{seat}.{number}")
        self.enrol(batch, person, name, holder.key)
        batch.sign(
            designation_acts.DesignationRegistered(
                body=body,
                seat=seat,
                number=number,
                person=person,
                capacity=capacity,
                begins_at=begins_at,
                ends_at=ends_at,
            ),
            self.founder,
        )

    def enrol(self, batch: Batch, person: str, name: str, key: Secret) -> None:
        """Register a person and his key; he accepts it with the key itself."""
        batch.sign(trust.PersonRegistered(person=person), self.founder, sealed={"name": name})
        keyid = key.public.keyid
        batch.sign(trust.KeyEnrolled(keyid=keyid, spki=_spki(key), person=person), self.founder)
        batch.sign(trust.KeyAccepted(keyid=keyid), Officer(key, f"key/{keyid}"))

    # -- the rest --------------------------------------------------------------------------------------------

    def do(
        self,
        act: Any,
        officer: Officer | None = None,
        *,
        sealed: Mapping[str, Any] | None = None,
        basis: Iterable[str] = (),
        occurred_at: str | None = None,
        blocks: Mapping[str, str] | None = None,
    ) -> Any:
        """Sign one act (the secretary does, unless said) and submit it."""
        who = officer or self.secretary
        return self.submit(
            [self.desk.sign(act, who, sealed=sealed, basis=basis, occurred_at=occurred_at, blocks=blocks)]
        )


def _spki(key: Secret) -> str:
    return base64.b64encode(key.public.spki).decode()
