"""A store, founded or not, for the tests of this directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
