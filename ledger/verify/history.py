"""What the replay remembers of streams, compactly: a place a stream, a link an entry, and the rest on the file.

For a million entries: a dict of 16-byte stream hashes → last index (about 120 MB if each had a stream of its own), one
int32 a link, one byte a flag. Heads and states are bounded maps; what was forgotten is folded again from the bytes.
"""

from __future__ import annotations

import json
import secrets
from array import array
from base64 import b64decode
from binascii import a2b_base64
from datetime import datetime
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from ledger.acts import parse_act
from ledger.domain.registry import evolve
from ledger.domain.world import Signed
from ledger.errors import UntrustedInputError
from ledger.log.tiles import TILE_WIDTH, parse_bundle
from ledger.statement import Statement
from ledger.verify.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.domain.world import State

MAX_HEADS = 20_000
MAX_STATES = 10_000
MAX_BUNDLES = 8
_NONE = -1
_PAYLOAD = len('{"act":{"payload":"')


class Place(NamedTuple):
    """What an entry says of its place, read leniently where it cannot be read strictly."""

    stream: str
    version: int
    statement: str


ABSENT = Place("", 0, "")


def quick_statement(raw: bytes) -> tuple[Statement, str]:
    """Return statement and `recorded_at` of an entry that V6 has read strictly already: its layout is known."""
    payload = a2b_base64(raw[_PAYLOAD : raw.index(b'"', _PAYLOAD)])
    return Statement.of(payload, orjson.loads(payload)), raw[-29:-2].decode("ascii")


def lenient_place(raw: bytes) -> Place | None:
    """Return the place that an entry claims which V6 refused, None where it names none.

    A void entry keeps its place in stream and `prev` chain (format.md §6), and the database reads JSON leniently.
    """
    statement, digest = lenient_statement(raw)
    stream, version = (statement.get("stream"), statement.get("version")) if type(statement) is dict else (None, None)
    if type(stream) is not str or type(version) is not int:
        return None
    return Place(stream, version, digest)


def lenient_statement(raw: bytes) -> tuple[Any, str]:
    """Return the JSON that an entry carries as its statement, and its SHA-256; (None, "") where it carries none."""
    try:
        payload = b64decode(json.loads(raw)["act"]["payload"])
        return json.loads(payload), sha256(payload).hexdigest()
    except (ValueError, TypeError, KeyError, RecursionError):
        return None, ""


class History:
    """Streams, their chains and their states as of the entries seen so far.

    Args:
        read: gives the bytes of the n-th entry bundle.
        size: entries of the tree.
    """

    def __init__(self, read: Callable[[int], bytes], size: int) -> None:
        self._read = read
        self._size = size
        self._salt = secrets.token_bytes(16)  # nobody can prepare two streams with one hash
        self._hashed = ("", 0)
        self._last: dict[int, int] = {}
        self._links = array("i" if size < 2**31 else "q", [])
        self._applied = bytearray()
        self._hard: set[int] = set()
        self._heads: Recent[Place] = Recent(MAX_HEADS)
        self._states: Recent[State] = Recent(MAX_STATES)
        self._bundles: Recent[list[bytes]] = Recent(MAX_BUNDLES)

    # -- places ------------------------------------------------------------------------------------------------

    def head(self, stream: str) -> Place:
        """Return the place that was last taken in a stream; ABSENT for an empty stream."""
        head = self._heads.young.get(stream) or self._heads.get(stream)
        if head is None:
            index = self._last.get(self._key(stream))
            head = ABSENT if index is None else self._place_at(index)
            self._heads.put(stream, head)
        return head

    def take(self, index: int, place: Place | None, *, hard: bool) -> bool:
        """Note the next entry; tell whether it took the place after its stream's last.

        Only version = last + 1 takes a place: a bad insert cannot push a stream's numbers ahead.
        """
        link, took = _NONE, False
        if place is not None and place.version == self.head(place.stream).version + 1:
            key = self._key(place.stream)
            link, took = self._last.get(key, _NONE), True
            self._last[key] = index
            self._heads.put(place.stream, place)
        if hard:
            self._hard.add(index)
        self._links.append(link)
        self._applied.append(0)
        return took

    def is_hard(self, index: int) -> bool:
        """Tell whether V6 could not read the entry's statement strictly."""
        return index in self._hard

    def _key(self, stream: str) -> int:
        if stream != self._hashed[0]:  # most entries ask for their own stream several times
            hashed = blake2b(stream.encode("utf-8", "surrogatepass"), digest_size=16, key=self._salt)
            self._hashed = stream, int.from_bytes(hashed.digest(), "big")
        return self._hashed[1]

    def _place_at(self, index: int) -> Place:
        raw = self.entry(index)
        if index in self._hard:
            place = lenient_place(raw)
            if place is None:
                raise UntrustedInputError("input-changed", f"entry {index}")
            return place
        statement, _ = quick_statement(raw)
        return Place(statement.stream, statement.version, statement.sha256)

    # -- states ------------------------------------------------------------------------------------------------

    def state(self, stream: str) -> State | None:
        """Return the state that the lawful entries of a stream have left behind."""
        state = self._states.young.get(stream) or self._states.get(stream)
        if state is None and self.head(stream) is not ABSENT:
            state = self._folded(stream)
            if state is not None:
                self._states.put(stream, state)
        return state

    def apply(self, index: int, stream: str, state: State) -> None:
        """Keep the state after the lawful entry `index`, the last noted."""
        self._applied[index] = 1
        self._states.put(stream, state)

    def is_lawful(self, index: int) -> bool:
        """Tell whether the entry had its effect: V6–V10 found nothing wrong with it."""
        return bool(self._applied[index])

    def _folded(self, stream: str) -> State | None:
        chain = []
        index = self._last.get(self._key(stream), _NONE)
        while index != _NONE:
            if self._applied[index]:
                chain.append(index)
            index = self._links[index]
        state: State | None = None
        for index in reversed(chain):
            statement, recorded_at = quick_statement(self.entry(index))
            act = parse_act(statement.type, statement.data)
            state = evolve(state, Signed(act, statement, datetime.fromisoformat(recorded_at), index))
        return state

    # -- bytes -------------------------------------------------------------------------------------------------

    def entry(self, index: int) -> bytes:
        """Return an entry's bytes."""
        return self.entries(index // TILE_WIDTH)[index % TILE_WIDTH]

    def entries(self, n: int) -> list[bytes]:
        """Return the entries of the n-th bundle."""
        entries = self._bundles.get(str(n))
        if entries is None:
            entries = parse_bundle(self._read(n), min(TILE_WIDTH, self._size - n * TILE_WIDTH))
            self._bundles.put(str(n), entries)
        return entries
