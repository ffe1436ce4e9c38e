"""The plenary of Peru's Congress, July 2021 to March 2024, into the plain format.

Source: openpolitica/congreso-pleno-asistencia-votacion, out of the official PDFs; no licence is stated, so the data
stay where they are. What the source leaves open is settled here and said in the rows:

* It names members, not seats: each has a seat of his own, and holds it from the first day to the last on which a roll
  lists him. No dates of mandates are published, so all are `derived`.
* A session is a day, numbered in its year. Present was who answered at least one of the day's roll calls; there is no
  agenda.
* LICENCIA_* are leave; SUSPENDIDO, FALLECIDO and FALTO (whom an official report left out) are what the published tally
  counts under "otros". SIN_RESPONDER is a member who was there and did not vote.
* No result is published; it follows from the marks by the profile.
* Notes stand beside the roll. What they say of whose vote is read where it can be read without guessing; the roll and
  the published tally stay as they are.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from api.importers.peru_notes import Reader
from api.importers.source import data_set
from api.importers.writing import SESSION, numbered, one_line, read, slug, write

if TYPE_CHECKING:
    from pathlib import Path

BODY = "congreso-pe"
NAME = "Pleno del Congreso de la República del Perú"
SERIES = "pleno"
DEFINED = "2021-07-01"
MARKS = {
    "SI": "favor",
    "NO": "contra",
    "ABSTENCION": "abstencion",
    "ABST": "abstencion",
    "SIN_RESPONDER": "presente",
    "SINRES": "presente",
    "AUSENTE": "ausente",
    "AUS": "ausente",
    "LICENCIA_OFICIAL": "licencia",
    "LICENCIA_POR_ENFERMEDAD": "licencia",
    "LICENCIA_PERSONAL": "licencia",
    "LO": "licencia",
    "LE": "licencia",
    "LP": "licencia",
    "SUSPENDIDO": "otro",
    "FALLECIDO": "otro",
    "FALTO": "otro",
}
THERE = {"PRESENTE", "PRE"}
_PUBLISHED = ("si", "no", "abstenciones", "sin_responder", "ausentes", "licencias", "otros")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a conversion wrote. notes: of them how many correct somebody; corrections: of how many marks in all."""

    sessions: int
    votes: int
    marks: int
    members: int
    notes: int
    correcting: int
    corrections: int
    unread: int


@dataclass(slots=True)
class _Source:
    """The source as read. rolls: event → (member, mark); days: of members, those on which a roll lists them."""

    votes: list[dict[str, str]]
    calls: list[dict[str, str]]
    rolls: dict[str, list[tuple[str, str]]]
    notes: list[dict[str, str]]
    days: dict[str, set[str]]
    last: str


def convert(source: Path, target: Path, *, days: int | None = None) -> Counts:
    """Write the plain folder `target` from the data set in `source`.

    Args:
        source: The data set's folder.
        target: Made if it is not there.
        days: Only the first so many session days, for tests; mandates are those of the whole all the same.

    Raises:
        UntrustedInputError: "source-unknown": the folder is not the data set.
    """
    target.mkdir(parents=True, exist_ok=True)
    with data_set():
        found = _read(source)
        session_of = _sessions(found, days)
        _write_people(target, found)
        _write_sessions(target, found, session_of)
        marks = _write_votes(target, found, session_of)
        noted = _write_notes(target, found, session_of)
    votes = sum(vote["dia"] in session_of for vote in found.votes)
    return Counts(len(session_of), votes, marks, len(found.days), *noted)


def _read(source: Path) -> _Source:
    votes = sorted(read(source / "votaciones.csv"), key=lambda vote: (vote["dia"], vote["hora"], vote["votacion_id"]))
    calls = read(source / "asistencias.csv")
    rolls: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in read(source / "votos.csv.gz"):
        rolls[row["votacion_id"]].append((row["congresista"], MARKS[row["voto"]]))
    for row in read(source / "asistencia_detalle.csv.gz"):
        rolls[row["asistencia_id"]].append((row["congresista"], row["asistencia"]))
    days: dict[str, set[str]] = defaultdict(set)
    for event in (*votes, *calls):
        for member, _ in rolls[_event(event)]:
            days[member].add(event["dia"])
    last = max(max(each) for each in days.values())
    return _Source(votes, calls, rolls, read(source / "notas.csv"), days, last)


def _event(row: dict[str, str]) -> str:
    return row["votacion_id"] if "votacion_id" in row else row["asistencia_id"]


def _sessions(found: _Source, days: int | None) -> dict[str, tuple[str, int, str, int]]:
    """Return day → what names its session."""
    held = sorted({event["dia"] for event in (*found.votes, *found.calls)})[:days]
    return {day: (BODY, year, SERIES, number) for day, (year, number) in zip(held, numbered(held), strict=True)}


