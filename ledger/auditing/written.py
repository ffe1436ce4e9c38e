"""Sheets as files: CSV (RFC 4180, UTF-8, no BOM), one description of all, and their SHA-256.

The same entries give the same octets, whoever computes them, when and where: nothing in a file tells of the machine or
the hour. Cells are identifiers, words, numbers and instants of the format's own grammars, so none begins like a formula
of a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from ledger.auditing.texts import column, question, title
from ledger.crypto.b64 import encode_base64
from ledger.texts import LANGUAGES

if TYPE_CHECKING:
    from ledger.auditing.base import Row
    from ledger.auditing.reading import Told

DESCRIPTION = "sheets.json"


@dataclass(frozen=True, slots=True)
class Written:
    """A sheet as it is written.

    rows: its cells. csv: the file. sha256: of the file, in hex.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    csv: bytes

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the CSV file in hex."""
        return sha256(self.csv).hexdigest()


def write(told: Told) -> tuple[Written, ...]:
    """Return every sheet that was told, as CSV."""
    found = []
    for name, sheet in told.sheets.items():
        rows = tuple(sheet.rows(told.standing))
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(sheet.columns)
        writer.writerows(rows)
        found.append(Written(name, sheet.columns, rows, out.getvalue().encode()))
    return tuple(found)


def head_of(told: Told) -> dict[str, Any]:
    """Return what the tables rest on: the ledger, the tree, and what was left out of it."""
    return {
        "origin": told.origin,
        "size": told.size,
        "root": encode_base64(told.root),
        "last_recorded_at": told.last_at,
        "simulated": told.standing.simulated,
        "void": told.void,
        "unreadable": sorted(told.unreadable),
    }


def description(told: Told, written: tuple[Written, ...]) -> bytes:
    """Return `sheets.json`: of each table its title, question, columns and hash, in Spanish and English."""
    said = head_of(told) | {
        "sheets": [
            {
                "name": each.name,
                "path": f"{each.name}.csv",
                "sha256": each.sha256,
                "rows": len(each.rows),
                "title": {lang: title(each.name, lang) for lang in LANGUAGES},
                "question": {lang: question(each.name, lang) for lang in LANGUAGES},
                "columns": [
                    {"name": name} | {lang: column(each.name, name, lang) for lang in LANGUAGES}
                    for name in each.columns
                ],
            }
            for each in written
        ]
    }
    return orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
