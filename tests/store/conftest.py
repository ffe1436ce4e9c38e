"""A store, founded or not, and directories for private servers, for the tests of this directory."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.embedded import EmbeddedPostgres, EmbeddedPostgresError
from ledger.store.store import LedgerStore
from tests.store.hand import Writer, founding, sha256, submission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.kit.postgres import Database


@pytest.fixture
def store(database: Database) -> Iterator[LedgerStore]:
    """Give a store over an empty ledger."""
    with LedgerStore(database.app_url) as made:
        yield made


@pytest.fixture
def writer(store: LedgerStore) -> Writer:
    """Give a writer over a founded ledger (entry 0 stands)."""
    raw = founding()
    assert store.append([submission(raw)])[0].result == "appended"
    return Writer(sha256(raw))


@pytest.fixture
def place() -> Iterator[Path]:
    """Give a directory that PostgreSQL's account can reach, and stop what runs in it."""
    directory = Path(tempfile.mkdtemp(prefix="acervo-e-"))
    directory.chmod(0o755)
    yield directory
    for home in directory.rglob("postgres/lock"):
        with contextlib.suppress(EmbeddedPostgresError):
            EmbeddedPostgres(home.parent.parent).stop()
    shutil.rmtree(directory, ignore_errors=True)
