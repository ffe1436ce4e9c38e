"""Proposals for seats, hearings before a removal, notices of expiry (domain.md §3.8, rows C1, C5, C7)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    SECRETARY,
    Act,
    Attachment,
    Code,
    Count,
    Day,
    Flag,
    Grant,
    Instant,
    Number,
    Part,
    SealedField,
    Slug,
    StreamName,
)
from ledger.acts.designation import SECRETARIES, Capacity
from ledger.ids import stream_name

LIAISON = Grant("role", frozenset({"liaison"}), anywhere=True)
Point = Literal["ENTITLEMENT", "DOCUMENTS", "IDENTITY", "SEAT", "TERM", "NO_OTHER_SEAT"]
Impediment = Literal["KINSHIP", "LITIGATION", "CONVICTION", "DISQUALIFICATION", "LEGISLATOR"]


# -- proposals -------------------------------------------------------------------------------------------------------


class OfProposal(Act):
    """An act of the n-th proposal for a seat."""

    body: Slug
    seat: Slug
    proposal: Number

    def stream(self) -> str:
        """One stream a proposal, numbered by seat."""
        return stream_name("proposal", self.body, self.seat, self.proposal)


class DesignationProposed(OfProposal):
    """An organisation proposes somebody for a seat (D2; LSS 258, 263; S4 4.VII).

    The organisation's enlace files it, or the secretary enters its oficio.

    renews: number of the designation that a new term of the same person continues; absent: of somebody new.
    """

    type_name: ClassVar[str] = "DesignationProposed/1"
    kind: ClassVar[str] = "proposal"
    may_sign: ClassVar[tuple[Grant, ...]] = (LIAISON, SECRETARIES)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("document", Attachment, subject="person"),)
    organization: Slug
    person: Slug
    capacity: Capacity
    begins_at: Instant
    ends_at: Instant | None = None
    renews: Number | None = None


class Declared(Part):
    """What the candidate declared of one impediment (LFEP 19); "exempt" where a law excepts the body (LFEP 5)."""

    impediment: Impediment
    answer: Literal["none", "exempt", "present"]


class DesignationValidated(OfProposal):
    """Another person than who filed it finds every point fulfilled and no impediment declared (D4; S4 7.1.1.2(3)).

    checklist: the points found fulfilled, which must be all of them.
    impediments: what the candidate declared of each.
    """

    type_name: ClassVar[str] = "DesignationValidated/1"
    kind: ClassVar[str] = "proposal"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARIES,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("declaration", Attachment),)
    checklist: Annotated[tuple[Point, ...], Field(max_length=6)]
    impediments: Annotated[tuple[Declared, ...], Field(max_length=5)]


class DesignationProposalReturned(OfProposal):
    """The proposal goes back, and why; whoever is entitled files another one."""

    type_name: ClassVar[str] = "DesignationProposalReturned/1"
    kind: ClassVar[str] = "proposal"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARIES,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)
    grounds: Annotated[
        tuple[Literal[Point, "IMPEDIMENT", "WITHDRAWN", "NOT_APPROVED"], ...], Field(min_length=1, max_length=9)
    ]


# -- hearings --------------------------------------------------------------------------------------------------------


class OfHearing(Act):
    """An act of the removal of who holds a seat by its n-th designation."""

    body: Slug
    seat: Slug
    designation: Number

    def stream(self) -> str:
        """One stream a designation."""
        return stream_name("hearing", self.body, self.seat, self.designation)


class RemovalRequested(OfHearing):
    """His removal is asked for, by the sector that proposed him or for a justified cause (LSS 263, 265)."""

    type_name: ClassVar[str] = "RemovalRequested/1"
    kind: ClassVar[str] = "hearing"
    may_sign: ClassVar[tuple[Grant, ...]] = (LIAISON, SECRETARIES)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("grounds"),
        SealedField("document", Attachment, required=False),
    )
    by: Literal["sector", "cause"]
    organization: Slug | None = None


class HearingHeld(OfHearing):
    """He was summoned and could defend himself ("en que se oiga en defensa al Consejero", LSS 263)."""

    type_name: ClassVar[str] = "HearingHeld/1"
    kind: ClassVar[str] = "hearing"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARIES,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("record"),
        SealedField("defence", Attachment, required=False),
    )
    summoned_on: Day
    appeared: Flag


class RemovalDecided(OfHearing):
    """The competent body decided by a vote after the hearing, which stands in `basis`: removed, or kept."""

    type_name: ClassVar[str] = "RemovalDecided/1"
    kind: ClassVar[str] = "hearing"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARIES,)
    basis_kinds: ClassVar[tuple[str, ...]] = ("vote",)
    outcome: Literal["removed", "kept"]
    vote: StreamName


# -- notices ---------------------------------------------------------------------------------------------------------


class OfNotice(Act):
    """An act of the notice that a designation will expire."""

    body: Slug
    seat: Slug
    designation: Number

    def stream(self) -> str:
        """One stream a designation: a second notice collides by itself."""
        return stream_name("notice", self.body, self.seat, self.designation)


class ExpiryNoticeIssued(OfNotice):
    """The organisation entitled to propose is told by oficio that a term will end (S4 7.1.1.1.1(9)).

    days_left: from the legal day of the notice to the day at whose beginning, or in which, the term ends.
    """

    type_name: ClassVar[str] = "ExpiryNoticeIssued/1"
    kind: ClassVar[str] = "notice"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    organization: Slug
    oficio: Code
    days_left: Count


class ExpiryNoticeAcknowledged(OfNotice):
    """The organisation received the notice, and what it means to do."""

    type_name: ClassVar[str] = "ExpiryNoticeAcknowledged/1"
    kind: ClassVar[str] = "notice"
    may_sign: ClassVar[tuple[Grant, ...]] = (LIAISON, SECRETARY)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("receipt", Attachment, required=False),)
    answer: Literal["received", "will-ratify", "will-substitute"]
