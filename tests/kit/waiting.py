"""Waiting for what is to come, on a machine that may be busy."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

WAIT_S = 60.0
"""How long anything may take that is to come."""

T = TypeVar("T")


def until(seen: Callable[[], T | None], pause_s: float = 0.01) -> T:
    """Return what is seen as soon as it is something; fail where it is nothing for too long."""
    deadline = time.monotonic() + WAIT_S
    while not (found := seen()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(pause_s)
    return found
