"""A ledger with a whole history, served, and its open data, read back by others' readers."""

from __future__ import annotations

import csv
import html
import json
import sqlite3
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import openpyxl
import pyarrow.parquet
import pytest

from api.exports.data import SQLITE, export_data
from api.exports.formats import unguarded
from api.main import create_app
from tests.kit.leaks import strings
from tests.kit.served import served
from tests.kit.system import running, settings_for
from tests.kit.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from api.exports.catalogue import Dataset
    from api.system import System
    from tests.kit.postgres import Database


@dataclass
class Export:
    """A ledger with a whole history, served, and its open data."""

    system: System
    address: str
    directory: Path
    http: httpx.Client

    def listed(self, dataset: Dataset) -> list[dict[str, Any]]:
        """Return every object of a registry's list, page by page, as of the export's day."""
        day = package(self.directory)["acervo"]["as_of"]
        found: list[dict[str, Any]] = []
        address = f"{dataset.route}?limit=500&{'as_of' if dataset.name == 'credentials' else 'on'}={day}"
        while address:
            answer = self.http.get(address)
            assert answer.status_code == 200, answer.text
            found += answer.json()["data"]
            address = answer.json()["links"].get("next", "")
        return found


def package(directory: Path) -> dict[str, Any]:
    """Return the description of an export."""
    said: dict[str, Any] = json.loads((directory / "datapackage.json").read_bytes())
    return said


@pytest.fixture(scope="session")
def exported(
    make_database: Callable[[], AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Export]:
    """Give a served system to which a whole history was told, and its open data in every format."""
    with make_database() as database:
        directory = tmp_path_factory.mktemp("exports")
        settings = settings_for(database, directory / "data")
        with running(settings, settled=False, with_worker=True) as system, served(create_app(system)) as address:
            telling = Telling(system.store, system.vault, address=address, system=system)
            with telling.client:
                telling.tell()
            done = export_data(system, directory / "datos")
            assert done.size == system.size()
            with httpx.Client(base_url=address, timeout=60) as http:
                yield Export(system, address, directory / "datos", http)


def as_json(cell: str, kind: str) -> Any:
    """Return what a cell of CSV says."""
    if cell == "":
        return None
    if kind in {"integer", "boolean", "array", "object"}:
        return json.loads(cell)
    value = unguarded(cell)
    return json.loads(value) if kind == "any" and value[0] in "{[" else value


def of_csv(told: Export, dataset: Dataset) -> list[list[Any]]:
    """Return a table out of its CSV file."""
    with (told.directory / f"{dataset.name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == [each.name for each in dataset.fields]
    kinds = [each.type for each in dataset.fields]
    return [[as_json(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in rows[1:]]


def of_jsonl(told: Export, dataset: Dataset) -> list[list[Any]]:
    """Return a table out of its JSON lines."""
    lines = (told.directory / f"{dataset.name}.jsonl").read_bytes().splitlines()
    return [[json.loads(line).get(each.name) for each in dataset.fields] for line in lines]


def of_xlsx(told: Export, dataset: Dataset) -> list[list[Any]]:
    """Return a table out of its workbook; no cell is a formula."""
    book = openpyxl.load_workbook(told.directory / f"{dataset.name}.xlsx")
    assert book.sheetnames == ["Campos", "Datos"]
    rows = list(book["Datos"].iter_rows())
    assert [cell.value for cell in rows[0]] == [each.name for each in dataset.fields]
    assert all(cell.data_type != "f" for row in rows for cell in row)
    found = []
    for row in rows[1:]:
        values = [cell.value for cell in row] + [None] * (len(dataset.fields) - len(row))
        kinds = [each.type for each in dataset.fields]
        found.append([parsed(value, kind) for value, kind in zip(values, kinds, strict=True)])
    return found


def parsed(value: Any, kind: str) -> Any:
    """Return a cell's value, JSON where the column is of arrays or objects."""
    if kind == "boolean" and value is not None:
        return bool(value)
    if isinstance(value, str) and (kind in {"array", "object"} or (kind == "any" and value[0] in "{[")):
        return json.loads(value)
    return value


def of_sqlite(told: Export, dataset: Dataset) -> list[list[Any]]:
    """Return a table out of the SQLite file."""
    base = sqlite3.connect(told.directory / SQLITE)
    try:
        rows = base.execute(f'SELECT * FROM "{dataset.name.replace("-", "_")}" ORDER BY rowid').fetchall()
    finally:
        base.close()
    kinds = [each.type for each in dataset.fields]
    return [[parsed(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in rows]


def of_parquet(told: Export, dataset: Dataset) -> list[list[Any]]:
    """Return a table out of its Parquet file; the file itself says what it is and what its columns mean."""
    found = pyarrow.parquet.read_table(told.directory / f"{dataset.name}.parquet")
    about = {name.decode(): value.decode() for name, value in found.schema.metadata.items()}
    assert about["title"] == dataset.es
    assert int(about["tree_size"]) == package(told.directory)["acervo"]["tree_head"]["size"]
    assert found.schema.names == [each.name for each in dataset.fields]
    assert [found.schema.field(each.name).metadata[b"es"].decode() for each in dataset.fields] == [
        each.es for each in dataset.fields
    ]
    kinds = [each.type for each in dataset.fields]
    columns = [column.to_pylist() for column in found.columns]
    return [[parsed(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in zip(*columns, strict=True)]


READERS: dict[str, Callable[[Export, Dataset], list[list[Any]]]] = {
    "csv": of_csv,
    "jsonl": of_jsonl,
    "xlsx": of_xlsx,
    "sqlite": of_sqlite,
    "parquet": of_parquet,
}


def told_of(value: Any) -> list[str]:
    """Return the strings of a value."""
    return list(strings(value, keys=False))


def rows_of(told: Export, name: str) -> list[dict[str, Any]]:
    """Return a table's rows out of its JSON lines."""
    return [json.loads(line) for line in (told.directory / f"{name}.jsonl").read_bytes().splitlines()]


def unpacked(path: Path) -> bytes:
    """Return a file's content; of a workbook, that of its parts."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as book:
        return b"".join(html.unescape(book.read(name).decode()).encode() for name in book.namelist())
