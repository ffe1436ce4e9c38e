"""A journalist asks for a reserved agreement; the Comité shortens the reservation; a public version; data erased.

§7.2 of 10 June: access request AR-0041, harm test, two years proposed and one given, three redactions.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from api.demo.year.chapters.m2026_04 import INSPECTION
from api.demo.year.chapters.m2026_06 import CTD_7
from api.demo.year.course import Event, on
from ledger.acts import access as access_acts
from ledger.acts import classification as classification_acts
from ledger.acts import disclosure as disclosure_acts
from ledger.acts.transparency import ErasedDisclosure, PersonalDataErased, TextPublished
from ledger.domain.access import ANSWER_DAYS
from ledger.domain.body import body_of, rules_of
from ledger.domain.holidays import business_deadline

if TYPE_CHECKING:
    from api.demo.year.teller import Teller

UNIT = "ctd/secretario"
CUSTODIAN = "hcd/custodio"
ASKED: dict[str, Any] = {"body": "ctd", "year": 2026, "number": 41}
OWN_DATA: dict[str, Any] = {"body": "ctd", "year": 2026, "number": 42}
REQUEST, ARCO = "access/ctd/2026/41", "access/ctd/2026/42"
OBJECT = f"agreement/{INSPECTION}"
OPEN, CLOSED = ("title", "resolution/1"), ("resolution/2", "resolution/3", "resolution/4")
FRACTION: Any = "VI"
FROM, PROPOSED_UNTIL, UNTIL = "2026-06-01", "2028-06-01", "2027-06-01"


def adopted(t: Teller) -> int:
    """Return the index of the entry that adopted the agreement asked for."""
    return int(t.notes[f"index {OBJECT}"])


def due(t: Teller, days: int) -> str:
    """Return the last day of a term that begins to run tomorrow, on the Comité's calendar."""
    today = t.clock.date()
    rules = rules_of(body_of(t.world, "ctd"), today)
    return str(business_deadline(t.world, rules, today, days))


def asked(t: Teller) -> None:
    """A request arrives through the national platform, and goes to the area that has what is asked for."""
    received = access_acts.AccessRequestReceived(
        **ASKED, right="information", received_on=t.today, due_on=due(t, ANSWER_DAYS), folio="AR-0041"
    )
    text = "Solicito el acuerdo del 29 de abril de 2026 sobre la estrategia de inspección."
    t.sign(received, UNIT, sealed={"text": text, "petitioner": "Periodista (ficticia)"})
    t.sign(access_acts.AccessRequestTurned(**ASKED, units=("dir",)), UNIT)


def proposed(t: Teller) -> None:
    """The area proposes to reserve three resolutivos for two years; what is withheld nobody may publish meanwhile."""
    index = adopted(t)
    act = classification_acts.ClassificationProposed(
        index=index,
        proposal=1,
        object=OBJECT,
        names=CLOSED,
        character="reserved",
        trigger="request",
        by=REQUEST,
        unit="dir",
        fraction=FRACTION,
        from_on=FROM,
        until_on=PROPOSED_UNTIL,
    )
    sealed = {
        "description": "Sectores, calendario y método de una inspección en curso.",
        "harm/risk": "Su difusión permitiría eludir la inspección.",
        "harm/balance": "El riesgo supera el interés de conocerla mientras se ejecuta.",
        "harm/proportionality": "Se reservan solo tres resolutivos, por el tiempo de la inspección.",
    }
    t.sign(act, "hcd/dir", sealed=sealed, basis=[REQUEST])
    t.refused("text-classified", TextPublished(index=index, names=CLOSED[:1]), CUSTODIAN)


def version_made(t: Teller) -> None:
    """A public version with three redactions, each with its ground, goes to the Comité."""
    redactions = tuple(
        disclosure_acts.Redaction(name=name, character="reserved", fraction=FRACTION, description=1) for name in CLOSED
    )
    act = disclosure_acts.PublicVersionGenerated(
        index=adopted(t), version=1, object=OBJECT, open=OPEN, redactions=redactions
    )
    described = {"description/1": "Resolutivo que detalla una inspección en curso."}
    t.sign(act, "hcd/secretario", sealed=described, basis=[OBJECT], public=True)


