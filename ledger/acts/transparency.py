"""What opens sealed text and what erases personal data (format.md §3, §8)."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    CUSTODIAN,
    FOUNDER,
    REGISTRAR,
    SECRETARY,
    Act,
    Day,
    Digest,
    Grant,
    Index,
    Part,
    SealedField,
    StreamName,
)
from ledger.ids import SEALED_NAME, stream_name

MAX_OPENED = 2000
"""Names in one opening: a long acta but for a few blocks; the statement's own limit holds besides."""
SealedName = Annotated[str, Field(pattern=f"^{SEALED_NAME.pattern}$")]


class TextPublished(Act):
    """Opens sealed values of one act to everybody; `names` empty opens all that the act has, blocks included."""

    type_name: ClassVar[str] = "TextPublished/1"
    kind: ClassVar[str] = "publication"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER, REGISTRAR, SECRETARY, CUSTODIAN)
    index: Index
    names: Annotated[tuple[SealedName, ...], Field(max_length=MAX_OPENED)] = ()

    def stream(self) -> str:
        """One stream an act whose text is opened, by its index."""
        return stream_name("publication", self.index)


class ErasedDisclosure(Part):
    """A disclosure that was destroyed: where it stood and its digest."""

    index: Index
    name: SealedName
    digest: Digest


class PersonalDataErased(Act):
    """The data key was destroyed and the rows deleted; tree, proofs and certificates stay valid (format.md §8).

    request: the ARCO request on whose account they were blocked before, in `basis`; absent where there was none.
    """

    type_name: ClassVar[str] = "PersonalDataErased/1"
    kind: ClassVar[str] = "erasure"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER, REGISTRAR, CUSTODIAN)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("order", required=False),)
    disclosures: Annotated[tuple[ErasedDisclosure, ...], Field(min_length=1, max_length=200)]
    ground: Literal["data-subject-right", "court-order", "retention-expired", "unlawful-processing"]
    irrecoverable_on: Day
    request: StreamName | None = None

    def stream(self) -> str:
        """One stream an erasure, named after the first disclosure's place."""
        return stream_name(
            "erasure", self.disclosures[0].index, sha256(self.disclosures[0].digest.encode()).hexdigest()[:16]
        )
