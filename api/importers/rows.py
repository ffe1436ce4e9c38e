"""The rows of the plain format, one class a file (docs/plain-format.md, which a test compares with this module).

A class' fields are its file's columns; a column with a default may be left out, and an empty cell of it means the
default. Text is brought to NFC with line feeds for line breaks, and nothing else of it is changed.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ledger.acts.agreement import Provenance
from ledger.acts.base import Code, Day, Slug
from ledger.acts.body import Role
from ledger.acts.session import ItemKind
from ledger.acts.vote import Result, Sense


def _written(value: object) -> object:
    """Bring text to the form that is signed (format.md §2)."""
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))


def _in_calendar(text: str) -> str:
    date.fromisoformat(text)
    return text


YesNo = Literal["yes", "no"]
Name = Annotated[str, BeforeValidator(_written), Field(min_length=1, max_length=300)]
Title = Annotated[str, BeforeValidator(_written), Field(min_length=1, max_length=4000)]
Text = Annotated[str, BeforeValidator(_written), Field(min_length=1, max_length=32_768)]
RealDay = Annotated[Day, AfterValidator(_in_calendar)]
Year = Annotated[int, Field(ge=1800, le=2999)]
Number = Annotated[int, Field(ge=1, le=999_999)]
Total = Annotated[int, Field(ge=0, le=999_999)]


class Row(BaseModel):
    """A line of a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    file: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _blank_is_default(cls, values: Any) -> Any:
        """An empty cell of a column that may be left out says as much as no column."""
        if "" not in values.values():
            return values
        required = cls.required()
        return {name: value for name, value in values.items() if value != "" or name in required}

    @classmethod
    def required(cls) -> set[str]:
        """Return the columns that must be there."""
        return {name for name, field in cls.model_fields.items() if field.is_required()}

    @classmethod
    def named(cls, header: tuple[str, ...], cells: list[str]) -> dict[str, str]:
        """Return cells by their columns; what stands beyond the header is left out."""
        return dict(zip(header, cells, strict=False))

    @classmethod
    def of(cls, values: dict[str, str]) -> tuple[Any, ...] | None:  # noqa: ARG003  rows of sessions read them
        """Return the key of what a row belongs to, even if the rest of it cannot be read."""
        return None


class BodyRow(Row):
    """A body and the shipped profile of rules by which it is judged from a day on."""

    file: ClassVar[str] = "bodies"
    body: Slug
    name: Name
    kind: Literal[
        "assembly", "council", "board", "committee", "commission", "cabinet", "consultative", "parliament", "other"
    ]
    profile: str
    valid_from: RealDay
    code: Annotated[str, Field(pattern=r"^[A-Z]{2,6}$")] | None = None


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
    role: Role
    voting: YesNo
    valid_from: RealDay


class DesignationRow(Row):
    """The n-th mandate to a seat; `derived` where the folder's maker corrected the source's dates by its rolls."""

    file: ClassVar[str] = "designations"
    body: Slug
    seat: Slug
    number: Number
    person: Slug
    capacity: Literal["propietario", "suplente"]
    begins_on: RealDay
    ends_on: RealDay | None = None
    derived: YesNo = "no"


class LeaveRow(Row):
    """A leave, from a day on until the day of return (half-open); without one it lasts."""

    file: ClassVar[str] = "leaves"
    body: Slug
    seat: Slug
    number: Number
    begins_on: RealDay
    ends_on: RealDay | None = None


class OfSession(Row):
    """The columns that name a session."""

    body: Slug
    year: Year
    series: Slug
    session: Number

    @property
    def session_path(self) -> str:
        """`hcd/2026/ord/3`."""
        return f"{self.body}/{self.year}/{self.series}/{self.session}"

    @property
    def key(self) -> tuple[Any, ...]:
        """What names the session."""
        return self.body, self.year, self.series, self.session

    @classmethod
    def of(cls, values: dict[str, str]) -> tuple[Any, ...] | None:
        """Return the key of the session that a row belongs to, even if the rest of the row cannot be read."""
        return _key(OfSession, values)


class SessionRow(OfSession):
    """A session: its series, its number in the year, its day."""

    file: ClassVar[str] = "sessions"
    held_on: RealDay