def _write_people(target: Path, found: _Source) -> None:
    write(
        target / "bodies.csv",
        ("body", "name", "kind", "profile", "valid_from"),
        [(BODY, NAME, "parliament", "PARLIAMENT_PE", DEFINED)],
    )
    members = sorted(found.days)
    write(
        target / "seats.csv",
        ("body", "seat", "sector", "role", "voting", "valid_from"),
        [(BODY, slug(member), "congreso", "member", "yes", DEFINED) for member in members],
    )
    write(target / "persons.csv", ("person", "name"), [(_person(member), member) for member in members])
    write(
        target / "designations.csv",
        ("body", "seat", "number", "person", "capacity", "begins_on", "ends_on", "derived"),
        [
            (BODY, slug(member), 1, _person(member), "propietario", min(days), _ends(max(days), found.last), "yes")
            for member, days in sorted(found.days.items())
        ],
    )


def _person(member: str) -> str:
    return f"pe-{slug(member)}"[:64]


def _ends(day: str, last: str) -> str:
    """Return the day from which on a member was listed no more; nothing where he was to the end."""
    return "" if day == last else str(date.fromisoformat(day) + _ONE_DAY)


def _write_sessions(target: Path, found: _Source, session_of: dict[str, tuple[str, int, str, int]]) -> None:
    write(target / "sessions.csv", (*SESSION, "held_on"), [(*where, day) for day, where in session_of.items()])
    present: dict[str, set[str]] = defaultdict(set)
    for call in found.calls:
        present[call["dia"]].update(member for member, mark in found.rolls[_event(call)] if mark in THERE)
    write(
        target / "attendance.csv",
        (*SESSION, "seat", "designation"),
        [(*where, slug(member), 1) for day, where in session_of.items() for member in sorted(present[day])],
    )


def _numbers(found: _Source, session_of: dict[str, tuple[str, int, str, int]]) -> dict[str, int]:
    """Return the number of each vote in its session, by time of day."""
    counts: dict[str, int] = defaultdict(int)
    numbers = {}
    for vote in found.votes:
        if vote["dia"] in session_of:
            counts[vote["dia"]] += 1
            numbers[_event(vote)] = counts[vote["dia"]]
    return numbers


def _write_votes(target: Path, found: _Source, session_of: dict[str, tuple[str, int, str, int]]) -> int:
    numbers = _numbers(found, session_of)
    taken = [vote for vote in found.votes if _event(vote) in numbers]
    write(
        target / "votes.csv",
        (*SESSION, "vote", "motion", "favor", "contra", "abstencion", "presente", "ausente", "licencia", "otro"),
        [
            (*session_of[vote["dia"]], numbers[_event(vote)], one_line(vote["asunto"]), *_published(vote))
            for vote in taken
        ],
    )
    return write(
        target / "marks.csv.gz",
        (*SESSION, "vote", "seat", "designation", "mark"),
        (
            (*session_of[vote["dia"]], numbers[_event(vote)], slug(member), 1, mark)
            for vote in taken
            for member, mark in found.rolls[_event(vote)]
        ),
    )


def _published(vote: dict[str, str]) -> list[int]:
    figures = json.loads(vote["resultados_json"])
    return [int(figures[name]) for name in _PUBLISHED]


def _write_notes(
    target: Path, found: _Source, session_of: dict[str, tuple[str, int, str, int]]
) -> tuple[int, int, int, int]:
    numbers = _numbers(found, session_of)
    reader = Reader(found.days)
    counts: dict[str, int] = defaultdict(int)
    notes: list[tuple[object, ...]] = []
    corrections: list[tuple[object, ...]] = []
    correcting = 0
    for row in found.notes:
        event = row["evento_id"]
        where = session_of.get(event[:10])
        if where is None:
            continue
        counts[event[:10]] += 1
        number, vote = counts[event[:10]], numbers.get(event)
        marked = dict(found.rolls[event])
        said, unread = reader.read(row["nota"], marked, of_vote=vote is not None)
        notes.append((*where, number, vote or "", one_line(row["nota"], "(sin texto en la fuente)"), unread))
        correcting += bool(said)
        for member, now in said.items():
            was = marked.get(member, "") if vote is not None else ""
            corrections.append((*where, number, slug(member), 1, was, now))
    write(target / "notes.csv", (*SESSION, "note", "vote", "text", "unread"), notes)
    header = (*SESSION, "note", "seat", "designation", "was", "now")
    return (
        len(notes),
        correcting,
        write(target / "corrections.csv", header, corrections),
        sum(int(str(n[-1])) for n in notes),
    )
