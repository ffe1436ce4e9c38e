"""The event library over the ledger: its own contract, and its traps (house.md §8)."""

from __future__ import annotations

import os
import secrets
import sys
import unittest
from base64 import b64decode, b64encode
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import pytest
from eventsourcing.persistence import IntegrityError, Notification, ProgrammingError, StoredEvent

from ledger.errors import ConflictError, GuardMovedError, UntrustedInputError
from ledger.statement import Entry
from ledger.store.library import ActApplication
from ledger.store.mapper import ActMapper, ActRecorded
from ledger.store.recorder import ActConflictError, ActRecorder
from ledger.store.store import LedgerStore
from tests.store.hand import Writer, act, founding, sealed, sha256, statement, submission

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from tests.kit.postgres import Database

CONTRACT_TESTS = 8


class WrappingRecorder(ActRecorder):
    """Carries the contract's free-form events in acts, so that its tests run against the real recorder.

    A statement's data holds topic, state and a nonce (the contract wants a repeated event refused; a repeated
    statement is success). Versions start at 1 here and at the contract's first there; entry 0 is the founding's.
    """

    def __init__(self, store: LedgerStore) -> None:
        super().__init__(store)
        raw = founding()
        self.founded = sha256(raw)
        self.offsets: dict[str, int] = {}
        store.append([submission(raw)])

    def wrap(self, events: Sequence[StoredEvent]) -> list[StoredEvent]:
        """Return acts that carry the events."""
        acts, last = [], dict[str, tuple[int, str]]()
        for event in events:
            stream = f"probe/{event.originator_id}"
            version = event.originator_version - self.offsets.setdefault(stream, event.originator_version - 1)
            head = self._store.stream_head(stream)
            known = last.get(stream) or ((head.version, head.sha256) if head else (0, self.founded))
            data = {"topic": event.topic, "state": b64encode(event.state).decode(), "nonce": secrets.token_hex(8)}
            raw = statement(stream, version, known[1], type=type_of(event.topic), data=data)
            last[stream] = (version, sha256(raw))
            acts.append(StoredEvent(stream, version, type_of(event.topic), act(raw).envelope()))
        return acts

    def unwrap(self, event: StoredEvent) -> dict[str, Any]:
        """Return the fields of the event that an act carries."""
        said = Entry.parse(event.state).act.statement
        return {
            "originator_id": UUID(said.stream.partition("/")[2]),
            "originator_version": said.version + self.offsets[said.stream],
            "topic": said.data["topic"],
            "state": b64decode(said.data["state"]),
        }

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        ids = super().insert_events(self.wrap(stored_events), **kwargs)
        return [number - 1 for number in ids] if ids else None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        stream = f"probe/{originator_id}"
        offset = self.offsets.get(stream, 0)
        gt, lte = (None if value is None else value - offset for value in (gt, lte))
        found = super().select_events(stream, gt=gt, lte=lte, desc=desc, limit=limit)
        return [StoredEvent(**self.unwrap(event)) for event in found]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        found = super().select_notifications(
            1 if start is None else start + 1,
            limit,
            None if stop is None else stop + 1,
            [type_of(topic) for topic in topics],
            inclusive_of_start=inclusive_of_start and start is not None,
        )
        return [Notification(id=n.id - 1, **self.unwrap(n)) for n in found if n.id > 1]

    def max_notification_id(self) -> int | None:
        return ((super().max_notification_id() or 1) - 1) or None


class QuietRecorder(WrappingRecorder):
    """As the contract of aggregates wants it: no ids are given back."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        super().insert_events(stored_events, **kwargs)
        return None


def type_of(topic: str) -> str:
    """Return an act type for a topic."""
    return f"T{topic.encode().hex()}/1"


@pytest.fixture
def contract(
    make_database: Callable[[], AbstractContextManager[Database]], monkeypatch: pytest.MonkeyPatch
) -> list[type[unittest.TestCase]]:
    """Give the wheel's test cases, each test with a ledger of its own."""
    # Their module imports a cipher for other test cases, which needs a library that we do not have.
    cipher = ModuleType("eventsourcing.cipher")
    cipher.AESCipher = None  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "eventsourcing.cipher", cipher)
    cases = import_module("eventsourcing.tests.persistence")  # not above: pytest would collect them

    class WithLedger(unittest.TestCase):
        recorder_class: type[WrappingRecorder] = WrappingRecorder

        def setUp(self) -> None:
            super().setUp()
            self.store = LedgerStore(self.enterContext(make_database()).app_url, pool_size=16)
            self.addCleanup(self.store.close)

        def create_recorder(self) -> Any:
            return self.recorder_class(self.store)

    def case(name: str, **members: Any) -> type[unittest.TestCase]:
        return type(name, (WithLedger, getattr(cases, name)), members)

    return [
        case("AggregateRecorderTestCase", recorder_class=QuietRecorder),
        case("ApplicationRecorderTestCase", test_subscribe=lambda test: test.optional_test_insert_subscribe()),
        case("NonInterleavingNotificationIDsBaseCase"),
    ]


def test_the_library_s_own_contract_holds(contract: list[type[unittest.TestCase]]) -> None:
    """All contract tests for recorders that ship in the wheel pass, and none is missing."""
    suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromTestCase(case) for case in contract)
    result = unittest.TestResult()
    suite.run(result)
    problems = "\n".join(trace for _, trace in [*result.errors, *result.failures])
    assert result.wasSuccessful(), problems
    assert (result.testsRun, len(result.skipped)) == (CONTRACT_TESTS, 0)


