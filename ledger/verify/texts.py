"""What people read: sentences from the catalogues, Spanish first (house.md §4)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Literal, TypeAlias

from ledger.texts import has, text

Language: TypeAlias = Literal["es", "en"]
RULES = ("codes", "remarks")
"""Sections in which a rule's code may stand."""


@cache
def catalogue(language: Language) -> dict[str, Any]:
    """Return the verifier's sentences in a language."""
    file = resources.files("ledger").joinpath("catalogue").joinpath(f"verify.{language}.toml")
    return tomllib.loads(file.read_text("utf-8"))


def say(language: Language, section: str, key: str, **values: Any) -> str:
    """Return a sentence; a rule's code has it in the rules' catalogue, and one that has none speaks for itself."""
    sentence = catalogue(language).get(section, {}).get(key)
    if sentence is not None:
        return str(sentence).format(**values)
    return text(key, language, **values).rstrip(".") if section in RULES and has(key) else key


def readme() -> bytes:
    """Return the text of LEEME.txt: both languages, how to verify, what a bundle does not prove."""
    return "\n".join(str(catalogue(language)["readme"]["text"]).strip() + "\n" for language in ("es", "en")).encode()
