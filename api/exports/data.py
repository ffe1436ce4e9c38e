"""Open data of a whole ledger as one folder: every table in every format, described, with signed checksums.

1  a checkpoint, and registries that show what it covers     nothing is written if either does not come
2  all tables, from one moment of the registries             into a directory beside the one asked for
3  datapackage.json, checkpoint, SHA256SUMS
4  the log's key signs the hash of SHA256SUMS
5  the directory gets its name                               whoever finds it finds all of it

The same checkpoint gives the same bytes; in workbooks, SQLite and Parquet where their libraries are the same.
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from api.exports import package, parquet
from api.exports.catalogue import TEXTS, datasets
from api.exports.formats import FORMATS, CsvTable, JsonlTable, SqliteFile, XlsxTable
from api.exports.package import CHECKPOINT, PACKAGE, SIGNATURE, SUMS, File, Head
from api.exports.parquet import ParquetTable
from api.exports.sources import BESIDE, objects
from api.system import checkpoint_size
from ledger.crypto.b64 import encode_base64
from ledger.crypto.note import Checkpoint, Note
from ledger.errors import StoreError
from ledger.statement import Entry
from projections.queries.base import reading
from projections.queries.moment import Moment
from projections.queries.withheld import day_of
from projections.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from api.exports.catalogue import Dataset
    from api.exports.formats import Format, Table
    from api.system import System
    from projections.queries.base import Object, Reader

SQLITE = "acervo.sqlite"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: entries that it stands for, rows of all tables, files."""

    size: int
    rows: int
    files: int


