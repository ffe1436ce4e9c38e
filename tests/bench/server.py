"""A durable PostgreSQL for the measurements: the product's own settings, nothing switched off."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from api.embedded import EmbeddedPostgres
from migrations.runner import migrate, prepare_roles

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "acervo-bench-"
_CONNECTIONS = 100


@dataclass(frozen=True, slots=True)
class Database:
    """A fresh database of the server.

    Attributes:
        admin_url: As superuser.
        app_url: As `acervo_app`, where the ledger's migrations were applied; else empty.
    """

    admin_url: str
    app_url: str = ""

    def parameters(self) -> dict[str, str]:
        """Return host, port, user, password and dbname of the superuser's URL."""
        return {name: str(value) for name, value in conninfo_to_dict(self.admin_url).items() if value is not None}


class Server:
    """One server of the run."""

    def __init__(self, embedded: EmbeddedPostgres) -> None:
        self._embedded = embedded
        with psycopg.connect(embedded.url()) as connection:
            self.version = str(connection.execute("SHOW server_version").fetchone()[0])  # type: ignore[index]
            shown = connection.execute(
                "SELECT string_agg(name || ' = ' || setting, ', ' ORDER BY name) FROM pg_settings "
                "WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')"
            ).fetchone()
        self.durability = str(shown[0])  # type: ignore[index]

    def database(self, *, ledger: bool) -> Database:
        """Make a database, with the ledger's tables or empty."""
        name = f"b_{secrets.token_hex(4)}"
        with psycopg.connect(self._embedded.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        admin_url = self._embedded.url(name)
        if not ledger:
            return Database(admin_url)
        migrate(admin_url)
        return Database(admin_url, prepare_roles(admin_url, secrets.token_urlsafe(16)))

    def settle(self) -> None:
        """Write out what is dirty, so that one contender does not pay for another."""
        with psycopg.connect(self._embedded.url(), autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    def drop(self, database: Database) -> None:
        """Remove a database."""
        name = database.parameters()["dbname"]
        with psycopg.connect(self._embedded.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextlib.contextmanager
def scratch_directory(prefix: str = _PREFIX) -> Iterator[Path]:
    """Give a directory that PostgreSQL's own account may pass through, removed at the end."""
    directory = Path(tempfile.mkdtemp(prefix=prefix))
    directory.chmod(0o711)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def durable_server(parent: Path) -> Iterator[Server]:
    """Start a server with the settings that `make run` gives it, and remove it at the end."""
    directory = parent / "server"
    directory.mkdir(mode=0o711)
    embedded = EmbeddedPostgres(directory, connections=_CONNECTIONS)
    embedded.start()
    try:
        yield Server(embedded)
    finally:
        embedded.stop()
        shutil.rmtree(directory, ignore_errors=True)
