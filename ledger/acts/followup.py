"""Capture, communication and fulfilment of agreements, apart from their adoption (domain.md §3.6, B1–B7 of §1).

Fulfilment is one axis of four: nothing here changes what was decided, whether it holds, or who may read it. Each
axis has streams of its own, so that units, archivists and the secretary never wait for one another. Money is in
centavos.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.agreement import Identifier, OfAgreement
from ledger.acts.base import (
    CHAIR,
    FOUNDER,
    REGISTRAR,
    SECRETARY,
    Act,
    Attachment,
    Code,
    Day,
    Grant,
    Number,
    SealedField,
    Slug,
    StreamName,
    Text,
    Year,
)
from ledger.ids import MAX_INTEGER, stream_name

LIAISON = Grant("role", frozenset({"liaison"}), anywhere=True)
"""The enlace of a unit: his seat has the unit's own name (domain.md §5.5)."""
MAX_UNITS = 20
_REPORTERS: tuple[Grant, ...] = (LIAISON, SECRETARY)

Centavos = Annotated[int, Field(strict=True, ge=0, le=MAX_INTEGER)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
Units = Annotated[tuple[Slug, ...], Field(min_length=1, max_length=MAX_UNITS)]
ResolutionKind = Literal[
    "approve", "authorise", "instruct", "note", "designate", "ratify", "recognise", "modify", "revoke"
]


# -- capture and review by two people (SICA: S4 7.1.1.2.1(13), 7.1.1.2.2(6)) ----------------------------------------


class _Captured(OfAgreement):
    def stream(self) -> str:
        """One stream an agreement."""
        return stream_name("capture", self.body, self.year, self.number)


class AgreementCaptured(_Captured):
    """The agreement enters follow-up: what each resolutivo does, in order, and under which documentary series."""

    type_name: ClassVar[str] = "AgreementCaptured/1"
    kind: ClassVar[str] = "capture"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, REGISTRAR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("support/*", Attachment, required=False),)
    resolutions: Annotated[tuple[ResolutionKind, ...], Field(min_length=1, max_length=40)]
    series_code: Code | None = None


class AgreementCaptureReviewed(_Captured):
    """Somebody other than the captor compared the capture with the agreement (G3)."""

    type_name: ClassVar[str] = "AgreementCaptureReviewed/1"
    kind: ClassVar[str] = "capture"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR, REGISTRAR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("remark", required=False),)
    outcome: Literal["confirmed", "returned"]


# -- oficios (S4 4.IX, 7.1.1(10), 7.1.1.2.1(7)) ----------------------------------------------------------------------


class _Communicated(OfAgreement):
    def stream(self) -> str:
        """One stream an agreement."""
        return stream_name("communication", self.body, self.year, self.number)


class CommunicationAuthorized(_Communicated):
    """The agreement may be communicated."""

    type_name: ClassVar[str] = "CommunicationAuthorized/1"
    kind: ClassVar[str] = "communication"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)


class AgreementCommunicated(_Communicated):
    """An oficio with the text of the resolutivos went to a unit."""

    type_name: ClassVar[str] = "AgreementCommunicated/1"
    kind: ClassVar[str] = "communication"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, REGISTRAR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("letter", Attachment, required=False),)
    unit: Slug
    oficio: Code


class CommunicationAcknowledged(_Communicated):
    """The unit received the oficio."""

    type_name: ClassVar[str] = "CommunicationAcknowledged/1"
    kind: ClassVar[str] = "communication"
    may_sign: ClassVar[tuple[Grant, ...]] = (LIAISON, SECRETARY)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("receipt", Attachment, required=False),)
    unit: Slug
    oficio: Code


# -- fulfilment, one stream a resolutivo (S4 4.IX, 7.1(6), 7.1.1.2(9)) ------------------------------------------------


class OfResolution(OfAgreement):
    """An act on the fulfilment of one resolutivo."""

    resolution: Number

    def stream(self) -> str:
        """One stream a resolutivo."""
        return stream_name("fulfilment", self.body, self.year, self.number, self.resolution)


class ResponsibilityAssigned(OfResolution):
    """Units answer for the resolutivo, by a day where one is set, with an amount where one is authorised."""

    type_name: ClassVar[str] = "ResponsibilityAssigned/1"
    kind: ClassVar[str] = "fulfilment"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, REGISTRAR)
    units: Units
    due_on: Day | None = None
    authorized_amount: Centavos | None = None


