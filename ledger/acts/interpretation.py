"""Queries on meaning, content, scope and validity of agreements, and their answers (domain.md §1 B8; S4 7.1.1.2(13)).

An interpretation stands beside the agreement and never changes a word of it; one that no longer holds is superseded
by a later one of the same agreement, and both stay readable.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from ledger.acts.agreement import OfAgreement
from ledger.acts.base import CHAIR, REGISTRAR, SECRETARY, Grant, Number, SealedField
from ledger.ids import stream_name


class OfInterpretation(OfAgreement):
    """An act of the n-th query on an agreement."""

    interpretation: Number

    def stream(self) -> str:
        """One stream a query, numbered by agreement."""
        return stream_name("interpretation", self.body, self.year, self.number, self.interpretation)


class InterpretationRequested(OfInterpretation):
    """Somebody asks what the agreement means; who, by name, is sealed.

    resolution: the resolutivo that is asked about; absent where it is the agreement as a whole.
    """

    type_name: ClassVar[str] = "InterpretationRequested/1"
    kind: ClassVar[str] = "interpretation"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, REGISTRAR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("question"),
        SealedField("petitioner", required=False),
    )
    petitioner_kind: Literal["unit", "body", "oversight", "organisation", "court", "citizen"]
    about: Literal["meaning", "content", "scope", "validity"]
    resolution: Number | None = None


class InterpretationDrafted(OfInterpretation):
    """A project of answer (S4 7.1.1.2.1(16)); a new one may take its place until it is issued."""

    type_name: ClassVar[str] = "InterpretationDrafted/1"
    kind: ClassVar[str] = "interpretation"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, REGISTRAR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("draft"),)


class InterpretationIssued(OfInterpretation):
    """The answer, validated by somebody other than its drafter; the agreement as it stands is in `basis`."""

    type_name: ClassVar[str] = "InterpretationIssued/1"
    kind: ClassVar[str] = "interpretation"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    basis_kinds: ClassVar[tuple[str, ...]] = ("agreement",)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("answer"),)


class InterpretationSuperseded(OfInterpretation):
    """A later interpretation of the same agreement takes the place of this one.

    by: its number.
    """

    type_name: ClassVar[str] = "InterpretationSuperseded/1"
    kind: ClassVar[str] = "interpretation"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    by: Number
