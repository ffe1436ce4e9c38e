"""The acta's words: sentences from a catalogue, dates and times as people write them.

A catalogue is `ledger/catalogue/acta.<language>.toml`. No locale and no time-zone data is consulted: the day
and the hour are those that were signed (format.md §2).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LANGUAGES = ("es", "en")


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's sentences and names of things."""

    language: str
    sentences: Mapping[str, str]
    names: Mapping[str, Mapping[str, str]]
    months: tuple[str, ...]

    def say(self, sentence: str, **values: Any) -> str:
        """Return a sentence of the catalogue with its places filled."""
        return self.sentences[sentence].format_map(values)

    def name(self, group: str, key: str) -> str:
        """Return how people call `key`; the key itself where the catalogue has no name for it."""
        return self.names[group].get(key, key)

    def day(self, written: str) -> str:
        """Return `28 de enero de 2026` of a day or an instant as written."""
        year, month, day = written[:10].split("-")
        return self.say("day", day=int(day), month=self.months[int(month) - 1], year=year)

    def hour(self, written: str) -> str:
        """Return `10:05` of an instant as written: the signer's local time."""
        return written[11:16]

    def ordinal(self, number: int, text: str) -> str:
        """Return the ordinal that belongs before a resolutivo, empty where its own text begins with it."""
        ordinal = self.name("ordinals", str(number))
        return "" if text.casefold().startswith(ordinal.casefold()) else ordinal

    def listing(self, words: Sequence[str]) -> str:
        """Return `a, b y c`."""
        if len(words) < 2:
            return "".join(words)
        return self.say("and", first=", ".join(words[:-1]), last=words[-1])


@lru_cache(maxsize=len(LANGUAGES))
def wording(language: str) -> Wording:
    """Return a language's wording.

    Raises:
        ValueError: for a language that has no catalogue.
    """
    if language not in LANGUAGES:
        raise ValueError(language)
    raw = tomllib.loads(resources.files("ledger").joinpath("catalogue", f"acta.{language}.toml").read_text("utf-8"))
    return Wording(language, raw["sentences"], raw["names"], tuple(raw["months"]))
