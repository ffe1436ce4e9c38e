"""How an acta becomes the body's own: circulated, observed, approved; annexes and fe de erratas (domain.md §3.7)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    SEAT,
    SECRETARY,
    Attachment,
    Count,
    Grant,
    Instant,
    Number,
    Part,
    SealedField,
    Sha256,
    Slug,
    StreamName,
    Whose,
)
from ledger.acts.session import OfSession, Title
from ledger.acts.vote import Result
from ledger.ids import stream_name

MAX_CORRECTIONS = 30
MAX_RESTATED = 300
ObservationOutcome = Literal["accepted", "rejected", "withdrawn"]


class OfCirculation(OfSession):
    """An act of the circulation of a session's acta."""

    def stream(self) -> str:
        """One stream an acta: its rounds, its observations and its approval stand in one order."""
        return stream_name("circulation", self.session_path)


class ActaCirculated(OfCirculation):
    """The draft goes to those who may observe it until an instant; a new draft needs a new round.

    to: the seats addressed.
    """

    type_name: ClassVar[str] = "ActaCirculated/1"
    kind: ClassVar[str] = "circulation"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    basis_kinds: ClassVar[tuple[str, ...]] = ("acta",)
    round: Number
    draft: Number
    root: Sha256
    to: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=600)]
    due_at: Instant


class ActaObservationFiled(OfCirculation):
    """A member observes the draft, in his own voice or as the secretary attests; what he says is sealed.

    root: of the draft that he read.
    block: the block that it is about; absent where about the whole.
    """

    type_name: ClassVar[str] = "ActaObservationFiled/1"
    kind: ClassVar[str] = "circulation"
    may_sign: ClassVar[tuple[Grant, ...]] = (SEAT, SECRETARY)
    voice: ClassVar[Whose] = "seat"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("text"),)
    observation: Number
    seat: Slug
    root: Sha256
    block: Number | None = None


class ActaObservationResolved(OfCirculation):
    """What became of an observation; one that was accepted obliges to a new draft."""

    type_name: ClassVar[str] = "ActaObservationResolved/1"
    kind: ClassVar[str] = "circulation"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("answer", required=False),)
    observation: Number
    outcome: ObservationOutcome


class ActaApproved(OfCirculation):
    """The acta as it stands is approved: by a vote of a later session, or by the signatures of all addressed (L7).

    vote: the vote's stream, which must stand in `basis`; absent where approved by signature.
    """

    type_name: ClassVar[str] = "ActaApproved/1"
    kind: ClassVar[str] = "circulation"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    basis_kinds: ClassVar[tuple[str, ...]] = ("acta",)
    draft: Number
    root: Sha256
    vote: StreamName | None = None


class AppendixAttached(OfSession):
    """A document is attached to a session's acta, with its number of sheets; after the sealing none is.

    agreement: number of the session's agreement that it supports; absent where it is of the acta as a whole.
    """

    type_name: ClassVar[str] = "AppendixAttached/1"
    kind: ClassVar[str] = "appendix"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("document", Attachment),
        SealedField("title", Title, required=False),
    )
    appendix: Number
    sheets: Count
    agreement: Number | None = None

    def stream(self) -> str:
        """One stream an appendix, numbered by acta."""
        return stream_name("appendix", self.session_path, self.appendix)


class Correction(Part):
    """A block to be read otherwise; results, counts, attendance and numbers are nothing that can be corrected so."""

    block: Number
    about: Literal["wording", "name", "unit", "date", "amount", "reference"]


class RestatedResult(Part):
    """What a vote of the session resulted in, as it still reads after the correction."""

    vote: Number
    favor: Count
    contra: Count
    abstencion: Count
    result: Result


class ActaErrataIssued(OfSession):
    """A fe de erratas of a sealed acta, approved by a vote of a later session (L2); the acta itself stays as sealed.

    approved_by: the vote's stream; it and the acta must stand in `basis`.
    results: every vote of the session with the result that it keeps: an errata cannot change an outcome.
    """

    type_name: ClassVar[str] = "ActaErrataIssued/1"
    kind: ClassVar[str] = "errata"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("says/*"),
        SealedField("reads/*"),
        SealedField("reason", required=False),
    )
    basis_kinds: ClassVar[tuple[str, ...]] = ("acta", "vote")
    errata: Number
    corrections: Annotated[tuple[Correction, ...], Field(min_length=1, max_length=MAX_CORRECTIONS)]
    approved_by: StreamName
    results: Annotated[tuple[RestatedResult, ...], Field(max_length=MAX_RESTATED)] = ()

    def stream(self) -> str:
        """One stream a fe de erratas, numbered by acta."""
        return stream_name("errata", self.session_path, self.errata)

    def sealed_required(self) -> tuple[str, ...]:
        """Of each block what it says and what it is to read."""
        return tuple(f"{name}/{each.block}" for each in self.corrections for name in ("says", "reads"))
