"""A council with something on its officers' desks: a draft to sign in the ledger, papers to sign with an e.firma."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

from api.actas import ActaDesk
from api.demo.record import certify, place_of, record
from api.demo.seed import town_of
from ledger.acts.circulation import ActaCirculated
from ledger.clock import MEXICO_CITY, utc_now
from ledger.ids import write_instant
from tests.api.test_certificates import YEAR, sit
from tests.kit.efirma import Holder, enrol_efirma, trust_authorities

if TYPE_CHECKING:
    from api.demo.town import Town
    from api.system import System
    from ledger.compose import Officer

ACTA, DRAFT, CERTIFICATE = f"hcd/{YEAR}/ord/1", f"hcd/{YEAR}/ord/2", f"hcd/{YEAR}/1"
AGREEMENT = f"hcd/{YEAR}/1"
SPARE_ACTA, SPARE = f"hcd/{YEAR}/ord/3", f"certificacion/hcd/{YEAR}/2"
__all__ = [
    "ACTA",
    "AGREEMENT",
    "CERTIFICATE",
    "DRAFT",
    "SPARE",
    "SPARE_ACTA",
    "YEAR",
    "Desk",
    "certify_next",
    "settle_desk",
]


@dataclass(frozen=True)
class Desk:
    """A town with an acta that is sealed, one that is drafted, a certificate; and its signatories."""

    town: Town
    secretary: Holder
    chair: Holder


def settle_desk(system: System, *, spare: bool = False) -> Desk:
    """Hold two sessions: one acta is sealed and certified, one drafted.

    Args:
        system: Its ledger.
        spare: Circulate the draft to the chair, and seal and certify another acta.
    """
    town = town_of(system)
    trust_authorities(town)
    secretary = enrol_efirma(town, "secretario", "AMPARO LIZÁRRAGA NÚÑEZ")
    chair = enrol_efirma(town, "estado-1", "ELVIRA RONQUILLO PAZ", "p256")
    drafts = ActaDesk(system.store, system.vault, system.ledger.state)
    record(town, drafts, sit(town, 1, 1).path, {"secretario": town.secretary, "estado-1": town.chair})
    certify(town, ("hcd", YEAR, 1), [f"acta/{ACTA}"], town.secretary)
    act, blocks = drafts.draft(sit(town, 2, None).path)
    town.do(act, basis=[f"session/{DRAFT}"], blocks=blocks.disclosures)
    if spare:
        due = write_instant((utc_now() + timedelta(days=5)).astimezone(MEXICO_CITY).replace(microsecond=0))
        sent = {"round": 1, "draft": 1, "root": blocks.root, "to": ("estado-1",), "due_at": due}
        town.do(ActaCirculated.model_validate(place_of(DRAFT) | sent), basis=[f"acta/{DRAFT}"])
        record(town, drafts, sit(town, 3, None).path, {"secretario": town.secretary, "estado-1": town.chair})
        certify(town, ("hcd", YEAR, 2), [f"acta/{SPARE_ACTA}"], town.secretary)
    system.progress.wait_until(system.size(), 20)
    return Desk(town, secretary, chair)


def certify_next(system: System, desk: Desk, acta: str, officer: Officer) -> str:
    """Issue the council's next certificate, of an acta; return the key of its paper. Tests share the council."""
    number = next(n for n in count(1) if not system.store.stream(f"certification/hcd/{YEAR}/{n}"))
    certify(desk.town, ("hcd", YEAR, number), [f"acta/{acta}"], officer)
    system.progress.wait_until(system.size(), 20)
    return f"hcd/{YEAR}/{number}"
