"""Identifiers as people type them: which are read as such, and what they ask of the index."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.identifiers import fold, read_typed, signs_of

PRINTED = "ACDO.AS2.HCT.270422/107.P.DIR"
OTHER = "ACDO.AS2.HCT.300925/288.P.DIR"


@pytest.mark.parametrize(
    "typed",
    [
        "107/2022",
        "'107/2022",
        " 107 / 2022 ",
        "acuerdo 107",
        "Acuerdo núm. 107 de 2022",
        "acuerdo no. 107/2022",
        "ACDO 107 DIR",
        "acdo 107",
        "ACDO.AS2.HCT.270422/107.P.DIR",
        "acdo.as2.hct.270422/107",
        "AS2.HCT.270422/107.P.DIR",
        "ACDO AS2 HCT 107",
        "ACDO 270422",
        "ACDO 270422/107",
    ],
)
def test_what_people_type_finds_the_agreement(typed: str) -> None:
    """Each partial form asks only for signs that the printed identifier has, and that another one lacks."""
    found = read_typed(typed)
    if typed == "acdo.as2.hct.270422/107":
        assert found is None or set(found.signs) <= set(signs_of(PRINTED, 107, 2022))
        return
    assert found is not None
    assert set(found.signs) <= set(signs_of(PRINTED, 107, 2022))
    assert not set(found.signs) <= set(signs_of(OTHER, 288, 2025))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "acuerdo",
        "acuerdo de licitación 5",
        "acuerdo 107 presupuesto",
        "2022",
        "107",
        "presupuesto 2022",
        '"107/2022"',
        "ACDO DIR",
        "acuerdo 1 2 3",
        "12/20221",
        "7" * 300,
    ],
)
def test_words_are_not_taken_for_an_identifier(typed: str) -> None:
    """Words, years alone, phrases in quotes and what has too many numbers are searched as words."""
    assert read_typed(typed) is None


def test_a_yearly_identifier_is_found_by_number_and_year() -> None:
    """177/2001 has its number and its year, whatever stands before it."""
    typed = read_typed("Acuerdo 177/2001")
    assert typed is not None
    assert (typed.number, typed.year) == (177, 2001)
    assert set(typed.signs) <= set(signs_of("177/2001", 177, 2001))
    year = read_typed("acuerdo 2022")
    assert year is not None
    assert year.number == 2022


@given(st.text(max_size=60))
def test_folding_keeps_places(text: str) -> None:
    """Folded text has as many characters, so that a mark found in it stands at the same place; nothing fails."""
    assert len(fold(text)) == len(text)
    read_typed(text)


def test_folding() -> None:
    """Accents and capitals go, ñ stays."""
    assert fold("LicitaciÓn AÑO Pingüino") == "licitacion año pinguino"
