"""Tables of open data by themselves: no formula, nothing cut silently."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import openpyxl
import pyarrow.parquet
import pytest

from api.exports.catalogue import Dataset, datasets
from api.exports.formats import MAX_CELL_CHARS, CsvTable, JsonlTable, XlsxTable, guarded, unguarded
from api.exports.parquet import ParquetTable

if TYPE_CHECKING:
    from pathlib import Path

DATASETS = datasets()
DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "'=1",
    '=HYPERLINK("http://x")',
    "{=1}",
    "http://x.example",
]


def dangerous() -> tuple[Dataset, list[Any]]:
    """Return a table of texts alone, and a row of it that spreadsheets would like to compute."""
    made = DATASETS["agreements"].fields[0]
    fields = tuple(replace(made, name=f"c{number}", type="string") for number in range(len(DANGEROUS)))
    return replace(DATASETS["agreements"], fields=fields), DANGEROUS


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    """In CSV no cell begins as a formula does, and what was said comes back; in XLSX each is a text cell."""
    dataset, row = dangerous()
    path, stream = tmp_path / "x.xlsx", io.StringIO(newline="")
    book, table = XlsxTable(dataset, path), CsvTable(dataset, stream)
    for each in (book, table):
        each.add(row)
        each.close()
    cells = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))[1]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert [unguarded(cell) for cell in cells] == row
    assert (guarded("acuerdo"), guarded("'a")) == ("acuerdo", "''a")
    [_, written] = list(openpyxl.load_workbook(path)["Datos"].iter_rows())
    assert {cell.data_type for cell in written} == {"s"}
    assert [cell.hyperlink for cell in written] == [None] * len(row)
    assert [cell.value for cell in written][:4] == row[:4]
    with zipfile.ZipFile(path) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


def test_a_text_longer_than_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    """XLSX holds 32,767 characters in a cell: the rest is counted, marked in the cell, and whole in JSON lines."""
    dataset, row = dangerous()
    long = ["x" * (MAX_CELL_CHARS + 1), *row[1:]]
    book = XlsxTable(dataset, tmp_path / "x.xlsx")
    book.add(long)
    book.close()
    assert book.cut == 1
    value = openpyxl.load_workbook(tmp_path / "x.xlsx")["Datos"]["A2"].value
    assert isinstance(value, str)
    assert value.endswith("[recortado: 32768 caracteres; completo en los otros formatos]")
    stream = io.BytesIO()
    JsonlTable(dataset, stream).add(long)
    assert json.loads(stream.getvalue())["c0"] == long[0]


def test_more_rows_than_a_sheet_holds_go_to_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is cut silently: a workbook goes on in a further sheet, with its headings."""
    monkeypatch.setattr("api.exports.formats.SHEET_ROWS", 2)
    dataset, row = dangerous()
    book = XlsxTable(dataset, tmp_path / "x.xlsx")
    for _ in range(5):
        book.add(row)
    book.close()
    found = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert [found[name].max_row for name in ("Datos", "Datos 2", "Datos 3")] == [3, 3, 2]


def test_parquet_goes_on_in_further_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more rows than a group's are held in memory; integers and booleans are of these types; nothing is lost."""
    monkeypatch.setattr("api.exports.parquet.GROUP_ROWS", 2)
    made = DATASETS["agreements"].fields[0]
    kinds = ("integer", "boolean", "array", "date")
    dataset = replace(DATASETS["agreements"], fields=tuple(replace(made, name=each, type=each) for each in kinds))
    rows: list[list[Any]] = [[1, True, ["a"], "2026-01-01"], [2**53 - 1, None, [], None], [None, False, None, ""]]
    for path in (tmp_path / "x", tmp_path / "y"):
        table = ParquetTable(dataset, path, [("origin", "x")])
        for row in rows:
            table.add(row)
        table.close()
    assert (tmp_path / "x").read_bytes() == (tmp_path / "y").read_bytes()
    found = pyarrow.parquet.ParquetFile(tmp_path / "x")
    assert found.num_row_groups == 2
    assert [str(each.type) for each in found.schema_arrow] == ["int64", "bool", "string", "string"]
    assert [list(row.values()) for row in found.read().to_pylist()] == [
        [1, True, '["a"]', "2026-01-01"],
        [2**53 - 1, None, "[]", None],
        [None, False, None, ""],
    ]


@pytest.mark.parametrize("module", ["api.exports.data", "api.exports.sources", "api.exports.shelf", "api.jobs"])
def test_each_module_can_be_the_first(module: str) -> None:
    """The catalogue reads the routes and a route shows the folders: imported in any order, none is half made."""
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True, capture_output=True)
