"""Who holds a seat, as propietario or suplente, from when to when (domain.md §3.8)."""

from __future__ import annotations

from typing import ClassVar, Literal

from ledger.acts.base import (
    CHAIR,
    FOUNDER,
    REGISTRAR,
    SEAT,
    SECRETARY,
    Act,
    Attachment,
    Code,
    Flag,
    Grant,
    Instant,
    Number,
    SealedField,
    Sha256,
    Slug,
    StreamName,
    Whose,
)
from ledger.ids import stream_name

_PAPER: tuple[Grant, ...] = (FOUNDER, REGISTRAR)
SECRETARIES = Grant("role", SECRETARY.roles, anywhere=True)
"""Secretaries of any body; the rules let those of the seat's body and of the bodies that designate act."""
Capacity = Literal["propietario", "suplente"]
Effect = Literal["definitive", "provisional"]


class OfDesignation(Act):
    """An act of the n-th designation to a seat."""

    body: Slug
    seat: Slug
    number: Number

    def stream(self) -> str:
        """One stream a designation: the n-th to a seat."""
        return stream_name("designation", self.body, self.seat, self.number)


class DesignationMade(OfDesignation):
    """Somebody is designated to a seat, whatever proves it.

    inscription: under which number he stands in the Registro Público de Organismos Descentralizados (LFEP 23–26), where
        he was inscribed already.
    """

    person: Slug
    capacity: Capacity
    begins_at: Instant
    ends_at: Instant | None = None
    instrument_sha256: Sha256 | None = None
    inscription: Code | None = None


class DesignationRegistered(DesignationMade):
    """What exists on paper: from the index on it grants the authority of the seat's role.

    effect: "provisional" where the paper says that the competent body has yet to ratify; absent: definitive.
    """

    type_name: ClassVar[str] = "DesignationRegistered/1"
    kind: ClassVar[str] = "designation"
    may_sign: ClassVar[tuple[Grant, ...]] = _PAPER
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("instrument", required=False),)
    effect: Literal["provisional"] | None = None


class DesignationImported(DesignationMade):
    """A mandate out of another source: holds the seat for imported sessions, grants no authority.

    derived: the source's own dates contradict its rolls, or it has none, and the rolls decided.
    vote: stream of the imported vote that approved it, where the source says which; it must stand in `basis`.
    """

    type_name: ClassVar[str] = "DesignationImported/1"
    kind: ClassVar[str] = "designation"
    may_sign: ClassVar[tuple[Grant, ...]] = _PAPER
    voice: ClassVar[Whose] = "imported"
    derived: Flag = False
    vote: StreamName | None = None
    source_sha256: Sha256
    row: Number


class DesignationApproved(DesignationMade):
    """The competent body designated by its vote (D8; LSS 258, 263): grants the authority of the seat's role.

    effect: "provisional" where a body decided that may only let it take effect until the competent one ratifies
        (agreement 1/2005: "surtirá sus efectos, provisionalmente").
    proposal: number of the validated proposal to the seat.
    agreement: the agreement that the approved vote adopted. Both must stand in `basis`.
    """

    type_name: ClassVar[str] = "DesignationApproved/1"
    kind: ClassVar[str] = "designation"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARIES,)
    basis_kinds: ClassVar[tuple[str, ...]] = ("proposal", "agreement")
    effect: Effect
    proposal: Number
    agreement: StreamName


class DesignationAppointed(DesignationMade):
    """Named by oficio, without a vote, where the body's rules say so of the seat's sector (S4 7.1.1.1.1(6))."""

    type_name: ClassVar[str] = "DesignationAppointed/1"
    kind: ClassVar[str] = "designation"
    may_sign: ClassVar[tuple[Grant, ...]] = (*_PAPER, CHAIR, SECRETARIES)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("document", Attachment),)
    oficio: Code


class DesignationRatified(OfDesignation):
    """The competent body makes a provisional designation definitive; its agreement stands in `basis`."""

    type_name: ClassVar[str] = "DesignationRatified/1"
    kind: ClassVar[str] = "designation"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARIES,)
    basis_kinds: ClassVar[tuple[str, ...]] = ("agreement",)
    agreement: StreamName


class ResignationFiled(OfDesignation):
    """The holder resigns from an instant on, with his own key or as the secretary attests; it ends when accepted."""

    type_name: ClassVar[str] = "ResignationFiled/1"
    kind: ClassVar[str] = "designation"
    may_sign: ClassVar[tuple[Grant, ...]] = (SEAT, SECRETARY)
    voice: ClassVar[Whose] = "seat"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("reason", required=False),
        SealedField("document", Attachment, required=False),
    )
    effective_at: Instant


class DesignationEnded(OfDesignation):
    """The designation ends at an instant (half-open: he no longer holds the seat at it).

    evidence: stream in `basis` on which it rests: of a removal the hearing (D7), of a substitution the proposal of who
        follows, of what was not ratified the vote. The acceptance of a resignation rests on its filing.
    """

    type_name: ClassVar[str] = "DesignationEnded/1"
    kind: ClassVar[str] = "designation"
    may_sign: ClassVar[tuple[Grant, ...]] = (*_PAPER, SECRETARY)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("explanation", required=False),)
    ended_at: Instant
    cause: Literal["resigned", "substituted", "removed", "deceased", "extinct", "not-ratified"]
    evidence: StreamName | None = None


class LeaveGranted(OfDesignation):
    """He does not hold the seat while on leave; his suplente may."""

    type_name: ClassVar[str] = "LeaveGranted/1"
    kind: ClassVar[str] = "designation"
    may_sign: ClassVar[tuple[Grant, ...]] = _PAPER
    begins_at: Instant


class LeaveEnded(OfDesignation):
    """He holds the seat again from the instant on."""

    type_name: ClassVar[str] = "LeaveEnded/1"
    kind: ClassVar[str] = "designation"
    may_sign: ClassVar[tuple[Grant, ...]] = _PAPER
    ends_at: Instant
