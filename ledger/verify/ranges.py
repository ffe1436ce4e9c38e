"""V2–V7 of one entry bundle: what worker processes and shards do (format.md §10).

Nothing here knows act types or rules. An entry that fails is *hard* where its statement cannot be read strictly, and
*soft* where it can: then its signature and its place in the stream are checked all the same.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ledger.crypto.dsse import pae
from ledger.crypto.keys import PublicKey
from ledger.crypto.merkle import HASH_SIZE, leaf_hash
from ledger.errors import UntrustedInputError
from ledger.ids import SIGNED_AFTER_RECORDED, SIGNED_BEFORE_RECORDED, parse_written
from ledger.log.tiles import ENTRIES, TILE_WIDTH, Tile, pack_bundle, parse_bundle
from ledger.statement import read_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from ledger.verify.bundle import Bundle

_ENROLMENT = b'"KeyEnrolled/1"'


@dataclass(frozen=True, slots=True)
class Flaw:
    """A failure of V3, V4, V6 or V7 at an entry or a file."""

    step: int
    index: int
    code: str
    detail: str = ""
    hard: bool = False


@dataclass(slots=True)
class Part:
    """What one entry bundle gave.

    digest: SHA-256 in hex of its bytes, "" where they are missing: the replay reads the same bytes or stops.
    leaves: leaf hashes, 32 bytes each, concatenated; None where the bundle cannot be split.
    first, last: `recorded_at` of its first and last readable entries, "" where none is.
    """

    n: int
    width: int
    digest: str = ""
    leaves: bytes | None = None
    first: str = ""
    last: str = ""
    first_index: int = -1
    flaws: list[Flaw] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return what a shard's file says of it."""
        return {
            "digest": self.digest,
            "first": self.first,
            "first_index": self.first_index,
            "flaws": [[f.step, f.index, f.code, f.detail, f.hard] for f in self.flaws],
            "last": self.last,
            "leaves": "" if self.leaves is None else b64encode(self.leaves).decode(),
            "n": self.n,
            "width": self.width,
        }

    @classmethod
    def from_json(cls, value: Any) -> Part:
        """Read what `to_json` wrote.

        Raises:
            UntrustedInputError: "shard-malformed".
        """
        try:
            part = cls(
                n=int(value["n"]),
                width=int(value["width"]),
                digest=str(value["digest"]),
                leaves=b64decode(value["leaves"], validate=True) if value["leaves"] else None,
                first=str(value["first"]),
                last=str(value["last"]),
                first_index=int(value["first_index"]),
                flaws=[Flaw(int(s), int(i), str(c), str(d), bool(h)) for s, i, c, d, h in value["flaws"]],
            )
        except (TypeError, KeyError, ValueError, Base64Error) as error:
            raise UntrustedInputError("shard-malformed", type(error).__name__) from error
        if part.leaves is not None and len(part.leaves) != part.width * HASH_SIZE:
            raise UntrustedInputError("shard-malformed", "leaves")
        return part


def check_part(bundle: Bundle, n: int, size: int, origin: str, keys: Mapping[str, PublicKey | None]) -> Part:
    """Check the n-th entry bundle of a tree of `size` leaves: V4 at level 0, V6, V7.

    Args:
        bundle: Where it lies.
        n: Which one.
        size: Leaves of the checkpoint's tree.
        origin: What every statement must name as its ledger.
        keys: keyid → key, None for one whose SPKI the format does not admit.
    """
    start = n * TILE_WIDTH
    part = Part(n, min(TILE_WIDTH, size - start))
    try:
        raw = bundle.entry_bundle(n, size)
        part.digest = sha256(raw).hexdigest()
        entries = parse_bundle(raw, part.width)
    except UntrustedInputError as error:
        code = "entries-missing" if error.code == "file-missing" else error.code
        part.flaws.append(Flaw(3, start, code, f"…{start + part.width - 1}", hard=True))
        return part
    leaves = [leaf_hash(entry) for entry in entries]
    part.leaves = b"".join(leaves)
    _compare_tiles(bundle, part, entries)
    for offset, raw_entry in enumerate(entries):
        check_entry(part, start + offset, raw_entry, (origin, keys))
    return part


def _compare_tiles(bundle: Bundle, part: Part, entries: list[bytes]) -> None:
    """V4 at level 0, and of older partial copies of the same tile and entry bundle."""
    leaves = part.leaves or b""
    if part.width not in bundle.widths(0, part.n):
        path = Tile(0, part.n, part.width).path
        part.flaws.append(Flaw(4, part.n * TILE_WIDTH, "tile-missing", path))
    for width in bundle.widths(0, part.n):
        if width <= part.width:
            tile = Tile(0, part.n, width)
            at = first_difference(bundle.tile(tile) or b"", leaves[: width * HASH_SIZE])
            if at is not None:
                part.flaws.append(Flaw(4, part.n * TILE_WIDTH + at, "tile-differs", tile.path))
    for width in bundle.widths(ENTRIES, part.n):
        if width < part.width:
            tile = Tile(ENTRIES, part.n, width)
            wanted = pack_bundle(entries[:width])
            if bundle.archive.size(tile.path) != len(wanted) or bundle.archive.read(tile.path, len(wanted)) != wanted:
                part.flaws.append(Flaw(4, tile.start, "tile-differs", tile.path))


