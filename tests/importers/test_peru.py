"""Peru's plenary: notes beside the untouched tally, leave kept apart, nothing guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.importers.peru import Counts, convert
from api.importers.peru_notes import Reader
from tests.kit.shared import shared

if TYPE_CHECKING:
    from pathlib import Path

DATA = "data/peru-pleno-2021-2024"
MEMBERS = (
    "SOTO PALACIOS, WILSON",
    "SOTO REYES, ALEJANDRO",
    "ACUÑA PERALTA, MARÍA GRIMANEZA",
    "ACUÑA PERALTA, SEGUNDO HÉCTOR",
    "PAREDES PIQUÉ, SUSEL ANA MARÍA",
    "BUSTAMANTE DONAYRE, ERNESTO",
)
SOTO, REYES, MARIA, _SEGUNDO, PIQUE, _ERNESTO = MEMBERS


@pytest.mark.parametrize(
    ("note", "said", "unread"),
    [
        ("deja constancia del voto a favor del congresista Soto Palacios.", {SOTO: "favor"}, 0),
        (
            (
                "El congresista Soto Reyes, presidente, deja constancia del voto a favor de la congresista "
                "Acuña Peralta María; y del voto en abstención de los congresistas Paredes Pique y Soto Palacios"
            ),
            {MARIA: "favor", PIQUE: "abstencion", SOTO: "abstencion"},
            0,
        ),
        (
            "deja constancia del cambio de voto de a favor por voto en contra de la congresista Paredes Piqué.",
            {PIQUE: "contra"},
            0,
        ),
        ("del voto a favor de los congresistas Acuña Peralta, Ernesto Bustamante y Soto Palacios", {SOTO: "favor"}, 2),
        ("del voto a favor de Soto Palacios y del voto en contra de Soto Palacios", {}, 1),
        ("El asunto se encuentra incompleto.", {}, 0),
    ],
)
def test_a_note_is_read_without_guessing(note: str, said: dict[str, str], unread: int) -> None:
    """Surnames of exactly one member on the roll are his; whatever else looks like a name is counted, not guessed."""
    assert Reader(MEMBERS).read(note, MEMBERS, of_vote=True) == (said, unread)


def test_who_came_late_is_read_of_attendance_only() -> None:
    """A note on a roll call of attendance says who was there; one who is not on that roll stays unread."""
    note = "Después de cerrada la asistencia, se incorporaron los congresistas Soto Palacios y Paredes Piqué"
    reader = Reader(MEMBERS)
    assert reader.read(note, {SOTO}, of_vote=False) == ({SOTO: "presente"}, 1)
    assert reader.read(note, MEMBERS, of_vote=True) == ({}, 0)


@pytest.mark.realdata
def test_the_whole_converts_to_the_published_counts(tmp_path: Path) -> None:
    """2,226 votes of 200 days, 289,281 marks, 1,657 notes, none dropped; the same bytes each time."""
    source = shared(DATA)
    counts = Counts(
        sessions=200,
        votes=2226,
        marks=289_281,
        members=135,
        notes=1657,
        correcting=1549,
        corrections=7550,
        unread=215,
    )
    assert convert(source, tmp_path / "a") == counts
    convert(source, tmp_path / "b", days=20)
    convert(source, tmp_path / "c", days=20)
    for file in (tmp_path / "b").iterdir():
        assert file.read_bytes() == (tmp_path / "c" / file.name).read_bytes(), file.name
