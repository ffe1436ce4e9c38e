"""The plain format: a folder of CSV files that says what a body did before the ledger (docs/plain-format.md).

Files are UTF-8 (a byte order mark is passed over), comma-separated, with the header that the row's class names;
any of them may be gzipped (`marks.csv.gz`). Rows are read one after the other, so that a folder may be large.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ledger.acts.agreement import Identifier, Provenance
from ledger.acts.base import Day, Slug
from ledger.acts.session import ItemKind
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_ROWS = 20_000_000
MAX_FIELD_CHARS = 200_000
Mark = Literal["favor", "contra", "abstencion", "presente", "ausente"]
Name = Annotated[str, Field(min_length=1, max_length=300)]
Title = Annotated[str, Field(min_length=1, max_length=4000)]


def _optional(value: object) -> object:
    return None if value == "" else value


OptionalDay = Annotated[Day | None, BeforeValidator(_optional)]
OptionalSlug = Annotated[Slug | None, BeforeValidator(_optional)]
OptionalText = Annotated[str | None, BeforeValidator(_optional)]
WholeNumber = Annotated[int, Field(ge=1, le=999_999)]
Total = Annotated[int, Field(ge=0, le=999_999)]
OptionalTotal = Annotated[Total | None, BeforeValidator(_optional)]


class Row(BaseModel):
    """A line of a file; unknown columns are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    file: ClassVar[str]


class BodyRow(Row):
    """A body and the shipped profile by which it is judged from a day on."""

    file: ClassVar[str] = "bodies"
    body: Slug
    name: Name
    kind: Literal[
        "assembly", "council", "board", "committee", "commission", "cabinet", "consultative", "parliament", "other"
    ]
    profile: str
    valid_from: Day


class PersonRow(Row):
    """A person by an id of the folder's own, never one that the person has elsewhere."""

    file: ClassVar[str] = "persons"
    person: Slug
    name: Name


class SeatRow(Row):
    """A seat of a body."""

    file: ClassVar[str] = "seats"
    body: Slug
    seat: Slug
    sector: Slug
    role: str
    voting: Literal["yes", "no"]
    valid_from: Day


class DesignationRow(Row):
    """The n-th mandate to a seat; `derived` where the folder's maker corrected the source's dates by its rolls."""

    file: ClassVar[str] = "designations"
    body: Slug
    seat: Slug
    number: WholeNumber
    person: Slug
    capacity: Literal["propietario", "suplente"]
    begins_on: Day
    ends_on: OptionalDay = None
    derived: Literal["yes", "no"] = "no"


class LeaveRow(Row):
    """A leave, from a day on until the day of return (half-open); without one it lasts."""

    file: ClassVar[str] = "leaves"
    body: Slug
    seat: Slug
    number: WholeNumber
    begins_on: Day
    ends_on: OptionalDay = None


class SessionRow(Row):
    """A session: its series, its number in the year, its day."""

    file: ClassVar[str] = "sessions"
    body: Slug
    year: Annotated[int, Field(ge=1800, le=2999)]
    series: Slug
    session: WholeNumber
    held_on: Day


class AttendanceRow(Row):
    """Who was present; a session without a single row is one whose source does not say."""

    file: ClassVar[str] = "attendance"
    body: Slug
    year: Annotated[int, Field(ge=1800, le=2999)]
    series: Slug
    session: WholeNumber
    seat: Slug
    designation: WholeNumber


class ItemRow(Row):
    """An item of a session's orden del día."""

    file: ClassVar[str] = "items"
    body: Slug
    year: Annotated[int, Field(ge=1800, le=2999)]
    series: Slug
    session: WholeNumber
    item: WholeNumber
    kind: ItemKind
    title: Title