def export_data(
    system: System,
    directory: Path,
    formats: Collection[Format] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Exported:
    """Write the ledger's open data into a new directory.

    Args:
        system: Whose ledger.
        directory: Must not be there, or be empty.
        formats: Which; all that can be written here where absent.
        progress: Told how many tables of how many are done.

    Raises:
        StoreError: "parquet-missing"; "export-exists"; "export-empty"; "export-behind" where registries cannot show
            what is signed.
        NotSealedError: the signer gives no checkpoint or does not sign.
    """
    formats = formats_here() if formats is None else formats
    if "parquet" in formats and not parquet.available():
        raise StoreError("parquet-missing")
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise StoreError("export-exists", str(directory), path=str(directory))
    if system.size() == 0:
        raise StoreError("export-empty")
    checkpoint = system.checkpoint(system.size())
    _catch_up(system, checkpoint_size(checkpoint))
    aside = directory.with_name(f".{directory.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        head, made, rows = _write_tables(system, checkpoint, aside, formats, progress)
        _vouch(system, aside, head, made)
        if directory.exists():
            directory.rmdir()
        aside.replace(directory)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return Exported(head.size, rows, len(list(directory.iterdir())))


def formats_here() -> list[Format]:
    """Return the formats that can be written here: Parquet only where its extra is installed."""
    return [each for each in FORMATS if each != "parquet" or parquet.available()]


def _catch_up(system: System, size: int) -> None:
    """Have the registries show everything that the checkpoint covers, also where no worker runs."""
    if system.worker_status().position < size and not system.settings.read_only:
        with Runner(system.app_url, reader=system.vault.disclosure) as runner:
            runner.catch_up()
    position = system.worker_status().position
    if position < size:
        raise _behind(position, size)


def _behind(position: int, size: int) -> StoreError:
    return StoreError("export-behind", f"{position} < {size}", position=position, size=size)


# -- the tables ------------------------------------------------------------------------------------------------------


@dataclass
class _Sinks:
    """Where the rows of one table go."""

    dataset: Dataset
    tables: list[tuple[File, Table]] = field(default_factory=list)
    rows: int = 0

    def add(self, found: Object) -> None:
        row = self.dataset.row(found)
        self.rows += 1
        for _, table in self.tables:
            table.add(row)

    def close(self) -> list[File]:
        for _, table in self.tables:
            table.close()
        return [
            File(file.name, file.format, self.dataset, self.rows, getattr(table, "cut", 0))
            for file, table in self.tables
            if file.name
        ]


def _write_tables(
    system: System,
    checkpoint: str,
    directory: Path,
    formats: Collection[Format],
    progress: Callable[[int, int], None],
) -> tuple[Head, list[File], int]:
    """Write every table, from the moment of the registries that the checkpoint is of; return how many rows, too."""
    size = checkpoint_size(checkpoint)
    ahead = system.worker_status().position > size
    made: list[File] = []
    rows = 0
    with reading(system.store.pool, Moment(known_at=size - 1) if ahead else None) as cursor:
        if cursor.position != size:  # something was recorded this very moment
            cursor.settle(Moment(known_at=size - 1))
        if cursor.position != size:
            raise _behind(cursor.position, size)
        on = day_of(cursor)
        head = _head(system, checkpoint, on)
        base = SqliteFile(directory / SQLITE, head.about()) if "sqlite" in formats else None
        tables = datasets()
        with contextlib.ExitStack() as stack:
            place = _Place(directory, formats, head, base, stack)
            texts = place.open(tables[TEXTS])
            for done, dataset in enumerate(tables.values()):
                progress(done, len(tables))
                if dataset.name != TEXTS:
                    sinks = place.open(dataset)
                    for found in _found(cursor, dataset, on, texts):
                        sinks.add(found)
                    made += sinks.close()
                    rows += sinks.rows
            made += texts.close()
            rows += texts.rows
        if base is not None:
            base.close()
            made.append(File(SQLITE, "sqlite"))
    return head, made, rows


def _head(system: System, checkpoint: str, on: date) -> Head:
    signed = Checkpoint.parse(Note.parse(checkpoint).text)
    return Head(
        origin=system.ledger.origin,
        size=signed.size,
        root=encode_base64(signed.root),
        checkpoint=checkpoint,
        created=Entry.parse(system.entries(signed.size - 1, 1)[0]).recorded_at,
        day=on.isoformat(),
        vkeys=tuple(key.vkey for key in system.keys),
        fictitious=system.fictitious,
        licence=system.settings.data_licence,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where tables are written, and in which formats."""

    directory: Path
    formats: Collection[Format]
    head: Head
    base: SqliteFile | None
    stack: contextlib.ExitStack

    def open(self, dataset: Dataset) -> _Sinks:
        """Open a table in each format that is asked for."""
        sinks = _Sinks(dataset)
        for format_ in FORMATS:
            name = f"{dataset.name}.{format_}"
            if format_ in self.formats and (table := self._table(dataset, format_, self.directory / name)) is not None:
                sinks.tables.append((File("" if format_ == "sqlite" else name, format_), table))
        return sinks

    def _table(self, dataset: Dataset, format_: Format, path: Path) -> Table | None:
        match format_:
            case "csv":
                return CsvTable(dataset, self.stack.enter_context(path.open("w", encoding="utf-8", newline="")))
            case "jsonl":
                return JsonlTable(dataset, self.stack.enter_context(path.open("wb")))
            case "xlsx":
                return XlsxTable(dataset, path, self.head.about())
            case "sqlite":
                return None if self.base is None else self.base.table(dataset)
            case "parquet":
                return ParquetTable(dataset, path, self.head.about())


def _found(cursor: Reader, dataset: Dataset, on: date, texts: _Sinks) -> Iterator[Object]:
    """Yield a table's objects; what they say of their texts goes to the table of texts."""
    beside = BESIDE.get(dataset.name)
    if beside is not None:
        yield from beside(cursor)
        return
    for found in objects(cursor, dataset.name, on):
        for name, shown in found["texts"].items():
            told: dict[str, Any] = {"registry": dataset.name, "key": found["key"], **shown, "name": name}
            texts.add(told)
        yield found


# -- what vouches for them -------------------------------------------------------------------------------------------


def _vouch(system: System, directory: Path, head: Head, made: Sequence[File]) -> None:
    """Write what describes the tables, and the checksums under the log's key."""
    (directory / CHECKPOINT).write_text(head.checkpoint, encoding="utf-8")
    (directory / PACKAGE).write_bytes(package.describe(head, directory, made))
    listed = package.sums(directory, [each.name for each in directory.iterdir()])
    (directory / SUMS).write_bytes(listed)
    note = system.signer.attest(sha256(listed).hexdigest())
    (directory / SIGNATURE).write_text(note, encoding="utf-8")
