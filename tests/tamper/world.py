"""A ledger worth tampering with: a session with its acta and certificate, erased names, checkpoints, a witness."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg

from ledger.acts.transparency import ErasedDisclosure, PersonalDataErased
from ledger.acts.trust import PersonRegistered
from ledger.compose import Batch
from ledger.crypto.note import COSIGNATURE, Checkpoint, Note, Signer
from ledger.log.policy import Policy, Witness
from ledger.log.signer import LogSigner, found_state
from ledger.log.witness import add_cosignatures
from ledger.store.check import Outside, Tables, check_tables
from ledger.store.log_reader import LogConnection
from tests.kit.settled import ORIGIN, Settled, settle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.verify.outcome import Outcome
    from tests.kit.postgres import Database

LOG_KEY = Signer(ORIGIN, b"\1" * 32)
OTHER_LOG_KEY = Signer(ORIGIN, b"\2" * 32)
WITNESS_KEY = Signer("testigo.example/w1", b"\3" * 32, COSIGNATURE)
POLICY = Policy(((LOG_KEY.verifier, ""),), (Witness("w1", WITNESS_KEY.verifier),))
MORE_PERSONS = 165


@dataclass
class World:
    """A ledger, the signer's memory of it, and what was published.

    Attributes:
        settled: Store, vault, ledger, town.
        database: Where it stands.
        remembered: The signer's last checkpoint.
        published: The same with the witness' cosignature.
        earlier: Checkpoints of earlier days, smallest first.
    """

    settled: Settled
    database: Database
    remembered: bytes
    published: bytes
    earlier: list[bytes]

    @property
    def outside(self) -> Outside:
        """What is known from outside of the database."""
        remembered = [("signer-state", self.remembered), ("published", self.published)]
        remembered += [(f"kept-{n}", note) for n, note in enumerate(self.earlier)]
        return Outside(ORIGIN, POLICY, remembered, [self.published])

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self.settled.store.size()

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection[Any]]:
        """Give a superuser's connection with all triggers off; what he does is undone at the end."""
        with psycopg.connect(self.database.admin_url) as connection:
            connection.execute("SET LOCAL session_replication_role = replica")
            yield connection
            connection.rollback()

    def check(self, connection: psycopg.Connection[Any]) -> Outcome:
        """Check the database as that connection sees it."""
        return check_tables(Tables(connection), self.outside, self.settled.vault, jobs=0)


def build(database: Database, directory: Path) -> World:
    """Tell the story and sign it in between."""
    settled = settle(database.app_url, directory / "vault", found=False)
    reader = LogConnection(database.app_url)
    found_state(directory / "signer", LOG_KEY, reader)
    settled.town.found()
    signer = LogSigner.open(directory / "signer", LOG_KEY, reader, None)
    notes: list[str] = []

    def seal() -> None:
        notes.append(signer.seal())
        settled.store.save_checkpoint(_size(notes[-1]), notes[-1])

    try:
        seal()
        settled.town.settle()
        seal()
        settled.hold_session()
        seal()
        register(settled, MORE_PERSONS)
        seal()
        erase(settled, ("p-hcd.obrero-1", "p-hcd.obrero-2"))
        seal()
    finally:
        signer.close()
        reader.close()
    cosigned = add_cosignatures(notes[-1], [WITNESS_KEY.sign(Note.parse(notes[-1]).text, 1_800_000_000)])
    settled.store.save_checkpoint(_size(cosigned), cosigned)
    earlier = [note.encode() for note in notes[:-1]]
    return World(settled, database, notes[-1].encode(), cosigned.encode(), earlier)


def register(settled: Settled, count: int) -> None:
    """Register so many more persons."""
    batch = Batch(settled.town.desk)
    for n in range(count):
        person = PersonRegistered(person=f"p-afiliada-{n}")
        batch.sign(person, settled.town.founder, sealed={"name": f"Persona Inventada {n}"})
    settled.ledger.submit(batch.acts)


def erase(settled: Settled, persons: tuple[str, ...]) -> None:
    """Erase the names of persons, each by an act, then in the vault."""
    for person in persons:
        index = settled.store.stream_heads([f"person/{person}"])[f"person/{person}"].last_index
        (row,) = settled.store.sealed_of(index)
        gone = ErasedDisclosure(index=index, name=row.name, digest=row.digest)
        day = settled.town.now()[:10]
        act = PersonalDataErased(disclosures=(gone,), ground="data-subject-right", irrecoverable_on=day)
        settled.town.do(act, settled.town.founder)
        assert settled.vault.erase([row.digest]) == [row.digest]


def _size(note: str) -> int:
    return Checkpoint.parse(Note.parse(note).text).size
