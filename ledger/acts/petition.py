"""Requests for certificates: received, admitted, compiled, reviewed (domain.md §3.9; S4 7.1.1.2.1(17), 7.1.1.2(14))."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    CHAIR,
    CUSTODIAN,
    SECRETARY,
    Act,
    Code,
    Day,
    Grant,
    Number,
    SealedField,
    Slug,
    StreamName,
    Year,
)
from ledger.acts.certification import MAX_OBJECTS, Content
from ledger.ids import stream_name

Petitioner = Literal[
    "normative",
    "collegiate",
    "ooad",
    "operative",
    "external",
    "oversight",
    "transparency",
    "judicial",
    "data-subject",
]


class OfRequest(Act):
    """An act of the n-th request for certification that a body's secretariat received in a year."""

    body: Slug
    year: Year
    number: Number

    def stream(self) -> str:
        """One stream a request."""
        return stream_name("request", self.body, self.year, self.number)


class CertificationRequested(OfRequest):
    """Somebody asks for a certificate; the officer who receives the paper enters it.

    petitioner: what kind he is of; who he is is sealed, and so is what he wants it for.
    objects: what he names, as far as it has a stream; asks_negative: he asks for a *no consta*.
    matter: stream of the oversight requirement, or of the request of access, that the request belongs to.
    """

    type_name: ClassVar[str] = "CertificationRequested/1"
    kind: ClassVar[str] = "request"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CUSTODIAN)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("petitioner_name", required=False),
        SealedField("purpose"),
    )
    petitioner: Petitioner
    received_on: Day
    due_on: Day | None = None
    legal_basis: Code | None = None
    objects: Annotated[tuple[StreamName, ...], Field(max_length=MAX_OBJECTS)] = ()
    asks_negative: Annotated[bool, Field(strict=True)] = False
    matter: StreamName | None = None


class CertificationRequestResolved(OfRequest):
    """The request is admitted or rejected; one that was admitted may still be denied. The reason is sealed."""

    type_name: ClassVar[str] = "CertificationRequestResolved/1"
    kind: ClassVar[str] = "request"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason", required=False),)
    outcome: Literal["admitted", "rejected", "denied"]

    def sealed_required(self) -> tuple[str, ...]:
        """Whoever is turned away is told why."""
        return () if self.outcome == "admitted" else ("reason",)


class CertificationCompiled(OfRequest, Content):
    """What the certificate is to say, put together out of what is sealed, with its fojas counted; the n-th draft."""

    type_name: ClassVar[str] = "CertificationCompiled/1"
    kind: ClassVar[str] = "request"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CUSTODIAN)
    draft: Number


class CertificationReviewed(OfRequest):
    """Somebody other than who compiled it has compared it with the originals (G3)."""

    type_name: ClassVar[str] = "CertificationReviewed/1"
    kind: ClassVar[str] = "request"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR, CUSTODIAN)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("remarks", required=False),)
    draft: Number
    outcome: Literal["approved", "returned"]
