"""`acervo recover`: the missing entries of a restored database, back from a published log (format.md §12).

1  the published log's checkpoint is checked with our own key
2  its entries from the database's size on are put back, byte for byte, in one transaction
3  which is committed only if the tree is the one that the signer remembers
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.signer import STATE
from ledger.crypto.merkle import fold
from ledger.crypto.note import Checkpoint, Note, open_checkpoint
from ledger.errors import AcervoError, StoreError
from ledger.log.errors import SignerRefusedError
from ledger.log.state import StateFile
from ledger.log.tiles import TILE_WIDTH, parse_bundle
from ledger.store.recovery import recover
from ledger.verify.bundle import Bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from api.system import System


@dataclass(frozen=True, slots=True)
class Recovered:
    """How many entries were put back, and the ledger's size now."""

    count: int
    size: int


def recover_from(system: System, admin_url: str, source: Path, progress: Callable[[int, int], None]) -> Recovered:
    """Put back what is missing.

    Args:
        system: Whose ledger.
        admin_url: The owner's or a superuser's URL.
        source: An exported log or an evidence bundle.
        progress: Told how many entries of how many are back.

    Raises:
        UntrustedInputError: the source is not this log's.
        StoreError: "recover-short" when the source lacks what the signer remembers; "recover-differs" when the tree
            would not be the signer's: nothing was changed.
    """
    size = system.size()
    with Bundle.open(source) as bundle:
        given, _ = open_checkpoint(bundle.checkpoint(), system.keys)
        wanted = _remembered(system) or given
        if given.size < wanted.size:
            raise StoreError("recover-short", f"{given.size} < {wanted.size}", has=given.size, wanted=wanted.size)
        if size >= wanted.size:
            return Recovered(0, size)

        def accept(new_size: int, peaks: Sequence[bytes]) -> None:
            if new_size != wanted.size or fold(list(peaks)) != wanted.root:
                raise StoreError("recover-differs", f"{new_size} entries")

        done = recover(admin_url, _missing(bundle, given.size, size, wanted.size, progress), accept)
    return Recovered(done, wanted.size)


def _remembered(system: System) -> Checkpoint | None:
    """Return the signer's last checkpoint: from its state, or from the published place."""
    data_dir = system.settings.data_dir.absolute()
    try:
        file, state = StateFile.open(data_dir / STATE)
        file.close()
        return Checkpoint.parse(Note.parse(state.note).text)
    except SignerRefusedError:
        pass
    try:
        note = system.signer.checkpoint(0)
    except AcervoError:
        return None
    return Checkpoint.parse(Note.parse(note).text)


def _missing(
    bundle: Bundle, published: int, start: int, end: int, progress: Callable[[int, int], None]
) -> Iterator[list[bytes]]:
    """Yield the entries from `start` to `end` - 1, a bundle at a time."""
    for n in range(start // TILE_WIDTH, (end + TILE_WIDTH - 1) // TILE_WIDTH):
        first = n * TILE_WIDTH
        width = min(TILE_WIDTH, published - first)
        entries = parse_bundle(bundle.entry_bundle(n, published), width)
        yield entries[max(0, start - first) : end - first]
        progress(min(first + width, end) - start, end - start)
