"""The threads that take submissions from the event loop."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from api.threads import Threads


def test_work_is_done_beside_the_loop_and_errors_come_back() -> None:
    """Values and errors of the work reach whoever waits, and the work runs in a thread of another name."""

    def fail() -> None:
        raise ValueError("so")

    async def both() -> str:
        threads = Threads(2, "worker")
        with pytest.raises(ValueError, match="so"):
            await threads.run(fail)
        return await threads.run(lambda: threading.current_thread().name)

    assert asyncio.run(both()) == "worker"


def test_there_are_no_more_threads_than_said() -> None:
    """Twenty tasks at once find three threads, one after the other, and all are done."""
    at_work: set[int] = set()

    def work(number: int) -> int:
        at_work.add(threading.get_ident())
        time.sleep(0.005)
        return number

    async def all_of_them() -> list[int]:
        threads = Threads(3, "worker")
        return await asyncio.gather(*(threads.run(work, number) for number in range(20)))

    assert asyncio.run(all_of_them()) == list(range(20))
    assert len(at_work) == 3


def test_who_is_cancelled_does_not_stop_the_work() -> None:
    """A task that is cancelled ends at once; what it had asked for is done all the same, and the thread goes on."""
    done = threading.Event()
    free = threading.Event()

    def work() -> None:
        free.wait(10)
        done.set()

    async def cancelled() -> int:
        threads = Threads(1, "worker")
        task = asyncio.create_task(threads.run(work))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not done.is_set()
        free.set()
        return await threads.run(lambda: 7)

    assert asyncio.run(cancelled()) == 7
    assert done.is_set()
