"""A founded and settled ledger on a real PostgreSQL, with its officers at their desks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from api.actas import ActaDesk
from api.demo.record import certify, record
from api.demo.sitting import Sitting
from api.demo.town import VOTING_SEATS, Town
from ledger.application import Ledger
from ledger.clock import MEXICO_CITY, written_now
from ledger.crypto.keys import PrivateKey
from ledger.ids import write_instant
from ledger.store.store import LedgerStore
from ledger.store.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.kit.postgres import Database

ORIGIN = "actas.idss.example/acervo"


@dataclass
class SeededKeys:
    """Keys by name, the same in every run."""

    made: dict[str, PrivateKey] = field(default_factory=dict)

    def __call__(self, name: str) -> PrivateKey:
        """Return the key of that name."""
        key = self.made.get(name)
        if key is None:
            key = self.made[name] = PrivateKey.from_seed(hashlib.sha256(name.encode()).digest())
        return key


@dataclass
class Settled:
    """Store, vault, ledger and town of one database."""

    store: LedgerStore
    vault: Vault
    ledger: Ledger
    town: Town

    def sitting(self, number: int = 1, year: int | None = None) -> Sitting:
        """Return a session to be held now."""
        return Sitting(self.town, year or datetime.now(MEXICO_CITY).year, number)

    def hold_session(self) -> Sitting:
        """Hold a session, from its convocation to a certificate of its acta."""
        town, sitting = self.town, self.sitting()
        sitting.begin(["Presupuesto de egresos", "Convenio de colaboración"], soon(), [*VOTING_SEATS, "secretario"])
        sitting.item(1)
        vote = sitting.roll_call(1, "Se aprueba el presupuesto de egresos.", {"contra": ["patronal-1"]})
        sitting.adopt(1, identifier(1), vote, "Presupuesto de egresos", ["Se aprueba en sus términos."])
        sitting.conclude(1)
        sitting.item(2)
        sitting.ballots(2, "Se aprueba el convenio de colaboración.", dict.fromkeys(VOTING_SEATS, "favor"))
        sitting.conclude(2)
        sitting.close()
        record(town, self.desk, sitting.path, {"secretario": town.secretary, "estado-1": town.chair})
        acta = self.ledger.state(f"acta/{sitting.path}")
        assert acta is not None
        certify(town, ("hcd", sitting.year, 1), {f"acta/{sitting.path}": acta}, town.secretary)
        return sitting

    @property
    def desk(self) -> ActaDesk:
        """The secretary's desk."""
        return ActaDesk(self.store, self.vault, self.ledger.state)


def soon() -> str:
    """Return the instant, as written, at which a session convened now may begin."""
    return write_instant(datetime.now(MEXICO_CITY) + timedelta(seconds=1))


def identifier(number: int) -> str:
    """Return an ACDO identifier of today with the number."""
    return f"ACDO.AS2.HCD.{datetime.now(MEXICO_CITY):%d%m%y}/{number}.P.DIR"


def settle(url: str, directory: Path, *, found: bool = True) -> Settled:
    """Open a ledger on a database and, unless it stands already, found it and seat its officers."""
    store = LedgerStore(url)
    vault = Vault(store, directory)
    ledger = Ledger(store, vault, ORIGIN)
    town = Town(ledger, ledger.submit, written_now, SeededKeys())
    if found:
        town.found()
        town.settle()
    return Settled(store, vault, ledger, town)


@pytest.fixture
def settled(database: Database, tmp_path: Path) -> Iterator[Settled]:
    """Give a settled town on a fresh database."""
    made = settle(database.app_url, tmp_path / "vault")
    yield made
    made.store.close()
