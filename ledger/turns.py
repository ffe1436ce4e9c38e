"""Whose turn it is: many submitters wait, one leads, and nobody waits for a lock (group commit)."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sized

MAX_GROUP = 64
MAX_GROUP_ACTS = 1000


class Waiting(Protocol):
    """Something that waits for its answer, or to lead."""

    @property
    def wake(self) -> threading.Event:
        """Set when it is answered, or when it is its turn to lead."""

    @property
    def done(self) -> bool:
        """Whether it has its answer."""

    @property
    def acts(self) -> Sized:
        """What it wants recorded."""


J = TypeVar("J", bound=Waiting)


class Turns(Generic[J]):
    """The queue. Who is answered goes on at once, while the next group is appended already."""

    def __init__(self) -> None:
        self._waiting: deque[J] = deque()
        self._lock = threading.Lock()  # around who waits, and whether anybody leads
        self._led = False

    def enter(self, job: J) -> bool:
        """Wait until the job is done, or until it is its submitter's turn to lead: then return True."""
        with self._lock:
            self._waiting.append(job)
            if not self._led:
                self._led = True
                return True
        try:
            job.wake.wait()
        except BaseException:  # an interrupt
            if not self._withdraw(job) and job.wake.is_set() and not job.done:
                self.leave(job)
            raise
        return not job.done

    def take(self) -> list[J]:
        """Take the next group off the queue; the leader answers all of it."""
        group: list[J] = []
        acts = 0
        with self._lock:
            while self._waiting and len(group) < MAX_GROUP and acts < MAX_GROUP_ACTS:
                group.append(self._waiting.popleft())
                acts += len(group[-1].acts)
        return group

    def leave(self, job: J) -> None:
        """Lead no more: the first that waits leads the next group, if any does."""
        with self._lock:
            if job in self._waiting:  # interrupted before it was taken up
                self._waiting.remove(job)
            if self._waiting:
                self._waiting[0].wake.set()
            else:
                self._led = False

    def _withdraw(self, job: J) -> bool:
        """Take a job back that nobody has taken up; False when it is being recorded, or is to lead."""
        with self._lock:
            if job in self._waiting and not job.wake.is_set():
                self._waiting.remove(job)
                return True
            return False
