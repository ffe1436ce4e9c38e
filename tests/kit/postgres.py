"""A PostgreSQL for tests: one private server a test run (shared by the xdist workers), one database a test.

`database` costs about a hundredth of a second or two: it is copied from a migrated template. The shared server runs
without fsync; a test about durability, or one that kills PostgreSQL, takes a server of its own from `own_server`.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from api.embedded import EmbeddedPostgres
from migrations.runner import APPLICATION_ROLE, READER_ROLE, migrate, prepare_roles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEMPLATE = "acervo_template"
PASSWORD = "prueba"
_PREFIX = "acervo-test-"
_STALE_S = 3600
_SETTINGS = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "128MB"}
_CONNECTIONS = 200
_BINARIES = os.environ.get("ACERVO_TEST_PG_BIN")
"""Programs of another PostgreSQL to test against, 15 or newer; the wheel's where it is not set."""


@dataclass(frozen=True, slots=True)
class Database:
    """A fresh, migrated database without entries.

    Attributes:
        name: Its name on the shared server.
        admin_url: As superuser.
        app_url: As `acervo_app`, the role of API and worker.
        reader_url: As `acervo_reader`.
    """

    name: str
    admin_url: str
    app_url: str
    reader_url: str


def _bin_dir() -> Path | None:
    return Path(_BINARIES) if _BINARIES else None


def _directory(name: str) -> Path:
    """Make a directory that another account may pass through (pytest's own are closed to PostgreSQL's)."""
    directory = Path(tempfile.gettempdir()) / f"{_PREFIX}{name}"
    directory.mkdir(exist_ok=True)
    directory.chmod(0o711)
    return directory


def _sweep() -> None:
    """Stop and remove what killed test runs left, an hour later."""
    for directory in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - directory.stat().st_mtime > _STALE_S and EmbeddedPostgres(directory).release():
                shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def _alone(factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hold a lock that all workers of this run share."""
    with (factory.getbasetemp().parent / "acervo-kit-lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make_template(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone():
            return
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    migrate(server.url(TEMPLATE))
    for role in (APPLICATION_ROLE, READER_ROLE):
        prepare_roles(server.url(TEMPLATE), PASSWORD, role)


@pytest.fixture(scope="session")
def postgres_server(testrun_uid: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """Give the run's shared server, with a migrated template in it; the last worker stops and removes it."""
    with _alone(tmp_path_factory):
        _sweep()
        directory = _directory(testrun_uid[:12])
        server = EmbeddedPostgres(directory, connections=_CONNECTIONS, bin_dir=_bin_dir(), settings=_SETTINGS)
        server.start()
        try:
            _make_template(server)
        except BaseException:
            server.stop()
            shutil.rmtree(directory, ignore_errors=True)
            raise
    yield server
    with _alone(tmp_path_factory):
        if server.release():
            shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def make_database(postgres_server: EmbeddedPostgres) -> Callable[[], contextlib.AbstractContextManager[Database]]:
    """Give a context manager that makes a database, for fixtures of other scopes than a test's."""

    @contextlib.contextmanager
    def make() -> Iterator[Database]:
        name = f"t_{secrets.token_hex(6)}"
        with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
            create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(create.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
        admin_url = postgres_server.url(name)
        yield Database(
            name,
            admin_url,
            _as(admin_url, APPLICATION_ROLE),
            _as(admin_url, READER_ROLE),
        )
        with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    return make


def _as(admin_url: str, role: str) -> str:
    return f"postgresql://{role}:{PASSWORD}@{admin_url.rpartition('@')[2]}"


@pytest.fixture
def database(make_database: Callable[[], contextlib.AbstractContextManager[Database]]) -> Iterator[Database]:
    """Give a fresh, migrated database for one test."""
    with make_database() as made:
        yield made


@contextlib.contextmanager
def own_servers() -> Iterator[Callable[[], EmbeddedPostgres]]:
    """Give a factory of durable servers that may be killed; all are stopped and removed at the end."""
    made: list[tuple[EmbeddedPostgres, Path]] = []

    def make() -> EmbeddedPostgres:
        directory = _directory(secrets.token_hex(6))
        server = EmbeddedPostgres(directory, bin_dir=_bin_dir(), settings={"shared_buffers": "128MB"})
        made.append((server, directory))
        return server

    try:
        yield make
    finally:
        for server, directory in made:
            server.stop()
            shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def own_server() -> Iterator[Callable[[], EmbeddedPostgres]]:
    """Give a factory of servers of a test's own (durable, may be killed); all are stopped and removed."""
    with own_servers() as make:
        yield make
