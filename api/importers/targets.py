"""Where the acts of an import go: into the ledger, or, for a dry run, into a copy of its states in memory."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from ledger.acts import parse_act
from ledger.application import Recorded
from ledger.clock import utc_now
from ledger.domain.registry import check
from ledger.domain.rules.authority import check_authority
from ledger.domain.trust import LedgerState
from ledger.domain.world import Signed
from ledger.errors import ConflictError
from ledger.ids import ZERO_HASH, write_recorded
from ledger.loader import ABSENT, Known, Loader, States, subject_of
from ledger.reception import parse_submitted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ledger.application import Ledger
    from ledger.domain.world import State
    from ledger.statement import SignedAct
    from ledger.store.store import LedgerStore
    from ledger.store.vault import Vault

MAX_STREAMS = 10_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Target(Protocol):
    """What takes the acts."""

    @property
    def origin(self) -> str:
        """The ledger's origin."""

    def heads(self, streams: Iterable[str]) -> Mapping[str, tuple[int, str]]:
        """Return (last version, its statement's SHA-256) of each stream; 0 and the founding's hash for absent ones."""

    def state(self, stream: str) -> State | None:
        """Return a stream's state."""

    def submit(self, acts: Sequence[SignedAct]) -> list[Recorded]:
        """Take acts, all or none."""


class Live:
    """The ledger itself.

    Args:
        ledger: Gives states.
        store: Gives heads, many at a time.
        vault: Closes the texts.
        submit: What records: the ledger's own, or that of a system which asks its signer first.
    """

    def __init__(
        self,
        ledger: Ledger,
        store: LedgerStore,
        vault: Vault,
        submit: Callable[[Sequence[SignedAct]], list[Recorded]],
    ) -> None:
        self.origin = ledger.origin
        self.state = ledger.state
        self._store = store
        self._vault = vault
        self._record = submit
        founded = store.founding()
        self._founding = ZERO_HASH if founded is None else founded.sha256

    def heads(self, streams: Iterable[str]) -> Mapping[str, tuple[int, str]]:
        """Return the heads as they stand in the store."""
        names = list(streams)
        found = self._store.stream_heads(names)
        absent = (0, self._founding)
        return {name: found[name][:2] if name in found else absent for name in names}

    def submit(self, acts: Sequence[SignedAct]) -> list[Recorded]:
        """Record acts; the keys that close their texts are written first, many at a time."""
        self._vault.prepare(
            subject_of(Signed(parse_act(statement.type, statement.data), statement, EPOCH, 0), name)
            for statement in (act.statement for act in acts)
            for name in statement.sealed
        )
        return self._record(acts)


class DryRun:
    """Takes acts as the ledger would, and forgets them.

    Args:
        store: The ledger's store, read as far as it is needed.
        origin: The ledger's origin.
    """

    def __init__(self, store: LedgerStore, origin: str) -> None:
        self.origin = origin
        self._store = store
        self._states = States(store, MAX_STREAMS)
        self._learned: set[str] = set()
        self._size = store.size()

    def heads(self, streams: Iterable[str]) -> Mapping[str, tuple[int, str]]:
        """Return the heads as if the acts had been recorded."""
        names = list(streams)
        self._learn(names)
        ledger = self._states.get("ledger").state
        absent = (0, ledger.founding if isinstance(ledger, LedgerState) else ZERO_HASH)
        known = ((name, self._states.get(name)) for name in names)
        return {name: (each.version, each.statement) if each.version else absent for name, each in known}

    def stream_head(self, stream: str) -> tuple[int, str]:
        """Return one stream's head."""
        return self.heads([stream])[stream]

    def state(self, stream: str) -> State | None:
        """Return a stream's state as if the acts had been recorded."""
        return self._states.get(stream).state

    def _learn(self, names: list[str]) -> None:
        """Ask at once which streams there are, so that absent ones are not asked for one by one."""
        unknown = [name for name in names if name not in self._learned]
        found = self._store.stream_heads(unknown) if unknown else {}
        self._learned.update(unknown)
        for name in unknown:
            if name not in found:
                self._states.put(name, ABSENT)

    def authorise(self, act: SignedAct) -> None:
        """Check that the signer's office allows him the act.

        Raises:
            RuleViolation: What refuses him; UntrustedInputError for an act that is none.
        """
        signed = Signed(parse_submitted(act), act.statement, utc_now(), self._size)
        check_authority(signed, Loader(self._states, self.origin))

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
        self._learned.update(act.statement.stream for act in acts)
        first = self._size
        self._size += len(acts)
        stamp = write_recorded(now)
        remarks = tuple(loader.remarks)
        return [Recorded(first + n, stamp, b"", duplicate=False, remarks=remarks) for n in range(len(acts))]

    def _before(self, act: SignedAct) -> Known:
        known = self._states.get(act.statement.stream)
        if act.statement.version != known.version + 1:
            raise ConflictError("taken", act.statement.stream)
        return known
