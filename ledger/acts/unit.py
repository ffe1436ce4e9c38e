"""Administrative units over time: created, renamed, re-attached, suppressed, each by an act (domain.md §1 B11).

A unit keeps its id through every name (B5 of §3.1): 35 Delegaciones became OOAD in 2022 and their agreements still
resolve. Names are sealed and opened by publication, like those of bodies.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from ledger.acts.base import (
    FOUNDER,
    REGISTRAR,
    SECRETARY,
    Act,
    Code,
    Day,
    Grant,
    SealedField,
    Slug,
    StreamName,
    Text,
)
from ledger.ids import stream_name

_BY: tuple[Grant, ...] = (FOUNDER, REGISTRAR, SECRETARY)
_NAME = SealedField("name", Annotated[str, Field(min_length=1, max_length=300)])
_SOURCE = SealedField("source", Text, required=False)


class OfUnit(Act):
    """An act on a unit.

    effective_on: from which day on it holds; what happened in 1966 is recorded today.
    by: stream of the agreement that ordered it, in `basis`; absent where only paper says so (sealed `source`).
    """

    unit: Slug
    effective_on: Day
    by: StreamName | None = None

    def stream(self) -> str:
        """One stream a unit."""
        return stream_name("unit", self.unit)


class UnitCreated(OfUnit):
    """A unit comes to be, under another or under none."""

    type_name: ClassVar[str] = "UnitCreated/1"
    kind: ClassVar[str] = "unit"
    may_sign: ClassVar[tuple[Grant, ...]] = _BY
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (_NAME, _SOURCE)
    code: Code
    parent: Slug | None = None


class UnitRenamed(OfUnit):
    """The unit has another name, and another code where one is given."""

    type_name: ClassVar[str] = "UnitRenamed/1"
    kind: ClassVar[str] = "unit"
    may_sign: ClassVar[tuple[Grant, ...]] = _BY
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (_NAME, _SOURCE)
    code: Code | None = None


class UnitReassigned(OfUnit):
    """The unit is under another one."""

    type_name: ClassVar[str] = "UnitReassigned/1"
    kind: ClassVar[str] = "unit"
    may_sign: ClassVar[tuple[Grant, ...]] = _BY
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (_SOURCE,)
    parent: Slug | None = None


class UnitSuppressed(OfUnit):
    """The unit ceases; who takes over its functions may be named."""

    type_name: ClassVar[str] = "UnitSuppressed/1"
    kind: ClassVar[str] = "unit"
    may_sign: ClassVar[tuple[Grant, ...]] = _BY
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (_SOURCE,)
    successor: Slug | None = None
