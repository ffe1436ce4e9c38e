"""A told history: written once a run, and copied for every test that asks, database and vault."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from tests.kit.history import History
from tests.kit.postgres import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from api.embedded import EmbeddedPostgres


@pytest.fixture(scope="session")
def original(
    make_database: Callable[[], AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, Path]]:
    """Give the database with the told history, to which nobody is connected, and the vault's directory."""
    with make_database() as database:
        directory = tmp_path_factory.mktemp("original")
        history = History.on(database.app_url, directory)
        history.tell()
        history.close()
        yield database, directory


@contextlib.contextmanager
def copy_of(
    original: tuple[Database, Path], server: EmbeddedPostgres, directory: Path
) -> Iterator[tuple[Database, History]]:
    """Give a copy of the told history."""
    source, vault = original
    name = f"t_{secrets.token_hex(6)}"
    urls = [url.replace(source.name, name) for url in (source.admin_url, source.app_url, source.reader_url)]
    with psycopg.connect(server.url(), autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(source.name)))
        shutil.copytree(vault, directory, dirs_exist_ok=True)
        history = History.on(urls[1], directory)
        yield Database(name, *urls), history
        history.close()
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def told_copy(
    original: tuple[Database, Path], postgres_server: EmbeddedPostgres, tmp_path: Path
) -> Iterator[tuple[Database, History]]:
    """Give a copy for one test."""
    with copy_of(original, postgres_server, tmp_path) as made:
        yield made


@pytest.fixture
def told(told_copy: tuple[Database, History]) -> History:
    """Give a history with all its chapters, on the test's `database`."""
    return told_copy[1]


@pytest.fixture
def database(
    request: pytest.FixtureRequest, make_database: Callable[[], AbstractContextManager[Database]]
) -> Iterator[Database]:
    """Give the test's database: that of the told history where the test asks for it, else an empty one."""
    if "told" in request.fixturenames:
        yield request.getfixturevalue("told_copy")[0]
        return
    with make_database() as made:
        yield made


@pytest.fixture
def history(database: Database, tmp_path: Path) -> Iterator[History]:
    """Give a history with nothing in it yet."""
    made = History.on(database.app_url, tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared(
    original: tuple[Database, Path], postgres_server: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, History]]:
    """Give a copy that a module's tests share and do not change."""
    with copy_of(original, postgres_server, tmp_path_factory.mktemp("shared")) as made:
        yield made
