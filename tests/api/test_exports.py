"""Open data: every format read back by somebody else's reader and compared with what the interface's lists say."""

from __future__ import annotations

import csv
import html
import io
import json
import sqlite3
import subprocess
import zipfile
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import httpx
import openpyxl
import pytest

from api.cli.main import main
from api.exports import data, sources
from api.exports.catalogue import TEXTS, Dataset, by_route, datasets
from api.exports.data import SQLITE, export_data
from api.exports.formats import FORMATS, MAX_CELL_CHARS, CsvTable, JsonlTable, XlsxTable, guarded, unguarded
from api.main import create_app
from ledger.crypto import disclosure
from ledger.crypto.b64 import encode_base64
from ledger.crypto.note import Checkpoint, Note, Signer
from ledger.errors import NotSealedError, StoreError, UntrustedInputError
from ledger.log.attestation import attestation_text, check_attestation
from projections.base import HEADING
from tests.api.conftest import served
from tests.kit.leaks import strings
from tests.kit.system import running, settings_for
from tests.kit.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from api.system import System
    from tests.kit.postgres import Database

pytestmark = pytest.mark.xdist_group("exports")
DATASETS = datasets()
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "date": str,
    "datetime": str,
    "array": list,
    "object": dict,
    "any": (str, dict, list),
}


@dataclass
class Told:
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


