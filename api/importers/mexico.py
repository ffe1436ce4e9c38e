"""Roll calls of Mexico's Cámara de Diputados, 2006–2012, into the plain format.

Source: Cantú, Desposato & Magar (2014), Política y Gobierno 21(1):25–54, MIT licence; `votaciones.csv`, `votos.csv.gz`,
`diputados_designaciones.csv`. What the source leaves open is settled here and said in the rows:

* A seat is a district or a place on a list (`ags01`); `p` and `s` of the source's ids are propietario and suplente.
* The source writes a mark for everybody who was a member that day and none for the others, so the rolls tell who held
  a mandate. Where its own dates (oath, leave, return) contradict its rolls, the rolls decide and the mandate is
  marked `derived`.
* Three ids stand for two persons each; the one who took the oath holds the mandate from then on, the other before.
* A session is a day with votes, numbered within its year; the source has neither an agenda nor attendance apart from
  the marks.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from api.importers import mexico_rolls as rolls_of
from api.importers.source import data_set
from api.importers.writing import SESSION, numbered, one_line, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.importers.mexico_rolls import Mandate

BODY = "diputados"
NAME = "Cámara de Diputados del Congreso de la Unión"
SERIES = "pleno"
DEFINED = "2006-08-01"


@dataclass(frozen=True, slots=True)
class Counts:
    """What a conversion wrote."""

    sessions: int
    votes: int
    marks: int
    mandates: int
    derived: int


def convert(source: Path, target: Path, *, days: int | None = None) -> Counts:
    """Write the plain folder `target` from the data set in `source`.

    Args:
        source: The data set's folder.
        target: Made if it is not there.
        days: Only the first so many session days, for tests.

    Raises:
        UntrustedInputError: "source-unknown": the folder is not the data set.
    """
    target.mkdir(parents=True, exist_ok=True)
    with data_set():
        votes = rolls_of.read_votes(source, days)
        day_of = {vote["votacion_id"]: date.fromisoformat(vote["fecha"]) for vote in votes}
        mandates = rolls_of.read_mandates(source)
        rolls = rolls_of.read_rolls(source, day_of, mandates)
    all_days = sorted(set(day_of.values()))
    for mandate in mandates:
        rolls_of.reconcile(mandate, all_days)
    rolls_of.number(mandates)
    _write_people(target, mandates)
    session_of = _sessions(votes)
    marks = _write_votes(target, votes, session_of, rolls)
    derived = sum(mandate.derived for mandate in mandates)
    return Counts(len(set(session_of.values())), len(votes), marks, len(mandates), derived)


def _sessions(votes: Sequence[dict[str, str]]) -> dict[str, tuple[int, int]]:
    """Return day → (year, number of the session in its year)."""
    days = sorted({vote["fecha"] for vote in votes})
    return dict(zip(days, numbered(days), strict=True))


def _write_people(target: Path, mandates: list[Mandate]) -> None:
    write(
        target / "bodies.csv",
        ("body", "name", "kind", "profile", "valid_from"),
        [(BODY, NAME, "parliament", "PARLIAMENT_MX", DEFINED)],
    )
    seats = sorted({mandate.seat for mandate in mandates})
    write(
        target / "seats.csv",
        ("body", "seat", "sector", "role", "voting", "valid_from"),
        [(BODY, seat, _sector(seat), "member", "yes", DEFINED) for seat in seats]
        + [(BODY, "secretaria", "mesa", "secretary", "no", DEFINED)],
    )
    ordered = sorted(mandates, key=lambda m: (m.legislature, m.seat, m.number))
    write(target / "persons.csv", ("person", "name"), [(m.person, m.name) for m in ordered])
    write(
        target / "designations.csv",
        ("body", "seat", "number", "person", "capacity", "begins_on", "ends_on", "derived"),
        [
            (BODY, m.seat, m.number, m.person, m.capacity, m.begins, m.ends, "yes" if m.derived else "no")
            for m in ordered
        ],
    )
    write(
        target / "leaves.csv",
        ("body", "seat", "number", "begins_on", "ends_on"),
        [(BODY, m.seat, m.number, begins, ends or "") for m in ordered for begins, ends in m.leaves],
    )


def _sector(seat: str) -> str:
    """A district's state, or the circumscription of a list."""
    return seat.rstrip("0123456789").removesuffix("rp") or seat


def _write_votes(
    target: Path,
    votes: Sequence[dict[str, str]],
    session_of: dict[str, tuple[int, int]],
    rolls: dict[str, list[tuple[Mandate, str]]],
) -> int:
    place = {day: (BODY, year, SERIES, number) for day, (year, number) in session_of.items()}
    in_day: dict[str, int] = defaultdict(int)
    numbered = []
    for vote in votes:
        in_day[vote["fecha"]] += 1
        numbered.append((vote, place[vote["fecha"]], in_day[vote["fecha"]]))
    write(target / "sessions.csv", (*SESSION, "held_on"), [(*where, day) for day, where in place.items()])
    write(
        target / "votes.csv",
        (*SESSION, "vote", "majority", "motion", "favor", "contra", "abstencion", "presente", "ausente"),
        [
            (
                *where,
                number,
                "simple",
                one_line(vote["titulo"]),
                vote["favor"],
                vote["contra"],
                vote["abstencion"],
                vote["quorum"],
                vote["ausentes"],
            )
            for vote, where, number in numbered
        ],
    )
    return write(
        target / "marks.csv.gz",
        (*SESSION, "vote", "seat", "designation", "mark"),
        (
            (*where, number, mandate.seat, mandate.number, mark)
            for vote, where, number in numbered
            for mandate, mark in rolls[vote["votacion_id"]]
        ),
    )
