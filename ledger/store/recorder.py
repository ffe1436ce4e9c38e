"""The event library's recorder, writing through the append function and nothing else (house.md §8).

Reading is the library's own: entries are its events, `notification_id` is the index + 1. Its tables, locks, ids and
retries are not used: the schema comes from migrations, and `insert_events` is overridden as a whole, undecorated (its
retry would repeat what must not be repeated, its after-insert hook would commit what then fails).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from eventsourcing.persistence import IntegrityError, Notification, ProgrammingError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from ledger.errors import ConflictError, GuardMovedError, UntrustedInputError
from ledger.statement import SignedAct
from ledger.store.submission import SealedRow, Submission

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.store.store import LedgerStore
    from ledger.store.submission import Outcome

_ALWAYS = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


class ActConflictError(ConflictError, IntegrityError):
    """A conflict, for those who know ours and for those who know the library's."""


class StoreDatastore(PostgresDatastore):
    """The library's view of our pool. It opens nothing, closes nothing and registers no types."""

    def __init__(self, store: LedgerStore) -> None:
        self.pool = cast("Any", store.pool)  # the library's class adds only a password function
        self.pool_open_timeout = None
        self.schema = "ledger"
        self.originator_id_type = "text"
        self.lock_timeout = 0
        self.single_row_tracking = True
        self.enable_db_functions = False
        self.db_type_names = set()
        self.psycopg_type_adapters = {}
        self.psycopg_python_types = {}

    def register_type_adapters(self) -> None:
        """Do nothing: the library's composite types do not exist here."""

    def close(self) -> None:
        """Do nothing: the pool is the store's."""


class ActRecorder(PostgresApplicationRecorder):
    """Records acts into a ledger and reads its entries as notifications."""

    def __init__(self, store: LedgerStore) -> None:
        super().__init__(StoreDatastore(store), events_table_name="entries")
        self.channel_name = "ledger_entries"
        self.sql_create_statements.clear()
        self._store = store

    def create_table(self) -> None:
        """Refuse: tables come from migrations (CREATE_TABLE is off)."""
        raise ProgrammingError("the ledger's tables come from migrations")

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Record acts, all or none, and return their notification ids; `kwargs` as in `record`."""
        return [n.id for n in self.record(stored_events, **kwargs)] if stored_events else None

    def record(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        guards: Mapping[str, int] | None = None,
        window: tuple[datetime, datetime] = _ALWAYS,
        sealed: Sequence[Sequence[SealedRow]] = (),
        tracking: object = None,
    ) -> list[Notification]:
        """Record acts given as envelopes, all or none.

        Args:
            stored_events: Stream, version and type must be those of the statement in the envelope.
            guards: Stream → version that the check read; 0 = absent.
            window: The stamp must lie in [window[0], window[1]).
            sealed: For each act its vault rows.
            tracking: Not for the write side.

        Returns:
            Notifications whose state is the stored entry. What stood already comes back as success.

        Raises:
            ActConflictError: The place in the stream is taken, or a basis has moved.
            GuardMovedError: A guard has moved, or the window has passed.
            UntrustedInputError: The act is malformed.
        """
        if tracking is not None:
            raise ProgrammingError("the write side tracks nothing")
        if not stored_events:
            return []
        acts = tuple(map(_signed, stored_events))
        rows = tuple(map(tuple, sealed)) or tuple(() for _ in acts)
        outcome = self._store.append([Submission(acts, dict(guards or {}), *window, rows)])[0]
        _refuse(outcome)
        return [
            Notification(event.originator_id, event.originator_version, event.topic, placed.entry, placed.index + 1)
            for event, placed in zip(stored_events, outcome.placed, strict=True)
        ]


def _signed(event: StoredEvent) -> SignedAct:
    signed = SignedAct.parse(event.state)
    said = signed.statement
    if (event.originator_id, event.originator_version, event.topic) != (said.stream, said.version, said.type):
        raise UntrustedInputError("bad-row", said.stream)
    return signed


def _refuse(outcome: Outcome) -> None:
    match outcome.result:
        case "appended" | "duplicate":
            return
        case "taken" | "gap" | "prev":
            raise ActConflictError("taken", outcome.about)
        case "basis":
            raise ActConflictError("basis", outcome.about)
        case "guard" | "window":
            raise GuardMovedError(outcome.about)
        case _:
            raise UntrustedInputError(outcome.detail, outcome.about)
