"""A small town council's past as a folder of the plain format, to be altered cell by cell."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from api.importers.command import import_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from api.importers.report import Report
    from ledger.application import Ledger, Recorded
    from ledger.statement import SignedAct
    from ledger.store.store import LedgerStore
    from ledger.store.vault import Vault
    from tests.kit.settled import Settled

Rows = list[dict[str, Any]]
BODY = "cabildo"
REAL_MISPRINT = "ACDO.AS2.HCT.3000419/150.P.DIR"
"""Printed so in a statute: a digit too many in the date."""


@dataclass(frozen=True)
class Host:
    """A settled ledger as an import wants it."""

    store: LedgerStore
    vault: Vault
    ledger: Ledger
    submit: Callable[[Sequence[SignedAct]], list[Recorded]]


def host_of(settled: Settled) -> Host:
    """Return the host of a settled ledger."""
    return Host(settled.store, settled.vault, settled.ledger, settled.ledger.submit)


@dataclass
class Folder:
    """A folder in the making: rows by file, in order; line n + 2 of a file is row n."""

    rows: dict[str, Rows] = field(default_factory=dict)

    def write(self, directory: Path) -> Path:
        """Write the files and return the directory."""
        directory.mkdir(exist_ok=True)
        for name, rows in self.rows.items():
            (directory / f"{name}.csv").write_text(text_of(rows), encoding="utf-8", newline="")
        return directory

    def change(self, name: str, row: int, /, **cells: Any) -> int:
        """Change cells of a row and return its line."""
        self.rows[name][row] |= cells
        return row + 2

    def find(self, name: str, /, **cells: Any) -> int:
        """Return the place of the first row with these cells."""
        return next(n for n, row in enumerate(self.rows[name]) if cells.items() <= row.items())


def text_of(rows: Rows) -> str:
    """Return rows as CSV; the first one's keys are the columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


SEATS = ("presidencia", "sindicatura", "regiduria-1", "regiduria-2", "regiduria-3")


def council() -> Folder:
    """Return the past of a council of five: three sessions of 2016, four votes, a leave, three agreements."""
    span = {"begins_on": "2015-01-01", "ends_on": "2018-01-01"}
    holders = [(seat, 1, f"p-{seat}", "propietario") for seat in SEATS]
    holders.insert(3, ("regiduria-1", 2, "p-suplencia", "suplente"))
    rows: dict[str, Rows] = {
        "bodies": [
            {
                "body": BODY,
                "name": "H. Ayuntamiento de Villa Ejemplo",
                "kind": "council",
                "profile": "GENERIC",
                "valid_from": "2015-01-01",
            }
        ],
        "persons": [{"person": person, "name": f"Persona {n}"} for n, (_, _, person, _) in enumerate(holders, 1)],
        "seats": [
            {
                "body": BODY,
                "seat": seat,
                "sector": "cabildo",
                "role": "chair" if seat == "presidencia" else "member",
                "voting": "yes",
                "valid_from": "2015-01-01",
            }
            for seat in SEATS
        ],
        "designations": [
            {"body": BODY, "seat": seat, "number": number, "person": person, "capacity": capacity, **span}
            for seat, number, person, capacity in holders
        ],
        "leaves": [
            {"body": BODY, "seat": "regiduria-1", "number": 1, "begins_on": "2016-03-01", "ends_on": "2016-06-01"}
        ],
    }
    return _with_sessions(Folder(rows))


def _with_sessions(folder: Folder) -> Folder:
    places: Rows = [{"body": BODY, "year": 2016, "series": "ord", "session": n} for n in (1, 2, 3)]
    days = ("2016-01-15", "2016-02-12", "2016-03-11")
    folder.rows["sessions"] = [place | {"held_on": day} for place, day in zip(places, days, strict=True)]
    folder.rows["items"] = [
        place | {"item": 1, "kind": "decision", "title": f"Asunto del {day}"}
        for place, day in zip(places, days, strict=True)
    ]
    here = [(seat, 1) for seat in SEATS]
    late = [("regiduria-1", 2) if seat == "regiduria-1" else (seat, 1) for seat in SEATS]
    folder.rows["attendance"] = [
        place | {"seat": seat, "designation": number}
        for place, present in ((places[0], here), (places[2], late))
        for seat, number in present
    ]
    folder.rows["votes"], folder.rows["marks"] = [], []
    _vote(folder, places[0], 1, here, "ffffc")
    _vote(folder, places[0], 2, here, "ccffc")
    _vote(folder, places[1], 1, here, "ffaup")
    _vote(folder, places[2], 1, late, "fffff")
    folder.rows["agreements"] = [
        _agreement(1, "2016-01-15", series="ord", session=1, vote=1),
        _agreement(2, "2016-02-12", text="Se aprueba el presupuesto."),
        _agreement(3, "2016-03-11", series="ord", session=3, vote=1),
    ]
    return folder


_MARKS = {"f": "favor", "c": "contra", "a": "abstencion", "p": "presente", "u": "ausente"}


def _vote(folder: Folder, place: dict[str, Any], vote: int, here: list[tuple[str, int]], marks: str) -> None:
    published = {mark: marks.count(letter) for letter, mark in _MARKS.items()}
    motion = f"Votación {vote} de la sesión {place['session']}"
    folder.rows["votes"].append(place | {"vote": vote, "item": 1, "motion": motion} | published)
    folder.rows["marks"] += [
        place | {"vote": vote, "seat": seat, "designation": number, "mark": _MARKS[letter]}
        for (seat, number), letter in zip(here, marks, strict=True)
    ]


def _agreement(number: int, day: str, **more: Any) -> dict[str, Any]:
    row = {"body": BODY, "year": 2016, "number": number, "identifier": f"{number}/2016", "adopted_on": day}
    row |= {"series": "", "session": "", "vote": "", "title": f"Acuerdo {number}", "text": ""}
    return row | more


def taken_by(settled: Settled, path: Path, **options: Any) -> Report:
    """Import a folder into a settled ledger, signed by its founder."""
    return import_folder(host_of(settled), path, settled.town.founder, **options)


def refused(report: Report) -> list[tuple[str, int, str]]:
    """Return file, line and code of what was refused."""
    return [(each.file, each.line, each.code) for each in report.refusals]
