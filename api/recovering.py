"""`acervo recover`: the missing entries of a restored database, back from a published log (format.md §12).

1  the published log's checkpoint is checked with our own key
2  its entries from the database's size on are put back, byte for byte, in one transaction; with them the sealed
   values that a bundle opens, closed anew
3  which is committed only if the root over all entries' bytes, old and new, is the one that the signer remembers
4  what acts say was erased, and the backup brought back, is erased again

A kill before the commit leaves the restored database as it was; after it, opening the system does step 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from api.signer import STATE
from ledger.acts.acta import ActaDrafted
from ledger.blocks.commitment import leaf_of, verify_blocks
from ledger.crypto import disclosure
from ledger.crypto.note import Checkpoint, Note, open_checkpoint
from ledger.domain.replay import signed_of
from ledger.errors import AcervoError, StoreError, UntrustedInputError
from ledger.loader import subject_of
from ledger.log.state import read_state
from ledger.log.tiles import TILE_WIDTH, parse_bundle
from ledger.statement import Entry
from ledger.store.recovery import recover
from ledger.verify.bundle import Bundle, Opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from api.system import System
    from ledger.domain.world import Signed
    from ledger.store.submission import SealedRow


@dataclass(frozen=True, slots=True)
class Recovered:
    """How many entries were put back, and the ledger's size now; of how many sealed values the text came along."""

    count: int
    size: int
    texts: int = 0


def recover_from(system: System, admin_url: str, source: Path, progress: Callable[[int, int], None]) -> Recovered:
    """Put back what is missing.

    Args:
        system: Whose ledger.
        admin_url: The owner's or a superuser's URL.
        source: An exported log or an evidence bundle.
        progress: Told how many entries of how many are back.

    Raises:
        UntrustedInputError: the source is not this log's.
        StoreError: "recover-short" when the source lacks what the signer remembers; "recover-differs", naming the
            first entry that differs, when the tree would not be the signer's: nothing was changed.
    """
    size = system.size()
    with Bundle.open(source) as bundle:
        given, _ = open_checkpoint(bundle.checkpoint(), system.keys)
        wanted = _remembered(system) or given
        if size >= wanted.size:
            return Recovered(0, size)
        if given.size < wanted.size:
            raise StoreError("recover-short", f"{given.size} < {wanted.size}", has=given.size, wanted=wanted.size)

        def accept(new_size: int, root: bytes) -> None:
            if (new_size, root) != (wanted.size, wanted.root):
                raise StoreError("recover-differs", _first_difference(system, bundle, given.size, size))

        sealed = list(_sealed(system, bundle, given.size, range(size, wanted.size)))
        pages = _missing(bundle, given.size, size, wanted.size, progress)
        done = recover(admin_url, pages, accept, sealed)
    system.erase_again()
    return Recovered(done, wanted.size, len(sealed))


def _remembered(system: System) -> Checkpoint | None:
    """Return the signer's last checkpoint: from its state, whether or not it runs, or from the signer elsewhere."""
    state = read_state(system.settings.data_dir.absolute() / STATE)
    if state is not None:
        return Checkpoint.parse(Note.parse(state.note).text)
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
        entries = _page(bundle, n, published)
        yield entries[max(0, start - first) : end - first]
        progress(min(first + len(entries), end) - start, end - start)


def _page(bundle: Bundle, n: int, published: int) -> list[bytes]:
    return parse_bundle(bundle.entry_bundle(n, published), min(TILE_WIDTH, published - n * TILE_WIDTH))


def _first_difference(system: System, bundle: Bundle, published: int, size: int) -> str:
    """Say where the database's own entries are not the published ones."""
    stored = system.store.entries(0, size)
    for index in range(size):
        if next(stored, None) != _page(bundle, index // TILE_WIDTH, published)[index % TILE_WIDTH]:
            return f"entry {index} of the database is not the published one"
    return "the published entries are not those that the signer has seen"


# -- sealed values -----------------------------------------------------------------------------------------------


def _sealed(system: System, bundle: Bundle, published: int, wanted: range) -> Iterator[tuple[int, SealedRow]]:
    """Yield what the bundle opens of those entries, compared with what was signed and closed anew.

    Raises:
        UntrustedInputError: an opened value is not what the act's officer signed.
    """
    for index, lines in groupby(_lines(bundle, wanted), key=lambda line: line.index):
        raw = _page(bundle, index // TILE_WIDTH, published)[index % TILE_WIDTH]
        signed = signed_of(Entry.parse(raw))
        for name, text in _opened(signed, list(lines)).items():
            yield index, system.vault.seal(subject_of(signed, name), name, disclosure.digest(text), text)


def _lines(bundle: Bundle, wanted: range) -> Iterator[Opened]:
    for name, line in bundle.disclosures():
        if isinstance(line, UntrustedInputError):
            raise UntrustedInputError(line.code, f"{name}: {line.detail}")
        if line.index in wanted:
            yield line


def _opened(signed: Signed, lines: list[Opened]) -> dict[str, str]:
    """Return the values by name that are proved to be the act's; blocks of an acta only with all its leaves."""
    values = {line.name: line.text for line in lines if not line.leaves}
    act, leaves = signed.act, next((line.leaves for line in lines if line.leaves), ())
    if not isinstance(act, ActaDrafted):
        for name, text in values.items():
            if signed.statement.sealed.get(name) != disclosure.digest(text):
                raise UntrustedInputError("disclosure-digest", f"{signed.index} {name}")
        return values
    numbers = {int(name.removeprefix("block/")): text for name, text in values.items()}
    if not leaves and len(numbers) == act.blocks:
        leaves = tuple(leaf_of(numbers[number]) for number in sorted(numbers))
    if not leaves:
        return {}
    verify_blocks(leaves, numbers, act.root, act.blocks)
    return values


__all__ = ["Recovered", "recover_from"]
