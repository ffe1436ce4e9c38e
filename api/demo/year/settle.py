"""The ledger is founded, bodies, units and people enter it from paper (domain.md §7.1)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from api.demo.year.bodies import BODIES, INSTITUTION, NAMES
from api.demo.year.teller import LEDGER, REGISTRAR, moment
from api.demo.year.units import SINCE, UNITS
from ledger.acts import body as body_acts
from ledger.acts import designation as designation_acts
from ledger.acts import trust
from ledger.acts.body import SectorRule
from ledger.acts.calendar import Holiday
from ledger.acts.unit import UnitCreated
from ledger.compose import Officer
from ledger.ids import write_instant
from ledger.profiles import load
from ledger.profiles.holidays import edition

if TYPE_CHECKING:
    from api.demo.year.bodies import Body, Place
    from api.demo.year.teller import Teller
    from ledger.crypto.keys import PrivateKey

RECESS = ("2025-12-24", "2025-12-26", "2025-12-31", "2026-04-02", "2026-04-03")
"""General holidays of the institution, besides the statutory ones."""
TERM = ("2024-01-01 00:00", "2030-01-01 00:00")
STAFF = frozenset({"secretary", "prosecretary", "registrar", "custodian", "comisario", "liaison"})
TERMS = {
    "hcd/obrero-2": ("2020-07-01 00:00", "2026-07-01 00:00"),
    "hcd/patronal-4": ("2021-01-01 00:00", "2027-01-01 00:00"),
    "ccvn/obrero-1": ("2020-12-16 00:00", "2026-12-16 00:00"),
}
"""Terms that are not the usual ones: whose ends the year meets, or comes near."""
LATER = frozenset({"hcd/obrero-3"})
"""Seats that are filled in the story itself."""
ORGANISATIONS = {"obrero": "cdtn", "patronal": "cdi"}
"""Sector → who proposes for it: Confederación Demo del Trabajo Norte, Cámara Demo de la Industria."""
RULES: dict[str, dict[str, Any]] = {
    "hcd": {
        "sectors": tuple(
            SectorRule(sector=sector, proposers=(organisation,), competent="agd", provisional="hcd")
            for sector, organisation in ORGANISATIONS.items()
        ),
        "expiry_notice_days": 60,
    },
}
"""What a body's rules say besides its profile."""
FIRST_NUMBERS = (
    ("hcd", "session.2025.ord", 11),
    ("hcd", "agreement.2025", 201),
    ("agd", "session.2025.ord", 12),
    ("ccvn", "session.2026.ord", 18),
    ("ctd", "session.2026.ord", 7),
    ("ctd", "access.2026", 41),
    ("hcd", "certification.2026", 7),
)
"""Series that were under way before the ledger was founded."""


def found(t: Teller) -> None:
    """Found the ledger with a simulated clock."""
    t.at("2025-11-03 09:00")
    officers = tuple(trust.Founder(person=f"p-founder-{n}", spki=spki(t.keys(f"founder-{n}"))) for n in (1, 2))
    act = trust.LedgerFounded(
        origin=t.origin,
        officers=officers,
        recovery_spki=spki(t.keys("recovery")),
        rules_edition=1,
        clock="simulated",
    )
    signed = t.desk.sign(act, t.officer(LEDGER), sealed={"institution": INSTITUTION})
    t.adopt_founding(signed, t.submit([signed])[0].index)


