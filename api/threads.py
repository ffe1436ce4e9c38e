"""Threads for what an event loop must not wait for, with as little between the two as there can be.

The framework's own way takes locks, copies contexts and counts in Python; whoever waits for a receipt waits for that
twice (docs/decisions/0012).
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class _Task(NamedTuple):
    work: Callable[..., Any]
    arguments: tuple[Any, ...]
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Any]


class Threads:
    """At most so many threads, made as they are needed. Used by one event loop.

    Args:
        most: How many.
        name: Of the threads, for whoever looks at the process.
    """

    def __init__(self, most: int, name: str) -> None:
        self._most, self._name = most, name
        self._made = self._busy = 0  # read and written in the loop only
        self._tasks: SimpleQueue[_Task] = SimpleQueue()

    async def run(self, work: Callable[..., T], *arguments: Any) -> T:
        """Do `work` in a thread and return its value. Who is cancelled does not wait; the work is done all the same.

        Raises:
            BaseException: what `work` raised.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._busy += 1
        if self._made < min(self._busy, self._most):
            self._made += 1
            threading.Thread(target=self._serve, name=self._name, daemon=True).start()
        self._tasks.put(_Task(work, arguments, loop, answer))
        try:
            return await answer
        finally:
            self._busy -= 1

    def _serve(self) -> None:
        while True:
            task = self._tasks.get()
            try:
                tell, said = task.answer.set_result, task.work(*task.arguments)
            except BaseException as error:  # noqa: BLE001  raised where it is waited for
                tell, said = task.answer.set_exception, error
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                task.loop.call_soon_threadsafe(_settle, task.answer, tell, said)
            del task, tell, said  # or they would be kept until the next one comes


def _settle(answer: asyncio.Future[Any], tell: Callable[[Any], None], said: Any) -> None:
    if not answer.done():
        tell(said)
