"""What else a source says of a session held before the ledger: a long agenda, and notes that correct marks.

Both stand beside what was imported and change nothing of it: the roll stays as the source published it, and its tally
with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    FOUNDER,
    REGISTRAR,
    Code,
    Count,
    Flag,
    Grant,
    Number,
    Part,
    SealedField,
    Sha256,
    Slug,
    Text,
    Whose,
)
from ledger.acts.session import MAX_ITEMS, AgendaEntry, OfSession
from ledger.acts.vote import Sense
from ledger.ids import stream_name

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_CORRECTIONS = 200


class ImportedEntry(AgendaEntry):
    """A listed item of an imported agenda.

    consent: whether it was on the consent agenda, taken up together with others without debate.
    reference: the file that it is about, by the source's own number (`A0152-2020`).
    """

    consent: Flag = False
    reference: Code | None = None


class AgendaImported(OfSession):
    """Items of an imported session: the first, or those that follow; so many acts as a long agenda takes."""

    type_name: ClassVar[str] = "AgendaImported/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER, REGISTRAR)
    voice: ClassVar[Whose] = "imported"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("item/*/title", Text),)
    items: Annotated[tuple[ImportedEntry, ...], Field(min_length=1, max_length=MAX_ITEMS)]
    source_sha256: Sha256
    row: Number

    def sealed_required(self) -> Iterable[str]:
        """Every listed item has a title."""
        return (f"item/{entry.item}/title" for entry in self.items)


class Correction(Part):
    """What a note says of one holder: how he was marked and how he is to be read.

    was: as the roll has him; absent where it does not have him, and of a roll call of attendance.
    now: `presente` of attendance: that he was there.
    """

    seat: Slug
    designation: Number
    was: Sense | None = None
    now: Literal["favor", "contra", "abstencion", "presente"]


class NoteImported(OfSession):
    """A note that the source keeps beside a roll: a late vote, a changed one, who came after the roll was called.

    vote: the vote that it is about; absent: the session's attendance.
    corrections: what can be read of it, holder by holder; () where it corrects nobody. The note itself is sealed.
    unread: how many names in it are nobody's, or several people's; they are not guessed.
    """

    type_name: ClassVar[str] = "NoteImported/1"
    kind: ClassVar[str] = "note"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER, REGISTRAR)
    voice: ClassVar[Whose] = "imported"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("text", Text),)
    basis_kinds: ClassVar[tuple[str, ...]] = ("session",)
    note: Number
    vote: Number | None = None
    corrections: Annotated[tuple[Correction, ...], Field(max_length=MAX_CORRECTIONS)] = ()
    unread: Count = 0
    source_sha256: Sha256
    row: Number

    def stream(self) -> str:
        """One stream a note, numbered in its session."""
        return stream_name("note", self.session_path, self.note)
