"""The kit's database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from tests.kit.postgres import Database


def test_a_fresh_database_is_migrated_and_empty(database: Database) -> None:
    """A test gets a migrated database in which no act stands, as the application's role."""
    with psycopg.connect(database.app_url) as connection:
        assert connection.execute("SELECT size FROM ledger.head").fetchone() == (0,)


def test_two_databases_are_independent(database: Database) -> None:
    """What one test writes is not there for the next."""
    with psycopg.connect(database.app_url) as connection:
        connection.execute("CREATE TABLE registry.probe (a int)")
        assert connection.execute("SELECT size FROM ledger.head").fetchone() == (0,)
