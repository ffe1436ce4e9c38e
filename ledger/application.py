"""The ledger: signed acts in, their places out (format.md §6).

`submit` may be called from many threads. Each parses and checks signatures on its own; then one of them, the
leader, checks and appends for all that wait: one transaction, one fsync for the group. Within a group one
submitter's conflict never fails another's.

    1  bytes: envelope, data, disclosures          nothing recorded if we stop here
    2  signature, with the enrolled key            nothing recorded
    3  rules, on states whose versions become guards   nothing recorded
    4  append and commit                           recorded; if the answer is lost, submitting again finds it
    5  states move on                              lost with the process, read again
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from ledger.acts import parse_act
from ledger.acts.acta import ActaDrafted
from ledger.acts.trust import LedgerFounded
from ledger.blocks import check_blocks
from ledger.crypto import disclosure
from ledger.domain.registry import check
from ledger.domain.replay import signed_of
from ledger.domain.rules.authority import verification_key
from ledger.domain.trust import LedgerState, public_key
from ledger.domain.world import Signed
from ledger.errors import AcervoError, ConflictError, GuardMovedError, RuleViolation, StoreError, UntrustedInputError
from ledger.ids import MAX_BATCH_ACTS, ZERO_HASH, parse_written
from ledger.loader import Known, Loader, States, subject_of
from ledger.statement import Entry
from ledger.store.submission import Outcome, SealedRow, Submission

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.acts.base import Act
    from ledger.crypto.keys import PublicKey
    from ledger.domain.world import State
    from ledger.statement import SignedAct, Statement
    from ledger.store.store import Head, StreamHead

MAX_GROUP = 64
MAX_TRIES = 12
MAX_GROUP_ACTS = 1000


class Store(Protocol):
    """What the ledger needs of its store."""

    def append(self, submissions: Sequence[Submission]) -> list[Outcome]:
        """Record submissions in one transaction; each stands or falls by itself."""

    def stream(self, name: str, after_version: int = 0) -> Iterable[bytes]:
        """Give a stream's entries in order."""

    def stream_heads(self, names: Iterable[str]) -> Mapping[str, StreamHead]:
        """Return the heads of those streams that are there."""

    def streams_below(self, prefix: str) -> Iterable[str]:
        """Give the names of streams that begin with the prefix."""

    def now(self) -> datetime:
        """Return the database's clock, simulated or not."""

    def head(self) -> Head:
        """Return the number of entries and the last stamp."""


class Sealer(Protocol):
    """What the ledger needs of its vault."""

    def seal(self, subject: str, name: str, digest: str, text: str) -> SealedRow:
        """Encrypt a disclosure under the subject's data key."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An act that stands: its place, and what the rules remarked. `duplicate` if it stood already."""

    index: int
    recorded_at: str
    entry: bytes
    duplicate: bool
    remarks: tuple[tuple[str, Mapping[str, Any]], ...] = ()


@dataclass(slots=True)
class _Job:
    acts: tuple[SignedAct, ...]
    parsed: tuple[Act, ...]
    verified: list[bool]
    reads: dict[str, int] = field(default_factory=dict)
    remarks: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    rows: tuple[tuple[SealedRow, ...], ...] | None = None
    tries: int = 0
    result: list[Recorded] | None = None
    error: BaseException | None = None

    @property
    def done(self) -> bool:
        return self.result is not None or self.error is not None

    @property
    def streams(self) -> list[str]:
        return [act.statement.stream for act in self.acts]


