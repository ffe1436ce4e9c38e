"""Apply the numbered .sql files of this directory, each once, in one transaction, under an advisory lock.

A released file is never edited: its SHA-256 is recorded, and a difference is refused. Files run as whoever connects
(a superuser, or an owner of the database with CREATEROLE); each says itself for which role it creates things:
`SET LOCAL ROLE acervo_owner` for the ledger, `SET LOCAL ROLE acervo_app` for registries. PostgreSQL 15 or newer.
"""

from __future__ import annotations

import hashlib
import re
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from ledger.errors import StoreError

DIRECTORY = Path(__file__).parent
MINIMUM_VERSION = 150000
APPLICATION_ROLE = "acervo_app"
READER_ROLE = "acervo_reader"
ROLE_TRIES = 20
ROLE_PAUSE_S = 0.01
_NAME = re.compile(r"[0-9]{4}_[a-z0-9_]+\.sql")
_ADVISORY_LOCK = 0x4143_4552_564F  # "ACERVO"
_RECORDS = """
CREATE SCHEMA IF NOT EXISTS migrations;
CREATE TABLE IF NOT EXISTS migrations.applied (
  name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())
"""


def migrate(admin_url: str, directory: Path = DIRECTORY) -> list[str]:
    """Bring the database of `admin_url` up to date and return the names of the files applied now.

    Raises:
        StoreError: "postgres-too-old"; "migration-edited", "migration-missing" or "migration-out-of-order" when the
            files are not a continuation of what was applied.
    """
    files = {path.name: path.read_bytes() for path in sorted(directory.glob("*.sql")) if _NAME.fullmatch(path.name)}
    done: list[str] = []
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if connection.info.server_version < MINIMUM_VERSION:
            raise StoreError("postgres-too-old", str(connection.info.server_version))
        connection.execute("SELECT pg_advisory_lock(%s)", (_ADVISORY_LOCK,))  # ends with the connection
        connection.execute(_RECORDS)
        rows = connection.execute("SELECT name, sha256 FROM migrations.applied").fetchall()
        applied: dict[str, str] = dict(rows)
        _check(applied, files)
        for name, content in files.items():
            if name not in applied:
                _apply(connection, name, content)
                done.append(name)
    return done


def _check(applied: dict[str, str], files: dict[str, bytes]) -> None:
    for name, recorded in applied.items():
        if name not in files:
            raise StoreError("migration-missing", name)
        if hashlib.sha256(files[name]).hexdigest() != recorded:
            raise StoreError("migration-edited", name)
    last = max(applied, default="")
    for name in files:
        if name not in applied and name < last:
            raise StoreError("migration-out-of-order", name)


def _apply(connection: psycopg.Connection, name: str, content: bytes) -> None:
    with connection.transaction():
        connection.execute(content)  # our own file, not input
        connection.execute("RESET ROLE")
        digest = hashlib.sha256(content).hexdigest()
        connection.execute("INSERT INTO migrations.applied (name, sha256) VALUES (%s, %s)", (name, digest))


def prepare_roles(admin_url: str, password: str, role: str = APPLICATION_ROLE) -> str:
    """Let `role` log in with `password` (rotating an earlier one) and return its URL for the same database.

    Args:
        admin_url: As for `migrate`, which must have run.
        password: Set anew at each call; connections that are open stay open.
        role: The application's role, or READER_ROLE.
    """
    if role not in {APPLICATION_ROLE, READER_ROLE}:
        raise ValueError(role)
    with psycopg.connect(admin_url, autocommit=True) as connection:
        # Hashed here, so that the password itself is in no server log and no pg_stat_activity.
        verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        change = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))
        for attempt in range(ROLE_TRIES):
            try:
                connection.execute(change)
                break
            except psycopg.errors.InternalError_:  # "tuple concurrently updated": a role belongs to all databases
                if attempt == ROLE_TRIES - 1:
                    raise
                time.sleep(ROLE_PAUSE_S * (attempt + 1))
    return _with_user(admin_url, role, password)


def _with_user(url: str, user: str, password: str) -> str:
    """Return `url` (or key-value conninfo) as a URL for another user, all other parameters kept."""
    parameters = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    database = quote(parameters.pop("dbname", ""), safe="")
    kept = {name: value for name, value in parameters.items() if name not in {"user", "password"}}
    return f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@/{database}?{urlencode(kept)}"
