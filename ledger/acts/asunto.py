"""What is brought before a body: asuntos taken in and listed, and the dictámenes of committees on them.

Sources: Manual de Organización de la Secretaría General (S4) 5.3, 7.1(2), 7.1.1.2.1(2): asuntos come "en tiempo y
forma" from the Direcciones Normativas, by oficio, with their grounds; S4 7.1(3): committees give a dictamen before the
council votes. domain.md §1 A4, A12; §3.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import SECRETARY, Act, Attachment, Code, Day, Grant, Number, SealedField, Slug, StreamName, Year
from ledger.acts.followup import LIAISON
from ledger.acts.session import ItemKind, Title
from ledger.ids import stream_name

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_GROUNDS = 40
MAX_DICTAMENS = 10
Missing = Literal["oficio", "grounds", "dictamen", "annex", "draft", "signature", "competence", "time"]
Sense = Literal["favourable", "unfavourable", "conditioned"]


class OfAsunto(Act):
    """An act on the n-th asunto that was brought before a body in a year."""

    body: Slug
    year: Year
    number: Number

    def stream(self) -> str:
        """One stream an asunto."""
        return stream_name("asunto", self.body, self.year, self.number)


class AsuntoSubmitted(OfAsunto):
    """A unit brings an asunto, by oficio; what was returned is brought again in a further round.

    unit: the unit through which it comes.
    oficio, oficio_on: number and day of the oficio with its planteamiento.
    grounds: the norms on which it rests (fundamento), as cited, e.g. `LSS 264 XVII`.
    dictamen_of: the committee whose dictamen it needs before it is listed; absent where it needs none.
    """

    type_name: ClassVar[str] = "AsuntoSubmitted/1"
    kind: ClassVar[str] = "asunto"
    may_sign: ClassVar[tuple[Grant, ...]] = (LIAISON, SECRETARY)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("title", Title),
        SealedField("planteamiento", required=False),
        SealedField("document", Attachment, required=False),
    )
    round: Number
    unit: Slug
    item_kind: ItemKind
    oficio: Code
    oficio_on: Day
    grounds: Annotated[tuple[Code, ...], Field(max_length=MAX_GROUNDS)] = ()
    dictamen_of: Slug | None = None


class AsuntoReviewed(OfAsunto):
    """The secretariat accepts it, or returns it and says what is missing."""

    type_name: ClassVar[str] = "AsuntoReviewed/1"
    kind: ClassVar[str] = "asunto"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason", required=False),)
    outcome: Literal["accepted", "returned"]
    missing: Annotated[tuple[Missing, ...], Field(max_length=8)] = ()

    def sealed_required(self) -> Iterable[str]:
        """What is returned is returned for a reason."""
        return ("reason",) if self.outcome == "returned" else ()


class AsuntoListed(OfAsunto):
    """It stands on the orden del día of a session, with the dictámenes on it, each in `basis`.

    session: stream of the session.
    """

    type_name: ClassVar[str] = "AsuntoListed/1"
    kind: ClassVar[str] = "asunto"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    basis_kinds: ClassVar[tuple[str, ...]] = ("session",)
    session: StreamName
    item: Number
    dictamens: Annotated[tuple[StreamName, ...], Field(max_length=MAX_DICTAMENS)] = ()


class AsuntoWithdrawn(OfAsunto):
    """Who brought it takes it back, before a body resolved on it."""

    type_name: ClassVar[str] = "AsuntoWithdrawn/1"
    kind: ClassVar[str] = "asunto"
    may_sign: ClassVar[tuple[Grant, ...]] = (LIAISON, SECRETARY)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)


class DictamenIssued(Act):
    """A committee gives its dictamen on an asunto, by a vote of a meeting of its own.

    body, year, number: of the committee.
    vote: stream of the vote that approved the dictamen, in `basis`; it names the meeting.
    asunto: stream of the asunto that it is about.
    """

    type_name: ClassVar[str] = "DictamenIssued/1"
    kind: ClassVar[str] = "dictamen"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("document", Attachment),
        SealedField("conditions", required=False),
    )
    basis_kinds: ClassVar[tuple[str, ...]] = ("vote",)
    body: Slug
    year: Year
    number: Number
    vote: StreamName
    asunto: StreamName
    sense: Sense

    def stream(self) -> str:
        """One stream a dictamen, numbered by committee and year."""
        return stream_name("dictamen", self.body, self.year, self.number)

    def sealed_required(self) -> Iterable[str]:
        """A conditioned dictamen says its conditions."""
        return ("document", "conditions") if self.sense == "conditioned" else ("document",)
