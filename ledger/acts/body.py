"""Bodies, their versioned rules and their seats (domain.md §2, §3.1)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    FOUNDER,
    REGISTRAR,
    Act,
    Code,
    Day,
    Flag,
    Grant,
    Part,
    SealedField,
    Sha256,
    Slug,
    StreamName,
    Text,
)
from ledger.acts.rules import (
    ConvenerRule,
    Fraction,
    MajorityRule,
    Method,
    NumberingRule,
    QuorumRule,
    Role,
    Rules,
    SectorRule,
    SessionKind,
    VetoRule,
    Window,
)
from ledger.ids import stream_name

__all__ = [
    "BodyExtinguished",
    "BodyRegistered",
    "BodyRenamed",
    "BodyResumed",
    "BodyRulesAdopted",
    "BodySuspended",
    "ConvenerRule",
    "Fraction",
    "MajorityRule",
    "Method",
    "NumberingRule",
    "QuorumRule",
    "Role",
    "Rules",
    "Seat",
    "SeatsDefined",
    "SeatsSuppressed",
    "SectorRule",
    "SessionKind",
    "VetoRule",
    "Window",
]

MAX_POWERS = 40


class OfBody(Act):
    """An act on a body itself: all of them are one stream a body."""

    kind: ClassVar[str] = "body"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER, REGISTRAR)
    body: Slug

    def stream(self) -> str:
        """One stream a body."""
        return stream_name("body", self.body)


class BodyRegistered(OfBody):
    """A body that exists on paper enters the ledger; its name is sealed and opened by publication.

    agreement: the parent's agreement that creates it, which stands in `basis`; needed where the parent's rules say how
        its committees are created (LFEP 56), unless founding officers register what exists on paper.
    proposers: the parent's seats on whose proposal it was created.
    powers: the norms whose powers are delegated to it; none that the parent's rules reserve (LFEP 58).
    """

    type_name: ClassVar[str] = "BodyRegistered/1"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("name", Annotated[str, Field(min_length=1, max_length=300)]),
        SealedField("source", Text, required=False),
    )
    body_kind: Literal[
        "assembly",
        "council",
        "board",
        "committee",
        "commission",
        "cabinet",
        "consultative",
        "parliament",
        "other",
    ]
    parent: Slug | None = None
    agreement: StreamName | None = None
    proposers: Annotated[tuple[Slug, ...], Field(max_length=600)] = ()
    powers: Annotated[tuple[Code, ...], Field(max_length=MAX_POWERS)] = ()


class BodyRulesAdopted(OfBody):
    """A version of the body's rules, in force from a day on; past sessions keep theirs (B1)."""

    type_name: ClassVar[str] = "BodyRulesAdopted/1"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("source", Text, required=False),)
    profile: Code
    rules: Rules
    valid_from: Day


class Seat(Part):
    """A place in the body, held by a propietario or his suplente."""

    seat: Slug
    sector: Slug
    role: Role
    voting: Flag


class SeatsDefined(OfBody):
    """New seats from a day on; a seat id is never used again (B2)."""

    type_name: ClassVar[str] = "SeatsDefined/1"
    seats: Annotated[tuple[Seat, ...], Field(min_length=1, max_length=600)]
    valid_from: Day
    source_sha256: Sha256 | None = None


class SeatsSuppressed(OfBody):
    """Seats cease to exist from a day on (the Executive may halve the State's, LSS 263)."""

    type_name: ClassVar[str] = "SeatsSuppressed/1"
    seats: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=600)]
    valid_to: Day


class BodyExtinguished(OfBody):
    """The body ceases; it accepts no session from that day on and its acts stay verifiable (B3)."""

    type_name: ClassVar[str] = "BodyExtinguished/1"
    extinct_on: Day


class BodyRenamed(OfBody):
    """The body has another name from a day on; its id, and every identifier that names it, stays (B5)."""

    type_name: ClassVar[str] = "BodyRenamed/1"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("name", Annotated[str, Field(min_length=1, max_length=300)]),
        SealedField("source", Text, required=False),
    )
    effective_on: Day


class BodySuspended(OfBody):
    """The body does not act from a day on, until it is resumed; what it did before stays as it is (domain.md §3.1)."""

    type_name: ClassVar[str] = "BodySuspended/1"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("source", Text, required=False),)
    suspended_on: Day


class BodyResumed(OfBody):
    """A suspended body acts again from a day on."""

    type_name: ClassVar[str] = "BodyResumed/1"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("source", Text, required=False),)
    resumed_on: Day