class AttendanceRow(OfSession):
    """Who was present; a session without a single row is one whose source does not say."""

    file: ClassVar[str] = "attendance"
    seat: Slug
    designation: Number


class ItemRow(OfSession):
    """An item of a session's orden del día."""

    file: ClassVar[str] = "items"
    item: Number
    kind: ItemKind
    title: Text
    consent: YesNo = "no"
    reference: Code | None = None


class OfVote(OfSession):
    """The columns that name a vote."""

    vote: Number

    @property
    def key(self) -> tuple[Any, ...]:
        """What names the vote."""
        return self.body, self.year, self.series, self.session, self.vote

    @classmethod
    def of(cls, values: dict[str, str]) -> tuple[Any, ...] | None:
        """Return the key of the vote that a row belongs to, even if the rest of the row cannot be read."""
        return _key(OfVote, values)


class VoteRow(OfVote):
    """A vote with what the source published of it; the ledger's figures come from the marks."""

    file: ClassVar[str] = "votes"
    item: Number = 1
    majority: Slug = "simple"
    motion: Text
    favor: Total | None = None
    contra: Total | None = None
    abstencion: Total | None = None
    presente: Total | None = None
    ausente: Total | None = None
    licencia: Total | None = None
    otro: Total | None = None
    result: Result | None = None


class MarkRow(OfVote):
    """One holder's mark in a vote."""

    file: ClassVar[str] = "marks"
    seat: Slug
    designation: Number
    mark: Sense


class OfNote(OfSession):
    """The columns that name a note."""

    note: Number

    @property
    def key(self) -> tuple[Any, ...]:
        """What names the note."""
        return self.body, self.year, self.series, self.session, self.note

    @classmethod
    def of(cls, values: dict[str, str]) -> tuple[Any, ...] | None:
        """Return the key of the note that a row belongs to, even if the rest of the row cannot be read."""
        return _key(OfNote, values)


class NoteRow(OfNote):
    """A note that the source keeps beside a vote's roll, or beside the session's attendance."""

    file: ClassVar[str] = "notes"
    vote: Number | None = None
    text: Text
    unread: Total = 0


class CorrectionRow(OfNote):
    """What a note says of one holder: how he was marked, and how he is to be read."""

    file: ClassVar[str] = "corrections"
    seat: Slug
    designation: Number
    was: Sense | None = None
    now: Literal["favor", "contra", "abstencion", "presente"]


class AppointmentRow(DesignationRow):
    """A designation that an imported vote approved, of whichever body."""

    file: ClassVar[str] = "appointments"
    by: Slug
    year: Year
    series: Slug
    session: Number
    vote: Number

    @property
    def vote_stream(self) -> str:
        """The stream of the vote that approved it."""
        return f"vote/{self.by}/{self.year}/{self.series}/{self.session}/{self.vote}"


class AgreementRow(Row):
    """An agreement by its identifier as printed; the vote that made it where the source names it."""

    file: ClassVar[str] = "agreements"
    body: Slug
    year: Year
    number: Number
    identifier: Title
    adopted_on: RealDay
    series: Slug | None = None
    session: Number | None = None
    vote: Number | None = None
    provenance: Provenance = "DATASET"
    title: Title
    text: Text | None = None

    @model_validator(mode="after")
    def _names_a_vote_or_none(self) -> AgreementRow:
        named = (self.series, self.session, self.vote)
        if None in named and named != (None, None, None):
            raise ValueError("series, session and vote go together")
        return self

    @property
    def vote_stream(self) -> str | None:
        """The stream of the vote that made it; None where the source does not say."""
        if self.vote is None:
            return None
        return f"vote/{self.body}/{self.year}/{self.series}/{self.session}/{self.vote}"


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
    NoteRow,
    CorrectionRow,
    AppointmentRow,
    AgreementRow,
)
"""In the order in which an import reads them."""


def _key(cls: type[OfSession], values: dict[str, str]) -> tuple[Any, ...] | None:
    try:
        return cls.model_validate({name: value for name, value in values.items() if name in cls.model_fields}).key
    except ValidationError:
        return None