@pytest.fixture(scope="module")
def told(
    make_database: Callable[[], AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
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
                yield Told(system, address, directory / "datos", http)


# -- read back -------------------------------------------------------------------------------------------------------


def as_json(cell: str, kind: str) -> Any:
    """Return what a cell of CSV says."""
    if cell == "":
        return None
    if kind in {"integer", "boolean", "array", "object"}:
        return json.loads(cell)
    value = unguarded(cell)
    return json.loads(value) if kind == "any" and value[0] in "{[" else value


def of_csv(told: Told, dataset: Dataset) -> list[list[Any]]:
    """Return a table out of its CSV file."""
    with (told.directory / f"{dataset.name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == [each.name for each in dataset.fields]
    kinds = [each.type for each in dataset.fields]
    return [[as_json(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in rows[1:]]


def of_jsonl(told: Told, dataset: Dataset) -> list[list[Any]]:
    """Return a table out of its JSON lines."""
    lines = (told.directory / f"{dataset.name}.jsonl").read_bytes().splitlines()
    return [[json.loads(line).get(each.name) for each in dataset.fields] for line in lines]


def of_xlsx(told: Told, dataset: Dataset) -> list[list[Any]]:
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


def of_sqlite(told: Told, dataset: Dataset) -> list[list[Any]]:
    """Return a table out of the SQLite file."""
    base = sqlite3.connect(told.directory / SQLITE)
    try:
        rows = base.execute(f'SELECT * FROM "{dataset.name.replace("-", "_")}" ORDER BY rowid').fetchall()
    finally:
        base.close()
    kinds = [each.type for each in dataset.fields]
    return [[parsed(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in rows]


READERS: dict[str, Callable[[Told, Dataset], list[list[Any]]]] = {
    "csv": of_csv,
    "jsonl": of_jsonl,
    "xlsx": of_xlsx,
    "sqlite": of_sqlite,
}


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", [name for name in DATASETS if name in sources.LISTED])
def test_every_format_says_what_the_list_says(told: Told, name: str, format_: str) -> None:
    """Row by row and value by value, in the list's order; nothing is missing and nothing is added."""
    dataset = DATASETS[name]
    wanted = [dataset.row(each) for each in told.listed(dataset)]
    found = READERS[format_](told, dataset)
    blank = [[None if value == "" else value for value in row] for row in wanted]  # CSV knows no other nothing
    assert [[None if value == "" else value for value in row] for row in found] == blank


@pytest.mark.parametrize("name", [name for name in DATASETS if name not in sources.LISTED])
def test_all_formats_say_the_same(told: Told, name: str) -> None:
    """Tables that belong to other registries' objects: one content in four forms, and there is some."""
    dataset = DATASETS[name]
    first, *others = [READERS[format_](told, dataset) for format_ in FORMATS]
    assert first
    for other in others:
        assert [[None if value == "" else value for value in row] for row in other] == first


# -- what the description says ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DATASETS)
def test_values_are_of_the_types_that_are_declared(told: Told, name: str) -> None:
    """Every value of every column is of its type, dates and instants in their forms."""
    dataset = DATASETS[name]
    for row in of_jsonl(told, dataset):
        for field, value in zip(dataset.fields, row, strict=True):
            if value is None:
                continue
            assert isinstance(value, TYPES[field.type]), (name, field.name, value)
            assert isinstance(value, bool) == (field.type == "boolean"), (name, field.name, value)
            if field.type == "date":
                date.fromisoformat(str(value))
            if field.type == "datetime":
                assert datetime.fromisoformat(str(value)).utcoffset() is not None


@pytest.mark.parametrize("name", sources.LISTED)
def test_every_column_of_a_registry_goes_out_or_is_left_out_by_name(name: str) -> None:
    """A column that somebody adds to a registry fails here until the catalogue says what becomes of it."""
    dataset, kind = DATASETS[name], sources.LISTED[name].kind
    own = {column for column in kind.table.columns if column not in HEADING and column != "id"}
    out = {each.name for each in dataset.fields if each.path == (each.name,)}
    assert own - (out - {"texts"}) == dataset.left_out
    assert all(each.es and each.en for each in dataset.fields)


def test_every_list_of_a_registry_is_exported(told: Told) -> None:
    """No list of objects is missing: each route that answers with a page is a table, or stands here with a reason."""
    paths = told.http.get("/api/v1/openapi.json").json()["paths"]
    lists = {path for path, said in paths.items() if "Page" in json.dumps(said.get("get", {}).get("responses", {}))}
    beside = {
        "/api/v1/acts",  # the acts themselves are the log
        "/api/v1/search",  # a question, not a registry
        "/api/v1/expiring-designations",  # designations, picked
        "/api/v1/sessions/{body}/{year}/{series}/{session}/interventions",  # texts of the session
        "/api/v1/exports",
    }
    assert {path for path in lists if path not in by_route()} <= beside


def test_the_package_describes_every_file(told: Told) -> None:
    """`datapackage.json`: each resource with its hash and size; each column in two languages; what it stands for."""
    said = package(told.directory)
    signed = Checkpoint.parse(Note.parse((told.directory / "checkpoint").read_bytes()).text)
    assert said["acervo"]["tree_head"] == {"size": signed.size, "root": encode_base64(signed.root)}
    assert said["acervo"]["origin"] == told.system.ledger.origin
    assert said["licenses"][0]["name"] == "CC-BY-4.0"
    assert said["acervo"]["notice"] == "Datos ficticios"
    assert said["description"].startswith("Datos ficticios")
    names = {each.name for each in told.directory.iterdir()}
    assert {each["path"] for each in said["resources"]} == names - {
        "datapackage.json",
        "checkpoint",
        "SHA256SUMS",
        "SHA256SUMS.note",
    }
    assert len({each["name"] for each in said["resources"]}) == len(said["resources"])
    for each in said["resources"]:
        content = (told.directory / each["path"]).read_bytes()
        assert (each["bytes"], each["hash"]) == (len(content), f"sha256:{sha256(content).hexdigest()}")
    [table] = [each for each in said["resources"] if each["path"] == "agreements.csv"]
    with (told.directory / "agreements.csv").open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    assert [each["name"] for each in table["schema"]["fields"]] == heading
    assert all(each["description"] and each["description_en"] for each in table["schema"]["fields"])
    assert table["acervo"]["rows"] == len(rows)


def test_checksums_are_signed_by_the_logs_key(told: Told) -> None:
    """`sha256sum -c` finds every file whole; the note over SHA256SUMS is by the log's key and by nobody else's."""
    checked = subprocess.run(
        ["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=told.directory, capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    sums = (told.directory / "SHA256SUMS").read_bytes()
    listed = {line.split("  ")[1] for line in sums.decode().splitlines()}
    assert listed == {each.name for each in told.directory.iterdir()} - {"SHA256SUMS", "SHA256SUMS.note"}
    note, digest = (told.directory / "SHA256SUMS.note").read_bytes(), sha256(sums).hexdigest()
    key = check_attestation(note, told.system.keys, digest)
    assert key in told.system.keys
    for other, wanted in ((told.system.keys, "ab" * 32), ([Signer.generate(key.name).verifier], digest)):
        with pytest.raises(UntrustedInputError, match="attestation-differs"):
            check_attestation(note, other, wanted)
    forged = note.replace(digest.encode(), b"ab" * 32)
    with pytest.raises(UntrustedInputError, match="note-signature-invalid"):
        check_attestation(forged, told.system.keys, "ab" * 32)


def test_the_logs_key_signs_no_text_of_others(told: Told) -> None:
    """What is asked to be attested is a hash; anything else gets no signature, and no attestation is a checkpoint."""
    with pytest.raises(NotSealedError):
        told.system.signer.attest("actas.ejemplo/acervo")
    with pytest.raises(UntrustedInputError):
        Checkpoint.parse(attestation_text("7", "ab" * 32))


# -- what does not go out --------------------------------------------------------------------------------------------


def test_nothing_sealed_is_in_any_file(told: Told) -> None:
    """Of all texts of the ledger, none that no act opened is in any byte of the export, workbooks unpacked."""
    system = told.system
    opened = {(row["key"], row["index"], row["name"]) for row in rows_of(told, TEXTS) if "value" in row}
    public = {(index, name) for _, index, name in opened}
    blocks = {(row["acta"], row["block"]) for row in rows_of(told, "acta-blocks") if "value" in row}
    drafts = {row["draft_index"]: row["key"] for row in rows_of(told, "actas")}
    titles = {row["title"] for row in rows_of(told, "agenda-items") if "title" in row}
    shown = [told_of(row["value"]) for row in [*rows_of(told, TEXTS), *rows_of(told, "acta-blocks")] if "value" in row]
    described = [f"{field.es} {field.en}" for each in DATASETS.values() for field in each.fields]
    said = " ".join([*(word for each in shown for word in each), *titles, *described])
    closed: set[str] = set()
    for index in range(system.size()):
        for name, text in system.vault.disclosures(index).items():
            block = int(name.removeprefix("block/")) if name.startswith("block/") else None
            if (index, name) in public or (block is not None and (drafts.get(index), block) in blocks):
                continue
            closed |= {each for each in strings(disclosure.parse(text).value, keys=False) if " " in each.strip()}
    closed = {each for each in closed if each not in said}
    assert len(closed) > 50
    content = b"".join(unpacked(each) for each in told.directory.iterdir())
    assert [each for each in closed if each.encode() in content] == []
    [title] = [each["text_title"] for each in rows_of(told, "agreements") if each["key"] == "hcd/2026/1"]
    assert title.encode() in content  # the search would find what is there


def told_of(value: Any) -> list[str]:
    """Return the strings of a value."""
    return list(strings(value, keys=False))


def rows_of(told: Told, name: str) -> list[dict[str, Any]]:
    """Return a table's rows out of its JSON lines."""
    return [json.loads(line) for line in (told.directory / f"{name}.jsonl").read_bytes().splitlines()]


def unpacked(path: Path) -> bytes:
    """Return a file's content; of a workbook, that of its parts."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as book:
        return b"".join(html.unescape(book.read(name).decode()).encode() for name in book.namelist())


def test_what_is_closed_is_said_by_name(told: Told) -> None:
    """A row names the texts that it has and nobody opened; the table of texts has a line for each, without a value."""
    [agreement] = [each for each in rows_of(told, "agreements") if each["key"] == "hcd/2026/1"]
    assert "resolution/2" in agreement["texts_closed"]
    assert "resolution/2" not in agreement["texts"]
    [line] = [
        each
        for each in rows_of(told, TEXTS)
        if (each["registry"], each["key"], each["name"]) == ("agreements", "hcd/2026/1", "resolution/2")
    ]
    assert not line["published"]
    assert "value" not in line


# -- formulas --------------------------------------------------------------------------------------------------------

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


# -- the command -----------------------------------------------------------------------------------------------------


def test_the_same_head_gives_the_same_bytes(told: Told, tmp_path: Path) -> None:
    """Exported again at the same checkpoint, every file is the same octet by octet."""
    again = tmp_path / "otra"
    export_data(told.system, again)
    names = sorted(each.name for each in told.directory.iterdir())
    assert sorted(each.name for each in again.iterdir()) == names
    assert [name for name in names if (again / name).read_bytes() != (told.directory / name).read_bytes()] == []


def test_an_export_stands_for_its_checkpoint(told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Registries that are ahead of the checkpoint are read as known then: the last acts' rows are not there."""
    size = told.system.size() - 40
    note = Note.parse(told.system.checkpoint())
    root = told.system.tree_root(size)
    older = Note(Checkpoint(told.system.ledger.origin, size, root).text, note.signatures).format()
    monkeypatch.setattr(told.system, "checkpoint", lambda _=0: older)
    done = export_data(told.system, tmp_path / "antes", ["jsonl"])
    assert done.size == size
    before = Told(told.system, told.address, tmp_path / "antes", told.http)
    indexes = [row["index"] for name in sources.LISTED for row in rows_of(before, name)]
    assert max(row["last_index"] for name in sources.LISTED for row in rows_of(before, name)) < size
    assert set(indexes) <= {row["index"] for name in sources.LISTED for row in rows_of(told, name)}


def test_export_data_from_the_command_line(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`acervo export data DIR --format csv`; a directory in use and an unknown format are one sentence and exit 2."""
    settings = told.system.settings
    assert settings.database_url is not None
    monkeypatch.setenv("ACERVO_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
    target = str(tmp_path / "csv")
    for words, status, said in (
        (["export", "data", target, "--format", "csv"], 0, "Datos abiertos de"),
        (["export", "data", target], 2, "Ese directorio ya tiene algo"),
        (["export", "data", target, "--format", "dbf"], 2, "No se conoce el formato «dbf»"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert (ended.value.code or 0) == status
        captured = capsys.readouterr()
        assert said in captured.out + captured.err
    assert {each.suffix for each in (tmp_path / "csv").iterdir()} == {".csv", ".json", ".note", ""}


def test_nothing_half_written_is_left(told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the signer does not sign, or registries do not come, nothing stands at the name that was asked for."""

    def silent(_digest: str) -> str:
        raise NotSealedError(0)

    with monkeypatch.context() as patch:
        patch.setattr(told.system.signer, "attest", silent)
        with pytest.raises(NotSealedError):
            export_data(told.system, tmp_path / "x", ["csv"])
    with monkeypatch.context() as patch:
        patch.setattr(data, "_catch_up", lambda *_: None)
        patch.setattr(data, "package_size", lambda _: told.system.size() + 5)
        with pytest.raises(StoreError):
            export_data(told.system, tmp_path / "x", ["csv"])
    assert list(tmp_path.iterdir()) == []
