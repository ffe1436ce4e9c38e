"""The acta: drafted in blocks from the session's acts, signed in turn, sealed (domain.md §3.7)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import SEAT, SECRETARY, Flag, Grant, Number, SealedField, Sha256, Slug, Whose
from ledger.acts.session import OfSession
from ledger.ids import stream_name

MAX_BLOCKS = 5000
BlockKind = Literal[
    "provenance",
    "heading",
    "opening",
    "attendance",
    "quorum",
    "movement",
    "item",
    "agenda",
    "recusal",
    "challenge",
    "intervention",
    "recess",
    "resumption",
    "vote",
    "marks",
    "dissent",
    "agreement",
    "outcome",
    "closing",
    "narrative",
]
"""What a block of an acta is."""


class OfActa(OfSession):
    """An act of a session's acta."""

    def stream(self) -> str:
        """One stream an acta."""
        return stream_name("acta", self.session_path)


class ActaDrafted(OfActa):
    """A draft: its blocks in reading order under one RFC 9162 root over their disclosures (format.md §3).

    imported: of an imported session; then it is proved since the import, not at origin, and says so itself.
    instrument: a minuta is the lighter record of commissions and working groups; it tells of no agreements.
    """

    type_name: ClassVar[str] = "ActaDrafted/1"
    kind: ClassVar[str] = "acta"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = ()
    basis_kinds: ClassVar[tuple[str, ...]] = ("session",)
    draft: Number
    blocks: Annotated[int, Field(strict=True, ge=1, le=MAX_BLOCKS)]
    root: Sha256
    imported: Flag = False
    instrument: Literal["acta", "minuta"] = "acta"


class ActaSealed(OfActa):
    """No block changes any more; refused until all required signatures are there."""

    type_name: ClassVar[str] = "ActaSealed/1"
    kind: ClassVar[str] = "acta"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    root: Sha256
    signatures: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=600)]
    refusals: Annotated[tuple[Slug, ...], Field(max_length=600)] = ()


class _OfSignature(OfSession):
    seat: Slug

    def stream(self) -> str:
        """One stream an acta and seat."""
        return stream_name("signature", self.session_path, self.seat)


class ActaSigned(_OfSignature):
    """A signatory signs the acta as it stands: its last statement is in `basis`."""

    type_name: ClassVar[str] = "ActaSigned/1"
    kind: ClassVar[str] = "signature"
    may_sign: ClassVar[tuple[Grant, ...]] = (SEAT,)
    voice: ClassVar[Whose] = "own"
    basis_kinds: ClassVar[tuple[str, ...]] = ("acta",)
    root: Sha256


class ActaSignatureRefused(_OfSignature):
    """A signatory refuses, in his own voice; the reason is sealed."""

    type_name: ClassVar[str] = "ActaSignatureRefused/1"
    kind: ClassVar[str] = "signature"
    may_sign: ClassVar[tuple[Grant, ...]] = (SEAT,)
    voice: ClassVar[Whose] = "own"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason", required=False),)
    basis_kinds: ClassVar[tuple[str, ...]] = ("acta",)
    root: Sha256


class ActaSignatureRefusalAttested(_OfSignature):
    """The secretary attests that a signatory refuses or cannot sign."""

    type_name: ClassVar[str] = "ActaSignatureRefusalAttested/1"
    kind: ClassVar[str] = "signature"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    voice: ClassVar[Whose] = "attested"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)
    basis_kinds: ClassVar[tuple[str, ...]] = ("acta",)
    root: Sha256
