"""Roll calls of Mexico's Cámara de Diputados, 2006–2012, into the plain format.

Source: Cantú, Desposato & Magar (2014), Política y Gobierno 21(1):25–54, MIT licence; `votaciones.csv`, `votos.csv.gz`,
`diputados_designaciones.csv`. What the source leaves open is settled here and said in the rows:

* A seat is a district or a place on a list (`ags01`); `p` and `s` of the source's ids are propietario and suplente.
* The source writes a mark for everybody who was a member that day and none for the others, so the rolls tell who held
  a mandate. Where its own dates (oath, leave, return) contradict its rolls, the rolls decide and the mandate is
  marked `derived`.
* Three ids stand for two persons each; the one who took the oath holds the mandate from then on, the other before.
* A session is a day with votes, numbered within its year; the source has no attendance apart from the marks.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

BODY = "diputados"
NAME = "Cámara de Diputados del Congreso de la Unión"
SERIES = "pleno"
BEGINS = {"60": date(2006, 8, 29), "61": date(2009, 8, 29)}
ENDS = {"60": date(2009, 8, 29), "61": date(2012, 8, 29)}
DEFINED = "2006-08-01"
MARKS = {"FAVOR": "favor", "CONTRA": "contra", "ABSTENCION": "abstencion", "QUORUM": "presente", "AUSENTE": "ausente"}
ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class Mandate:
    """A row of the source: who, in which seat, from when to when; `days` are those on which he was marked."""

    legislature: str
    seat: str
    capacity: str
    person: str
    name: str
    party: str
    oath: date | None
    begins: date
    ends: date
    leaves: list[tuple[date, date | None]]
    days: set[date] = field(default_factory=set)
    derived: bool = False
    number: int = 0


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
        OSError, KeyError: The folder is not the data set.
    """
    target.mkdir(parents=True, exist_ok=True)
    votes = _votes(source, days)
    session_of = _sessions(votes)
    mandates = _mandates(source)
    rolls = _rolls(source, {vote["votacion_id"]: date.fromisoformat(vote["fecha"]) for vote in votes}, mandates)
    all_days = sorted({date.fromisoformat(vote["fecha"]) for vote in votes})
    for mandate in mandates:
        _reconcile(mandate, all_days)
    _number(mandates)
    _write_people(target, mandates)
    marks = _write_votes(target, votes, session_of, rolls)
    derived = sum(mandate.derived for mandate in mandates)
    return Counts(len(set(session_of.values())), len(votes), marks, len(mandates), derived)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _votes(source: Path, days: int | None) -> list[dict[str, str]]:
    votes = _rows(source / "votaciones.csv")
    votes.sort(key=lambda vote: (vote["fecha"], _ordinal(vote["votacion_id"])))
    if days is not None:
        kept = set(sorted({vote["fecha"] for vote in votes})[:days])
        votes = [vote for vote in votes if vote["fecha"] in kept]
    return votes


def _ordinal(vote_id: str) -> int:
    return int(vote_id.rpartition("vot")[2])


def _sessions(votes: Sequence[dict[str, str]]) -> dict[str, tuple[int, int]]:
    """Return day → (year, number of the session in its year)."""
    numbers: dict[int, int] = defaultdict(int)
    found: dict[str, tuple[int, int]] = {}
    for day in sorted({vote["fecha"] for vote in votes}):
        year = int(day[:4])
        numbers[year] += 1
        found[day] = (year, numbers[year])
    return found


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _mandates(source: Path) -> list[Mandate]:
    mandates: list[Mandate] = []
    by_id: dict[str, list[Mandate]] = defaultdict(list)
    for row in _rows(source / "diputados_designaciones.csv"):
        mandate = _mandate(row, len(by_id[row["diputado_id"]]))
        by_id[row["diputado_id"]].append(mandate)
        mandates.append(mandate)
    for twins in by_id.values():
        if len(twins) > 1:
            _settle_twins(twins)
    return mandates


def _mandate(row: dict[str, str], twin: int) -> Mandate:
    legislature, local = row["diputado_id"].split(":")
    oath, leave, back, leave_again = (
        _day(row[name]) for name in ("toma_protesta", "licencia_1", "reincorporacion", "licencia_2")
    )
    leaves: list[tuple[date, date | None]] = []
    if leave is not None:
        leaves.append((leave, back if back is not None and back > leave else None))
    if leave_again is not None and back is not None and leave_again >= back:
        leaves.append((leave_again, None))
    return Mandate(
        legislature=legislature,
        seat=local[:-1],
        capacity="propietario" if local.endswith("p") else "suplente",
        person=f"dip-{legislature}-{local}" + (f"-{twin + 1}" if twin else ""),
        name=row["nombre"],
        party=row["partido"],
        oath=oath,
        begins=BEGINS[legislature] if oath is None or oath < BEGINS[legislature] else oath,
        ends=ENDS[legislature],
        leaves=leaves,
    )


def _settle_twins(twins: list[Mandate]) -> None:
    """Two persons under one id: who took the oath holds the mandate (and the marks) from then on, the other before."""
    holder = next(mandate for mandate in twins if mandate.oath is not None)
    for other in twins:
        if other is not holder:
            other.begins = min(other.begins, holder.begins - ONE_DAY)
            other.ends, other.leaves, other.derived = holder.begins, [], True


def _key(mandate: Mandate) -> str:
    return f"{mandate.legislature}:{mandate.seat}{'p' if mandate.capacity == 'propietario' else 's'}"


