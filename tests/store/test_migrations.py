"""Migrations are applied once, in order, and never edited."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest

from ledger.errors import StoreError
from migrations import runner
from migrations.runner import DIRECTORY, migrate, prepare_roles

if TYPE_CHECKING:
    from pathlib import Path

    from api.embedded import EmbeddedPostgres
    from tests.kit.postgres import Database


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Give a copy of the migrations that a test may change."""
    directory = tmp_path / "migrations"
    directory.mkdir()
    for path in DIRECTORY.glob("*.sql"):
        shutil.copy(path, directory)
    return directory


def test_each_has_a_number_of_its_own() -> None:
    """Two files of one number would be applied in the order of their names, which nobody chose."""
    numbers = [path.name[:4] for path in DIRECTORY.glob("*.sql")]
    assert sorted(set(numbers)) == sorted(numbers)


def test_nothing_is_applied_twice(database: Database) -> None:
    """On a database that is up to date nothing happens."""
    assert migrate(database.admin_url) == []


def test_a_new_file_is_applied_once(database: Database, files: Path) -> None:
    """What was added since is applied, and only that; it is whole or not at all."""
    added = files / "9000_probe.sql"
    added.write_text("SET LOCAL ROLE acervo_app; CREATE TABLE registry.probe (a int); SELECT 1 / 0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(database.admin_url, files)
    added.write_text("SET LOCAL ROLE acervo_app; CREATE TABLE registry.probe (a int);")
    assert migrate(database.admin_url, files) == ["9000_probe.sql"]
    assert migrate(database.admin_url, files) == []
    with psycopg.connect(database.reader_url) as connection:
        assert connection.execute("SELECT * FROM registry.probe").fetchall() == []


def test_an_edited_migration_is_refused(database: Database, files: Path) -> None:
    """A file that was applied and changed since is refused by name, and nothing else is applied."""
    (files / "9000_probe.sql").write_text("CREATE TABLE public.probe (a int)")
    edited = files / "0002_ledger_tables.sql"
    edited.write_text(edited.read_text() + "\n")
    with pytest.raises(StoreError, match=r"migration-edited: 0002_ledger_tables.sql"):
        migrate(database.admin_url, files)


def test_a_lost_or_late_migration_is_refused(database: Database, files: Path) -> None:
    """A missing file, and one numbered before what was applied, are refused."""
    late = files / "0002_zz.sql"
    late.write_text("SELECT 1")
    with pytest.raises(StoreError, match="migration-out-of-order"):
        migrate(database.admin_url, files)
    late.unlink()
    (files / "0003_append.sql").unlink()
    with pytest.raises(StoreError, match="migration-missing"):
        migrate(database.admin_url, files)


def test_runners_at_once_apply_once(postgres_server: EmbeddedPostgres) -> None:
    """Several processes that start together on an empty database leave it migrated, each file applied by one."""
    with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE racing")
        try:
            with ThreadPoolExecutor(4) as pool:
                done = [name for names in pool.map(migrate, [postgres_server.url("racing")] * 4) for name in names]
            assert sorted(done) == sorted(path.name for path in DIRECTORY.glob("*.sql"))
        finally:
            connection.execute("DROP DATABASE racing WITH (FORCE)")


def test_an_old_server_is_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before PostgreSQL 15 nothing is tried."""
    monkeypatch.setattr(runner, "MINIMUM_VERSION", 990000)
    with pytest.raises(StoreError, match="postgres-too-old"):
        migrate(database.admin_url)


def test_only_our_roles_get_passwords(database: Database) -> None:
    """prepare_roles serves the application's and the reader's role, no other."""
    with pytest.raises(ValueError, match="acervo_owner"):
        prepare_roles(database.admin_url, "x", "acervo_owner")
