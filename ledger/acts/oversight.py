"""Requirements of oversight bodies and what answers them (domain.md §3.18, §1 G3; LFRCF arts. 9, 17 fr. XI, 23)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    CUSTODIAN,
    SECRETARY,
    Act,
    Attachment,
    Code,
    Count,
    Day,
    Grant,
    Index,
    Number,
    SealedField,
    Sha256,
    Slug,
    StreamName,
    Year,
)
from ledger.ids import stream_name

MAX_ANSWERS = 40
MAX_ACTS_OF_FINDING = 40
Authority = Literal["asf", "oic", "sabg", "comisario", "guarantor", "vigilance", "court", "other"]
Asked = Literal["certificates", "negative", "bundle", "report", "documents"]


class OfRequirement(Act):
    """An act of the n-th oversight requirement that a body's secretariat received in a year."""

    body: Slug
    year: Year
    number: Number

    def stream(self) -> str:
        """One stream a requirement."""
        return stream_name("requirement", self.body, self.year, self.number)


class OversightRequirementReceived(OfRequirement):
    """An authority requires information; what exactly is sealed.

    reference: the authority's own number, `RQ-2026-014`. asks, from_on, to_on: the scope, as far as it is structured.
    business_days: the term; of the Auditoría Superior (`asf`) ten to fifteen (LFRCF 9).
    due_on: the term's last business day on the calendar of holidays, counted from the day after the receipt.
    """

    type_name: ClassVar[str] = "OversightRequirementReceived/1"
    kind: ClassVar[str] = "requirement"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("scope"),
        SealedField("document", Attachment, required=False),
    )
    authority: Authority
    reference: Code
    asks: Annotated[tuple[Asked, ...], Field(min_length=1, max_length=5)]
    from_on: Day | None = None
    to_on: Day | None = None
    received_on: Day
    business_days: Annotated[int, Field(strict=True, ge=1, le=60)]
    due_on: Day


class EvidenceBundleExported(OfRequirement):
    """A bundle was written for the authority: which one, over what, and how much of what is sealed was granted.

    manifest_sha256: hash of its MANIFEST.json, which names the hash of every file in it.
    tree_size, root: the checkpoint in it. first_index, last_index: the acts that it is about.
    grants: how many sealed values that no act had published were handed out with it (format.md §8).
    """

    type_name: ClassVar[str] = "EvidenceBundleExported/1"
    kind: ClassVar[str] = "requirement"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CUSTODIAN)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("granted", required=False),)
    bundle: Number
    manifest_sha256: Sha256
    tree_size: Index
    root: Sha256
    first_index: Index
    last_index: Index
    grants: Count = 0


class OversightRequirementAnswered(OfRequirement):
    """The oficio of answer, with the certificates and bundles that go with it."""

    type_name: ClassVar[str] = "OversightRequirementAnswered/1"
    kind: ClassVar[str] = "requirement"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("answer", required=False),
        SealedField("document", Attachment, required=False),
    )
    oficio: Code
    answered_on: Day
    certificates: Annotated[tuple[StreamName, ...], Field(max_length=MAX_ANSWERS)] = ()
    bundles: Annotated[tuple[Number, ...], Field(max_length=MAX_ANSWERS)] = ()


class AuditFindingLinked(OfRequirement):
    """A finding of the audit is linked to the acts that it speaks of; its text is sealed.

    reference: the authority's number. acts: indexes of entries.
    """

    type_name: ClassVar[str] = "AuditFindingLinked/1"
    kind: ClassVar[str] = "requirement"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("finding_text"),)
    finding: Number
    reference: Code
    acts: Annotated[tuple[Index, ...], Field(min_length=1, max_length=MAX_ACTS_OF_FINDING)]


class AuditFindingClarified(OfRequirement):
    """What became of a finding: clarified to the authority's satisfaction, upheld, or corrected by a later act."""

    type_name: ClassVar[str] = "AuditFindingClarified/1"
    kind: ClassVar[str] = "requirement"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("explanation"),
        SealedField("document", Attachment, required=False),
    )
    finding: Number
    outcome: Literal["clarified", "upheld", "corrected"]


class OversightRequirementClosed(OfRequirement):
    """The authority closes the requirement: it is answered and no finding is open."""

    type_name: ClassVar[str] = "OversightRequirementClosed/1"
    kind: ClassVar[str] = "requirement"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("document", Attachment, required=False),)
    closed_on: Day
    oficio: Code
