"""Entries into sheets: one reading for the database, a bundle and an exported log.

    1  every entry of the signed tree is hashed: its root is the checkpoint's          or nothing is told
    2  the acts of the first `size` entries go, in order, to what the sheets read

An entry has no effect, and is in no row, where an officer acknowledged it as void, or where it cannot be read: the
indexes of both stand beside the tables. Nothing else is judged here.
"""

from __future__ import annotations

from binascii import Error as BinasciiError
from binascii import a2b_base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

from ledger.acts.trust import EntryAcknowledged
from ledger.auditing.amounts import Amounts
from ledger.auditing.attendance import Actas, Attendance
from ledger.auditing.base import Sheet, Standing
from ledger.auditing.delays import Delays, Late
from ledger.auditing.numbers import Folios, Numbers
from ledger.auditing.sectors import Sectors, Terms
from ledger.crypto.merkle import Peaks, leaf_hash
from ledger.domain.replay import signed_of
from ledger.errors import UntrustedInputError
from ledger.log.tiles import TILE_WIDTH
from ledger.statement import Entry
from ledger.verify.history import lenient_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeAlias

    from ledger.crypto.note import Checkpoint

Pages: TypeAlias = "Callable[[int], Sequence[bytes]]"
"""Gives the entries n·256 … n·256+255 of the signed tree, fewer at its end."""
SHEETS: dict[str, Callable[[], Sheet]] = {
    Amounts.name: Amounts,
    Delays.name: Delays,
    Late.name: Late,
    Numbers.name: Numbers,
    Folios.name: Folios,
    Sectors.name: Sectors,
    Terms.name: Terms,
    Attendance.name: Attendance,
    Actas.name: Actas,
}
_ACKNOWLEDGED = EntryAcknowledged.type_name.encode()
_PAYLOAD = len('{"act":{"payload":"')


@dataclass(slots=True)
class Told:
    """What was read: the tree, what was left out of it, and the sheets by name.

    size, root: of the tree whose acts are told. last_at: the stamp of its last entry, "" of an empty one.
    void: indexes of entries acknowledged as void. unreadable: index → code, of entries that are no act.
    """

    origin: str
    size: int
    root: bytes
    last_at: str = ""
    void: list[int] = field(default_factory=list)
    unreadable: dict[int, str] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    standing: Standing = field(default_factory=lambda: Standing(""))


def tell(
    pages: Pages,
    head: Checkpoint,
    size: int | None = None,
    names: Sequence[str] = tuple(SHEETS),
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Told:
    """Read a signed tree and tell its first `size` entries to sheets.

    Args:
        pages: The entries.
        head: The checkpoint, whose signatures the caller has checked.
        size: How many entries to tell; all where it is None.
        names: Which sheets.
        progress: Told how many entries of how many are read.

    Raises:
        UntrustedInputError: "root-differs": the entries are not those that were signed; "size-beyond-tree"; what
            reading a page raises.
    """
    size = head.size if size is None else size
    if size > head.size:
        raise UntrustedInputError("size-beyond-tree", f"{size} > {head.size}")
    root, acknowledged = _hashed(pages, head, size)
    told = Told(head.origin, size, root, standing=Standing(head.origin))
    told.sheets = {name: SHEETS[name]() for name in names}
    for index, raw in _entries(pages, size):
        _take(told, index, raw, acknowledged)
        if index % TILE_WIDTH == 0 or index == size - 1:
            progress(index + 1, size)
    return told


def _entries(pages: Pages, size: int) -> Iterator[tuple[int, bytes]]:
    for n in range(-(-size // TILE_WIDTH)):
        page = pages(n)
        if len(page) < min(TILE_WIDTH, size - n * TILE_WIDTH):
            raise UntrustedInputError("root-differs", f"entry {n * TILE_WIDTH + len(page)} is missing")
        for offset, raw in enumerate(page[: size - n * TILE_WIDTH]):
            yield n * TILE_WIDTH + offset, raw


def _hashed(pages: Pages, head: Checkpoint, size: int) -> tuple[bytes, dict[int, str]]:
    """Return the root at `size`, and index → leaf of the entries that acts before `size` acknowledge as void."""
    peaks, acknowledged = Peaks(), dict[int, str]()
    root = peaks.root()
    for index, raw in _entries(pages, head.size):
        peaks.append(leaf_hash(raw))
        if index < size:
            acknowledged |= _acknowledgement(raw)
        if index == size - 1:
            root = peaks.root()
    if peaks.root() != head.root:
        raise UntrustedInputError("root-differs", f"the tree of {head.size} entries is not the signed one")
    return root, acknowledged


def _acknowledgement(raw: bytes) -> dict[int, str]:
    try:
        payload = a2b_base64(raw[_PAYLOAD : raw.index(b'"', _PAYLOAD)])
        if _ACKNOWLEDGED not in payload:
            return {}
        said = orjson.loads(payload)
        if said["type"] != EntryAcknowledged.type_name:
            return {}
        return {said["data"]["index"]: said["data"]["leaf"]}
    except (BinasciiError, ValueError, TypeError, KeyError):
        return {}  # no act that could acknowledge anything


def _take(told: Told, index: int, raw: bytes, acknowledged: dict[int, str]) -> None:
    try:
        entry = Entry.parse(raw)
        signed = signed_of(entry)
    except UntrustedInputError as error:
        told.unreadable[index] = error.code
        place = lenient_place(raw)
        if place is not None:
            told.standing.void[place.stream] = index
        return
    told.last_at = entry.recorded_at
    if index in acknowledged and acknowledged[index] == leaf_hash(raw).hex():
        told.void.append(index)
        told.standing.void[signed.statement.stream] = index
        return
    told.standing.take(signed)
    for sheet in told.sheets.values():
        sheet.take(signed)