class Ledger:
    """One institution's ledger.

    Args:
        store: Where entries stand.
        vault: What closes sealed values.
        origin: The ledger's origin, as founded or to be founded.
    """

    def __init__(self, store: Store, vault: Sealer, origin: str) -> None:
        self.origin = origin
        self._store = store
        self._vault = vault
        self._states = States(store)
        self._states.void.update(int(name.partition("/")[2]) for name in store.streams_below("acknowledgement/"))
        self._keys: dict[str, PublicKey] = {}
        self._waiting: deque[_Job] = deque()
        self._turn = threading.Lock()
        self._clock_ahead = timedelta(0)
        self._predicted_size = 0
        self._set_clock()

    # -- reading -------------------------------------------------------------------------------------------

    def state(self, stream: str) -> State | None:
        """Return a stream's state as this process knows it."""
        with self._turn:
            return self._states.get(stream).state

    def stream_head(self, stream: str) -> tuple[int, str]:
        """Return the stream's (version, statement hash) as it stands; (0, founding hash) while it is absent.

        Before the founding the hash is 64 zeros.
        """
        with self._turn:
            self._refresh([stream, "ledger"])
            known = self._states.get(stream)
            if known.version:
                return known.version, known.statement
            founding = self._states.get("ledger").state
            return 0, founding.founding if isinstance(founding, LedgerState) else ZERO_HASH

    # -- writing -------------------------------------------------------------------------------------------

    def submit(self, acts: Sequence[SignedAct]) -> list[Recorded]:
        """Record acts, all or none; submitting the same again is success and gives the same places.

        Raises:
            UntrustedInputError: Bytes, data, disclosures or a signature are not what the format wants.
            RuleViolation: A rule refuses an act.
            ConflictError: A stream's version is taken or a basis has moved.
            StoreError: The store refused.
        """
        if not 1 <= len(acts) <= MAX_BATCH_ACTS:
            raise UntrustedInputError("batch-size", f"{len(acts)} acts, at most {MAX_BATCH_ACTS}")
        parsed = tuple(parse_submitted(act) for act in acts)
        job = _Job(tuple(acts), parsed, [self._check_known_signature(act) for act in acts])
        self._waiting.append(job)
        while not job.done:
            with self._turn:
                if not job.done:
                    self._lead()
        if job.error is not None:
            raise job.error
        return job.result or []

    def _check_known_signature(self, act: SignedAct) -> bool:
        """Check outside of the lock with a key that was seen before, if it was; a keyid names its key for ever."""
        key = self._keys.get(act.statement.signer)
        if key is not None and not act.verify(key):
            raise UntrustedInputError("bad-signature", act.statement.stream)
        return key is not None

    def _lead(self) -> None:
        """Check and append for everybody who waits, until all of the group have their answer."""
        group: list[_Job] = []
        acts = 0
        while self._waiting and len(group) < MAX_GROUP and acts < MAX_GROUP_ACTS:
            group.append(self._waiting.popleft())
            acts += len(group[-1].acts)
        try:
            while group:
                group = self._round(group)
        except BaseException as error:
            for job in group:
                self._states.forget([*job.streams, *job.reads])
                if job.done:
                    continue
                job.error = StoreError("append-failed", str(error)) if isinstance(error, Exception) else error
            if not isinstance(error, AcervoError):
                raise

    def _round(self, group: list[_Job]) -> list[_Job]:
        """Check, append, answer; return those that must try again because something moved."""
        ready: list[tuple[_Job, Submission]] = []
        again: list[_Job] = []
        for job in group:
            job.tries += 1
            try:
                unsettled = {stream for other, _ in ready for stream in other.streams}
                ready.append((job, self._prepare(job, unsettled)))
            except GuardMovedError:
                again.append(job)
            except AcervoError as error:
                job.error = error
        if ready:
            try:
                outcomes = self._store.append([submission for _, submission in ready])
            except Exception as error:
                for job, _ in ready:
                    self._states.forget([*job.streams, *job.reads])
                    job.error = StoreError("append-failed", str(error))
                raise
            for (job, _), outcome in zip(ready, outcomes, strict=True):
                if self._settle(job, outcome):
                    again.append(job)
        return again

    # -- one submission ------------------------------------------------------------------------------------

    def _prepare(self, job: _Job, unsettled: set[str]) -> Submission:
        """Check a submission on the states as they are known; its reads become guards.

        Args:
            job: The submission.
            unsettled: Streams that others of this round write, whose states are ahead of the store.

        Raises:
            GuardMovedError: A rule refused on states that have moved or are not settled yet.
        """
        now = self._now(job)
        loader = Loader(self._states, self.origin)
        before: dict[str, Known] = {}
        try:
            self._check_acts(job, now, loader, before, unsettled)
            if job.rows is None:
                job.rows = self._seal(job)
        except AcervoError as error:
            for stream, known in before.items():
                self._states.put(stream, known)
            if isinstance(error, RuleViolation) and job.tries < MAX_TRIES:
                if not unsettled.isdisjoint(loader.reads):
                    raise GuardMovedError(job.streams[0]) from error
                if self._refresh(loader.reads):
                    raise GuardMovedError(job.streams[0]) from error
            raise
        job.reads, job.remarks = loader.reads, loader.remarks
        self._predicted_size += len(job.acts)
        return Submission(job.acts, loader.guards(job.streams), now, loader.deadline, job.rows)

    def _check_acts(
        self, job: _Job, now: datetime, loader: Loader, before: dict[str, Known], unsettled: set[str]
    ) -> None:
        """Check the acts one on the other; `before` keeps what the streams were, to be put back on refusal."""
        for offset, (act, data) in enumerate(zip(job.acts, job.parsed, strict=True)):
            statement = act.statement
            known = self._known_before(statement)
            loader.reads[statement.stream] = known.version
            if statement.version <= known.version and statement.stream not in before:
                if statement.stream in unsettled:
                    # What seems to stand there may yet be refused, and this act, unchecked, would take its place.
                    raise GuardMovedError(statement.stream)
                continue  # it may stand already: the append compares
            before.setdefault(statement.stream, known)
            signed = Signed(data, statement, now, self._predicted_size + offset)
            if not job.verified[offset]:
                self._check_signature(act, data, loader)
                job.verified[offset] = True
            check(known.state, signed, loader)
            self._states.put(statement.stream, self._states.after(known, signed))

    def _known_before(self, statement: Statement) -> Known:
        """Return what the act's stream is; an act beyond its next version is a conflict, not a rule's business."""
        known = self._states.get(statement.stream)
        if statement.version > known.version + 1:
            self._states.forget([statement.stream])
            known = self._states.get(statement.stream)
            if statement.version > known.version + 1:
                raise ConflictError("taken", statement.stream)
        return known

    def _check_signature(self, act: SignedAct, data: Act, loader: Loader) -> None:
        """Check each act's own signature, also where another act of its signer made the key known meanwhile."""
        signer = act.statement.signer
        key = self._keys.get(signer) or public_key(verification_key(signer, data, loader))
        if not act.verify(key):
            raise UntrustedInputError("bad-signature", act.statement.stream)
        self._keys[signer] = key

    def _seal(self, job: _Job) -> tuple[tuple[SealedRow, ...], ...]:
        rows = []
        for act, data in zip(job.acts, job.parsed, strict=True):
            signed = Signed(data, act.statement, datetime.now(UTC), 0)
            rows.append(
                tuple(
                    self._vault.seal(subject_of(signed, name), name, disclosure.digest(text), text)
                    for name, text in sorted(act.disclosures.items())
                )
            )
        return tuple(rows)

    def _settle(self, job: _Job, outcome: Outcome) -> bool:
        """Answer the submitter; tell whether to try again instead."""
        if outcome.result in ("appended", "duplicate"):
            duplicate = outcome.result == "duplicate"
            self._move_on(outcome, duplicate=duplicate)
            job.result = [
                Recorded(p.index, p.recorded_at, p.entry, duplicate, tuple(job.remarks)) for p in outcome.placed
            ]
            return False
        self._states.forget([*job.streams, *job.reads])
        self._predicted_size = self._store.head().size
        if outcome.result in ("guard", "window") and job.tries < MAX_TRIES:
            if outcome.result == "window":
                self._set_clock()
            return True
        job.error = _refusal(outcome)
        return False

    def _move_on(self, outcome: Outcome, *, duplicate: bool) -> None:
        """Bring the states to what was recorded: index and stamp are known only now."""
        streams = []
        for placed in outcome.placed:
            signed = signed_of(Entry.parse(placed.entry))
            streams.append(signed.statement.stream)
            if signed.act.type_name == "EntryAcknowledged/1":
                self._states.void.add(signed.act.model_dump()["index"])
        if duplicate or len(streams) != len(set(streams)):
            self._states.forget(streams)
            return
        for placed, stream in zip(outcome.placed, streams, strict=True):
            known = self._states.get(stream)
            state = known.state
            if state is not None and state.index != placed.index:
                self._states.forget([stream])

    # -- what moves ------------------------------------------------------------------------------------------

    def _refresh(self, reads: Iterable[str]) -> bool:
        """Forget streams that have moved in the store since they were read; tell whether any had."""
        names = list(reads)
        heads = self._store.stream_heads(names)
        stale = [name for name in names if self._states.get(name).version != _version(heads.get(name))]
        self._states.forget(stale)
        return bool(stale)

    def _set_clock(self) -> None:
        """Learn how far the database's clock is ahead of ours; a simulated one stands still."""
        self._clock_ahead = self._store.now() - datetime.now(UTC)
        self._predicted_size = self._store.head().size

    def _now(self, job: _Job) -> datetime:
        """Return the instant that the check is for: a little before the stamp, by the database's clock."""
        first = job.parsed[0]
        if isinstance(first, LedgerFounded) and first.clock == "simulated":
            return parse_written(job.acts[0].statement.signed_at)
        ledger = self._states.get("ledger").state
        if isinstance(ledger, LedgerState) and ledger.simulated:
            return self._store.now()
        return datetime.now(UTC) + self._clock_ahead


