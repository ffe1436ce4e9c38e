"""What people read, by code and language: the message catalogues of `ledger/catalogue/<name>.{es,en}.toml`.

Spanish (es-MX) is written first and English beside it; no sentence stands in the code. A code is kebab-case and
stable, its sentence may be improved at any time. Rules, problems, verdicts and the command line share one space of
names, so that a code means one thing everywhere.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Literal

Lang = Literal["es", "en"]
CATALOGUES = ("rules", "problems", "verdicts", "registries", "feeds", "cli")
LANGUAGES: tuple[Lang, ...] = ("es", "en")
_FALLBACK: dict[Lang, str] = {
    "es": "Sin explicación en el catálogo: {code}.",
    "en": "No explanation in the catalogue: {code}.",
}


class _Lenient(Formatter):
    """Fill what is known; a missing parameter shows its name instead of failing the answer."""

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        if isinstance(key, str) and key not in kwargs:
            return f"‹{key}›"
        return super().get_value(key, args, kwargs)


_FORMATTER = _Lenient()


@cache
def catalogue(lang: Lang) -> dict[str, str]:
    """Return every sentence of one language by its code.

    Raises:
        ValueError: when two catalogues say one code.
    """
    merged: dict[str, str] = {}
    for name in CATALOGUES:
        source = files("ledger").joinpath("catalogue", f"{name}.{lang}.toml")
        for code, sentence in tomllib.loads(source.read_text(encoding="utf-8")).items():
            if code in merged:
                raise ValueError(f"{code} stands in two catalogues ({name})")
            merged[code] = sentence
    return merged


def has(code: str) -> bool:
    """Return whether the code has a sentence in every language."""
    return all(code in catalogue(lang) for lang in LANGUAGES)


def text(code: str, lang: Lang = "es", /, **params: Any) -> str:
    """Return the sentence of a code, with `params` filled in.

    An unknown code gives a sentence that names it: an answer never fails for want of a translation (a test asserts
    that every code raised anywhere has its sentences).
    """
    sentence = catalogue(lang).get(code)
    if sentence is None:
        return _FALLBACK[lang].format(code=code)
    return _FORMATTER.vformat(sentence, (), params)
