"""Copies of a database with the server's own programs: `pg_dump` and `pg_restore`, no shell, no psql.

They work on any server by URL; the programs must be of the server's major version or newer.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from api.embedded.binaries import find_binaries
from api.embedded.errors import EmbeddedPostgresError

if TYPE_CHECKING:
    from pathlib import Path


def dump_database(url: str, target: Path, *, bin_dir: Path | None = None) -> None:
    """Write the database of `url` to `target` in PostgreSQL's custom format (mode 0600).

    Roles are not in it: they belong to the server, and `prepare_roles` makes them anew.

    Raises:
        EmbeddedPostgresError: "postgres-not-found", or "postgres-command-failed" with its own words.
    """
    descriptor = os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        _run(url, bin_dir, ["pg_dump", "--format=custom"], stdout=file.fileno())


def restore_database(url: str, source: Path, *, bin_dir: Path | None = None) -> None:
    """Restore `source` into the empty database of `url`, whole or not at all; needs a superuser's URL.

    Raises:
        EmbeddedPostgresError: "postgres-not-found", or "postgres-command-failed" with its own words.
    """
    command = [
        "pg_restore",
        "--single-transaction",
        "--exit-on-error",
        "--dbname",
        unquote(urlsplit(url).path[1:]),
    ]
    with source.open("rb") as file:
        _run(url, bin_dir, command, stdin=file.fileno())


def _run(url: str, bin_dir: Path | None, command: list[str], *, stdin: int | None = None, stdout: int = -1) -> None:
    # The password goes by environment: an argument would be readable in the process table.
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    environment = {
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "C",
        "PGHOST": host,
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path[1:]),
    }
    program = find_binaries(bin_dir) / command[0]
    done = subprocess.run(
        [str(program), *command[1:]],
        stdin=subprocess.DEVNULL if stdin is None else stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        env=environment,
    )
    if done.returncode:
        detail = f"{command[0]}: {done.stderr.decode(errors='replace').strip()}"
        raise EmbeddedPostgresError("postgres-command-failed", detail)
