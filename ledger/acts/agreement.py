"""Agreements (domain.md §3.6, §4): adopted by a declared vote, numbered in one gapless series a year."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    CHAIR,
    FOUNDER,
    REGISTRAR,
    SECRETARY,
    Act,
    Attachment,
    Day,
    Grant,
    Number,
    SealedField,
    Sha256,
    Slug,
    StreamName,
    Text,
    Whose,
    Year,
)
from ledger.ids import stream_name

Title = Annotated[str, Field(min_length=1, max_length=4000)]
Identifier = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9./-]{0,63}$")]
Provenance = Literal["LEGACY_SCAN", "DATASET"]
AgreementKind = Literal["agreement", "directive", "action", "opinion"]
"""acuerdo · directriz (M1, M10) · acción of a party commission · opinión of an advisory body, which binds nobody."""


class OfAgreement(Act):
    """An act of the n-th agreement of a body in a year."""

    body: Slug
    year: Year
    number: Number

    def stream(self) -> str:
        """One stream an agreement."""
        return stream_name("agreement", self.body, self.year, self.number)


class AgreementAdopted(OfAgreement):
    """It exists only by a vote declared approved (A1); the number is signed, the predecessor must exist (A2).

    vote: the vote's stream, which must stand in `basis`.
    identifier: as printed, e.g. `ACDO.AS2.HCD.280126/12.P.DIR` or `12/2026`.
    agreement_kind: what the body calls it; all kinds share one series of numbers and one follow-up.
    """

    type_name: ClassVar[str] = "AgreementAdopted/1"
    kind: ClassVar[str] = "agreement"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("title", Title),
        SealedField("resolution/*", Text),
        SealedField("grounds", Text, required=False),
        SealedField("annex/*", Attachment, required=False),
    )
    basis_kinds: ClassVar[tuple[str, ...]] = ("vote",)
    vote: StreamName
    ordinal: Number
    identifier: Identifier
    resolutions: Annotated[int, Field(strict=True, ge=1, le=40)]
    agreement_kind: AgreementKind = "agreement"

    def sealed_required(self) -> tuple[str, ...]:
        """A title and the text of each resolutivo."""
        return ("title", *(f"resolution/{n}" for n in range(1, self.resolutions + 1)))


class AgreementImported(OfAgreement):
    """An agreement of before the ledger; never shown as proved at origin."""

    type_name: ClassVar[str] = "AgreementImported/1"
    kind: ClassVar[str] = "agreement"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER, REGISTRAR)
    voice: ClassVar[Whose] = "imported"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("title", Title),
        SealedField("text", Text, required=False),
    )
    adopted_on: Day
    identifier: Identifier
    vote: StreamName | None = None
    provenance: Provenance
    source_sha256: Sha256
    row: Number


class IdentifierQuarantined(Act):
    """An identifier that no grammar admits, kept as printed (sealed) until the secretary resolves it."""

    type_name: ClassVar[str] = "IdentifierQuarantined/1"
    kind: ClassVar[str] = "quarantine"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER, REGISTRAR, SECRETARY)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("as_printed", Title),)
    body: Slug
    number: Number
    reason: Slug

    def stream(self) -> str:
        """One stream a quarantined identifier, numbered by body."""
        return stream_name("quarantine", self.body, self.number)


class IdentifierCorrected(Act):
    """The secretary says what the identifier should read; the original stays."""

    type_name: ClassVar[str] = "IdentifierCorrected/1"
    kind: ClassVar[str] = "quarantine"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER, REGISTRAR, SECRETARY)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)
    body: Slug
    number: Number
    identifier: Identifier

    def stream(self) -> str:
        """One stream a quarantined identifier, numbered by body."""
        return stream_name("quarantine", self.body, self.number)
