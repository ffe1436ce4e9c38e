"""The demo year with the longest real titles in the place of its own: what pages must hold."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.crypto import disclosure
from tests.kit.printed import told_year, year_press

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.actas import Texts
    from api.documents import Press

TITLES = Path(__file__).parents[1] / "data" / "mexico-excerpt" / "longest_titles.csv"
TOLD = (
    "Ampliación de plazas de guardería en Valle Norte",
    "Arrendamiento de un inmueble para el archivo de concentración",
    "Convenio de pago a plazos",
    "Enajenación de un inmueble en Valle Norte",
    "Estrategia de inspección en curso",
    "Desincorporación de un inmueble sin uso en Valle Norte",
)
"""Titles of the year in whose place the longest real ones stand, in turn."""


@cache
def longest() -> tuple[str, ...]:
    """Return the longest titles of the real data, the longest first (`tests/data/mexico-excerpt/README.md`)."""
    with TITLES.open(encoding="utf-8", newline="") as file:
        return tuple(" ".join(row["titulo"].split()) for row in csv.DictReader(file))


def long_press() -> Press:
    """Return the year's press over texts with long titles; they are not what was sealed, so nothing is attached."""
    return replace(year_press(), texts=_Longer(told_year().vault), prove=None)


@dataclass(frozen=True)
class _Longer:
    texts: Texts

    def disclosures(self, index: int) -> Mapping[str, str]:
        return {name: _longer(text) for name, text in self.texts.disclosures(index).items()}


def _longer(text: str) -> str:
    parsed = disclosure.parse(text)
    return disclosure.make(parsed.name, _replaced(parsed.value), parsed.salt)


def _replaced(value: Any) -> Any:
    match value:
        case str():
            for told, title in zip(TOLD, longest(), strict=False):
                value = value.replace(told, title)
            return value
        case dict():
            return {name: _replaced(each) for name, each in value.items()}
        case list():
            return [_replaced(each) for each in value]
        case _:
            return value
