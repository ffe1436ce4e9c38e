"""The server's world: states of streams out of the store, each read becoming a guard of the append (format.md §6)."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ledger.domain.registry import evolve
from ledger.domain.replay import signed_of
from ledger.statement import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.domain.world import Signed, State

MAX_CACHED_STREAMS = 50_000
FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)


class StreamSource(Protocol):
    """Where entries of a stream come from."""

    def stream(self, name: str, after_version: int = 0) -> Iterable[bytes]:
        """Give the stream's entries after a version, in order."""


class Known(NamedTuple):
    """What is known of a stream: its last version and statement, and its state.

    A void entry moves version and statement and leaves the state as it is.
    """

    version: int
    statement: str
    state: State | None


ABSENT = Known(0, "", None)


class States:
    """States by stream, the least recently used forgotten first.

    A stale one is harmless: its version goes into the guards, and the append refuses. Not thread-safe; the ledger
    holds its lock around every use.
    """

    def __init__(self, source: StreamSource, most: int = MAX_CACHED_STREAMS) -> None:
        self._source = source
        self._most = most
        self._known: OrderedDict[str, Known] = OrderedDict()
        self.void: set[int] = set()

    def get(self, stream: str) -> Known:
        """Return what is known of the stream, reading it from the store the first time."""
        known = self._known.get(stream)
        if known is None:
            known = self.fold(self._source.stream(stream))
            self.put(stream, known)
        else:
            self._known.move_to_end(stream)
        return known

    def presume_absent(self, stream: str) -> Known:
        """Return what is known of the stream; of one that was never read, that it is absent, without reading it."""
        known = self._known.get(stream)
        if known is None:
            known = ABSENT
            self.put(stream, known)
        return known

    def put(self, stream: str, known: Known) -> None:
        """Remember what the stream is now."""
        self._known[stream] = known
        self._known.move_to_end(stream)
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def forget(self, streams: Iterable[str]) -> None:
        """Read these again when they are next asked for."""
        for stream in streams:
            self._known.pop(stream, None)

    def fold(self, entries: Iterable[bytes]) -> Known:
        """Return what the entries of one stream leave behind."""
        known = ABSENT
        for raw in entries:
            entry = Entry.parse(raw)
            known = self.after(known, signed_of(entry))
        return known

    def after(self, known: Known, signed: Signed) -> Known:
        """Return what the stream is after the act."""
        state = known.state if signed.index in self.void else evolve(known.state, signed)
        return Known(signed.statement.version, signed.statement.sha256, state)


class Loader:
    """The world as one check sees it; it remembers every stream that was read and until when the check holds."""

    def __init__(self, states: States, origin: str) -> None:
        self._states = states
        self._origin = origin
        self.reads: dict[str, int] = {}
        self.deadline = FAR_FUTURE
        self.remarks: list[tuple[str, Mapping[str, Any]]] = []

    @property
    def origin(self) -> str:
        """The ledger's origin."""
        return self._origin

    def state(self, stream: str) -> State | None:
        """Return the stream's state and note the version that was read."""
        known = self._states.get(stream)
        self.reads[stream] = known.version
        return known.state

    def begun(self, stream: str) -> bool:
        """Tell whether an entry stands in the stream, void or not, and note the version that was read."""
        version = self._states.get(stream).version
        self.reads[stream] = version
        return version > 0

    def rule(self, code: str) -> None:
        """Do nothing: the server refuses or records, the verifier counts."""

    def lacks(self, code: str) -> None:
        """Do nothing: the verifier counts."""

    def remark(self, code: str, **params: Any) -> None:
        """Keep the remark for the receipt."""
        self.remarks.append((code, params))

    def until(self, instant: datetime) -> None:
        """Tie the check to a recording before the instant."""
        self.deadline = min(self.deadline, instant)

    def guards(self, own: Iterable[str]) -> dict[str, int]:
        """Return the versions read of all streams but those that the submission itself writes."""
        mine = set(own)
        return {stream: version for stream, version in self.reads.items() if stream not in mine}


def subject_of(signed: Signed, name: str) -> str:
    """Return whose data key closes a sealed value: a person's or the stream's (format.md §8)."""
    field = signed.act.sealed_field(name) if not name.startswith("block/") else None
    person = getattr(signed.act, "person", None)
    if field is not None and field.subject == "person" and isinstance(person, str):
        return f"person/{person}"
    return signed.statement.stream


__all__ = ["ABSENT", "FAR_FUTURE", "Known", "Loader", "States", "subject_of"]