@pytest.fixture
def recorder(store: LedgerStore) -> ActRecorder:
    """Give the real recorder."""
    return ActRecorder(store)


def event(raw: bytes) -> StoredEvent:
    """Return an act as the mapper sends it."""
    return ActMapper().to_stored_event(ActRecorded(act(raw)))


def test_refusals_are_errors_of_both_families(recorder: ActRecorder, store: LedgerStore, writer: Writer) -> None:
    """A conflict is ours and the library's at once; guard, window and form have errors of their own."""
    first, second = event(writer.next("a/a")), event(writer.next("a/a"))
    assert recorder.insert_events([first]) == [2]
    assert recorder.insert_events([first]) == [2]
    for wrong in (statement("a/a", 1, writer.founded, data={"x": 1}), statement("a/a", 5, writer.founded)):
        for family in (IntegrityError, ConflictError):
            with pytest.raises(family, match="conflict-taken"):
                recorder.insert_events([event(wrong)])
    with pytest.raises(ActConflictError, match="conflict-basis"):
        recorder.insert_events([event(writer.next("b/b", basis={"a/a": "0" * 64}))])
    with pytest.raises(GuardMovedError):
        recorder.insert_events([second], guards={"ledger": 2})
    with pytest.raises(GuardMovedError):
        recorder.insert_events([second], window=(store.now(), store.now()))
    row = sealed("t", "x")
    with pytest.raises(UntrustedInputError, match="disclosure-missing"):
        recorder.insert_events([event(writer.next("c/c", sealed={"t": row.digest}))])
    kept = event(writer.next("d/d", sealed={"t": row.digest}))
    assert recorder.insert_events([kept], sealed=[[row]]) == [3]
    with pytest.raises(UntrustedInputError, match="bad-row"):
        recorder.insert_events([StoredEvent("z/z", 1, kept.topic, kept.state)])
    with pytest.raises(ProgrammingError, match="tracks nothing"):
        recorder.insert_events([kept], tracking=object())
    with pytest.raises(ProgrammingError, match="migrations"):
        recorder.create_table()
    assert recorder.insert_events([]) is None
    assert recorder.record([]) == []


def test_a_row_that_contradicts_its_entry_is_refused(store: LedgerStore, writer: Writer) -> None:
    """Columns that say something else than the entry, unknown types and other events are refused, nothing imported."""
    placed = store.append([submission(writer.next("a/a"))])[0].placed[0]
    mapper = ActMapper()
    good = StoredEvent("a/a", 1, "ThingNoted/1", placed.entry)
    wrapped = mapper.to_domain_event(good)
    assert (wrapped.originator_id, wrapped.originator_version) == ("a/a", 1)
    with pytest.raises(UntrustedInputError, match="unknown-type"):
        _ = wrapped.act
    for row in (("b/b", 1, "ThingNoted/1"), ("a/a", 2, "ThingNoted/1"), ("a/a", 1, "os:system")):
        with pytest.raises(UntrustedInputError, match="bad-row"):
            mapper.to_domain_event(StoredEvent(*row, placed.entry))
    with pytest.raises(TypeError):
        mapper.to_stored_event(cast("Any", object()))


def test_a_hostile_environment_changes_nothing(
    store: LedgerStore, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the process's environment names, the same bytes are stored in the same database."""
    plain = ActApplication(store)
    (before,) = plain.save(ActRecorded(act(writer.next("a/a"))))
    for name in (
        "PERSISTENCE_MODULE",
        "INFRASTRUCTURE_FACTORY",
        "FACTORY_TOPIC",
        "COMPRESSOR_TOPIC",
        "CIPHER_TOPIC",
        "MAPPER_TOPIC",
        "TRANSCODER_TOPIC",
        "APPLICATION_RECORDER_TOPIC",
        "AGGREGATE_CACHE_MAXSIZE",
    ):
        for prefix in ("", "ACTAPPLICATION_"):
            monkeypatch.setenv(prefix + name, "antigravity:nothing")
    for name in ("CIPHER_KEY", "POSTGRES_DBNAME", "POSTGRES_HOST", "POSTGRES_USER", "POSTGRES_PASSWORD"):
        monkeypatch.setenv(name, "evil")
    for name in ("CREATE_TABLE", "IS_SNAPSHOTTING_ENABLED", "POSTGRES_ENABLE_DB_FUNCTIONS"):
        monkeypatch.setenv(name, "y")
    monkeypatch.setenv("ORIGINATOR_ID_TYPE", "uuid")
    app = ActApplication(store)
    assert not set(app.env) & (set(os.environ) - {"CREATE_TABLE", "ORIGINATOR_ID_TYPE", "IS_SNAPSHOTTING_ENABLED"})
    (after,) = app.save(ActRecorded(act(writer.next("a/a"))), guards={"ledger": 1})
    assert after.notification.state == store.entry(2)
    assert isinstance(after.domain_event, ActRecorded)
    assert after.domain_event.entry == Entry.parse(after.notification.state)
    assert [n.state for n in app.notification_log.select(start=1, limit=9)] == list(store.entries())
    assert [e.originator_version for e in app.events.get("a/a")] == [1, 2]
    assert before.notification.id == 2
    assert app.save() == []


def test_nothing_else_can_be_made(store: LedgerStore) -> None:
    """There are no snapshots, no tracking and no processes on the write side."""
    factory = ActApplication(store).factory
    for make in (factory.aggregate_recorder, factory.tracking_recorder, factory.process_recorder):
        with pytest.raises(ProgrammingError):
            make()
    assert not factory.is_snapshotting_enabled()
