"""What three sources publish, counted from their own files with nothing but csv, to be compared with the interface."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Facts = dict[str, Any]
_SHORT = {"AUS": "AUSENTE", "ABST": "ABSTENCION", "SINRES": "SIN_RESPONDER"}


@contextmanager
def _rows(path: Path) -> Iterator[Iterator[dict[str, str]]]:
    csv.field_size_limit(10**6)
    packed = gzip.open if path.suffix == ".gz" else open
    with packed(path, "rt", encoding="utf-8-sig", newline="") as file:
        yield csv.DictReader(file)


def _all(path: Path) -> list[dict[str, str]]:
    with _rows(path) as rows:
        return list(rows)


def _facts(days: list[str], votes: list[str], marks: Counter[str], **more: Any) -> Facts:
    """Return the facts that all sources have. days: of the sessions; votes: the day of each vote."""
    return {
        "sessions": len(days),
        "first day": min(days),
        "last day": max(days),
        "votes": len(votes),
        "most votes in a day": max(Counter(votes).values()),
        "marks": sum(marks.values()),
        "yes": marks["yes"],
        "no": marks["no"],
        "abstain": marks["abstain"],
        "absent": marks["absent"],
        **more,
    }


def mexico(source: Path) -> Facts:
    """Return what the Mexican files say."""
    votes = _all(source / "votaciones.csv")
    options = {"FAVOR": "yes", "CONTRA": "no", "ABSTENCION": "abstain", "AUSENTE": "absent", "QUORUM": "not voting"}
    with _rows(source / "votos.csv.gz") as rows:
        marks = Counter(options[row["voto"]] for row in rows)
    days = [vote["fecha"] for vote in votes]
    mandates = len(_all(source / "diputados_designaciones.csv"))
    return _facts(sorted(set(days)), days, marks, memberships=mandates, present=marks["not voting"])


def peru(source: Path, days: int | None = None) -> Facts:
    """Return what the Peruvian files say of the first so many days."""
    votes, calls = _all(source / "votaciones.csv"), _all(source / "asistencias.csv")
    held = sorted({row["dia"] for row in (*votes, *calls)})[:days]
    votes = [vote for vote in votes if vote["dia"] in held]
    day_of = {row["asistencia_id"]: row["dia"] for row in calls} | {row["votacion_id"]: row["dia"] for row in votes}
    marks: Counter[str] = Counter()
    with _rows(source / "votos.csv.gz") as rows:
        for row in rows:
            if row["votacion_id"] in day_of:
                marks[_peruvian(row["voto"])] += 1
    notes = [row["evento_id"] for row in _all(source / "notas.csv") if row["evento_id"][:10] in held]
    published = [json.loads(vote["resultados_json"]) for vote in votes]
    return _facts(
        held,
        [vote["dia"] for vote in votes],
        marks,
        memberships=len(_all(source / "congresistas.csv")),
        leave=sum(int(figures["licencias"]) for figures in published),
        other=sum(int(figures["otros"]) for figures in published),
        **{"notes on votes": sum(event.endswith("votacion") for event in notes)},
        **{"notes on attendance": sum(event.endswith("asistencia") for event in notes)},
    )


def _peruvian(mark: str) -> str:
    mark = _SHORT.get(mark, mark)
    options = {"SI": "yes", "NO": "no", "ABSTENCION": "abstain", "SIN_RESPONDER": "not voting"}
    return options.get(mark, "absent")  # absent, on leave, suspended, deceased, left out


def columbus(source: Path, days: int | None = None) -> Facts:
    """Return what Columbus' files say of the first so many meetings."""
    meetings = sorted(_all(source / "sessions.csv"), key=lambda row: (row["date"], int(row["meeting_id"])))[:days]
    day_of = {row["meeting_id"]: row["date"] for row in meetings}
    votes = {row["vote_id"]: row for row in _all(source / "votes.csv.gz") if row["meeting_id"] in day_of}
    options = {"AYE": "yes", "NAY": "no", "ABSTAIN": "abstain", "ABSENT": "absent"}
    with _rows(source / "member_votes.csv.gz") as rows:
        marks = Counter(options[row["choice"]] for row in rows if row["vote_id"] in votes)
    items = [row for row in _all(source / "agenda_items.csv.gz") if row["meeting_id"] in day_of]
    named = [row for row in items if row["matter_type"] == "Appointment" and row["item_type"] == "voted"]
    return _facts(
        list(day_of.values()),
        [row["meeting_id"] for row in votes.values()],
        marks,
        passed=sum(row["outcome"] == "PASS" for row in votes.values()),
        failed=sum(row["outcome"] == "FAIL" for row in votes.values()),
        items=len(items),
        consent=sum(row["section"] == "CONSENT" for row in items),
        appointments=sum("to remove" not in row["title"] for row in named),
    )
