"""Putting entries back byte for byte into a restored database (format.md §12): by owner or superuser, in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg.rows import tuple_row

from ledger.crypto.merkle import Peaks, cover, leaf_hash
from ledger.errors import StoreError
from ledger.store.pool import CONNECT_TIMEOUT_S, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ledger.store.submission import SealedRow

PAGE_ROWS = 1_000


def recover(
    admin_url: str,
    pages: Iterable[Sequence[bytes]],
    accept: Callable[[int, bytes], None],
    sealed: Iterable[tuple[int, SealedRow]] = (),
) -> int:
    """Append entries as they are, in one transaction that is committed only if the tree is accepted.

    Args:
        admin_url: Of the owner or a superuser; the application's role may not do this.
        pages: Raw entries from the ledger's present size on, in order.
        accept: Given the new size and the root over the bytes of all entries, the old ones too; raises to have all
            of it undone.
        sealed: Sealed values of those entries, with the entry's index.

    Returns:
        How many entries were put back.

    Raises:
        StoreError: "database-refused", "database-unreachable"; "recover-differs" where the stored tree is not that
            of the stored entries; whatever `accept` raises.
    """
    done = 0
    with translated(), psycopg.connect(admin_url, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        # Nobody reads a half recovered ledger: it is one transaction, and the head's lock keeps the append out.
        for page in pages:
            connection.execute("SELECT ledger.recover(%s)", (list(page),))
            done += len(page)
        _put_sealed(connection, list(sealed))
        peaks = _rehashed(connection)
        accept(peaks.size, peaks.root())
        if _stored_peaks(connection, peaks.size) != peaks.hashes:
            raise StoreError("recover-differs", "the stored nodes are not those of the stored entries")
    return done


def _put_sealed(connection: psycopg.Connection[tuple[object, ...]], rows: Sequence[tuple[int, SealedRow]]) -> None:
    for at in range(0, len(rows), PAGE_ROWS):
        page = rows[at : at + PAGE_ROWS]
        connection.execute(
            "SELECT ledger.recover_disclosures(%s, %s, %s, %s, %s, %s)",
            (
                [index for index, _ in page],
                [row.name for _, row in page],
                [row.digest for _, row in page],
                [row.data_key for _, row in page],
                [row.nonce for _, row in page],
                [row.ciphertext for _, row in page],
            ),
        )


def _rehashed(connection: psycopg.Connection[tuple[object, ...]]) -> Peaks:
    """Return the tree over the entries' bytes as they stand now; no node that is stored is believed."""
    peaks = Peaks()
    with psycopg.ServerCursor(connection, "recovered", row_factory=tuple_row) as cursor:
        cursor.itersize = PAGE_ROWS
        cursor.execute("SELECT state FROM ledger.entries ORDER BY notification_id", binary=True)
        for (raw,) in cursor:
            peaks.append(leaf_hash(raw))
    return peaks


def _stored_peaks(connection: psycopg.Connection[tuple[object, ...]], size: int) -> list[object]:
    rows = (
        connection.execute("SELECT hash FROM ledger.nodes WHERE level = %s AND idx = %s", place).fetchone()
        for place in cover(0, size)
    )
    return [row and row[0] for row in rows]