class VoteRow(Row):
    """A vote with what the source published of it; the ledger's figures come from the marks."""

    file: ClassVar[str] = "votes"
    body: Slug
    year: Annotated[int, Field(ge=1800, le=2999)]
    series: Slug
    session: WholeNumber
    vote: WholeNumber
    item: WholeNumber
    majority: Slug = "simple"
    motion: Title
    favor: OptionalTotal = None
    contra: OptionalTotal = None
    abstencion: OptionalTotal = None
    presente: OptionalTotal = None
    ausente: OptionalTotal = None

    @property
    def key(self) -> tuple[str, int, str, int, int]:
        """What names the vote."""
        return self.body, self.year, self.series, self.session, self.vote


class MarkRow(Row):
    """One holder's mark in a vote; rows of one vote stand together, in the order of votes.csv."""

    file: ClassVar[str] = "marks"
    body: Slug
    year: Annotated[int, Field(ge=1800, le=2999)]
    series: Slug
    session: WholeNumber
    vote: WholeNumber
    seat: Slug
    designation: WholeNumber
    mark: Mark


class AgreementRow(Row):
    """An agreement by its identifier as printed; a malformed one is quarantined, not guessed."""

    file: ClassVar[str] = "agreements"
    body: Slug
    year: Annotated[int, Field(ge=1800, le=2999)]
    number: WholeNumber
    identifier: Identifier | str
    adopted_on: Day
    session: OptionalText = None
    vote: OptionalText = None
    provenance: Provenance = "DATASET"
    title: Title
    text: OptionalText = None


ROWS: tuple[type[Row], ...] = (
    BodyRow,
    PersonRow,
    SeatRow,
    DesignationRow,
    LeaveRow,
    SessionRow,
    AttendanceRow,
    ItemRow,
    VoteRow,
    MarkRow,
    AgreementRow,
)
R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Line(Generic[R]):
    """A row with its place: the file's name and the number of the line, the header being line 1."""

    file: str
    number: int
    row: R


class PlainFolder:
    """A folder of the plain format.

    Raises:
        UntrustedInputError: "plain-unknown-file", "plain-bad-header", "plain-bad-row", naming file and line.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        known = {cls.file for cls in ROWS}
        if not path.is_dir():
            raise UntrustedInputError("plain-no-folder", path.name)
        for file in path.iterdir():
            stem, _, suffix = file.name.partition(".")
            if suffix in ("csv", "csv.gz") and stem not in known:
                raise UntrustedInputError("plain-unknown-file", file.name)
        self.malformed: list[tuple[str, int, str]] = []

    @cached_property
    def digests(self) -> dict[str, str]:
        """SHA-256 (hex) of each file that is there, by the name of its rows."""
        return {cls.file: _sha256(found) for cls in ROWS if (found := self._find(cls)) is not None}

    def lines(self, cls: type[R]) -> Iterator[Line[R]]:
        """Give the rows of one file in order; malformed ones are kept in `malformed` and passed over."""
        found = self._find(cls)
        if found is None:
            return
        csv.field_size_limit(MAX_FIELD_CHARS)
        opener = gzip.open if found.suffix == ".gz" else open
        with opener(found, "rt", encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            wanted = {name for name, field in cls.model_fields.items() if field.is_required()}
            header = set(reader.fieldnames or ())
            if not wanted <= header or not header <= set(cls.model_fields):
                raise UntrustedInputError("plain-bad-header", f"{found.name}: {','.join(sorted(header ^ wanted))}")
            for values in reader:
                if reader.line_num > MAX_ROWS:
                    raise UntrustedInputError("plain-too-long", found.name)
                try:
                    row = cls.model_validate(values)
                except ValidationError as error:
                    first = error.errors()[0]
                    place = ".".join(map(str, first["loc"]))
                    self.malformed.append((found.name, reader.line_num, f"{place}: {first['msg']}"))
                    continue
                yield Line(found.name, reader.line_num, row)

    def _find(self, cls: type[Row]) -> Path | None:
        for suffix in (".csv", ".csv.gz"):
            path = self.path / f"{cls.file}{suffix}"
            if path.exists():
                return path
        return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
