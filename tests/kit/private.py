"""Private PostgreSQL servers in directories of their own: asked, killed, and swept away."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from tests.kit.waiting import until

if TYPE_CHECKING:
    from api.embedded import EmbeddedPostgres


ROOT = os.geteuid() == 0

REPOSITORY = Path(__file__).parents[2]

SMALL = {"shared_buffers": "32MB"}


def ask(url: str, query: str) -> object:
    """Run queries one after the other and return the one value of the last."""
    row = None
    with psycopg.connect(url, autocommit=True) as connection:
        for part in query.split("; "):
            cursor = connection.execute(part.encode())
            row = cursor.fetchone() if cursor.description else None
    assert row is not None
    return row[0]


def kill(server: EmbeddedPostgres) -> None:
    """Kill the postmaster and wait until it is dead."""
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: server.pid() is None)