def first_difference(found: bytes, wanted: bytes) -> int | None:
    """Return the number of the first hash that differs, None where all are the same."""
    if found == wanted:
        return None
    for at in range(0, len(wanted), HASH_SIZE):
        if found[at : at + HASH_SIZE] != wanted[at : at + HASH_SIZE]:
            return at // HASH_SIZE
    return len(wanted) // HASH_SIZE


def check_entry(part: Part, index: int, raw: bytes, trust: tuple[str, Mapping[str, PublicKey | None]]) -> None:
    """V6 and V7 of one entry, given the origin and the keys."""
    origin, keys = trust
    # V6: strict, in place, of this ledger, recorded not before its predecessor, signed within the window.
    try:
        number, recorded_at, recorded, statement, signature = read_entry(raw)
    except UntrustedInputError as error:
        part.flaws.append(Flaw(6, index, error.code, error.detail[:200], hard=True))
        return
    if number != index:
        part.flaws.append(Flaw(6, index, "index-out-of-place", str(number)))
    if statement.ledger != origin:
        part.flaws.append(Flaw(6, index, "other-ledger", statement.ledger))
    if recorded_at < part.last:
        part.flaws.append(Flaw(6, index, "recorded-decreases", recorded_at))
    if not part.first:
        part.first, part.first_index = recorded_at, index
    part.last = recorded_at
    code = _window(statement.occurred_at, statement.signed_at, recorded)
    if code:
        part.flaws.append(Flaw(6, index, code, statement.signed_at))
    # V7: the signature, with the key whose hash is the signer.
    if statement.signer not in keys:
        part.flaws.append(Flaw(7, index, "key-not-in-ledger", statement.signer))
        return
    key = keys[statement.signer]
    if key is None or key.keyid != statement.signer or not key.verify(signature, pae(statement.raw)):
        part.flaws.append(
            Flaw(7, index, "key-not-acceptable" if key is None else "signature-invalid", statement.signer)
        )


def _window(occurred_at: str, signed_at: str, recorded: datetime) -> str:
    """Return the code of what the instants break, "" where they hold (format.md §5)."""
    occurred, signed = parse_written(occurred_at), parse_written(signed_at)
    if occurred > signed:
        return "occurred-after-signed"
    if signed - recorded > SIGNED_AFTER_RECORDED:
        return "signed-in-future"
    if recorded - signed > SIGNED_BEFORE_RECORDED:
        return "signed-too-long-ago"
    return ""


# -- the keys that the ledger names ----------------------------------------------------------------------------


def _aligned(text: bytes) -> list[bytes]:
    """Return what base64 makes of the text at each of the three alignments, without the ends that vary."""
    found = []
    for lead in range(3):
        encoded = b64encode(b"\0" * lead + text)
        start = (lead * 8 + 5) // 6
        end = (lead + len(text)) * 8 // 6
        found.append(encoded[start:end])
    return found


_NEEDLES = _aligned(_ENROLMENT)


def keys_in(raw_bundle: bytes, width: int) -> Iterator[bytes]:
    """Yield every SPKI that an enrolment in an entry bundle names; cheap where there is none.

    The founding's keys are those of entry 0 (`spkis_of`); a later founding is void.

    A keyid is the hash of its SPKI, so it matters not who names it: V7 needs the bytes only, V8 asks the rest.
    """
    if not any(needle in raw_bundle for needle in _NEEDLES):
        return
    try:
        entries = parse_bundle(raw_bundle, width)
    except UntrustedInputError:
        return
    for raw in entries:
        if any(needle in raw for needle in _NEEDLES):
            yield from spkis_of(raw)


def spkis_of(raw: bytes, *, founding: bool = False) -> Iterator[bytes]:
    """Yield the SPKIs that an enrolment, or entry 0, names, whatever else is wrong with it."""
    try:
        statement = json.loads(b64decode(json.loads(raw)["act"]["payload"]))
        if not founding and statement["type"] != "KeyEnrolled/1":
            return
        data = statement["data"]
        named = [data.get("spki"), data.get("recovery_spki")]
        named += [officer.get("spki") for officer in data.get("officers", ())]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return
    for text in named:
        try:
            if isinstance(text, str):
                yield b64decode(text, validate=True)
        except ValueError:
            continue


def spki_map(entries: Iterable[tuple[int, bytes]]) -> dict[str, bytes]:
    """Return keyid → SPKI of every key that these entries, given with their indexes, name."""
    return {sha256(spki).hexdigest(): spki for index, raw in entries for spki in spkis_of(raw, founding=index == 0)}


def parse_keys(spkis: Mapping[str, bytes]) -> dict[str, PublicKey | None]:
    """Return keyid → key, None for SPKIs that the format does not admit."""
    keys: dict[str, PublicKey | None] = {}
    for keyid, spki in spkis.items():
        try:
            keys[keyid] = PublicKey.from_spki(spki)
        except UntrustedInputError:
            keys[keyid] = None
    return keys
