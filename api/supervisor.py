"""Keeping alive what the server needs: PostgreSQL, the signer, the worker. After a kill −9 no hand is needed."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Protocol

from ledger.errors import AcervoError

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERVAL_S = 0.25
MAX_PAUSE_S = 10.0
_log = logging.getLogger(__name__)


class Kept(Protocol):
    """Something that is to be alive."""

    name: str

    def alive(self) -> bool:
        """Tell whether it is."""

    def revive(self) -> None:
        """Bring it back.

        Raises:
            AcervoError, OSError: it did not come back; it is tried again later.
        """


class Supervisor:
    """Looks after things from a thread; a thing that does not come back is tried again, less and less often.

    Args:
        things: In the order in which they need one another.
        interval_s: How often is looked.
    """

    def __init__(self, things: Sequence[Kept], interval_s: float = INTERVAL_S) -> None:
        self._things = list(things)
        self._interval_s = interval_s
        self._pauses: dict[str, float] = {}
        self._not_before: dict[str, float] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; nothing is brought back any more when this returns."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._interval_s):
            for thing in self._things:
                self.look_after(thing)

    def look_after(self, thing: Kept) -> None:
        """Bring one thing back if it is gone and was not tried just now."""
        if thing.alive():
            self._pauses.pop(thing.name, None)
            return
        now = time.monotonic()
        if now < self._not_before.get(thing.name, 0.0):
            return
        _log.warning("%s is gone; starting it again", thing.name)
        pause = min(MAX_PAUSE_S, 2 * self._pauses.get(thing.name, self._interval_s))
        self._pauses[thing.name] = pause
        self._not_before[thing.name] = now + pause
        try:
            thing.revive()
        except (AcervoError, OSError) as error:
            _log.warning("%s did not come back: %s", thing.name, error)
