"""Classification of sealed text that was not published yet (domain.md §3.17; LGTAIP 2025 arts. 102–107, 112–115).

Everything is public by principle. What is not is classified name by name (T2): the stream is that of the one entry
whose sealed names are meant, so that opening them finds the classification by itself. A proposal rests on one of three
triggers (T1), the Comité de Transparencia resolves it by vote, and no act ends it when its term does: that is computed.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    CHAIR,
    CUSTODIAN,
    SECRETARY,
    Act,
    Attachment,
    Code,
    Day,
    Flag,
    Grant,
    Index,
    Number,
    SealedField,
    Slug,
    StreamName,
)
from ledger.acts.followup import LIAISON
from ledger.acts.transparency import SealedName
from ledger.ids import stream_name

MAX_CLASSIFIED = 200
Names = Annotated[tuple[SealedName, ...], Field(min_length=1, max_length=MAX_CLASSIFIED)]
SomeNames = Annotated[tuple[SealedName, ...], Field(max_length=MAX_CLASSIFIED)]
Character = Literal["reserved", "confidential"]
Trigger = Literal["request", "authority-resolution", "public-version"]
Fraction112 = Literal[
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII"
]
Ground115 = Literal["personal-data", "secrecy", "delivered-as-confidential"]
Outcome = Literal["confirmed", "modified", "revoked"]
DeclassificationCause = Literal[
    "expired", "cause-ceased", "order", "committee", "human-rights-corruption", "decision-adopted"
]
HARM_TEST = ("harm/risk", "harm/balance", "harm/proportionality")
"""The three parts of the prueba de daño (LGTAIP art. 107)."""
_HARM = tuple(SealedField(name, required=False) for name in HARM_TEST)


class OfClassification(Act):
    """An act on the classification of what one entry has sealed.

    index: of the entry whose sealed names are meant.
    proposal: which of the entry's classifications, numbered without gaps.
    """

    index: Index
    proposal: Number

    def stream(self) -> str:
        """One stream an entry: what is classified of it stands in one order."""
        return stream_name("classification", self.index)


class ClassificationProposed(OfClassification):
    """The area's titular proposes to withhold named texts of one object, for a cause, from a day on (LGTAIP 102, 104).

    object: the stream of the object that the entry belongs to; names: its sealed names or blocks, never all of them.
    by: what triggers it: the access request, or the public version in preparation; it must stand in `basis`.
    resolution: the authority's resolution, where that is the trigger.
    unit: the area that proposes.
    fraction: cause of article 112, of what is reserved; ground: of what is confidential (115), which has no term.
    until_on: first day on which it is public again, at most five years after `from_on`.
    session, item: of cause VIII, the item whose decision ends it (T4).
    excluded: whether the matter concerns grave violations of human rights or corruption (114): then it is refused.
    """

    type_name: ClassVar[str] = "ClassificationProposed/1"
    kind: ClassVar[str] = "classification"
    may_sign: ClassVar[tuple[Grant, ...]] = (LIAISON, SECRETARY)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("description"),
        *_HARM,
        SealedField("support", Attachment, required=False),
    )
    object: StreamName
    names: Names
    character: Character
    trigger: Trigger
    by: StreamName | None = None
    resolution: Code | None = None
    unit: Slug
    fraction: Fraction112 | None = None
    ground: Ground115 | None = None
    from_on: Day
    until_on: Day | None = None
    session: StreamName | None = None
    item: Number | None = None
    excluded: Flag = False

    def sealed_required(self) -> tuple[str, ...]:
        """What it is in general terms; of a reservation the three parts of the harm test as well."""
        return ("description", *(HARM_TEST if self.character == "reserved" else ()))


class ClassificationResolved(OfClassification):
    """The Comité de Transparencia confirms, modifies or revokes a proposal by vote (LGTAIP 39.II, 106, 139).

    vote: of the Comité, declared approved; it must stand in `basis`.
    names, until_on: of a modification, what stays classified and until when; absent where as proposed.
    """

    type_name: ClassVar[str] = "ClassificationResolved/1"
    kind: ClassVar[str] = "classification"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reasons", required=False),)
    basis_kinds: ClassVar[tuple[str, ...]] = ("vote",)
    body: Slug
    vote: StreamName
    outcome: Outcome
    names: SomeNames = ()
    until_on: Day | None = None


class ReservationExtended(OfClassification):
    """The Comité extends a reservation once, by at most five years, because its causes subsist (LGTAIP 104)."""

    type_name: ClassVar[str] = "ReservationExtended/1"
    kind: ClassVar[str] = "classification"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = _HARM
    basis_kinds: ClassVar[tuple[str, ...]] = ("vote",)
    body: Slug
    vote: StreamName
    until_on: Day

    def sealed_required(self) -> tuple[str, ...]:
        """A harm test of its own."""
        return HARM_TEST


class Declassified(OfClassification):
    """What was classified is public again (LGTAIP 104, 105); publishing the text is another act.

    names: absent for all that is still classified by the proposal.
    body, vote: where the Comité decides it; the vote must stand in `basis`.
    resolution: of the authority that orders it.
    """

    type_name: ClassVar[str] = "Declassified/1"
    kind: ClassVar[str] = "classification"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CUSTODIAN, LIAISON)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason", required=False),)
    cause: DeclassificationCause
    names: SomeNames = ()
    body: Slug | None = None
    vote: StreamName | None = None
    resolution: Code | None = None

    def sealed_required(self) -> tuple[str, ...]:
        """That a cause has ceased is explained; the other causes speak for themselves."""
        return ("reason",) if self.cause == "cause-ceased" else ()
