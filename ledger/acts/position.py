"""What members say beside a vote, one stream a member: objections, votos particulares, conflicts (domain.md §3.5)."""

from __future__ import annotations

from typing import ClassVar, Literal

from ledger.acts.base import REGISTRAR, SEAT, SECRETARY, Attachment, Day, Grant, SealedField, Slug, Whose
from ledger.acts.vote import OfVote
from ledger.ids import stream_name

DissentForm = Literal["particular", "concurring", "reasoned"]


class _OfObjection(OfVote):
    kind: ClassVar[str] = "objection"
    may_sign: ClassVar[tuple[Grant, ...]] = (SEAT, SECRETARY)
    voice: ClassVar[Whose] = "seat"
    basis_kinds: ClassVar[tuple[str, ...]] = ("vote",)
    seat: Slug

    def stream(self) -> str:
        """One stream a member and vote."""
        return stream_name("objection", self.vote_path, self.seat)


class ObjectionRaised(_OfObjection):
    """A member objects, so that there is no consensus while he does."""

    type_name: ClassVar[str] = "ObjectionRaised/1"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("grounds"),)


class ObjectionWithdrawn(_OfObjection):
    """He no longer objects, for instance because the text was changed."""

    type_name: ClassVar[str] = "ObjectionWithdrawn/1"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("explanation", required=False),)


class DissentFiled(OfVote):
    """What a member who voted wants to stand beside the result, which it does not change (V6).

    form: `particular`, a voto particular of who did not vote in favour; `concurring`, of who did, with
        reservations; `reasoned`, the reasons of a vote, whatever it was.
    """

    type_name: ClassVar[str] = "DissentFiled/1"
    kind: ClassVar[str] = "dissent"
    may_sign: ClassVar[tuple[Grant, ...]] = (SEAT, SECRETARY)
    voice: ClassVar[Whose] = "seat"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("text"),
        SealedField("document", Attachment, required=False),
    )
    basis_kinds: ClassVar[tuple[str, ...]] = ("vote",)
    seat: Slug
    form: DissentForm

    def stream(self) -> str:
        """One stream a member and vote."""
        return stream_name("dissent", self.vote_path, self.seat)


class ConflictReported(OfVote):
    """A conflict of interest that came to light after the vote: the vote stands, and who voted answers (LFPA 23)."""

    type_name: ClassVar[str] = "ConflictReported/1"
    kind: ClassVar[str] = "conflict"
    may_sign: ClassVar[tuple[Grant, ...]] = (SEAT, SECRETARY, REGISTRAR)
    voice: ClassVar[Whose] = "seat"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("grounds"),)
    basis_kinds: ClassVar[tuple[str, ...]] = ("vote",)
    seat: Slug
    discovered_on: Day

    def stream(self) -> str:
        """One stream a member and vote."""
        return stream_name("conflict", self.vote_path, self.seat)
