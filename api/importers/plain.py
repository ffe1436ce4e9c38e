"""The plain format: a folder of CSV files that says what a body did before the ledger (docs/plain-format.md).

Files are UTF-8 (a byte order mark is passed over), comma-separated, with the columns that the row's class names, in
any order; any of them may be gzipped (`marks.csv.gz`). A folder is looked through once before anything is taken from
it, so that what makes a whole file unreadable stops an import before it began; a row that cannot be read is kept in
`malformed` and passed over. Rows are read one after the other: a folder may be large.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Generic, TypeVar, cast

from pydantic import ValidationError

from api.importers.report import printable
from api.importers.rows import ROWS, Row
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MAX_ROWS = 20_000_000
MAX_FILE_BYTES = 4 * 1024**3
"""Of one file, as unpacked."""
MAX_LINE_CHARS = 262_144
MAX_FIELD_CHARS = 200_000
MAX_HEADER_CHARS = 4_096
MAX_MALFORMED = 10_000
"""More rows than these that cannot be read mean that the folder is not what it says."""
_CHUNK = 1024 * 1024
_SUFFIXES = ("csv", "csv.gz")

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Line(Generic[R]):
    """A row with its place: the file's name and the line where it begins, the header being line 1."""

    file: str
    number: int
    row: R


@dataclass(frozen=True, slots=True)
class Malformed:
    """A row that cannot be read, and why; `of` is the (session or vote) that it belongs to, where that can be read."""

    file: str
    line: int
    code: str
    detail: str
    of: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the folder as it was looked through. lines: without the header."""

    path: Path
    sha256: str
    lines: int
    header: tuple[str, ...]


class PlainFolder:
    """A folder of the plain format.

    Args:
        path: The folder. Files that are no CSV (a README, say) are passed over.

    Attributes:
        malformed: Rows that could not be read, as far as `lines` has come.

    Raises:
        UntrustedInputError: "plain-no-folder", "plain-empty", "plain-unknown-file", "plain-file-twice",
            "plain-bad-header", "plain-not-utf8", "plain-bad-gzip", "plain-too-long",
            "file-unreadable", naming the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.malformed: list[Malformed] = []
        csv.field_size_limit(MAX_FIELD_CHARS)
        self._files = {cls: _inspect(found, cls) for cls, found in _files(path)}

    @property
    def rows(self) -> int:
        """How many rows there are, for a progress bar; a row with line breaks in it counts more than once."""
        return sum(file.lines for file in self._files.values())

    def digest(self, cls: type[Row]) -> str:
        """Return the SHA-256 (hex) of the file of these rows as it stands; empty where there is none."""
        found = self._files.get(cls)
        return found.sha256 if found else ""

    def header(self, cls: type[Row]) -> tuple[str, ...]:
        """Return the columns of the file of these rows in their order; empty where there is no such file."""
        found = self._files.get(cls)
        return found.header if found else ()

    def name(self, cls: type[Row]) -> str:
        """Return the name of the file of these rows, `marks.csv.gz`."""
        found = self._files.get(cls)
        return found.path.name if found else f"{cls.file}.csv"

    def lines(self, cls: type[R]) -> Iterator[Line[R]]:
        """Give the rows of one file in order; those that cannot be read go to `malformed`."""
        name = self.name(cls)
        for number, cells in self.cells(cls):
            row = self.read(cls, number, cells)
            if row is not None:
                yield Line(name, number, row)

    def read(self, cls: type[R], number: int, cells: list[str]) -> R | None:
        """Return a row out of its cells, or None after noting why it cannot be read."""
        values = cls.named(self._files[cls].header, cells)
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            self._refuse(cls, number, "plain-bad-row", f"{place}: {first['msg']}", values)
            return None

    def cells(self, cls: type[Row]) -> Iterator[tuple[int, list[str]]]:
        """Give each row's line and its cells as they stand, as many as the header has.

        Raises:
            UntrustedInputError: "plain-too-long", "plain-too-many-bad-rows".
        """
        found = self._files.get(cls)
        if found is None:
            return
        width = len(found.header)
        with _opened(found.path) as file:
            source = _Lines(file)
            reader = csv.reader(source, strict=True)
            next(reader)
            while True:
                begins = source.read + 1
                too_long = source.cut
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    self._refuse(cls, begins, "plain-bad-row", str(error), {})
                    continue
                if begins > MAX_ROWS:
                    raise UntrustedInputError("plain-too-long", found.path.name)
                if source.cut != too_long:
                    self._refuse(cls, begins, "plain-row-too-long", f"more than {MAX_LINE_CHARS} characters", {})
                elif cells and len(cells) != width:
                    detail = f"{len(cells)} cells, the header has {width}"
                    self._refuse(cls, begins, "plain-bad-row", detail, cls.named(found.header, cells))
                elif cells:
                    yield begins, cells

    def _refuse(self, cls: type[Row], line: int, code: str, detail: str, values: dict[str, str]) -> None:
        if len(self.malformed) >= MAX_MALFORMED:
            raise UntrustedInputError("plain-too-many-bad-rows", f"{self.name(cls)}: {len(self.malformed)}")
        self.malformed.append(Malformed(self.name(cls), line, code, detail, cls.of(values)))


