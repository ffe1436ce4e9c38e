"""Entries in memory told to sheets."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from ledger.auditing import SHEETS, Told, tell, write
from ledger.crypto.merkle import leaf_hash, root_of
from ledger.crypto.note import Checkpoint
from ledger.log.tiles import TILE_WIDTH
from tests.kit.books import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.auditing.reading import Pages


def head_of(raws: Sequence[bytes]) -> Checkpoint:
    """Return the checkpoint of these entries."""
    return Checkpoint(ORIGIN, len(raws), root_of([leaf_hash(raw) for raw in raws]))


def pages_of(raws: Sequence[bytes]) -> Pages:
    """Return how entries in memory are read."""
    return lambda n: raws[n * TILE_WIDTH : (n + 1) * TILE_WIDTH]


def told(raws: Sequence[bytes], size: int | None = None, *names: str) -> Told:
    """Tell entries to sheets, to all of them unless some are named."""
    return tell(pages_of(raws), head_of(raws), size, names or tuple(SHEETS))


def rows(raws: Sequence[bytes], name: str, size: int | None = None) -> list[dict[str, str]]:
    """Return the rows of a sheet as its CSV file says them."""
    (written,) = write(told(raws, size, name))
    return list(csv.DictReader(io.StringIO(written.csv.decode(), newline="")))
