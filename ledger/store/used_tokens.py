"""Which access tokens were used, by whichever server of the ledger (migrations/0216). Working state, no evidence.

A server that may not write remembers its own in memory.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from hashlib import sha256
from typing import TYPE_CHECKING, LiteralString

from ledger.clock import utc_now
from ledger.errors import StoreError

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from ledger.store.store import LedgerStore

MAX_REMEMBERED = 100_000
_USE: LiteralString = """
WITH gone AS (DELETE FROM access.used_tokens WHERE until < clock_timestamp())
INSERT INTO access.used_tokens (mark, until) VALUES (%s, clock_timestamp() + %s)
ON CONFLICT (mark) DO NOTHING RETURNING mark"""


class UsedTokens:
    """The used tokens of one ledger; thread-safe, and safe among servers: one of two who use a token at once does.

    Args:
        store: The ledger's tables, on a server that may write.
    """

    def __init__(self, store: LedgerStore) -> None:
        self._store = store

    def use(self, token: str, kept: timedelta) -> bool:
        """Use a token; tell whether nobody had. Where the answer to a use was lost, the token counts as used.

        Args:
            token: What tells it from all others.
            kept: How long it could still pass for good, at most.
        """
        return bool(self._store.query(_USE, (sha256(token.encode()).digest(), kept)))


class Remembered:
    """The used tokens of a server that may not write; thread-safe, and gone with its process (decision 0020)."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def use(self, token: str, kept: timedelta) -> bool:
        """Use a token, as `UsedTokens.use`.

        Raises:
            StoreError: "access-full" where MAX_REMEMBERED are remembered; the oldest are forgotten as they expire.
        """
        now = utc_now()
        with self._lock:
            while self._until and next(iter(self._until.values())) < now:
                self._until.popitem(last=False)
            if token in self._until:
                return False
            if len(self._until) >= MAX_REMEMBERED:
                raise StoreError("access-full")
            self._until[token] = now + kept
            return True