class ResponsibilityTransferred(OfResolution):
    """Another unit answers in place of one of them (it was suppressed, or its functions moved)."""

    type_name: ClassVar[str] = "ResponsibilityTransferred/1"
    kind: ClassVar[str] = "fulfilment"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, REGISTRAR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)
    from_unit: Slug
    to_unit: Slug


class DueDateSet(OfResolution):
    """The day by which a resolutivo that had none is due."""

    type_name: ClassVar[str] = "DueDateSet/1"
    kind: ClassVar[str] = "fulfilment"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, REGISTRAR)
    due_on: Day


class DueDateExtended(OfResolution):
    """A later day, with its reason; the original stays visible (A5)."""

    type_name: ClassVar[str] = "DueDateExtended/1"
    kind: ClassVar[str] = "fulfilment"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)
    due_on: Day


class ProgressReported(OfResolution):
    """A responsible unit says how far it is; by its enlace, or the secretary records what it said."""

    type_name: ClassVar[str] = "ProgressReported/1"
    kind: ClassVar[str] = "fulfilment"
    may_sign: ClassVar[tuple[Grant, ...]] = _REPORTERS
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("narrative"),)
    unit: Slug
    percent: Percent | None = None


class EvidenceSubmitted(OfResolution):
    """A responsible unit hands in a document, bound by its hash."""

    type_name: ClassVar[str] = "EvidenceSubmitted/1"
    kind: ClassVar[str] = "fulfilment"
    may_sign: ClassVar[tuple[Grant, ...]] = _REPORTERS
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("evidence", Attachment),)
    unit: Slug


class AmountExercised(OfResolution):
    """A responsible unit spent so much more of the authorised amount."""

    type_name: ClassVar[str] = "AmountExercised/1"
    kind: ClassVar[str] = "fulfilment"
    may_sign: ClassVar[tuple[Grant, ...]] = _REPORTERS
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("concept", Text, required=False),)
    unit: Slug
    amount: Centavos


class FulfilmentVerified(OfResolution):
    """Somebody who reported nothing of it finds the resolutivo fulfilled, in part or wholly (A4)."""

    type_name: ClassVar[str] = "FulfilmentVerified/1"
    kind: ClassVar[str] = "fulfilment"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("remark", required=False),)
    outcome: Literal["partial", "fulfilled"]


class FulfilmentRejected(OfResolution):
    """Somebody who reported nothing of it does not accept what was reported."""

    type_name: ClassVar[str] = "FulfilmentRejected/1"
    kind: ClassVar[str] = "fulfilment"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)


class ResolutionDeclaredUnfulfillable(OfResolution):
    """The body itself accepts, by a vote, that the resolutivo cannot be fulfilled."""

    type_name: ClassVar[str] = "ResolutionDeclaredUnfulfillable/1"
    kind: ClassVar[str] = "fulfilment"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    basis_kinds: ClassVar[tuple[str, ...]] = ("vote",)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)
    vote: StreamName


# -- publicity and the chronological index ---------------------------------------------------------------------------


class GazettePublicationRecorded(OfAgreement):
    """The official gazette printed the agreement; from a day on it binds others than the institution."""

    type_name: ClassVar[str] = "GazettePublicationRecorded/1"
    kind: ClassVar[str] = "gazette"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, REGISTRAR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("edition", Attachment, required=False),)
    gazette: Slug
    published_on: Day
    effective_from: Day
    notice: Code | None = None

    def stream(self) -> str:
        """One stream an agreement."""
        return stream_name("gazette", self.body, self.year, self.number)


class AgreementFiled(Act):
    """The agreement is filed: the index of a body and year is chronological and has no gap (S4 4.IX, 7.1(6))."""

    type_name: ClassVar[str] = "AgreementFiled/1"
    kind: ClassVar[str] = "filing"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, REGISTRAR)
    body: Slug
    year: Year
    number: Number
    series_code: Code

    def stream(self) -> str:
        """One stream an agreement; its predecessor in the index is that of the agreement before."""
        return stream_name("filing", self.body, self.year, self.number)


class AgreementCited(OfAgreement):
    """The agreement's text cites another by its printed identifier (A7).

    target: the cited agreement's stream; absent where the ledger does not have it, which is flagged and no fault.
    """

    type_name: ClassVar[str] = "AgreementCited/1"
    kind: ClassVar[str] = "citation"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, REGISTRAR, FOUNDER)
    identifier: Identifier
    target: StreamName | None = None

    def stream(self) -> str:
        """One stream an agreement."""
        return stream_name("citation", self.body, self.year, self.number)
