"""Acts as the event library sees them: one wrapper event, no class ever named by the database (house.md §8).

The library's own mapper resolves the topic column to any importable class. Here the topic is an act type of the closed
registry, and the state is an entry; both are read strictly or refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eventsourcing.persistence import EventStore, JSONTranscoder, Mapper, Recording, StoredEvent

from ledger.acts import parse_act
from ledger.errors import UntrustedInputError
from ledger.statement import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsourcing.domain import DomainEventProtocol

    from ledger.acts.base import Act
    from ledger.statement import SignedAct
    from ledger.store.recorder import ActRecorder


@dataclass(frozen=True, slots=True)
class ActRecorded:
    """The wrapper event: a signed act, and its entry once it is recorded."""

    signed: SignedAct
    entry: Entry | None = None

    @property
    def originator_id(self) -> str:
        """The stream."""
        return self.signed.statement.stream

    @property
    def originator_version(self) -> int:
        """The version in the stream."""
        return self.signed.statement.version

    @property
    def act(self) -> Act:
        """The act's data, by its type's schema.

        Raises:
            UntrustedInputError: "unknown-type" or "bad-data".
        """
        return parse_act(self.signed.statement.type, self.signed.statement.data)


class ActMapper(Mapper[str]):
    """Envelopes going in, entries coming out; neither compressed nor encrypted, whatever the environment says."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """Return stream, version, act type and envelope; the database makes the entry of it."""
        if not isinstance(domain_event, ActRecorded):
            raise TypeError(type(domain_event).__name__)
        statement = domain_event.signed.statement
        return StoredEvent(statement.stream, statement.version, statement.type, domain_event.signed.envelope())

    def to_domain_event(self, stored_event: StoredEvent) -> ActRecorded:
        """Read an entry; the columns beside it must repeat what stands in it.

        Raises:
            UntrustedInputError: what is wrong with the entry, or "bad-row" when a column says something else.
        """
        entry = Entry.parse(stored_event.state)
        said = entry.act.statement
        row = (stored_event.originator_id, stored_event.originator_version, stored_event.topic)
        if row != (said.stream, said.version, said.type):
            raise UntrustedInputError("bad-row", f"index {entry.index}")
        return ActRecorded(entry.act, entry)


class ActEventStore(EventStore[str]):
    """What is put comes back with the entry that was stored, not with the state that was sent."""

    mapper: ActMapper
    recorder: ActRecorder

    def put(self, domain_events: Sequence[DomainEventProtocol[str]], **kwargs: Any) -> list[Recording[str]]:
        """Record acts, all or none; `kwargs` as in ActRecorder.record."""
        notifications = self.recorder.record(list(map(self.mapper.to_stored_event, domain_events)), **kwargs)
        return [Recording(self.mapper.to_domain_event(notification), notification) for notification in notifications]
