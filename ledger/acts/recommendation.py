"""Recommendations of the Comisión de Vigilancia, followed across years (domain.md §3.12, G1; LSS 266; S4 7.1.1(4)).

Numbered `CV/<ordinal of the assembly's session>/<n>`. What was attended is the word of whoever is obliged until another
person verifies it; a recommendation that was held attended may be reopened, in a later year too.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from ledger.acts.agreement import Identifier
from ledger.acts.base import Act, Attachment, Code, Day, Grant, Number, SealedField, Slug, StreamName
from ledger.acts.followup import LIAISON, Percent
from ledger.ids import stream_name

SECRETARIAT = Grant("role", frozenset({"secretary", "prosecretary", "chair"}), anywhere=True)
"""Officers of the commission or of the assembly; the check says of which bodies."""


class OfRecommendation(Act):
    """An act of the n-th recommendation that a commission issued in a session of the assembly.

    body: the commission. ordinal: of the assembly's session.
    """

    body: Slug
    ordinal: Number
    number: Number

    def stream(self) -> str:
        """One stream a recommendation."""
        return stream_name("recommendation", self.body, self.ordinal, self.number)


class RecommendationIssued(OfRecommendation):
    """The commission issues it in a session of the assembly, which stands in `basis`.

    session: its stream. identifier: as printed, `CV/12/1`. unit: who is to attend it, by due_on where a day is set.
    """

    type_name: ClassVar[str] = "RecommendationIssued/1"
    kind: ClassVar[str] = "recommendation"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARIAT,)
    basis_kinds: ClassVar[tuple[str, ...]] = ("session",)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("text"),)
    session: StreamName
    identifier: Identifier
    unit: Slug
    due_on: Day | None = None


class RecommendationTransmitted(OfRecommendation):
    """An oficio takes it to the unit, which may be another than the one first addressed (S4 7.1.1.2(17))."""

    type_name: ClassVar[str] = "RecommendationTransmitted/1"
    kind: ClassVar[str] = "recommendation"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARIAT,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("letter", Attachment, required=False),)
    unit: Slug
    oficio: Code


class RecommendationReported(OfRecommendation):
    """What the unit says of it: progress, or that it is attended; it is not, until another person verifies it."""

    type_name: ClassVar[str] = "RecommendationReported/1"
    kind: ClassVar[str] = "recommendation"
    may_sign: ClassVar[tuple[Grant, ...]] = (LIAISON, SECRETARIAT)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("narrative", required=False),
        SealedField("evidence/*", Attachment, required=False),
    )
    unit: Slug
    claim: Literal["progress", "attended"]
    percent: Percent | None = None


class RecommendationReviewed(OfRecommendation):
    """Somebody who reported none of it verifies that it is attended, or reopens it, however long ago that was."""

    type_name: ClassVar[str] = "RecommendationReviewed/1"
    kind: ClassVar[str] = "recommendation"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARIAT,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason", required=False),)
    outcome: Literal["attended", "reopened"]
