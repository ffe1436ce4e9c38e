"""A dry run: the same rules on a copy of the ledger's state in memory; nothing is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.application import Recorded, parse_submitted
from ledger.clock import utc_now
from ledger.domain.registry import check
from ledger.domain.trust import LedgerState
from ledger.domain.world import Signed
from ledger.errors import ConflictError
from ledger.ids import ZERO_HASH, write_recorded
from ledger.loader import Known, Loader, States

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.loader import StreamSource
    from ledger.statement import SignedAct

MAX_STREAMS = 10_000_000


class DryRun:
    """Takes acts as the ledger would, and forgets them.

    Args:
        source: The ledger's store, read once a stream.
        origin: The ledger's origin.
        size: The ledger's size: the next act's index.
    """

    def __init__(self, source: StreamSource, origin: str, size: int) -> None:
        self.origin = origin
        self._states = States(source, MAX_STREAMS)
        self._size = size

    def stream_head(self, stream: str) -> tuple[int, str]:
        """Return (version, statement hash) as if the acts had been recorded."""
        known = self._states.get(stream)
        if known.version:
            return known.version, known.statement
        ledger = self._states.get("ledger").state
        return 0, ledger.founding if isinstance(ledger, LedgerState) else ZERO_HASH

    def _before(self, act: SignedAct) -> Known:
        known = self._states.get(act.statement.stream)
        if act.statement.version != known.version + 1:
            raise ConflictError("taken", act.statement.stream)
        return known

    def submit(self, acts: Sequence[SignedAct]) -> list[Recorded]:
        """Check acts, all or none, as `Ledger.submit` does.

        Raises:
            UntrustedInputError, RuleViolation, ConflictError: As the ledger would.
        """
        before: dict[str, Known] = {}
        loader = Loader(self._states, self.origin)
        now = utc_now()
        try:
            for offset, act in enumerate(acts):
                known = self._before(act)
                before.setdefault(act.statement.stream, known)
                signed = Signed(parse_submitted(act), act.statement, now, self._size + offset)
                check(known.state, signed, loader)
                self._states.put(act.statement.stream, self._states.after(known, signed))
        except Exception:
            for stream, known in before.items():
                self._states.put(stream, known)
            raise
        first = self._size
        self._size += len(acts)
        stamp = write_recorded(now)
        return [
            Recorded(first + n, stamp, b"", duplicate=False, remarks=tuple(loader.remarks)) for n in range(len(acts))
        ]
