"""An `eventsourcing` application whose every part is ours, deaf to the environment (house.md §8).

The stock one merges `os.environ` into its settings: a stray COMPRESSOR_TOPIC changes stored bytes, a PERSISTENCE_MODULE
changes the database. This one is given a store and asks nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Never

from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory, ProgrammingError
from eventsourcing.utils import Environment

from ledger.store.mapper import ActEventStore, ActMapper
from ledger.store.recorder import ActRecorder

if TYPE_CHECKING:
    from eventsourcing.persistence import EventStore, Mapper

    from ledger.store.store import LedgerStore

SETTINGS = {"CREATE_TABLE": "n", "ORIGINATOR_ID_TYPE": "text", "IS_SNAPSHOTTING_ENABLED": "n"}


class ActFactory(InfrastructureFactory[Any]):
    """Makes recorders over one store; there are no snapshots, and tracking belongs to the projections."""

    def __init__(self, env: Environment, store: LedgerStore) -> None:
        super().__init__(env)
        self._store = store

    def application_recorder(self) -> ActRecorder:
        """Return the recorder of acts."""
        return ActRecorder(self._store)

    def aggregate_recorder(self, purpose: str = "events") -> Never:
        """Refuse: states are cached in memory, not stored as snapshots."""
        raise ProgrammingError(f"no {purpose} here")

    def tracking_recorder(self, tracking_recorder_class: type[Any] | None = None) -> Never:
        """Refuse: registries track themselves."""
        raise ProgrammingError(f"no tracking here, {tracking_recorder_class}")

    def process_recorder(self) -> Never:
        """Refuse: nothing is recorded by the system (format.md §1)."""
        raise ProgrammingError("no processes here")


class ActApplication(Application[str]):
    """The library's application over a ledger's store: `save(ActRecorded(signed), guards=…)`, notification log."""

    def __init__(self, store: LedgerStore) -> None:
        self._store = store
        super().__init__()

    def construct_env(self, name: str, env: object = None) -> Environment:
        """Return our settings and nothing of the process's environment."""
        del env
        return Environment(name, dict(SETTINGS))

    def construct_factory(self, env: Environment) -> ActFactory:
        """Return our factory, whatever PERSISTENCE_MODULE says."""
        return ActFactory(env, self._store)

    def construct_mapper(self) -> Mapper[str]:
        """Return our mapper: no compressor, no cipher, no transcoder by name."""
        return ActMapper()

    def construct_event_store(self) -> EventStore[str]:
        """Return our event store."""
        return ActEventStore(self.mapper, self.recorder)