def settle(t: Teller) -> None:
    """Register bodies, units and people; open the series that had begun on paper."""
    t.at("2025-11-04 09:00")
    recess = [Holiday(day=f"{day}", ground="recess", norm="LFPA 28") for day in RECESS]
    t.sign(edition("mx-federal", 2025, 2027, recess), LEDGER)
    staff = [(body, place) for body in BODIES for place in body.places() if place.role in STAFF]
    for body in BODIES:
        register_body(t, body)
    known: set[str] = set()
    for body, place in sorted(staff, key=lambda each: each[1].role != "registrar"):
        seat(t, body, place, known)
    t.send()
    for body in BODIES:
        for place in body.places():
            if place.role not in STAFF and f"{body.body}/{place.seat}" not in LATER:
                seat(t, body, place, known)
        t.send()
    for unit, code, name in UNITS:
        created = UnitCreated(unit=unit, effective_on=SINCE, code=code)
        t.sign(created, REGISTRAR, sealed={"name": name, "source": "Reglamento Interior del IDSS (ficticio)."})
    for code, series, first in FIRST_NUMBERS:
        t.sign(trust.SeriesOpened(body=code, series=series, first=first), REGISTRAR)
        kind, _, rest = series.partition(".")
        t.numbers["/".join((kind, code, *rest.split(".")))] = first - 1
    t.publish()


def register_body(t: Teller, body: Body) -> None:
    """Register a body with its profile's rules and its seats."""
    rules = load(body.profile).model_copy(update=RULES.get(body.body, {}))
    if rules.numbering.scheme == "ACDO":
        numbering = rules.numbering.model_copy(update={"body_code": body.code})
        rules = rules.model_copy(update={"numbering": numbering})
    kind: Any = body.kind
    t.sign(
        body_acts.BodyRegistered(body=body.body, body_kind=kind, parent=body.parent), LEDGER, sealed={"name": body.name}
    )
    t.sign(
        body_acts.BodyRulesAdopted(body=body.body, profile=body.profile, rules=rules, valid_from=SINCE),
        LEDGER,
        sealed={"source": f"Perfil {body.profile}; órgano ficticio."},
    )
    seats = tuple(
        body_acts.Seat.model_validate(
            {"seat": place.seat, "sector": place.sector, "role": place.role, "voting": place.voting}
        )
        for place in body.places()
    )
    t.sign(body_acts.SeatsDefined(body=body.body, seats=seats, valid_from=SINCE), LEDGER)


def seat(t: Teller, body: Body, place: Place, known: set[str]) -> None:
    """Register the holder of a seat, unless he is known, and his designation."""
    if place.key not in known:
        known.add(place.key)
        enrol(t, place.key, NAMES[place.key], by=LEDGER)
    where = f"{body.body}/{place.seat}"
    begins, ends = TERMS.get(where, TERM)
    designate(t, where, place.key, begins, None if place.role in STAFF else ends)


def enrol(t: Teller, key: str, name: str, *, by: str = REGISTRAR) -> None:
    """Register a person and his key; he accepts it with the key itself."""
    person, private = t.person_id(key), t.keys(key)
    t.sign(trust.PersonRegistered(person=person), by, sealed={"name": name})
    keyid = private.public.keyid
    t.sign(trust.KeyEnrolled(keyid=keyid, spki=spki(private), person=person), by)
    t.sign_as(trust.KeyAccepted(keyid=keyid), Officer(private, f"key/{keyid}"))


def designate(
    t: Teller,
    seat_path: str,
    key: str,
    begins: str,
    ends: str | None,
    *,
    capacity: Any = "propietario",
    effect: Any = None,
) -> int:
    """Register, as founding officers do, a designation that exists on paper; a suplente does not act until asked to."""
    code, _, place = seat_path.partition("/")
    number = t.next_number(f"designation/{seat_path}")
    act = designation_acts.DesignationRegistered(
        body=code,
        seat=place,
        number=number,
        person=t.person_id(key),
        capacity=capacity,
        begins_at=write_instant(moment(begins)),
        ends_at=None if ends is None else write_instant(moment(ends)),
        effect=effect,
    )
    t.sign(act, LEDGER)
    t.seated(seat_path, key, number, acting=capacity == "propietario")
    return number


def spki(key: PrivateKey) -> str:
    """Return a key's SPKI in base64."""
    return base64.b64encode(key.public.spki).decode()
