"""Certificates over sealed objects, and of what there is not (domain.md §3.9, X1-X5; LFPA 15-A; S4 4.X, 7.1(4))."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    SECRETARY,
    Act,
    Count,
    Day,
    Grant,
    Index,
    Number,
    Part,
    SealedField,
    Sha256,
    Slug,
    StreamName,
    Year,
)
from ledger.crypto import canonical
from ledger.ids import stream_name

MAX_OBJECTS = 40
MAX_NEGATIVES = 8
MAX_LISTED = 40
MAX_BY = 20
Mark = Literal[
    "sealed",
    "draft",
    "declared",
    "in-force",
    "not-in-force",
    "provisional",
    "suspended",
    "revoked",
    "superseded",
    "annulled",
    "modified",
    "corrected",
    "attached",
    "issued",
    "bound",
    "approved",
    "imported",
]
CopyKind = Literal["original", "digital-copy", "public-version", "draft"]
Searched = Literal["agreement", "session", "certification", "designation", "request"]


class Folios(Part):
    """Where an object is bound: book, first and last folio."""

    book: StreamName
    first: Number
    last: Number


class CertifiedObject(Part):
    """What is certified: an object's stream, the index and hash of the statement that is its last, and its state.

    root: of an acta, the root over its blocks.
    marks: what the object is at issuance: in force, modified, suspended, corrected by a fe de erratas …; sorted.
    by: streams of what made it so: modifying agreements, votes of its erratas, cases that suspend it; sorted.
    folios: where it is bound; of a book (a folio range) which of its folios are certified.
    """

    stream: StreamName
    index: Index
    statement: Sha256
    root: Sha256 | None = None
    marks: Annotated[tuple[Mark, ...], Field(min_length=1, max_length=6)]
    by: Annotated[tuple[StreamName, ...], Field(max_length=MAX_BY)] = ()
    folios: Folios | None = None


class Negative(Part):
    """*No consta*: in a whole series, between two days, there is nothing of a description but what is listed (X4).

    object_kind, year, series: the series: agreements, certificates or requests of a year; sessions of a year and
        series; designations to a seat (`series`).
    first, last: its numbers, all of which were looked at; `last` one less than `first` where it is empty.
    from_on, to_on: legal days, both included, in which the objects looked for were adopted, held, issued, begun.
    mark, unit: looked for are only those in that state, of agreements only those for which that unit answers.
    listed: those that fit, in the order of their numbers; none: nothing is on record.
    tree_size, root: the checkpoint under which the series was looked at.
    """

    object_kind: Searched
    year: Year | None = None
    series: Slug | None = None
    first: Number = 1
    last: Count
    from_on: Day
    to_on: Day
    mark: Mark | None = None
    unit: Slug | None = None
    listed: Annotated[tuple[StreamName, ...], Field(max_length=MAX_LISTED)] = ()
    tree_size: Index
    root: Sha256

    def prefix(self, body: str) -> str:
        """Return what the streams of the series have before their number: `agreement/hcd/2026`."""
        between = [str(part) for part in (self.year, self.series) if part is not None]
        return stream_name(self.object_kind, body, *between)


class Content(Act):
    """What a certificate says: compiled, reviewed and issued it is the very same.

    sheets: the number of fojas útiles.
    copy_kind: an acta that is not sealed can only be certified as a draft (*proyecto*).
    """

    objects: Annotated[tuple[CertifiedObject, ...], Field(max_length=MAX_OBJECTS)] = ()
    negatives: Annotated[tuple[Negative, ...], Field(max_length=MAX_NEGATIVES)] = ()
    copy_kind: CopyKind = "digital-copy"
    sheets: Count = 0

    def content_sha256(self) -> str:
        """Return the hash of what is said, by which an issue is compared with what was reviewed."""
        said = self.model_dump(mode="json", exclude_none=True, include={"objects", "negatives", "copy_kind", "sheets"})
        return sha256(canonical.dumps(said)).hexdigest()


class OfCertification(Act):
    """An act of the n-th certificate of a body in a year."""

    body: Slug
    year: Year
    number: Number

    def stream(self) -> str:
        """One stream a certificate."""
        return stream_name("certification", self.body, self.year, self.number)


class CertificationIssued(OfCertification, Content):
    """The secretary certifies objects that are sealed (X1), by exact hash (X2), or that there are none (X4).

    request: stream of the request that it answers, in `basis`; absent where the body's profile lets the secretary
    certify directly. Place and date are the act's own; what is written on the sheet is sealed.
    """

    type_name: ClassVar[str] = "CertificationIssued/1"
    kind: ClassVar[str] = "certification"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("statement"),
        SealedField("negative/*", required=False),
        SealedField("petitioner", required=False),
        SealedField("purpose", required=False),
    )
    request: StreamName | None = None


class CertificationDelivered(OfCertification):
    """The certificate was handed over; to whom is sealed."""

    type_name: ClassVar[str] = "CertificationDelivered/1"
    kind: ClassVar[str] = "certification"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("receipt", required=False),)
    delivered_on: Day
    channel: Literal["counter", "post", "e-mail", "platform"]


class CertificationRevoked(OfCertification):
    """It no longer holds; it is never made to look un-issued (X3)."""

    type_name: ClassVar[str] = "CertificationRevoked/1"
    kind: ClassVar[str] = "certification"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("explanation", required=False),)
    reason: Literal["error", "wrong-folio", "object-annulled", "authority-order"]


class CertificationSuperseded(OfCertification):
    """A later certificate takes its place."""

    type_name: ClassVar[str] = "CertificationSuperseded/1"
    kind: ClassVar[str] = "certification"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    by_year: Year
    by_number: Number
