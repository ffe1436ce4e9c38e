"""Books of numbered folios, their custody and their fixity (domain.md §1.D, §3.7 L4–L6; LGA 12, 37, 46)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    CHAIR,
    CUSTODIAN,
    SECRETARY,
    Act,
    Attachment,
    Code,
    Count,
    Day,
    Grant,
    Number,
    SealedField,
    Sha256,
    Slug,
    StreamName,
    Year,
)
from ledger.ids import stream_name

MAX_FAILURES = 100


class InBook(Act):
    """An act about a book: body, year and volume."""

    body: Slug
    year: Year
    volume: Number

    @property
    def book_path(self) -> str:
        """`hcd/2026/1`."""
        return f"{self.body}/{self.year}/{self.volume}"

    def stream(self) -> str:
        """One stream a book: whatever uses up a folio stands in one order."""
        return stream_name("book", self.book_path)


class BookOpened(InBook):
    """A book is opened with its razón de apertura; volumes of a body and year have no gaps.

    folios: how many it has.
    """

    type_name: ClassVar[str] = "BookOpened/1"
    kind: ClassVar[str] = "book"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)
    contents: Literal["actas", "agreements", "appendices", "session-records"]
    folios: Annotated[int, Field(strict=True, ge=1, le=9999)]


class FoliosAssigned(InBook):
    """The next folios of the book are a sealed acta, an errata, an appendix or an agreement (L4, L6).

    object: its stream, whose last statement stands in `basis`.
    root: of an acta, its root.
    """

    type_name: ClassVar[str] = "FoliosAssigned/1"
    kind: ClassVar[str] = "book"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("image", Attachment, required=False),)
    first: Number
    last: Number
    object: StreamName
    root: Sha256 | None = None


class FolioCancelled(InBook):
    """A spoiled folio: the next one is used up and never used again."""

    type_name: ClassVar[str] = "FolioCancelled/1"
    kind: ClassVar[str] = "book"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)
    folio: Number


class BookClosed(InBook):
    """The razón de cierre: the last folio used, and how many of them are cancelled; nothing enters any more (L5)."""

    type_name: ClassVar[str] = "BookClosed/1"
    kind: ClassVar[str] = "book"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)
    last_folio: Count
    cancelled: Count


class BookFormalized(InBook):
    """Somebody other than who closed it signs that the book is complete."""

    type_name: ClassVar[str] = "BookFormalized/1"
    kind: ClassVar[str] = "book"
    may_sign: ClassVar[tuple[Grant, ...]] = (CHAIR, SECRETARY)
    last_folio: Count


class BookTransferred(InBook):
    """The custodian receives the book into the Acervo Histórico, and says where it lies."""

    type_name: ClassVar[str] = "BookTransferred/1"
    kind: ClassVar[str] = "book"
    may_sign: ClassVar[tuple[Grant, ...]] = (CUSTODIAN,)
    location: Code


class InCustody(InBook):
    """An act of the custody of a book in the Acervo Histórico."""

    def stream(self) -> str:
        """One stream a book."""
        return stream_name("custody", self.book_path)


class ArchiveLocationSet(InCustody):
    """The book lies elsewhere from now on."""

    type_name: ClassVar[str] = "ArchiveLocationSet/1"
    kind: ClassVar[str] = "custody"
    may_sign: ClassVar[tuple[Grant, ...]] = (CUSTODIAN,)
    location: Code


class ArchiveItemLoaned(InCustody):
    """The book is lent until a day; to whom and what for is sealed."""

    type_name: ClassVar[str] = "ArchiveItemLoaned/1"
    kind: ClassVar[str] = "custody"
    may_sign: ClassVar[tuple[Grant, ...]] = (CUSTODIAN,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("borrower"),
        SealedField("purpose", required=False),
    )
    loan: Number
    due_on: Day


class ArchiveItemReturned(InCustody):
    """The book is back."""

    type_name: ClassVar[str] = "ArchiveItemReturned/1"
    kind: ClassVar[str] = "custody"
    may_sign: ClassVar[tuple[Grant, ...]] = (CUSTODIAN,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("remark", required=False),)
    loan: Number


class InFixity(InBook):
    """The n-th check of all that a book's folios name, by a service credential or by the custodian."""

    fixity: Number
    objects: Count

    def stream(self) -> str:
        """One stream a check, numbered by book."""
        return stream_name("fixity", self.book_path, self.fixity)


class FixityVerified(InFixity):
    """Every object of the book was read again and is what was foliated (LGA 46)."""

    type_name: ClassVar[str] = "FixityVerified/1"
    kind: ClassVar[str] = "fixity"
    may_sign: ClassVar[tuple[Grant, ...]] = (CUSTODIAN,)


class FixityFailed(InFixity):
    """Every object was read again; those listed are not what was foliated, or are not there."""

    type_name: ClassVar[str] = "FixityFailed/1"
    kind: ClassVar[str] = "fixity"
    may_sign: ClassVar[tuple[Grant, ...]] = (CUSTODIAN,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("report", required=False),)
    failures: Annotated[tuple[StreamName, ...], Field(min_length=1, max_length=MAX_FAILURES)]