class _Lines:
    """The lines of a file, none longer than its limit; `read` counts them, `cut` those that were too long."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.read = 0
        self.cut = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._file.readline(MAX_LINE_CHARS + 1)
        if not line:
            raise StopIteration
        self.read += 1
        if len(line) <= MAX_LINE_CHARS:
            return line
        self.cut += 1
        while line and not line.endswith("\n"):
            line = self._file.readline(MAX_LINE_CHARS)
        return "\n"


def _files(path: Path) -> Iterator[tuple[type[Row], Path]]:
    """Give the folder's files with their rows' classes."""
    if not path.is_dir():
        raise UntrustedInputError("plain-no-folder", path.name)
    known = {cls.file: cls for cls in ROWS}
    found: dict[type[Row], Path] = {}
    for file in sorted(path.iterdir()):
        stem, _, suffix = file.name.partition(".")
        if suffix not in _SUFFIXES or file.name.startswith("."):
            continue
        if stem not in known or not file.is_file():
            raise UntrustedInputError("plain-unknown-file", printable(file.name[:200]))
        if known[stem] in found:
            raise UntrustedInputError("plain-file-twice", f"{found[known[stem]].name}, {file.name}")
        found[known[stem]] = file
    if not found:
        raise UntrustedInputError("plain-empty", path.name)
    yield from found.items()


def _unpacked(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return cast("IO[str]", gzip.open(path, "rt", encoding="utf-8-sig", newline=""))
    return path.open(encoding="utf-8-sig", newline="")


def _inspect(path: Path, cls: type[Row]) -> _File:
    """Look a file through: that it can be read to its end, how long it is, what its columns are."""
    lines = size = 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    last = b"\n"
    try:
        with _unpacked(path) as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                if size > MAX_FILE_BYTES:
                    raise UntrustedInputError("plain-too-long", path.name)
                decoder.decode(chunk)
                lines += chunk.count(b"\n")
                last = chunk[-1:]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise UntrustedInputError("plain-not-utf8", path.name) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UntrustedInputError("plain-bad-gzip", path.name) from error
    except OSError as error:
        raise UntrustedInputError("file-unreadable", f"{path.name}: {error.strerror}") from error
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return _File(path, digest, max(lines + (last != b"\n") - 1, 0), _header(path, cls))


def _header(path: Path, cls: type[Row]) -> tuple[str, ...]:
    """Return a file's columns: all that the row requires, none that it does not know, none twice."""
    with _opened(path) as file:
        try:
            columns = next(csv.reader([file.readline(MAX_HEADER_CHARS)], strict=True), [])
        except csv.Error as error:
            raise UntrustedInputError("plain-bad-header", f"{path.name}: {error}") from error
    known = set(cls.model_fields)
    _refuse_columns(path, "unknown", [name for name in columns if name not in known])
    _refuse_columns(path, "missing", sorted(cls.required() - set(columns)))
    _refuse_columns(path, "repeated", sorted({name for name in columns if columns.count(name) > 1}))
    return tuple(columns)


def _refuse_columns(path: Path, what: str, columns: Iterable[str]) -> None:
    named = ", ".join(repr(name[:64]) for name in columns)
    if named:
        raise UntrustedInputError("plain-bad-header", f"{path.name}: {what} {named}")
