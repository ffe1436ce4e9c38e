"""Accreditation of who holds a seat, and the credential that he carries (domain.md §3.8, row C6)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import CHAIR, SEAT, SECRETARY, Act, Attachment, Grant, Instant, Number, SealedField, Slug, Whose
from ledger.ids import stream_name


class OfCredential(Act):
    """An act of the n-th credential of a designation; its number is the stream's path, e.g. `hcd/obrero-2/4/1`."""

    body: Slug
    seat: Slug
    designation: Number
    credential: Number

    def stream(self) -> str:
        """One stream a credential, numbered by designation."""
        return stream_name("credential", self.body, self.seat, self.designation, self.credential)


class AccreditationRequested(OfCredential):
    """The holder, or the secretary for him, asks for a credential (S4 7.1.1.1(12))."""

    type_name: ClassVar[str] = "AccreditationRequested/1"
    kind: ClassVar[str] = "credential"
    may_sign: ClassVar[tuple[Grant, ...]] = (SEAT, SECRETARY)
    voice: ClassVar[Whose] = "seat"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("photograph", Attachment, required=False),)


class AccreditationValidated(OfCredential):
    """Another person than who asked has seen the designation that it rests on (S4 7.1.1.1.2(16))."""

    type_name: ClassVar[str] = "AccreditationValidated/1"
    kind: ClassVar[str] = "credential"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    basis_kinds: ClassVar[tuple[str, ...]] = ("designation",)


class CredentialIssued(OfCredential):
    """The credential, valid until an instant that the term of the designation covers (D5)."""

    type_name: ClassVar[str] = "CredentialIssued/1"
    kind: ClassVar[str] = "credential"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    basis_kinds: ClassVar[tuple[str, ...]] = ("designation",)
    valid_to: Instant


class CredentialRevoked(OfCredential):
    """It is valid no longer, from the instant at which this occurred.

    replaced_by: the number of the credential of the same designation that takes its place; absent: none does.
    """

    type_name: ClassVar[str] = "CredentialRevoked/1"
    kind: ClassVar[str] = "credential"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("explanation", required=False),)
    reason: Literal["lost", "damaged", "data-changed", "renewed", "designation-ended", "error"]
    replaced_by: Annotated[int, Field(strict=True, ge=2, le=999_999)] | None = None
