"""Group commit: many submitters, one transaction (format.md §6).

A durable commit costs as much as several appends. Whoever comes while one is under way waits; one of those who wait
then takes all their submissions along in the next call. There is no thread of our own and no timer: alone, a
submitter pays nothing.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

from ledger.errors import StoreError
from ledger.store.append import MAX_CALL_ACTS

if TYPE_CHECKING:
    from ledger.store.store import LedgerStore
    from ledger.store.submission import Outcome, Submission

MAX_GROUP_ACTS = MAX_CALL_ACTS // 5  # keeps the ledger's lock, and so everybody's wait, short


class _Waiting:
    __slots__ = ("error", "outcome", "submission")

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.outcome: Outcome | None = None
        self.error: StoreError | None = None

    @property
    def done(self) -> bool:
        return self.outcome is not None or self.error is not None


class GroupAppender:
    """Appends for many threads at once; one instance a process."""

    def __init__(self, store: LedgerStore) -> None:
        self._store = store
        self._condition = threading.Condition()
        self._queue: deque[_Waiting] = deque()
        self._leading = False

    def append(self, submission: Submission) -> Outcome:
        """Record one submission, together with those of other threads that wait just now.

        Raises:
            StoreError: As LedgerStore.append.
        """
        mine = _Waiting(submission)
        with self._condition:
            self._queue.append(mine)
            while not mine.done:
                if self._leading:
                    self._condition.wait()
                else:
                    self._lead()
        if mine.outcome is None:
            raise mine.error or StoreError("group-lost")
        return mine.outcome

    def _lead(self) -> None:
        """Take who waits, write outside of the lock, wake everybody; one of the rest leads next."""
        self._leading = True
        group = self._take()
        self._condition.release()
        try:
            self._write(group)
        finally:
            self._condition.acquire()
            for waiting in group:
                if not waiting.done:  # an interrupt in the leader's thread
                    waiting.error = StoreError("database-unreachable", "the group's leader was interrupted")
            self._leading = False
            self._condition.notify_all()

    def _take(self) -> list[_Waiting]:
        group = [self._queue.popleft()]
        acts = len(group[0].submission.acts)
        while self._queue and acts + len(self._queue[0].submission.acts) <= MAX_GROUP_ACTS:
            group.append(self._queue.popleft())
            acts += len(group[-1].submission.acts)
        return group

    def _write(self, group: list[_Waiting]) -> None:
        try:
            outcomes = self._store.append([waiting.submission for waiting in group])
        except StoreError as error:
            if error.code == "database-unreachable" or len(group) == 1:
                for waiting in group:
                    waiting.error = error
                return
            for waiting in group:  # one of them upset the call as a whole: each for himself
                self._write([waiting])
            return
        for waiting, outcome in zip(group, outcomes, strict=True):
            waiting.outcome = outcome
