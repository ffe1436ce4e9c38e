"""Yesterday's backup: `pg_dump` at M, acts up to S, restore. The service refuses; `recover` brings back the same root.

Beside tests/api/test_recovering.py, which shows the same through HTTP and the command line: here the backup is a real
dump, somebody was erased after it was made, sealed values come back out of a bundle, and the backup may be tampered
with.
"""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from api.check import check_database
from api.demo.seed import town_of
from api.exporting import export_bundle, export_log_to
from api.recovering import recover_from
from ledger.acts.transparency import ErasedDisclosure, PersonalDataErased, TextPublished
from ledger.acts.trust import PersonRegistered
from ledger.clock import MEXICO_CITY, utc_now
from ledger.compose import Batch
from ledger.crypto import disclosure
from ledger.errors import StoreError
from ledger.log.errors import SignerRefusedError
from tests.kit.copies import dump_database, restore_database
from tests.kit.postgres import Database
from tests.kit.system import running, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.demo.town import Town
    from api.settings import Settings
    from api.system import System

MORE = 300
ERASED = "p-borrada"


def silent(_done: int, _all: int) -> None:
    """Show no progress."""


def index_of(system: System, person: str) -> int:
    """Return the index of a person's registration."""
    index = system.last_index(f"person/{person}")
    assert index is not None
    return index


def register(system: System, *persons: str) -> None:
    """Register persons in one batch."""
    town = town_of(system)
    batch = Batch(town.desk)
    for person in persons:
        batch.sign(PersonRegistered(person=person), town.founder, sealed={"name": f"Nombre de {person}"})
    system.submit(batch.acts)


def erase(system: System, town: Town) -> None:
    """Erase the name that stood in the backup already."""
    index = index_of(system, ERASED)
    (row,) = system.store.sealed_of(index)
    gone = ErasedDisclosure(index=index, name=row.name, digest=row.digest)
    day = (utc_now().astimezone(MEXICO_CITY) + timedelta(days=30)).date().isoformat()
    act = PersonalDataErased(disclosures=(gone,), ground="data-subject-right", irrecoverable_on=day)
    town.do(act, town.founder)


@dataclass(frozen=True, slots=True)
class Restored:
    """A ledger whose database was set back.

    before: Settings of the database that was lost. after: Of the restored one, which shares everything else.
    backup, size: Entries then and in the end. checkpoint: The last one given out.
    log, bundle: What was published.
    """

    before: Settings
    after: Settings
    admin_url: str
    backup: int
    size: int
    checkpoint: str
    log: Path
    bundle: Path


