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
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ledger.acts.trust import EntryAcknowledged, LedgerFounded
from ledger.crypto import disclosure
from ledger.domain.certificates import check_opened
from ledger.domain.registry import check
from ledger.domain.trust import LedgerState
from ledger.domain.world import Signed
from ledger.errors import AcervoError, ConflictError, GuardMovedError, RuleViolation, StoreError, UntrustedInputError
from ledger.ids import MAX_BATCH_ACTS, ZERO_HASH, parse_written
from ledger.loader import ABSENT, Known, Loader, States, subject_of
from ledger.pending import Pending, refusal
from ledger.reception import Signatures, parse_submitted
from ledger.store.submission import Outcome, SealedRow, Submission
from ledger.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.domain.world import State
    from ledger.ports import Sealer, Store
    from ledger.statement import SignedAct, Statement
    from ledger.store.store import StreamHead

MAX_TRIES = 12


@dataclass(frozen=True, slots=True)
class Recorded:
    """An act that stands: its place, and what the rules remarked. `duplicate` if it stood already."""

    index: int
    recorded_at: str
    entry: bytes
    duplicate: bool
    remarks: tuple[tuple[str, Mapping[str, Any]], ...] = ()


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
        self._signatures = Signatures()
        self._turns: Turns[Pending] = Turns()
        self._turn = threading.Lock()  # around the states
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
            self._refresh({name: self._states.get(name).version for name in (stream, "ledger")})
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
        job = Pending(tuple(acts), parsed, self._signatures.check_known(acts))
        if self._turns.enter(job):
            try:
                self._lead()
            finally:
                self._turns.leave(job)
        if job.error is not None:
            raise job.error
        return job.result or []

    def _lead(self) -> None:
        """Check and append for everybody who waits, until all of the group have their answer."""
        group = left = self._turns.take()
        try:
            with self._turn:
                while left:
                    left = self._round(left)
        except BaseException as error:
            with self._turn:
                self._fail(group, error)
            if not isinstance(error, AcervoError):
                raise
        finally:
            for job in group:
                job.wake.set()

    def _fail(self, group: Iterable[Pending], error: BaseException) -> None:
        """Answer all that have no answer yet, and trust nothing of what they touched."""
        for job in group:
            self._states.forget([*job.streams, *job.reads])
            if not job.done:
                job.error = StoreError("append-failed", str(error)) if isinstance(error, Exception) else error

    def _round(self, group: list[Pending]) -> list[Pending]:
        """Check, append, answer; return those that must try again because something moved."""
        ready: list[tuple[Pending, Submission]] = []
        again: list[Pending] = []
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
            self._predicted_size = self._after(outcomes)
        return again

    # -- one submission ------------------------------------------------------------------------------------

    def _prepare(self, job: Pending, unsettled: set[str]) -> Submission:
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
            self._put_back(before)
            if isinstance(error, RuleViolation) and job.tries < MAX_TRIES:
                if not unsettled.isdisjoint(loader.reads):
                    raise GuardMovedError(job.streams[0]) from error
                if self._refresh(loader.reads | {stream: known.version for stream, known in before.items()}):
                    raise GuardMovedError(job.streams[0]) from error
            raise
        guards = loader.guards(job.streams)
        if not unsettled.isdisjoint(guards.keys() - job.named):
            # A guard is a version. Were the other refused because somebody else's act has that very version, this
            # check would rest on an act that never stood: it waits for the next round, which is no try.
            self._put_back(before)
            job.tries -= 1
            raise GuardMovedError(job.streams[0])
        job.reads, job.remarks, job.first = loader.reads, loader.remarks, self._predicted_size
        self._predicted_size += len(job.acts)
        return Submission(job.acts, guards, now, loader.deadline, job.rows)

    def _put_back(self, before: Mapping[str, Known]) -> None:
        """Bring states back to what they were before a check; an absent stream is read when it is next asked for."""
        for stream, known in before.items():
            if known is ABSENT:
                self._states.forget([stream])
            else:
                self._states.put(stream, known)

    def _check_acts(
        self, job: Pending, now: datetime, loader: Loader, before: dict[str, Known], unsettled: set[str]
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
                self._signatures.check(act, data, loader)
                job.verified[offset] = True
            check(known.state, signed, loader)
            check_opened(signed, act.disclosures, loader)
            self._states.put(statement.stream, self._states.after(known, signed))

    def _known_before(self, statement: Statement) -> Known:
        """Return what the act's stream is; an act beyond its next version is a conflict, not a rule's business.

        A stream that this process has not met, and whose first act this claims to be, is taken for absent without
        asking: the append refuses the act where that is wrong, and a rule that refuses is asked again.
        """
        if statement.version == 1:
            return self._states.presume_absent(statement.stream)
        known = self._states.get(statement.stream)
        if statement.version > known.version + 1:
            self._states.forget([statement.stream])
            known = self._states.get(statement.stream)
            if statement.version > known.version + 1:
                raise ConflictError("taken", statement.stream)
        return known

    def _seal(self, job: Pending) -> tuple[tuple[SealedRow, ...], ...]:
        """Close what the acts seal; new data keys are written first, many at a time: each waits for the disk."""
        closing = []
        for act, data in zip(job.acts, job.parsed, strict=True):
            signed = Signed(data, act.statement, datetime.now(UTC), 0)
            closing.append(
                [(subject_of(signed, name), name, act.disclosures[name]) for name in sorted(act.disclosures)]
            )
        self._vault.prepare(subject for each in closing for subject, _, _ in each)
        return tuple(
            tuple(self._vault.seal(subject, name, disclosure.digest(text), text) for subject, name, text in each)
            for each in closing
        )

    def _settle(self, job: Pending, outcome: Outcome) -> bool:
        """Answer the submitter; tell whether to try again instead."""
        if outcome.result in ("appended", "duplicate"):
            duplicate = outcome.result == "duplicate"
            self._move_on(job, outcome, duplicate=duplicate)
            job.result = [
                Recorded(p.index, p.recorded_at, p.entry, duplicate, tuple(job.remarks)) for p in outcome.placed
            ]
            return False
        self._states.forget([*job.streams, *job.reads])
        if outcome.result in ("guard", "window") and job.tries < MAX_TRIES:
            if outcome.result == "window":
                self._set_clock()
            return True
        job.error = refusal(outcome)
        return False

    def _move_on(self, job: Pending, outcome: Outcome, *, duplicate: bool) -> None:
        """Keep the states where the acts stand at the indexes that they were checked for; read the others again."""
        self._states.void.update(act.index for act in job.parsed if isinstance(act, EntryAcknowledged))
        foreseen = range(job.first, job.first + len(job.acts))
        if duplicate or any(placed.index != index for placed, index in zip(outcome.placed, foreseen, strict=True)):
            self._states.forget(job.streams)

    def _after(self, outcomes: Sequence[Outcome]) -> int:
        """Return the size after a round: others may have appended too, and what stood already added nothing."""
        ends = [outcome.placed[-1].index + 1 for outcome in outcomes if outcome.result == "appended"]
        return max(ends) if ends else self._store.head().size

    # -- what moves ------------------------------------------------------------------------------------------

    def _refresh(self, reads: Mapping[str, int]) -> bool:
        """Read streams again that stand at another version than was read; tell whether any does."""
        heads = self._store.stream_heads(reads)
        stale = [name for name, version in reads.items() if version != _version(heads.get(name))]
        self._states.forget(stale)
        for name in stale:  # now, so that none of them is presumed absent once more
            self._states.get(name)
        return bool(stale)

    def _set_clock(self) -> None:
        """Learn how far the database's clock is ahead of ours; a simulated one stands still."""
        self._clock_ahead = self._store.now() - datetime.now(UTC)
        self._predicted_size = self._store.head().size

    def _now(self, job: Pending) -> datetime:
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