def resolved(t: Teller) -> None:
    """The Comité modifies: one year. The version is approved, the open text published, the request answered."""
    index, sitting = adopted(t), t.notes[f"sitting {CTD_7.path}"]
    vote, approval = sitting.vote_stream(1), sitting.vote_stream(2)
    modified = classification_acts.ClassificationResolved(
        index=index, proposal=1, body="ctd", vote=vote, outcome="modified", until_on=UNTIL
    )
    reasons = {"reasons": "Un año basta para concluir la inspección."}
    t.sign(modified, UNIT, sealed=reasons, basis=[vote])
    approved = disclosure_acts.PublicVersionApproved(index=index, version=1, body="ctd", vote=approval)
    t.sign(approved, UNIT, basis=[approval])
    t.sign(TextPublished(index=index, names=OPEN), CUSTODIAN)
    version = f"version/{index}/1"
    answered = access_acts.AccessRequestAnswered(**ASKED, modality="public-version", on=(version,))
    t.sign(answered, UNIT, sealed={"answer": "Se entrega versión pública."}, basis=[version])


def indexed(t: Teller) -> None:
    """The index of the first half of the year is published by its hash: one reservation (LGTAIP 105)."""
    t.send()
    size, digest, rows = t.outside.reserved_index("2026-06-30")
    act = disclosure_acts.ReservedIndexPublished(
        body="ctd", year=2026, half=1, on="2026-06-30", size=size, sha256=digest, rows=rows
    )
    t.sign(act, UNIT)


def consulted(t: Teller) -> None:
    """The internal control body reads what is reserved: it leaves an act of the custodian."""
    act = disclosure_acts.ReservedDataConsulted(index=adopted(t), consultation=1, names=CLOSED)
    who = {"reader": "Titular del Órgano Interno de Control (demo)", "purpose": "Auditoría 7/2026"}
    t.sign(act, CUSTODIAN, sealed=who)


# -- personal data -------------------------------------------------------------------------------------------------


def cancelled(t: Teller) -> None:
    """A data subject has what a request for certification says of him cancelled: granted, and blocked first."""
    received = access_acts.AccessRequestReceived(
        **OWN_DATA, right="cancellation", received_on=t.today, due_on=due(t, ANSWER_DAYS), folio="ARCO-0007"
    )
    t.sign(received, UNIT, sealed={"text": "Pido que se cancelen mis datos.", "petitioner": "Titular (ficticia)"})
    granted = access_acts.AccessRequestAnswered(**OWN_DATA, modality="granted")
    t.sign(granted, UNIT, sealed={"answer": "Procede la cancelación."})
    until = str(date.fromisoformat(t.today) + timedelta(days=30))
    blocked = access_acts.PersonalDataBlocked(**OWN_DATA, disclosures=(to_erase(t),), until_on=until)
    t.sign(blocked, UNIT)


def to_erase(t: Teller) -> ErasedDisclosure:
    """Return where the first request for certification says who asks and what for."""
    index = t.notes["index request/hcd/2026/1"]
    return ErasedDisclosure(index=index, name="purpose", digest=t.notes["purpose 7"])


def erased(t: Teller) -> None:
    """The blocking ends and the text is destroyed; entry, proofs and certificate stay valid (T18)."""
    act = PersonalDataErased(
        disclosures=(to_erase(t),), ground="data-subject-right", irrecoverable_on="2026-12-31", request=ARCO
    )
    t.sign(act, CUSTODIAN, basis=[ARCO])


def events() -> list[Event]:
    """Return the chapter's events."""
    return [
        on("2026-05-18 10:00", asked),
        on("2026-06-01 10:00", proposed),
        on("2026-06-09 10:00", version_made),
        on("2026-06-10 16:00", resolved),
        on("2026-07-02 10:00", indexed),
        on("2026-07-08 10:00", consulted),
        on("2026-08-24 10:00", cancelled),
        on("2026-10-01 10:00", erased),
    ]