def _version(head: StreamHead | None) -> int:
    return 0 if head is None else head.version


def parse_submitted(act: SignedAct) -> Act:
    """Step 1: the data by its type's schema, the stream by its function, the disclosures by digest and schema."""
    statement = act.statement
    parsed = parse_act(statement.type, statement.data)
    if parsed.stream() != statement.stream:
        raise UntrustedInputError("bad-stream", f"{statement.stream} is not {parsed.stream()}")
    parsed.check_sealed_names(statement.sealed)
    act.check_disclosures(blocks=isinstance(parsed, ActaDrafted))
    if isinstance(parsed, ActaDrafted):
        blocks = {name: text for name, text in act.disclosures.items() if name not in statement.sealed}
        check_blocks(blocks, parsed.root, parsed.blocks)
    for name in statement.sealed:
        parsed.check_sealed_value(name, disclosure.parse(act.disclosures[name]).value)
    return parsed


def _refusal(outcome: Outcome) -> AcervoError:
    match outcome.result:
        case "taken" | "gap" | "prev":
            return ConflictError("taken", outcome.about)
        case "basis":
            return ConflictError("basis", outcome.about)
        case "guard" | "window":
            return StoreError("too-busy", outcome.about)
        case _:
            return UntrustedInputError(outcome.detail or "malformed", outcome.about)
