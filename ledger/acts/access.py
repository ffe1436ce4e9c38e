"""Requests for information and for one's personal data, and their clock (domain.md §3.14, §3.17; LGTAIP 2025 art. 134).

What is due when is counted in business days on the calendar of the body whose Unidad de Transparencia answers; the
officer signs the day, the rule counts it again. Nobody records that a request is overdue: that is computed.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    CHAIR,
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
    Year,
)
from ledger.acts.transparency import ErasedDisclosure
from ledger.ids import stream_name

_UNIT: tuple[Grant, ...] = (SECRETARY, REGISTRAR)
Right = Literal["information", "access", "rectification", "cancellation", "opposition"]
"""Information is the citizen's (LGTAIP); the other four are a data subject's (ARCO, LGPDPPSO 2025 arts. 37–41)."""
Modality = Literal[
    "delivered",
    "already-public",
    "public-version",
    "reserved",
    "confidential",
    "nonexistent",
    "incompetent",
    "granted",
    "denied",
]
DenialGround = Literal[
    "not-the-subject", "not-held", "legal-impediment", "third-party-rights", "proceedings", "resolution", "already-done"
]
"""LGPDPPSO 2025 art. 49, shortened."""
AppealOutcome = Literal["confirmed", "modified", "revoked", "dismissed"]


class OfAccess(Act):
    """An act on the n-th request of a year to the Unidad de Transparencia of a body."""

    body: Slug
    year: Year
    number: Number

    def stream(self) -> str:
        """One stream a request."""
        return stream_name("access", self.body, self.year, self.number)


class AccessRequestReceived(OfAccess):
    """A request arrives; who asks and what for are sealed.

    right: information, or one of the four ARCO rights.
    due_on: the twentieth business day after `received_on` (LGTAIP 134).
    folio: as the national platform printed it.
    """

    type_name: ClassVar[str] = "AccessRequestReceived/1"
    kind: ClassVar[str] = "access"
    may_sign: ClassVar[tuple[Grant, ...]] = _UNIT
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("text"),
        SealedField("petitioner", required=False),
    )
    right: Right
    received_on: Day
    due_on: Day
    folio: Code | None = None


class AccessPreventionIssued(OfAccess):
    """The petitioner is asked, within five business days, to make the request clear; the clock stops (LGTAIP 130).

    due_on: the tenth business day after the act, until which he may answer; then the request counts as not made.
    """

    type_name: ClassVar[str] = "AccessPreventionIssued/1"
    kind: ClassVar[str] = "access"
    may_sign: ClassVar[tuple[Grant, ...]] = _UNIT
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("question"),)
    due_on: Day


class AccessPreventionAnswered(OfAccess):
    """He answered; the term begins anew.

    due_on: the twentieth business day after `answered_on`.
    """

    type_name: ClassVar[str] = "AccessPreventionAnswered/1"
    kind: ClassVar[str] = "access"
    may_sign: ClassVar[tuple[Grant, ...]] = _UNIT
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("text"),)
    answered_on: Day
    due_on: Day


class AccessRequestTurned(OfAccess):
    """The request goes to the areas that may have what is asked for (LGTAIP 133)."""

    type_name: ClassVar[str] = "AccessRequestTurned/1"
    kind: ClassVar[str] = "access"
    may_sign: ClassVar[tuple[Grant, ...]] = _UNIT
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("letter", Attachment, required=False),)
    units: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=20)]


class AccessDeadlineExtended(OfAccess):
    """Ten business days more, once, by resolution of the Comité de Transparencia before the term ends (LGTAIP 134).

    vote: of the Comité `committee`; it must stand in `basis`.
    due_on: the tenth business day after what was due.
    """

    type_name: ClassVar[str] = "AccessDeadlineExtended/1"
    kind: ClassVar[str] = "access"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)
    basis_kinds: ClassVar[tuple[str, ...]] = ("vote",)
    committee: Slug
    vote: StreamName
    due_on: Day


class AccessRequestAnswered(OfAccess):
    """The answer, with what it rests on; after the term it is late, and says so, but it is given.

    modality: how it is answered; "granted" and "denied" are of ARCO rights.
    on: what it rests on, in `basis`: the approved public version, the classification in force, objects delivered.
    committee, vote: where information does not exist, the Comité's resolution (LGTAIP 140–141).
    denial: why an ARCO right is denied.
    """

    type_name: ClassVar[str] = "AccessRequestAnswered/1"
    kind: ClassVar[str] = "access"
    may_sign: ClassVar[tuple[Grant, ...]] = _UNIT
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("answer"),
        SealedField("document/*", Attachment, required=False),
    )
    modality: Modality
    on: Annotated[tuple[StreamName, ...], Field(max_length=40)] = ()
    committee: Slug | None = None
    vote: StreamName | None = None
    denial: DenialGround | None = None


class AccessRequestAppealed(OfAccess):
    """A recurso de revisión against the answer, or against its absence (LGTAIP 144)."""

    type_name: ClassVar[str] = "AccessRequestAppealed/1"
    kind: ClassVar[str] = "access"
    may_sign: ClassVar[tuple[Grant, ...]] = _UNIT
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("grounds", required=False),)
    appeal: Code
    filed_on: Day


class AccessAppealResolved(OfAccess):
    """The guarantor's resolution; what it modifies or revokes is answered again, by the day that it sets."""

    type_name: ClassVar[str] = "AccessAppealResolved/1"
    kind: ClassVar[str] = "access"
    may_sign: ClassVar[tuple[Grant, ...]] = _UNIT
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("resolution", Attachment, required=False),)
    outcome: AppealOutcome
    due_on: Day | None = None


class PersonalDataBlocked(OfAccess):
    """A cancellation was granted: the data are blocked until a day, then erased (LGPDPPSO 2025 arts. 17–18).

    disclosures: the sealed values concerned, by place and digest.
    until_on: first day on which they may be erased.
    """

    type_name: ClassVar[str] = "PersonalDataBlocked/1"
    kind: ClassVar[str] = "access"
    may_sign: ClassVar[tuple[Grant, ...]] = _UNIT
    disclosures: Annotated[tuple[ErasedDisclosure, ...], Field(min_length=1, max_length=200)]
    until_on: Day
