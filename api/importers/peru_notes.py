"""Reading the notes of Peru's Congress: whose late or changed vote, who came after the roll was called.

Nothing is guessed. A name is somebody's where it is the surnames (with as many given names as are needed) of exactly
one member on that roll, accents and capitals aside; whatever else looks like a name is counted as unread. The text of
a note always stands beside what was read of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from api.importers.writing import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_CHANGE = r"cambio (?:de|del|en el|de su) voto\b.*?\bpor\s+(?:el\s+|su\s+)?(?:voto\s+)?(?:de\s+)?(?:a\s+|en\s+)?"
_SENSE = re.compile(
    rf"(?:{_CHANGE}|\ba\s+|\ben\s+|\bde\s+(?:su\s+)?|\bvotos?\s+)(favor|contra|abstenci[oó]n)\b", re.IGNORECASE
)
_PRESENCE = re.compile(r"\b(asistencia|presencia|incorporaron|incorporó)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_NAMES = re.compile(r"[,;.]|\s[ye]\s")
"""What stands between names."""
_TITLES = frozenset({"congresista", "congresistas", "presidente", "presidenta", "vicepresidente", "vicepresidenta"})
_TITLES |= {"congreso", "pleno", "mesa", "directiva", "señor", "señora", "primer", "primera", "segundo", "segunda"}


class Reader:
    """Reads notes.

    Args:
        members: Everybody's names as the rolls have them: `SURNAMES, GIVEN NAMES`.
    """

    def __init__(self, members: Iterable[str]) -> None:
        self._called: dict[str, set[str]] = defaultdict(set)
        for member in members:
            for form in _forms(member):
                self._called[form].add(member)
        longest_first = sorted(self._called, key=len, reverse=True)
        self._anybody = re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})\b")

    def read(self, note: str, roll: Collection[str], *, of_vote: bool) -> tuple[dict[str, str], int]:
        """Return member → how he is to be read (a sense, `presente` of attendance), and how many names are unread.

        Args:
            note: The note.
            roll: The members whom the roll lists.
            of_vote: Whether the roll is of a vote, else of attendance.
        """
        said: dict[str, set[str]] = defaultdict(set)
        unread = 0
        for now, names in _segments(note, of_vote=of_vote):
            found, left = self._names(names, roll)
            unread += left
            for member in found:
                said[member].add(now)
        twofold = [member for member, senses in said.items() if len(senses) > 1]
        return {member: min(senses) for member, senses in said.items() if len(senses) == 1}, unread + len(twofold)

    def _names(self, text: str, roll: Collection[str]) -> tuple[list[str], int]:
        """Return whose names stand in a stretch of a note, and how many others do."""
        found: list[str] = []
        unread = 0
        for part in _NAMES.split(text):
            bare = plain(part)
            called = self._anybody.search(bare)
            if called is None:
                unread += any(word[0].isupper() and word.lower() not in _TITLES for word in _WORD.findall(part))
                continue
            who = [member for member in self._called[called.group(1)] if member in roll]
            if len(who) == 1:
                found.append(who[0])
            else:
                unread += 1
        return found, unread


def _segments(note: str, *, of_vote: bool) -> Iterable[tuple[str, str]]:
    """Give what is said and of whom: from one such word to the next."""
    found = list((_SENSE if of_vote else _PRESENCE).finditer(note))
    ends: Mapping[int, int] = {n: match.start() for n, match in enumerate(found[1:])}
    for n, match in enumerate(found):
        now = plain(match.group(1)) if of_vote else "presente"
        yield now, note[match.end() : ends.get(n, len(note))]


def _forms(member: str) -> Iterable[str]:
    """Give the ways in which notes name a member: surnames, alone and with given names before or behind them."""
    surnames, _, given = (plain(part) for part in member.partition(","))
    yield surnames
    names = given.split()
    for name in {*names, given}:
        yield f"{surnames} {name}"
        yield f"{name} {surnames}"
