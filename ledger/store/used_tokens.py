"""Which access tokens were used, by whichever server of the ledger (migrations/0216). Working state, no evidence."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from datetime import timedelta

    from ledger.store.store import LedgerStore

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
