"""What people read about sheets: `ledger/catalogue/sheets.{es,en}.toml`, a section a sheet."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ledger.texts import Lang


@cache
def sheets(lang: Lang) -> dict[str, Any]:
    """Return the sections of a language: `page`, `columns` (of several sheets), and one a sheet."""
    return tomllib.loads(files("ledger").joinpath("catalogue", f"sheets.{lang}.toml").read_text(encoding="utf-8"))


def title(name: str, lang: Lang) -> str:
    """Return a sheet's title."""
    return str(sheets(lang)[name]["title"])


def question(name: str, lang: Lang) -> str:
    """Return the question that a sheet answers."""
    return str(sheets(lang)[name]["question"])


def column(name: str, column: str, lang: Lang) -> str:
    """Return what a column of a sheet means; one that several sheets have is defined once.

    Raises:
        KeyError: Nobody defined it; a test asserts that everybody is.
    """
    own: dict[str, str] = sheets(lang)[name].get("columns", {})
    return own[column] if column in own else str(sheets(lang)["columns"][column])


def phrase(key: str, lang: Lang, **params: Any) -> str:
    """Return a phrase of the pages."""
    return str(sheets(lang)["page"][key]).format(**params)
