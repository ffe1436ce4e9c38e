"""Putting entries back byte for byte into a restored database (format.md §12): by owner or superuser, in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from ledger.crypto.merkle import cover
from ledger.errors import StoreError
from ledger.store.pool import CONNECT_TIMEOUT_S, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def recover(admin_url: str, pages: Iterable[Sequence[bytes]], accept: Callable[[int, Sequence[bytes]], None]) -> int:
    """Append entries as they are, in one transaction that is committed only if the tree is accepted.

    Args:
        admin_url: Of the owner or a superuser; the application's role may not do this.
        pages: Raw entries from the ledger's present size on, in order.
        accept: Given the new size and the tree's peaks, left to right; raises to have all of it undone.

    Returns:
        How many entries were put back.

    Raises:
        StoreError: "database-refused", "database-unreachable"; whatever `accept` raises.
    """
    done = 0
    with translated(), psycopg.connect(admin_url, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        # Nobody reads a half recovered ledger: it is one transaction, and the head's lock keeps the append out.
        for page in pages:
            connection.execute("SELECT ledger.recover(%s)", (list(page),))
            done += len(page)
        row = connection.execute("SELECT size FROM ledger.head").fetchone()
        if row is None:
            raise StoreError("head-missing")
        size: int = row[0]
        accept(size, _peaks(connection, size))
    return done


def _peaks(connection: psycopg.Connection[tuple[object, ...]], size: int) -> list[bytes]:
    peaks = []
    for level, idx in cover(0, size):
        row = connection.execute("SELECT hash FROM ledger.nodes WHERE level = %s AND idx = %s", (level, idx)).fetchone()
        if row is None or not isinstance(row[0], bytes):
            raise StoreError("node-missing", f"level {level}, index {idx}")
        peaks.append(row[0])
    return peaks
