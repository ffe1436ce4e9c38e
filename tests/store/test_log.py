"""The stored log gives signer, tiles and receipts what a log in memory gives (format.md §6, §7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ledger.crypto.keys import PrivateKey
from ledger.crypto.merkle import cover
from ledger.log.tiles import build, tiles_of
from ledger.statement import Statement, sign
from ledger.store.log_reader import LogPool
from ledger.store.store import LedgerStore
from ledger.store.submission import Submission
from tests.kit.log import MemoryLog
from tests.store.hand import ORIGIN, Writer, founding, sha256

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.kit.postgres import Database

KEY = PrivateKey.from_seed(b"\7" * 32)
SIZES = (1, 2, 7, 255, 256, 257, 300)


@pytest.fixture
def store(database: Database) -> Iterator[LedgerStore]:
    """Give a store without entries."""
    with LedgerStore(database.app_url) as made:
        yield made


def grow(store: LedgerStore, count: int) -> None:
    """Append `count` acts: the founding and notes in ten streams."""
    first = founding(signer=KEY.public.keyid)
    writer = Writer(sha256(first))
    raws = [first] + [writer.next(f"thing/{n % 10}", signer=KEY.public.keyid) for n in range(count - 1)]
    acts = tuple(sign(Statement.parse(raw), KEY) for raw in raws)
    now = datetime.now(UTC)
    outcomes = store.append(
        [Submission((act,), {}, now - timedelta(hours=1), now + timedelta(hours=1)) for act in acts]
    )
    assert {outcome.result for outcome in outcomes} == {"appended"}


def test_an_empty_log_has_no_origin_and_no_peaks(store: LedgerStore) -> None:
    """Before entry 0 there is a head of size 0 and nothing else."""
    log = LogPool(store.pool)
    assert log.origin() is None
    head = log.head(0, 10)
    assert (head.size, head.peaks, head.entries, head.stray) == (0, (), (), False)


@pytest.mark.parametrize("size", SIZES)
def test_it_reads_like_a_log_in_memory(store: LedgerStore, size: int) -> None:
    """Head, peaks, entries, nodes and every tile are those of the same entries in memory, around tile borders too."""
    grow(store, size)
    log = LogPool(store.pool)
    memory = MemoryLog(store.entries(), ORIGIN)
    assert log.origin() == ORIGIN
    for start in {0, size // 2, size - 1, size}:
        assert log.head(start, 5) == memory.head(start, 5)
    assert log.nodes(cover(0, size)) == memory.nodes(cover(0, size))
    for tile in tiles_of(size):
        assert build(tile, log) == build(tile, memory)


def test_what_is_not_stored_is_left_out(store: LedgerStore) -> None:
    """Nodes and entries beyond the log are left out, not an error."""
    grow(store, 3)
    log = LogPool(store.pool)
    assert list(log.nodes([(0, 1), (0, 3), (9, 0)])) == [(0, 1)]
    assert log.entries(2, 10) == list(store.entries(2))
    assert len(log.node_range(0, 1, 10)) == 2