@contextlib.contextmanager
def another_database(database: Database) -> Iterator[Database]:
    """Give an empty database on the same server."""
    name = f"t_{secrets.token_hex(6)}"
    server = database.admin_url.replace(f"/{database.name}?", "/postgres?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    urls = (url.replace(f"/{database.name}?", f"/{name}?") for url in (database.admin_url, database.app_url, ""))
    yield Database(name, *urls)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def restored(database: Database, tmp_path: Path) -> Iterator[Restored]:
    """Dump, go on, erase, publish, restore the dump into another database."""
    before = settings_for(database, tmp_path / "var")
    with running(before) as system:
        register(system, ERASED, "p-conocida")
        dump_database(database.admin_url, tmp_path / "respaldo")
        backup = system.size()
        register(system, *(f"p-nueva-{n}" for n in range(MORE)))
        town = town_of(system)
        erase(system, town)
        for person in ("p-conocida", "p-nueva-7"):
            town.do(TextPublished(index=index_of(system, person)), town.founder)
        export_log_to(system, tmp_path / "publicado", silent)
        export_bundle(system, tmp_path / "libro.evidencia.zip", [], silent)
        size, checkpoint = system.size(), system.checkpoint(system.size())
        assert check_database(system).findings == []
    with another_database(database) as other:
        restore_database(other.admin_url, tmp_path / "respaldo")
        after = settings_for(other, tmp_path / "var")
        paths = (tmp_path / "publicado", tmp_path / "libro.evidencia.zip")
        yield Restored(before, after, other.admin_url, backup, size, checkpoint, *paths)


def test_the_restored_database_refuses_writes_and_says_what_to_do(restored: Restored) -> None:
    """The signer's memory is ahead of the backup: no act is taken, the words name the command, `check` says it too."""
    with running(restored.after, settled=False) as system:
        assert system.size() == restored.backup
        with pytest.raises(SignerRefusedError) as refused:
            register(system, "p-tarde")
        assert refused.value.code == "log-rolled-back"
        assert "recover" in refused.value.detail
        assert f"{restored.backup} entries, {restored.size} were signed" in refused.value.detail
        assert system.size() == restored.backup
        found = check_database(system).findings
        assert {(finding.step, finding.code) for finding in found} >= {(5, "log-shrunk"), (5, "log-rolled-back")}
        assert any(finding.index == restored.backup for finding in found)


@pytest.mark.parametrize("source", ["log", "bundle"])
def test_recovery_brings_back_the_same_root_and_no_erased_name(restored: Restored, source: str) -> None:
    """All entries byte for byte, the same checkpoint; what was erased after the backup is erased again."""
    with running(restored.before, settled=False) as system:
        entries = list(system.store.entries())
    with running(restored.after, settled=False) as system:
        index = index_of(system, ERASED)
        assert system.vault.disclosures(index) == {}, "its data key is gone for ever, whatever the backup holds"
        done = recover_from(system, restored.admin_url, getattr(restored, source), silent)
        assert (done.count, done.size) == (restored.size - restored.backup, restored.size)
        assert list(system.store.entries()) == entries
        assert system.store.sealed_of(index)[0].ciphertext is None
    with running(restored.after, settled=False) as system:
        assert system.signer.checkpoint(restored.size) == restored.checkpoint
        register(system, "p-despues")
        # The texts of acts since the backup are lost but those that a bundle opens: `check` says so, and no more.
        published = {index_of(system, "p-nueva-7")} if source == "bundle" else set()
        since = {index_of(system, f"p-nueva-{n}") for n in range(MORE)}
        found = check_database(system).findings
        assert {finding.code for finding in found} == {"disclosure-lost"}
        assert {finding.index for finding in found} == since - published
        for each in published:
            assert disclosure.parse(system.vault.disclosures(each)["name"]).value == "Nombre de p-nueva-7"


@contextlib.contextmanager
def changed(admin_url: str, change: str) -> Iterator[None]:
    """Flip a bit as superuser while the block runs; doing it again undoes it."""
    for first in (True, False):
        with psycopg.connect(admin_url) as connection:
            connection.execute("SET LOCAL session_replication_role = replica")
            connection.execute(change.encode())
        if first:
            yield


def test_a_backup_that_was_tampered_with_is_not_recovered(restored: Restored) -> None:
    """An entry or a node changed in the backup: refused, naming which, and nothing is put back."""
    changes = {
        "entry 5 of the database": "UPDATE ledger.entries SET state = set_byte(state, 200, get_byte(state, 200) # 1)"
        " WHERE notification_id = 6",
        "the stored nodes": "UPDATE ledger.nodes SET hash = set_byte(hash, 3, get_byte(hash, 3) # 1)"
        " WHERE level = 6 AND idx = 0",
    }
    for named, change in changes.items():
        with changed(restored.admin_url, change), running(restored.after, settled=False) as system:
            with pytest.raises(StoreError, match=named) as refused:
                recover_from(system, restored.admin_url, restored.log, silent)
            assert refused.value.code == "recover-differs"
            assert system.size() == restored.backup


def test_a_log_without_what_the_signer_remembers_is_not_enough(restored: Restored, tmp_path: Path) -> None:
    """A source that ends before the signer's memory does is refused: half a recovery would be another ledger."""
    with running(restored.before, settled=False) as system:
        register(system, "p-una-mas")
        export_log_to(system, tmp_path / "despues", silent)
    with running(restored.after, settled=False) as system:
        with pytest.raises(StoreError) as refused:
            recover_from(system, restored.admin_url, restored.log, silent)
        assert refused.value.code == "recover-short"
        done = recover_from(system, restored.admin_url, tmp_path / "despues", silent)
        assert done.size == restored.size + 1
