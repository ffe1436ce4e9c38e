"""A table of open data as CSV, JSON lines, XLSX, or in an SQLite file; the same rows give the same bytes.

Parquet is `api.exports.parquet`, an extra.

A cell of CSV that a spreadsheet would take for a formula begins with an apostrophe, and so does one that begins with
an apostrophe already, so that whoever reads takes one away and has what was said. In XLSX every text is a text cell,
which no spreadsheet computes. JSON lines and SQLite hold texts as they are.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, get_args

import orjson
import xlsxwriter

from ledger.texts import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.worksheet import Worksheet

    from api.exports.catalogue import Dataset

Format: TypeAlias = Literal["csv", "jsonl", "xlsx", "sqlite", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "sqlite": "application/vnd.sqlite3",
    "parquet": "application/vnd.apache.parquet",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet computes."""
MAX_CELL_CHARS = 32_767
"""Of a cell of XLSX; a longer text is cut there, says so, and stands whole in the other formats."""
SHEET_ROWS = 1_048_575
"""Rows of a sheet of XLSX below its headings; what is more goes to further sheets."""
FIXED_TIME = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_SQL = {"integer": "INTEGER", "boolean": "INTEGER"}


class Table(Protocol):
    """What takes the rows of one table."""

    def add(self, row: Sequence[Any]) -> None:
        """Take a row, values in the order of the columns."""

    def close(self) -> None:
        """Write what is left."""


def plain_text(value: Any) -> str:
    """Return a value as a cell of text: nothing for None, JSON for arrays and objects."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class CsvTable:
    """RFC 4180 in UTF-8 without a mark, headings first.

    Args:
        dataset: Whose columns.
        stream: Opened without translation of line ends.
    """

    def __init__(self, dataset: Dataset, stream: IO[str]) -> None:
        self._stream = stream
        self._rows = csv.writer(stream)
        self._rows.writerow([each.name for each in dataset.fields])

    def add(self, row: Sequence[Any]) -> None:
        """Take a row."""
        self._rows.writerow([guarded(each) if isinstance(each, str) else plain_text(each) for each in row])

    def close(self) -> None:
        """Close the stream's buffer."""
        self._stream.flush()


def guarded(value: str) -> str:
    """Return a text of CSV that no spreadsheet computes."""
    return f"'{value}" if value.startswith((*FORMULA, "'")) else value


def unguarded(cell: str) -> str:
    """Return what was said in a cell of CSV."""
    return cell.removeprefix("'")


class JsonlTable:
    """One object a line; what a row does not have is not there."""

    def __init__(self, dataset: Dataset, stream: IO[bytes]) -> None:
        self._names = [each.name for each in dataset.fields]
        self._stream = stream

    def add(self, row: Sequence[Any]) -> None:
        """Take a row."""
        told = {name: value for name, value in zip(self._names, row, strict=True) if value is not None}
        self._stream.write(orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE))

    def close(self) -> None:
        """Close the stream's buffer."""
        self._stream.flush()


class XlsxTable:
    """A workbook: what the columns mean, then the rows.

    Attributes:
        cut: Cells whose text was longer than a cell holds.
    """

    def __init__(self, dataset: Dataset, target: Path | IO[bytes], about: Sequence[tuple[str, str]] = ()) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(target if hasattr(target, "write") else str(target), options)
        self._book.set_properties({"title": dataset.es, "created": FIXED_TIME})
        self._names = [each.name for each in dataset.fields]
        self.cut = 0
        self._describe(dataset, about)
        self._sheets, self._row = 0, 0
        self._sheet = self._begin()

    def add(self, row: Sequence[Any]) -> None:
        """Take a row."""
        if self._row > SHEET_ROWS:
            self._sheet = self._begin()
        for column, value in enumerate(row):
            match value:
                case None:
                    pass
                case bool():
                    self._sheet.write_boolean(self._row, column, value)
                case int() if abs(value) < 10**15:
                    self._sheet.write_number(self._row, column, value)
                case _:
                    self._sheet.write_string(self._row, column, self._short(plain_text(value)))
        self._row += 1

    def close(self) -> None:
        """Write the file."""
        self._book.close()

    def _short(self, value: str) -> str:
        if len(value) <= MAX_CELL_CHARS:
            return value
        self.cut += 1
        mark = text("export-cell-cut", length=len(value))
        return value[: MAX_CELL_CHARS - len(mark)] + mark

    def _begin(self) -> Worksheet:
        self._sheets += 1
        sheet = self._book.add_worksheet("Datos" if self._sheets == 1 else f"Datos {self._sheets}")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(self._names):
            sheet.write_string(0, column, name)
        self._row = 1
        return sheet

    def _describe(self, dataset: Dataset, about: Sequence[tuple[str, str]]) -> None:
        sheet = self._book.add_worksheet("Campos")
        rows = [(dataset.es, dataset.en), *about, (), ("columna", "tipo", "qué es", "what it is")]
        rows += [(each.name, each.type, each.es, each.en) for each in dataset.fields]
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value)


class SqliteFile:
    """One file with a table for each dataset, and the tables `_fields` and `_package` that describe them."""

    def __init__(self, path: Path, about: Sequence[tuple[str, str]] = ()) -> None:
        path.unlink(missing_ok=True)
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute("PRAGMA synchronous = OFF")
        self._base.execute("BEGIN")
        self._base.execute('CREATE TABLE "_package" (name TEXT PRIMARY KEY, value TEXT)')
        self._base.executemany('INSERT INTO "_package" VALUES (?, ?)', about)
        self._base.execute('CREATE TABLE "_fields" ("table" TEXT, name TEXT, type TEXT, es TEXT, en TEXT)')

    def table(self, dataset: Dataset) -> Table:
        """Make a dataset's table; arrays and objects stand in it as JSON."""
        name = dataset.name.replace("-", "_")
        columns = ", ".join(f'"{each.name}" {_SQL.get(each.type, "TEXT")}' for each in dataset.fields)
        self._base.execute(f'CREATE TABLE "{name}" ({columns})')
        described = [(name, each.name, each.type, each.es, each.en) for each in dataset.fields]
        self._base.executemany('INSERT INTO "_fields" VALUES (?, ?, ?, ?, ?)', described)
        marks = ", ".join("?" * len(dataset.fields))
        return _SqliteTable(self._base, f'INSERT INTO "{name}" VALUES ({marks})')  # noqa: S608  names of the catalogue

    def close(self) -> None:
        """Write the file."""
        self._base.execute("COMMIT")
        self._base.close()


class _SqliteTable:
    def __init__(self, base: sqlite3.Connection, insert: str) -> None:
        self._base, self._insert = base, insert

    def add(self, row: Sequence[Any]) -> None:
        """Take a row."""
        values = [each if each is None or isinstance(each, str | int) else plain_text(each) for each in row]
        self._base.execute(self._insert, values)

    def close(self) -> None:
        """Nothing: the file is written as a whole."""
