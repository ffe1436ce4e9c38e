"""What of the sealed texts a reader may read, for documents that are printed for him (docs/decisions/0013)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.access.grants import open_for
from api.documents.reading import Opened
from api.problems import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.documents.press import Press
    from api.routes.restricted import AskedBy

_CLOSED = {403, 404}


class Readable:
    """The texts that everybody may read, and those that the ledger lets one reader read.

    Args:
        asked: Whose request it is.
        press: Prints what is asked for; its texts are the vault.
    """

    def __init__(self, asked: AskedBy, press: Press) -> None:
        self._asked = asked
        self._open = Opened(press.texts, press.state)
        self._read: dict[int, tuple[str, list[str]]] = {}

    def disclosures(self, index: int) -> Mapping[str, str]:
        """Return an act's disclosures by name."""
        public = self._open.disclosures(index)
        try:
            opened = open_for(self._asked.reader, self._asked.system, index)
        except ApiError as error:
            if error.status not in _CLOSED:
                raise
            return public
        own = [name for name in opened.texts if name not in public]
        if own:
            self._read[index] = (opened.ground, own)
        return {**public, **opened.texts}

    def covers(self, other: Readable) -> bool:
        """Tell whether this reader may read whatever was given out for another; what he may, he counts as reading."""
        return all(self.disclosures(index).keys() >= set(names) for index, (_, names) in other._read.items())

    def note(self) -> None:
        """Keep who read what is not open to everybody."""
        for index, (ground, names) in sorted(self._read.items()):
            self._asked.note(index, ground, names)