def _rolls(source: Path, days: dict[str, date], mandates: list[Mandate]) -> dict[str, list[tuple[Mandate, str]]]:
    """Return vote → (mandate, mark), and note on each mandate the days on which it was marked."""
    holders: dict[str, list[Mandate]] = defaultdict(list)
    for mandate in mandates:
        holders[_key(mandate)].append(mandate)
    rolls: dict[str, list[tuple[Mandate, str]]] = defaultdict(list)
    with gzip.open(source / "votos.csv.gz", "rt", encoding="utf-8-sig", newline="") as file:
        for vote, member, mark in _skip_header(csv.reader(file)):
            day = days.get(vote)
            if day is not None:
                mandate = _holder(holders[member], day)
                rolls[vote].append((mandate, MARKS[mark]))
                mandate.days.add(day)
    return rolls


def _holder(twins: list[Mandate], day: date) -> Mandate:
    """Return whose mark it is; only three ids leave a choice, and only they are settled by date."""
    if len(twins) == 1:
        return twins[0]
    return next(mandate for mandate in twins if mandate.begins <= day < mandate.ends)


def _skip_header(rows: Iterable[list[str]]) -> Iterable[list[str]]:
    iterator = iter(rows)
    next(iterator)
    return iterator


def _reconcile(mandate: Mandate, all_days: Sequence[date]) -> None:
    """Let the rolls decide where the source's dates exclude a day on which it marks the member."""
    if not mandate.days:
        mandate.leaves = _in_turn(mandate.leaves)
        return
    first = min(mandate.days)
    if first < mandate.begins:
        mandate.begins, mandate.derived = first, True
    leaves: list[tuple[date, date | None]] = []
    for begins, ends in mandate.leaves:
        until = ends or mandate.ends
        begins = max(begins, mandate.begins)  # noqa: PLW2901  a leave before the mandate says nothing
        inside = sorted(day for day in mandate.days if begins <= day < until)
        if not inside:
            if begins < until:
                leaves.append((begins, ends))
            continue
        mandate.derived = True
        edges = [begins - ONE_DAY, *inside, until]
        for before, after in pairwise(edges):
            gap = (before + ONE_DAY, after)
            if any(gap[0] <= day < gap[1] for day in all_days):
                leaves.append((gap[0], None if gap[1] == until and ends is None else gap[1]))
    mandate.leaves = _in_turn(leaves)


def _in_turn(leaves: list[tuple[date, date | None]]) -> list[tuple[date, date | None]]:
    """Keep leaves that follow one another: after one without return there is no other."""
    kept: list[tuple[date, date | None]] = []
    for begins, ends in sorted(leaves, key=lambda leave: leave[0]):
        if kept and (kept[-1][1] is None or kept[-1][1] > begins):
            continue
        kept.append((begins, ends))
    return kept


def _number(mandates: list[Mandate]) -> None:
    """Number the mandates to each seat in the order in which they begin."""
    counts: dict[str, int] = defaultdict(int)
    for mandate in sorted(mandates, key=lambda m: (m.legislature, m.seat, m.begins, m.capacity)):
        counts[mandate.seat] += 1
        mandate.number = counts[mandate.seat]


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _write_people(target: Path, mandates: list[Mandate]) -> None:
    _write(
        target / "bodies.csv",
        ("body", "name", "kind", "profile", "valid_from"),
        [(BODY, NAME, "parliament", "PARLIAMENT_MX", DEFINED)],
    )
    seats = sorted({mandate.seat for mandate in mandates})
    _write(
        target / "seats.csv",
        ("body", "seat", "sector", "role", "voting", "valid_from"),
        [(BODY, seat, _sector(seat), "member", "yes", DEFINED) for seat in seats]
        + [(BODY, "secretaria", "mesa", "secretary", "no", DEFINED)],
    )
    ordered = sorted(mandates, key=lambda m: (m.legislature, m.seat, m.number))
    _write(target / "persons.csv", ("person", "name"), [(m.person, m.name) for m in ordered])
    _write(
        target / "designations.csv",
        ("body", "seat", "number", "person", "capacity", "begins_on", "ends_on", "derived"),
        [
            (BODY, m.seat, m.number, m.person, m.capacity, m.begins, m.ends, "yes" if m.derived else "no")
            for m in ordered
        ],
    )
    _write(
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
    head = ("body", "year", "series", "session")
    _write(target / "sessions.csv", (*head, "held_on"), [(*where, day) for day, where in place.items()])
    _write(
        target / "items.csv",
        (*head, "item", "kind", "title"),
        [(*where, 1, "decision", "Votaciones nominales de la sesión") for where in place.values()],
    )
    _write(
        target / "votes.csv",
        (*head, "vote", "item", "majority", "motion", "favor", "contra", "abstencion", "presente", "ausente"),
        [
            (
                *where,
                number,
                1,
                "simple",
                " ".join(vote["titulo"].split()) or "(sin título en la fuente)",
                vote["favor"],
                vote["contra"],
                vote["abstencion"],
                vote["quorum"],
                vote["ausentes"],
            )
            for vote, where, number in numbered
        ],
    )
    return _write(
        target / "marks.csv.gz",
        (*head, "vote", "seat", "designation", "mark"),
        (
            (*where, number, mandate.seat, mandate.number, mark)
            for vote, where, number in numbered
            for mandate, mark in rolls[vote["votacion_id"]]
        ),
    )
