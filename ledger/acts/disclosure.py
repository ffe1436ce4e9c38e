"""Public versions, the index of what is reserved, handing out sealed text (domain.md §3.17, §6.3; LGTAIP 105, 120)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.acta import MAX_BLOCKS, BlockKind
from ledger.acts.base import (
    CHAIR,
    CUSTODIAN,
    SECRETARY,
    Act,
    Count,
    Day,
    Grant,
    Index,
    Number,
    Part,
    SealedField,
    Sha256,
    Slug,
    StreamName,
    Year,
)
from ledger.acts.classification import Character, Fraction112, Ground115
from ledger.acts.transparency import SealedName
from ledger.ids import stream_name

MAX_REDACTIONS = 200
MAX_DESCRIPTIONS = 60
_BY_BODY: tuple[Grant, ...] = (SECRETARY, CHAIR)


class OfVersion(Act):
    """An act of the n-th public version of what one entry has sealed."""

    index: Index
    version: Number

    def stream(self) -> str:
        """One stream a public version."""
        return stream_name("version", self.index, self.version)


class Redaction(Part):
    """A name that stays closed, and why.

    description: number of the sealed text that says in general terms what was taken out (LGTAIP 121).
    block_kind: of an acta's block, what it is.
    """

    name: SealedName
    character: Character
    fraction: Fraction112 | None = None
    ground: Ground115 | None = None
    description: Annotated[int, Field(strict=True, ge=1, le=MAX_DESCRIPTIONS)]
    block_kind: BlockKind | None = None


class PublicVersionGenerated(OfVersion):
    """What of an acta or agreement is to be open, and what is taken out with its ground (LGTAIP 120–122).

    index: of the entry with the text: the acta's sealed draft, or the agreement's adoption.
    object: its stream, as it stands in `basis`.
    root, blocks: of an acta, as sealed: every open block is a leaf under that root.
    open: of an agreement, the sealed names that are open; of an acta all blocks that are not taken out are.
    """

    type_name: ClassVar[str] = "PublicVersionGenerated/1"
    kind: ClassVar[str] = "version"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CUSTODIAN)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("description/*", required=False),)
    object: StreamName
    root: Sha256 | None = None
    blocks: Annotated[int, Field(strict=True, ge=1, le=MAX_BLOCKS)] | None = None
    open: Annotated[tuple[SealedName, ...], Field(max_length=64)] = ()
    redactions: Annotated[tuple[Redaction, ...], Field(max_length=MAX_REDACTIONS)] = ()

    def sealed_required(self) -> tuple[str, ...]:
        """Every description that a redaction names."""
        return tuple(f"description/{n}" for n in sorted({each.description for each in self.redactions}))


class PublicVersionApproved(OfVersion):
    """The version holds, and takes the place of an earlier one; where something is taken out, by the Comité's vote.

    body, vote: of the Comité de Transparencia; the vote must stand in `basis`.
    """

    type_name: ClassVar[str] = "PublicVersionApproved/1"
    kind: ClassVar[str] = "version"
    may_sign: ClassVar[tuple[Grant, ...]] = _BY_BODY
    body: Slug | None = None
    vote: StreamName | None = None


class ReservedIndexPublished(Act):
    """The semester's index of what is reserved (LGTAIP 105): computed from the registry, published by its hash.

    on: the day as of which it is computed; size: over the first so many entries of the ledger.
    sha256: of the index's canonical JSON, which anybody computes again; rows: how many reservations it lists.
    """

    type_name: ClassVar[str] = "ReservedIndexPublished/1"
    kind: ClassVar[str] = "reservedindex"
    may_sign: ClassVar[tuple[Grant, ...]] = _BY_BODY
    body: Slug
    year: Year
    half: Literal[1, 2]
    on: Day
    size: Index
    sha256: Sha256
    rows: Count

    def stream(self) -> str:
        """One stream a body, year and half."""
        return stream_name("reservedindex", self.body, self.year, self.half)


class TransparencyFormatExported(Act):
    """A quarter's official format of an obligation, filled from the registries and handed in (LGTAIP 58, 65 XLIV).

    form: which; edition: of the template that says its columns; number: the quarter's first filing, then corrections.
    on: the day of update that it states; size: over the first so many entries of the ledger.
    sha256: of its canonical JSON, which anybody computes again; rows: how many it has.
    """

    type_name: ClassVar[str] = "TransparencyFormatExported/1"
    kind: ClassVar[str] = "sipot"
    may_sign: ClassVar[tuple[Grant, ...]] = _BY_BODY
    body: Slug
    year: Year
    quarter: Literal[1, 2, 3, 4]
    form: Slug
    number: Number
    edition: Slug
    on: Day
    size: Index
    sha256: Sha256
    rows: Count

    def stream(self) -> str:
        """One stream a body, quarter, form and filing."""
        return stream_name("sipot", self.body, self.year, self.quarter, self.form, self.number)


class ReservedDataConsulted(Act):
    """The custodian hands sealed text to one reader for one purpose (format.md §8); without it the vault stays closed.

    names: what is handed out of the entry at `index`; whose hands it goes to, and what for, is sealed.
    reader_id: the person's id, where he is one that the ledger knows.
    """

    type_name: ClassVar[str] = "ReservedDataConsulted/1"
    kind: ClassVar[str] = "consultation"
    may_sign: ClassVar[tuple[Grant, ...]] = (CUSTODIAN,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reader"), SealedField("purpose"))
    index: Index
    consultation: Number
    names: Annotated[tuple[SealedName, ...], Field(min_length=1, max_length=64)]
    reader_id: Slug | None = None

    def stream(self) -> str:
        """One stream a consultation, numbered by the entry that is read."""
        return stream_name("consultation", self.index, self.consultation)
