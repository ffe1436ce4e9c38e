"""A veto of an agreement, from its exercise to the vote of the superior body (domain.md §3.10).

Two powers, one case: the president of a Consejo Consultivo or a Junta de Gobierno de UMAE against an agreement in
breach of norms, decided by the H. Consejo Técnico (RIIMSS 68.IV–V; S4 7.1(12)); the Director General against a
resolution of the Consejo Técnico, decided by the Asamblea General (LSS 269). The agreement is suspended from the
exercise on; that nobody decided in time is never recorded and never lifts the suspension (Y4).
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.agreement import OfAgreement
from ledger.acts.base import (
    CHAIR,
    Attachment,
    Code,
    Count,
    Day,
    Flag,
    Grant,
    Number,
    SealedField,
    Slug,
    StreamName,
)
from ledger.ids import stream_name

RESOLVER = Grant("role", frozenset({"secretary", "prosecretary"}), anywhere=True)
"""The secretary of the body that resolves; which body that is the rules of the vetoed one say."""
Sense = Literal["confirm", "overturn", "modify"]
VetoOutcome = Literal["confirmed", "overturned", "modified"]


class OfVeto(OfAgreement):
    """An act of the veto of the n-th agreement of a body in a year."""

    def stream(self) -> str:
        """One stream a vetoed agreement: a resolution is definitive, so there is no second veto of it."""
        return stream_name("veto", self.body, self.year, self.number)


class VetoExercised(OfVeto):
    """The president vetoes an agreement of the body that he presides over; from now on it is suspended (Y1, Y2).

    power, resolver: by which power, and who decides, as the body's rules have them.
    norms: what the agreement is in breach of, as cited, e.g. `LSS 264-XIV`; how it is, is sealed.
    The agreement stands in `basis`.
    """

    type_name: ClassVar[str] = "VetoExercised/1"
    kind: ClassVar[str] = "veto"
    may_sign: ClassVar[tuple[Grant, ...]] = (CHAIR,)
    basis_kinds: ClassVar[tuple[str, ...]] = ("agreement",)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("grounds"),
        SealedField("document", Attachment, required=False),
    )
    power: Literal["president", "director-general"]
    resolver: Slug
    norms: Annotated[tuple[Code, ...], Field(min_length=1, max_length=20)]


class VetoAdmissionDecided(OfVeto):
    """The veto is admitted, or it is inadmissible and the agreement may be reinstated (S4 7.1.1.1.2(4)).

    due_on: by when the resolver is to decide, where there is a term.
    """

    type_name: ClassVar[str] = "VetoAdmissionDecided/1"
    kind: ClassVar[str] = "veto"
    may_sign: ClassVar[tuple[Grant, ...]] = (RESOLVER,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason", required=False),)
    outcome: Literal["admitted", "inadmissible"]
    due_on: Day | None = None


class VetoCaseIntegrated(OfVeto):
    """The file is complete, *en estado de resolución*: what was gathered, and its sheets."""

    type_name: ClassVar[str] = "VetoCaseIntegrated/1"
    kind: ClassVar[str] = "veto"
    may_sign: ClassVar[tuple[Grant, ...]] = (RESOLVER,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("evidence/*", Attachment, required=False),)
    sheets: Count


class VetoResolutionDrafted(OfVeto):
    """A project of resolution and its sense; another one may take its place until the vote."""

    type_name: ClassVar[str] = "VetoResolutionDrafted/1"
    kind: ClassVar[str] = "veto"
    may_sign: ClassVar[tuple[Grant, ...]] = (RESOLVER,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("draft", Attachment),)
    sense: Sense


class VetoSubmitted(OfVeto):
    """Somebody other than the drafter submits the project to a session of the resolver, as an item of kind "case".

    session: its stream.
    """

    type_name: ClassVar[str] = "VetoSubmitted/1"
    kind: ClassVar[str] = "veto"
    may_sign: ClassVar[tuple[Grant, ...]] = (RESOLVER,)
    session: StreamName
    item: Number


class VetoResolved(OfVeto):
    """The resolver voted the project: CONFIRMED annuls the agreement, OVERTURNED and MODIFIED reinstate it (Y3).

    vote: its vote on the item submitted, in `basis`.
    by: of a modification, the resolver's agreement that modified the vetoed one.
    vetoer_sat: whether who vetoed sat in that session; said openly, for he may preside over it (LSS 268.I).
    """

    type_name: ClassVar[str] = "VetoResolved/1"
    kind: ClassVar[str] = "veto"
    may_sign: ClassVar[tuple[Grant, ...]] = (RESOLVER,)
    basis_kinds: ClassVar[tuple[str, ...]] = ("vote",)
    vote: StreamName
    outcome: VetoOutcome
    by: StreamName | None = None
    vetoer_sat: Flag
