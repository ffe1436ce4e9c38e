"""Whose a token or session is: the key's person, and the office as it stands in the ledger now.

There is no table of users. A key is enrolled and revoked by acts, an office begins and ends by acts, and both are read
again at every request, so that what ends there ends here at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.problems import ApiError
from api.signatures import fresh
from ledger.domain.rules.authority import held_office
from ledger.domain.trust import signer_of
from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from api.system import System
    from ledger.domain.trust import Signer

FOUNDER = "founder"
PERSON = "person"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may be asked who he is.

    Attributes:
        keyid: His key.
        person: Its person, as enrolled.
        office: `ledger`, `key/<keyid>` or `designation/<body>/<seat>/<n>`.
        role: Of the office's seat; `founder`, or `person` for who asks in no office.
        body, seat: Of the office; empty where it is no designation.
    """

    keyid: str
    person: str
    office: str
    role: str
    body: str = ""
    seat: str = ""


def signer_now(system: System, keyid: str) -> Signer:
    """Return the signer of a key that is usable now.

    Raises:
        ApiError: 401 "access-key" where it is unknown here, not accepted or revoked.
    """
    try:
        return signer_of(keyid, fresh(system.ledger))
    except RuleViolation as error:
        raise ApiError(401, "access-key", error.code) from error


def reader_now(system: System, keyid: str, office: str) -> Reader:
    """Return the reader of a key and an office, both as they stand now, by the ledger's clock.

    Raises:
        ApiError: 401 "access-key"; 403 "access-office" where the office is not his or not in force.
    """
    signer = signer_now(system, keyid)
    kind, _, rest = office.partition("/")
    if kind == "ledger" and signer.founder:
        return Reader(keyid, signer.person, office, FOUNDER)
    if kind == "key" and rest == keyid and not signer.recovery and not signer.service_types:
        return Reader(keyid, signer.person, office, PERSON)
    if kind != "designation":
        raise ApiError(403, "access-office", office)
    try:
        held, role = held_office(office, signer.person, system.store.now(), fresh(system.ledger))
    except RuleViolation as error:
        raise ApiError(403, "access-office", error.code) from error
    return Reader(keyid, signer.person, office, role, held.body, held.seat)
