"""What people read: sentences from the catalogues, Spanish first (house.md §4)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Literal, TypeAlias

Language: TypeAlias = Literal["es", "en"]


@cache
def catalogue(language: Language) -> dict[str, Any]:
    """Return the verifier's sentences in a language."""
    file = resources.files("ledger").joinpath("catalogue").joinpath(f"verify.{language}.toml")
    return tomllib.loads(file.read_text("utf-8"))


def say(language: Language, section: str, key: str, **values: Any) -> str:
    """Return a sentence; a code that has none speaks for itself, as rules have catalogues of their own."""
    sentence = catalogue(language).get(section, {}).get(key)
    return key if sentence is None else str(sentence).format(**values)


def readme() -> bytes:
    """Return the text of LEEME.txt: both languages, how to verify, what a bundle does not prove."""
    return "\n".join(str(catalogue(language)["readme"]["text"]).strip() + "\n" for language in ("es", "en")).encode()
