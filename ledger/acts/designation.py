"""Who holds a seat, as propietario or suplente, from when to when (domain.md §3.8)."""

from __future__ import annotations

from typing import ClassVar, Literal

from ledger.acts.base import FOUNDER, REGISTRAR, Act, Flag, Grant, Instant, Number, SealedField, Sha256, Slug, Whose
from ledger.ids import stream_name

_PAPER: tuple[Grant, ...] = (FOUNDER, REGISTRAR)


class _OfDesignation(Act):
    body: Slug
    seat: Slug
    number: Number

    def stream(self) -> str:
        """One stream a designation: the n-th to a seat."""
        return stream_name("designation", self.body, self.seat, self.number)


class _Made(_OfDesignation):
    person: Slug
    capacity: Literal["propietario", "suplente"]
    begins_at: Instant
    ends_at: Instant | None = None
    instrument_sha256: Sha256 | None = None


class DesignationRegistered(_Made):
    """What exists on paper: from the index on it grants the authority of the seat's role."""

    type_name: ClassVar[str] = "DesignationRegistered/1"
    kind: ClassVar[str] = "designation"
    may_sign: ClassVar[tuple[Grant, ...]] = _PAPER
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("instrument", required=False),)


class DesignationImported(_Made):
    """A mandate out of another source: holds the seat for imported sessions, grants no authority.

    derived: the source's own dates contradict its rolls, and the rolls decided.
    """

    type_name: ClassVar[str] = "DesignationImported/1"
    kind: ClassVar[str] = "designation"
    may_sign: ClassVar[tuple[Grant, ...]] = _PAPER
    voice: ClassVar[Whose] = "imported"
    derived: Flag = False
    source_sha256: Sha256
    row: Number


class DesignationEnded(_OfDesignation):
    """The designation ends at an instant (half-open: he no longer holds the seat at it)."""

    type_name: ClassVar[str] = "DesignationEnded/1"
    kind: ClassVar[str] = "designation"
    may_sign: ClassVar[tuple[Grant, ...]] = _PAPER
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("explanation", required=False),)
    ended_at: Instant
    cause: Literal["resigned", "substituted", "removed", "deceased", "extinct"]


class LeaveGranted(_OfDesignation):
    """He does not hold the seat while on leave; his suplente may."""

    type_name: ClassVar[str] = "LeaveGranted/1"
    kind: ClassVar[str] = "designation"
    may_sign: ClassVar[tuple[Grant, ...]] = _PAPER
    begins_at: Instant


class LeaveEnded(_OfDesignation):
    """He holds the seat again from the instant on."""

    type_name: ClassVar[str] = "LeaveEnded/1"
    kind: ClassVar[str] = "designation"
    may_sign: ClassVar[tuple[Grant, ...]] = _PAPER
    ends_at: Instant
