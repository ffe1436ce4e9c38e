"""What a ledger held before an import, so that a row that stands already is known and nothing is recorded twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ledger.crypto import disclosure
from ledger.statement import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.acts.base import Act

PLACE_IN_SOURCE = frozenset({"source_sha256", "row"})
"""What of an act's data says only where it was read: a file that has grown says the same in another place."""


class Entries(Protocol):
    """What is read of the store."""

    def stream(self, name: str, after_version: int = 0) -> Iterable[bytes]:
        """Give a stream's entries in order."""

    def streams_below(self, prefix: str) -> Iterable[str]:
        """Give the names of streams that begin with the prefix."""


class Texts(Protocol):
    """What is read of the vault."""

    def disclosures(self, index: int) -> Mapping[str, str]:
        """Return an act's disclosures by name, without those that are erased."""


class Standing:
    """Acts that stood when the import began.

    Args:
        entries: The ledger's store.
        texts: Its vault.
        size: How many entries there were.
    """

    def __init__(self, entries: Entries, texts: Texts, size: int) -> None:
        self._entries = entries
        self._texts = texts
        self._size = size

    def find(self, act: Act, sealed: Mapping[str, Any]) -> int | None:
        """Return the index of an act that says the same, data and sealed values; None where there is none.

        An erased value can no longer be compared: then what is left decides.
        """
        wanted = _comparable(act.model_dump(mode="json", exclude_none=True))
        for raw in self._entries.stream(act.stream()):
            entry = Entry.parse(raw)
            statement = entry.act.statement
            if entry.index >= self._size:
                break
            if statement.type != act.type_name or _comparable(statement.data) != wanted:
                continue
            if set(statement.sealed) == set(sealed) and self._same_texts(entry.index, sealed):
                return entry.index
        return None

    def quarantined(self, body: str) -> tuple[int, set[str]]:
        """Return how many identifiers of a body are quarantined, and those that can be read, as printed."""
        names = list(self._entries.streams_below(f"quarantine/{body}/"))
        texts: set[str] = set()
        for name in names:
            first = Entry.parse(next(iter(self._entries.stream(name))))
            text = self._texts.disclosures(first.index).get("as_printed")
            if text is not None:
                texts.add(str(disclosure.parse(text).value))
        return len(names), texts

    def _same_texts(self, index: int, sealed: Mapping[str, Any]) -> bool:
        opened = self._texts.disclosures(index) if sealed else {}
        return all(disclosure.parse(text).value == sealed[name] for name, text in opened.items())


def _comparable(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in PLACE_IN_SOURCE}
