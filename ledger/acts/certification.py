"""Certificates over sealed objects (domain.md §3.9)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    SECRETARY,
    Act,
    Count,
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
from ledger.ids import stream_name


class CertifiedObject(Part):
    """What is certified: an object's stream, the index and hash of the statement that is its last.

    root: of an acta, the root over its blocks.
    """

    stream: StreamName
    index: Index
    statement: Sha256
    root: Sha256 | None = None


class OfCertification(Act):
    """An act of the n-th certificate of a body in a year."""

    body: Slug
    year: Year
    number: Number

    def stream(self) -> str:
        """One stream a certificate."""
        return stream_name("certification", self.body, self.year, self.number)


class CertificationIssued(OfCertification):
    """The secretary certifies objects that are sealed (X1), by exact hash (X2)."""

    type_name: ClassVar[str] = "CertificationIssued/1"
    kind: ClassVar[str] = "certification"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("statement"),
        SealedField("petitioner", required=False),
        SealedField("purpose", required=False),
    )
    objects: Annotated[tuple[CertifiedObject, ...], Field(min_length=1, max_length=40)]
    copy_kind: Literal["original", "digital-copy", "public-version"] = "digital-copy"
    sheets: Count = 0


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
