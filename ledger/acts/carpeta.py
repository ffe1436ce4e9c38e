"""The members' folder of a session, frozen as a manifest of hashes; and recordings, sealed by their hash.

Sources: Manual de Organización de la Secretaría General (S4) 7.1.1(3), 7.1.1.2(4): the carpeta ejecutiva; S4
7.1.1.2.2(3): audio and video; domain.md §1 A6, A10, §3.3. A document bears no class: nothing is classified beforehand
(LGTAIP 2025 art. 102).
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    CUSTODIAN,
    SECRETARY,
    Attachment,
    Code,
    Count,
    Grant,
    Instant,
    Number,
    Part,
    SealedField,
    Sha256,
)
from ledger.acts.convocation import MAX_ADDRESSEES, Receipt
from ledger.acts.session import OfSession, Title
from ledger.ids import stream_name

MAX_DOCUMENTS = 200


class CarpetaDocument(Part):
    """A document of the folder; its title is the sealed value `document/<n>/title`, where it has one.

    item: the item that it belongs to; absent where it is of the session as a whole.
    """

    document: Number
    item: Number | None = None
    sha256: Sha256
    pages: Count


Documents = Annotated[tuple[CarpetaDocument, ...], Field(min_length=1, max_length=MAX_DOCUMENTS)]


class OfCarpeta(OfSession):
    """An act of a session's folder.

    manifest: SHA-256 of the canonical JSON of all its documents so far, in order.
    """

    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("document/*/title", Title, required=False),)
    documents: Documents
    manifest: Sha256

    def stream(self) -> str:
        """One stream a session."""
        return stream_name("carpeta", self.session_path)


class CarpetaFrozen(OfCarpeta):
    """The folder as it goes to the members; from now on nothing in it changes, and what is added is an addendum."""

    type_name: ClassVar[str] = "CarpetaFrozen/1"
    kind: ClassVar[str] = "carpeta"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    basis_kinds: ClassVar[tuple[str, ...]] = ("session",)


class CarpetaAddendumIssued(OfCarpeta):
    """Documents are added after the freeze, for a reason; the act lists who got them and when."""

    type_name: ClassVar[str] = "CarpetaAddendumIssued/1"
    kind: ClassVar[str] = "carpeta"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (*OfCarpeta.sealed_fields, SealedField("reason"))
    basis_kinds: ClassVar[tuple[str, ...]] = ("session",)
    addendum: Number
    receipts: Annotated[tuple[Receipt, ...], Field(min_length=1, max_length=MAX_ADDRESSEES)]


class RecordingSealed(OfSession):
    """A recording of a session is bound to it by its hash, whoever keeps the file.

    duration_s: its length in seconds.
    custody: where it is kept, by its archival code.
    """

    type_name: ClassVar[str] = "RecordingSealed/1"
    kind: ClassVar[str] = "recording"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CUSTODIAN)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("document", Attachment, required=False),)
    basis_kinds: ClassVar[tuple[str, ...]] = ("session",)
    recording: Number
    medium: Literal["audio", "video", "projection", "transcript"]
    sha256: Sha256
    begins_at: Instant
    duration_s: Count
    custody: Code

    def stream(self) -> str:
        """One stream a recording, numbered by session."""
        return stream_name("recording", self.session_path, self.recording)
