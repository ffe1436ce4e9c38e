"""A session from its convocation to its close (domain.md §3.3, §3.4)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    CHAIR,
    FOUNDER,
    REGISTRAR,
    SECRETARY,
    Act,
    Attachment,
    Count,
    Day,
    Flag,
    Grant,
    Instant,
    Number,
    Part,
    SealedField,
    Sha256,
    Slug,
    StreamName,
    Text,
    Whose,
    Year,
)
from ledger.acts.body import SessionKind
from ledger.ids import stream_name

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_ITEMS = 60
ItemKind = Literal["decision", "information", "protocol", "election", "case", "general"]
Title = Annotated[str, Field(min_length=1, max_length=4000)]


class OfSession(Act):
    """An act that belongs to a session: body, year, series (`ord`, `ext`, …) and its number in them."""

    body: Slug
    year: Year
    series: Slug
    session: Number

    @cached_property
    def session_path(self) -> str:
        """`hcd/2026/ord/3`: the segments that every stream of the session shares."""
        return f"{self.body}/{self.year}/{self.series}/{self.session}"

    def stream(self) -> str:
        """One stream a session."""
        return stream_name("session", self.session_path)


class AgendaEntry(Part):
    """A listed item; its title is the sealed value `item/<n>/title`."""

    item: Number
    item_kind: ItemKind


class SessionConvened(OfSession):
    """The convocation with its orden del día.

    session_kind: a permanent session lasts until `until_at`, by correspondence: every position in it is told by seat.
    decided_by: stream of the vote, in `basis`, by which another body convenes it; absent: the chair does.
    """

    type_name: ClassVar[str] = "SessionConvened/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("venue", required=False),
        SealedField("item/*/title", Title),
        SealedField("item/*/annex", Attachment, required=False),
    )
    begins_at: Instant
    modality: Literal["presencial", "remota", "mixta"]
    session_kind: SessionKind = "ordinary"
    until_at: Instant | None = None
    call: Literal[1, 2] = 1
    decided_by: StreamName | None = None
    items: Annotated[tuple[AgendaEntry, ...], Field(min_length=1, max_length=MAX_ITEMS)]

    def sealed_required(self) -> Iterable[str]:
        """Every listed item has a title."""
        return (f"item/{entry.item}/title" for entry in self.items)


class SessionCancelled(OfSession):
    """It will not be held under this number; the number stays used."""

    type_name: ClassVar[str] = "SessionCancelled/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason"),)


class ItemAdded(OfSession):
    """An item proposed after the convocation, taken up only if the body approves it (I1); nothing is renumbered."""

    type_name: ClassVar[str] = "ItemAdded/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("title", Title),)
    item: Number
    item_kind: ItemKind


class AgendaApproved(OfSession):
    """The body approves its orden del día: all pending items in the order in which it will take them up.

    vote: the vote that approved it; what was added after the convocation needs one.
    """

    type_name: ClassVar[str] = "AgendaApproved/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    items: Annotated[tuple[Number, ...], Field(min_length=1, max_length=MAX_ITEMS)]
    vote: Number | None = None


class Arrival(Part):
    """A seat taken, by the holder of the numbered designation to it; `evidence` of a presence from elsewhere."""

    seat: Slug
    designation: Number
    modality: Literal["presencial", "remota"] = "presencial"
    evidence: Sha256 | None = None


class AttendanceRecorded(OfSession):
    """Who enters and who leaves, as the secretary attests it; the roll at the start is the first of these.

    item: the item from which on it holds; absent before the first.
    """

    type_name: ClassVar[str] = "AttendanceRecorded/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    voice: ClassVar[Whose] = "attested"
    arrivals: Annotated[tuple[Arrival, ...], Field(max_length=600)] = ()
    departures: Annotated[tuple[Slug, ...], Field(max_length=600)] = ()
    item: Number | None = None


class QuorumDeclared(OfSession):
    """The secretary declares quorum; a count that does not follow from the attendance is refused."""

    type_name: ClassVar[str] = "QuorumDeclared/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    present: Count
    base: Count
    required: Count


class QuorumNotReached(OfSession):
    """The secretary declares that there is none; the session under this call is not held."""

    type_name: ClassVar[str] = "QuorumNotReached/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    present: Count
    base: Count
    required: Count


class SessionOpened(OfSession):
    """The chair opens the session; only after quorum was declared (S1)."""

    type_name: ClassVar[str] = "SessionOpened/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (CHAIR, SECRETARY)


class QuorumLost(OfSession):
    """The secretary declares that those present are no longer enough; no vote until it is restored (S2)."""

    type_name: ClassVar[str] = "QuorumLost/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    present: Count
    base: Count
    required: Count


class QuorumRestored(OfSession):
    """The secretary declares that they are enough again; the session goes on."""

    type_name: ClassVar[str] = "QuorumRestored/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    present: Count
    base: Count
    required: Count


class SessionRecessed(OfSession):
    """A recess; no vote while it lasts."""

    type_name: ClassVar[str] = "SessionRecessed/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (CHAIR, SECRETARY)


class SessionResumed(OfSession):
    """The session goes on."""

    type_name: ClassVar[str] = "SessionResumed/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (CHAIR, SECRETARY)


class ItemOpened(OfSession):
    """The body takes up an item; one at a time."""

    type_name: ClassVar[str] = "ItemOpened/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (CHAIR, SECRETARY)
    item: Number


class MemberRecused(OfSession):
    """A member excuses himself from an item (LSS 263 ¶7–8, LFPA 21): he leaves the base of its votes."""

    type_name: ClassVar[str] = "MemberRecused/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, Grant("seat"))
    voice: ClassVar[Whose] = "seat"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("cause", required=False),)
    item: Number
    seat: Slug


class RecusalChallenged(OfSession):
    """A member asks that another be excluded from an item, or that one who excused himself return (LFPA 23–27).

    seat: who asks. challenged: of whom.
    """

    type_name: ClassVar[str] = "RecusalChallenged/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, Grant("seat"))
    voice: ClassVar[Whose] = "seat"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("grounds"),)
    item: Number
    seat: Slug
    challenged: Slug
    asks: Literal["exclude", "return"]


class RecusalResolved(OfSession):
    """The challenge is decided, not by whom it concerns; until then the item is not voted."""

    type_name: ClassVar[str] = "RecusalResolved/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (CHAIR, SECRETARY)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason", required=False),)
    item: Number
    challenged: Slug
    upheld: Flag


class ItemAmended(OfSession):
    """The text before the body is changed in debate; what is voted is named when the vote opens (I3)."""

    type_name: ClassVar[str] = "ItemAmended/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (CHAIR, SECRETARY)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("before", Text, required=False),
        SealedField("after"),
    )
    item: Number


class ItemConcluded(OfSession):
    """The item ends: resolved by vote, taken note of, put off, withdrawn or referred.

    vote: the vote that resolved it, where that was one of several items, taken under another.
    committee: the body to which it is referred.
    """

    type_name: ClassVar[str] = "ItemConcluded/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (CHAIR, SECRETARY)
    item: Number
    outcome: Literal["resolved", "noted", "deferred", "withdrawn", "referred"]
    vote: Number | None = None
    committee: Slug | None = None


class SessionClosed(OfSession):
    """The session ends and says how many votes it held and which agreements it adopted: these are all."""

    type_name: ClassVar[str] = "SessionClosed/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (CHAIR, SECRETARY)
    votes: Count
    agreements: Annotated[tuple[Number, ...], Field(max_length=500)] = ()


class SessionImported(OfSession):
    """A session held before the ledger, as another source tells it; proved since import, not at origin.

    attendance: whether the source says who was present; where not, quorum is reported as not checkable.
    """

    type_name: ClassVar[str] = "SessionImported/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER, REGISTRAR)
    voice: ClassVar[Whose] = "imported"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("item/*/title", Title, required=False),)
    held_on: Day
    items: Annotated[tuple[AgendaEntry, ...], Field(max_length=MAX_ITEMS)] = ()
    attendance: Annotated[tuple[Arrival, ...], Field(max_length=600)] | None = None
    has_quorum_data: Flag = False
    source_sha256: Sha256
    row: Number


class InterventionRecorded(OfSession):
    """What a member said on an item, as a summary; sealed."""

    type_name: ClassVar[str] = "InterventionRecorded/1"
    kind: ClassVar[str] = "session"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    voice: ClassVar[Whose] = "attested"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("summary", Text),)
    item: Number
    seat: Slug
