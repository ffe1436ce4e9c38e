"""A hot standby of an own server, made with PostgreSQL's own pg_basebackup and fed by streaming replication."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.embedded import EmbeddedPostgres


def follow(primary: EmbeddedPostgres, standby: EmbeddedPostgres) -> None:
    """Make `standby`, which has no cluster yet, a copy of `primary` that goes on following it, and start it.

    Both are of the same settings; nothing is changed at the primary, whose pg_hba.conf (initdb's) lets replication in
    through its Unix socket with the password.
    """
    cluster = standby.directory / "cluster"
    standby._run(
        *("pg_basebackup", "--dbname", primary.url(), "--pgdata", str(cluster)),
        *("--write-recovery-conf", "--wal-method", "stream", "--checkpoint", "fast"),
    )
    password = standby.directory / "password"
    shutil.copy(primary.directory / "password", password)
    standby._account.give(password)
    standby.start()
