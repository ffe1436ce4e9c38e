"""Everybody who may ask for something restricted, and who may not: the columns of the access matrix."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.access.tokens import compose
from ledger.acts import session as session_acts
from ledger.acts.designation import DesignationEnded
from ledger.acts.disclosure import ReservedDataConsulted
from ledger.acts.trust import KeyAccepted, KeyEnrolled, KeyRevoked, PersonRegistered
from ledger.compose import Officer
from ledger.crypto.keys import PrivateKey
from tests.kit.opened import CTD, Comite
from tests.kit.settled import soon

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.demo.town import Town
    from api.system import System

MATRIX = Path(__file__).parents[1] / "data" / "access_matrix.txt"
ANNEX = b"%PDF-1.7\nanexo reservado"
AUDITOR = "p-auditora"


def lines() -> dict[tuple[str, str], str]:
    """Return what the matrix says of each operation: public, signed, mixed or restricted."""
    rows = (line.split() for line in MATRIX.read_text().splitlines())
    return {(method, path): access for access, method, path in rows}


@dataclass(frozen=True)
class Callers:
    """Who asks, by name, and the acts whose sealed text they ask for.

    officers: None asks without a token.
    convened: of the council's secretary, with a reserved annex; asked_for: of the Unidad de Transparencia; of it the
        custodian has handed `text` to the auditor; registered: of a founder, about a person.
    """

    system: System
    officers: Mapping[str, Officer | None]
    convened: int
    asked_for: int
    registered: int

    def headers(self, caller: str, scope: str) -> dict[str, str]:
        """Return the headers with which a caller asks for a path."""
        officer = self.officers[caller]
        if officer is None:
            return {}
        audience = "otra.example/acervo" if caller == "other-audience" else self.system.ledger.origin
        return {"Authorization": f"Bearer {compose(officer, audience, scope)}"}


def enrol(town: Town, person: str) -> Officer:
    """Register a person with a key and no seat; return him, who asks in his own name."""
    key = PrivateKey.generate("p256")
    own = Officer(key, f"key/{key.public.keyid}")
    town.do(PersonRegistered(person=person), town.founder, sealed={"name": "Auditora Superior (ficticia)"})
    spki = base64.b64encode(key.public.spki).decode()
    town.do(KeyEnrolled(keyid=key.public.keyid, spki=spki, person=person), town.founder)
    town.do(KeyAccepted(keyid=key.public.keyid), own)
    return own


def gather(system: System, town: Town) -> Callers:
    """Settle a Comité, seal something of each kind, end an office, revoke a key; return everybody."""
    comite = Comite(town, system.ledger)
    comite.settle()
    auditor = enrol(town, AUDITOR)
    request = comite.receive(1)
    asked_for = system.last_index(request)
    registered = system.last_index(f"person/{AUDITOR}")
    assert asked_for is not None
    assert registered is not None
    read = ReservedDataConsulted(index=asked_for, consultation=1, names=("text",), reader_id=AUDITOR)
    town.do(read, town.officer("custodio"), sealed={"reader": "Auditora", "purpose": "Revisión"})
    ended, revoked = town.officer("estado-4"), town.officer("patronal-4")
    now = town.now()
    end = DesignationEnded(body="hcd", seat="estado-4", number=1, ended_at=now, cause="deceased")
    town.do(end, town.founder)
    town.do(KeyRevoked(keyid=revoked.key.public.keyid, reason="lost"), town.founder)
    stranger = PrivateKey.generate()
    officers: dict[str, Officer | None] = {
        "anonymous": None,
        "member": town.officer("obrero-1"),
        "secretary": town.secretary,
        "custodian": town.officer("custodio"),
        "transparency-officer": town.officer("unidad", CTD),
        "auditor": auditor,
        "founder": town.founder,
        "revoked-key": revoked,
        "ended-designation": ended,
        "other-ledger": Officer(stranger, "ledger"),
        "other-audience": town.secretary,
        "other-office": Officer(town.officer("obrero-1").key, town.secretary.office),
        "recovery-key": Officer(town.keys("recovery"), f"key/{town.keys('recovery').public.keyid}"),
    }
    return Callers(system, officers, _convene(system, town), asked_for, registered)


def _convene(system: System, town: Town) -> int:
    """Convene a session of the council with an annex under seal; return the act's index."""
    document = system.documents.put([ANNEX], sealed=True, expected=sha256(ANNEX).hexdigest())
    place: dict[str, Any] = {"body": "hcd", "year": int(soon()[:4]), "series": "ord", "session": 1}
    items = (session_acts.AgendaEntry(item=1, item_kind="decision"),)
    act = session_acts.SessionConvened(**place, begins_at=soon(), modality="presencial", items=items)
    annex = {"name": "anexo.pdf", "media_type": document.media_type, "size": len(ANNEX), "sha256": document.sha256}
    [done] = town.do(act, sealed={"item/1/title": "Asunto reservado", "item/1/annex": annex})
    index: int = done.index
    return index
