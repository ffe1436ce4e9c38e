"""The marks of a folder, gathered by vote: in any order, and half a million of them in little memory.

Cells repeat (a vote's key five hundred times, a holder in every vote), so each is read by its row's class once, and a
mark costs two references, a line number and a byte.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from api.importers.rows import MarkRow
from ledger.acts.vote import SENSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.importers.plain import Malformed, PlainFolder

KEY = ("body", "year", "series", "session", "vote")


@dataclass(slots=True)
class Roll:
    """The marks of one vote. holders: `seat/designation` each; senses: places in SENSES; lines: where they stand."""

    holders: list[str] = field(default_factory=list)
    senses: bytearray = field(default_factory=bytearray)
    lines: array[int] = field(default_factory=lambda: array("I"))

    def by_sense(self) -> dict[str, tuple[str, ...]]:
        """Return who was marked so, for each mark that occurs."""
        found: dict[str, list[str]] = {}
        for holder, sense in zip(self.holders, self.senses, strict=True):
            found.setdefault(SENSES[sense], []).append(holder)
        return {sense: tuple(holders) for sense, holders in found.items()}

    def line_of(self, seat: str, designation: object = None) -> int | None:
        """Return the line of a holder's last mark, or of a seat's; None where there is none."""
        wanted = seat if designation is None else f"{seat}/{designation}"
        for holder, line in zip(reversed(self.holders), reversed(self.lines), strict=True):
            if holder == wanted or (designation is None and holder.rpartition("/")[0] == seat):
                return line
        return None


class Rolls:
    """All marks of a folder.

    Attributes:
        unreadable: Votes of which a mark cannot be read, with the first such row.
    """

    def __init__(self, folder: PlainFolder) -> None:
        self._rolls: dict[tuple[Any, ...], Roll] = {}
        self.unreadable: dict[tuple[Any, ...], Malformed] = {}
        before = len(folder.malformed)
        for key, holder, sense, line in _read(folder):
            roll = self._rolls.get(key)
            if roll is None:
                roll = self._rolls[key] = Roll()
            roll.holders.append(holder)
            roll.senses.append(sense)
            roll.lines.append(line)
        for row in folder.malformed[before:]:
            if row.of is not None:
                self.unreadable.setdefault(row.of, row)

    def take(self, key: tuple[Any, ...]) -> Roll | None:
        """Give a vote's roll away; None where it has none, or had it given away."""
        return self._rolls.pop(key, None)

    def left(self) -> Iterator[tuple[tuple[Any, ...], Roll]]:
        """Give the rolls that no vote has taken."""
        yield from self._rolls.items()


def _read(folder: PlainFolder) -> Iterator[tuple[tuple[Any, ...], str, int, int]]:
    """Give each mark as vote, holder, sense and line; a mark out of known parts is not validated again."""
    header = folder.header(MarkRow)
    if not header:
        return
    of_vote, of_holder, of_mark = (_picker(header, names) for names in (KEY, ("seat", "designation"), ("mark",)))
    keys: dict[Any, tuple[Any, ...]] = {}
    holders: dict[Any, str] = {}
    senses: dict[Any, int] = {}
    for line, cells in folder.cells(MarkRow):
        vote, held, mark = of_vote(cells), of_holder(cells), of_mark(cells)
        key, holder, sense = keys.get(vote), holders.get(held), senses.get(mark)
        if key is None or holder is None or sense is None:
            row = folder.read(MarkRow, line, cells)
            if row is None:
                continue
            key = keys[vote] = row.key
            holder = holders[held] = f"{row.seat}/{row.designation}"
            sense = senses[mark] = SENSES.index(row.mark)
        yield key, holder, sense, line


def _picker(header: tuple[str, ...], names: tuple[str, ...]) -> Callable[[list[str]], Any]:
    return itemgetter(*(header.index(name) for name in names))
