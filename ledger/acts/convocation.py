"""The proof of a convocation: who received it when, what was put right in it, what was waived (LFEP 9; RLFEP 18.II).

domain.md §3.3: notice is measured from the receipt by each member; a breach is never hidden (S3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    CHAIR,
    SEAT,
    SECRETARY,
    Attachment,
    Grant,
    Instant,
    Number,
    Part,
    SealedField,
    Sha256,
    Slug,
    Whose,
)
from ledger.acts.session import MAX_ITEMS, AgendaEntry, OfSession, Title
from ledger.ids import stream_name

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_ADDRESSEES = 600
Channel = Literal["in-person", "courier", "e-mail", "portal", "publication"]
Defect = Literal["notice", "documents", "other"]


class ConvocationRectified(OfSession):
    """A convocation is put right before the session; the earlier one stays on record and notice begins anew.

    rectifies: SHA-256 of the statement of the convocation, or of its last rectification, that it replaces.
    items: the whole orden del día; none of those convened is left out, for what is not dealt with is withdrawn.
    """

    type_name: ClassVar[str] = "ConvocationRectified/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("reason"),
        SealedField("venue", required=False),
        SealedField("item/*/title", Title),
        SealedField("item/*/annex", Attachment, required=False),
    )
    rectifies: Sha256
    begins_at: Instant
    modality: Literal["presencial", "remota", "mixta"]
    items: Annotated[tuple[AgendaEntry, ...], Field(min_length=1, max_length=MAX_ITEMS)]

    def sealed_required(self) -> Iterable[str]:
        """Every listed item has a title, and the rectification its reason."""
        return ("reason", *(f"item/{entry.item}/title" for entry in self.items))


class OfDelivery(OfSession):
    """An act of the proof of a session's convocation.

    convocation: SHA-256 of the statement of the convocation, or of its last rectification, that it is about.
    """

    convocation: Sha256

    def stream(self) -> str:
        """One stream a session: the opening reads all of its proof at once."""
        return stream_name("delivery", self.session_path)


class Receipt(Part):
    """A seat's holder received something, by the numbered designation, at an instant, in some way."""

    seat: Slug
    designation: Number
    received_at: Instant
    channel: Channel


class ConvocationDelivered(OfDelivery):
    """The secretary attests receipts of a convocation; what proves them (a stamp, a log of deliveries) is sealed.

    carpeta: manifest of the folder that was received with it; absent where none was.
    """

    type_name: ClassVar[str] = "ConvocationDelivered/1"
    kind: ClassVar[str] = "delivery"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    voice: ClassVar[Whose] = "attested"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("proof", Attachment, required=False),)
    basis_kinds: ClassVar[tuple[str, ...]] = ("session",)
    receipts: Annotated[tuple[Receipt, ...], Field(min_length=1, max_length=MAX_ADDRESSEES)]
    carpeta: Sha256 | None = None


class ConvocationAcknowledged(OfDelivery):
    """A member says in his own voice that he received it, and when."""

    type_name: ClassVar[str] = "ConvocationAcknowledged/1"
    kind: ClassVar[str] = "delivery"
    may_sign: ClassVar[tuple[Grant, ...]] = (SEAT,)
    voice: ClassVar[Whose] = "own"
    basis_kinds: ClassVar[tuple[str, ...]] = ("session",)
    seat: Slug
    received_at: Instant


class DefectAcknowledged(OfDelivery):
    """All voting members present know of a defect of the convocation and waive it, before the session opens (S3).

    waived_by: their seats, each that is present and no other.
    """

    type_name: ClassVar[str] = "DefectAcknowledged/1"
    kind: ClassVar[str] = "delivery"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    voice: ClassVar[Whose] = "attested"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("legal_basis", required=False),)
    basis_kinds: ClassVar[tuple[str, ...]] = ("session",)
    defect: Defect
    waived_by: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=MAX_ADDRESSEES)]
