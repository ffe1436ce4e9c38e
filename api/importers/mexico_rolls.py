"""Reading the rolls of Mexico's Cámara de Diputados: who held which seat, and who was marked how in each vote."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from api.importers.writing import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

BEGINS = {"60": date(2006, 8, 29), "61": date(2009, 8, 29)}
ENDS = {"60": date(2009, 8, 29), "61": date(2012, 8, 29)}
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


def read_votes(source: Path, days: int | None) -> list[dict[str, str]]:
    """Return the votes in order of day and number; only those of the first so many days, if `days` says so."""
    votes = read(source / "votaciones.csv")
    votes.sort(key=lambda vote: (vote["fecha"], _ordinal(vote["votacion_id"])))
    if days is not None:
        kept = set(sorted({vote["fecha"] for vote in votes})[:days])
        votes = [vote for vote in votes if vote["fecha"] in kept]
    return votes


def _ordinal(vote_id: str) -> int:
    return int(vote_id.rpartition("vot")[2])


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def read_mandates(source: Path) -> list[Mandate]:
    """Return the mandates as the source dates them, those of its three ambiguous ids settled."""
    mandates: list[Mandate] = []
    by_id: dict[str, list[Mandate]] = defaultdict(list)
    for row in read(source / "diputados_designaciones.csv"):
        mandate = _mandate(row, len(by_id[row["diputado_id"]]))
        by_id[row["diputado_id"]].append(mandate)
        mandates.append(mandate)
    for twins in by_id.values():
        if len(twins) > 1:
            _settle_twins(twins)
    return mandates


def _mandate(row: dict[str, str], twin: int) -> Mandate:
    legislature, local = row["diputado_id"].split(":")
    first, end = BEGINS[legislature], ENDS[legislature]
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
        begins=oath if oath is not None and first <= oath < end else first,
        ends=end,
        leaves=leaves,
        derived=oath is not None and oath >= end,  # an oath after the legislature's end is a slip of the source
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


def read_rolls(source: Path, days: dict[str, date], mandates: list[Mandate]) -> dict[str, list[tuple[Mandate, str]]]:
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


def reconcile(mandate: Mandate, all_days: Sequence[date]) -> None:
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


def number(mandates: list[Mandate]) -> None:
    """Number the mandates to each seat in the order in which they begin."""
    counts: dict[str, int] = defaultdict(int)
    for mandate in sorted(mandates, key=lambda m: (m.legislature, m.seat, m.begins, m.capacity)):
        counts[mandate.seat] += 1
        mandate.number = counts[mandate.seat]
