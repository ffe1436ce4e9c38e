"""Two states of one log: is the older the beginning of the newer, and which acts came between (format.md §10, V5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

import orjson

from ledger.crypto.merkle import consistency_proof, verify_consistency
from ledger.crypto.note import MAX_NOTE_BYTES, Checkpoint
from ledger.errors import UntrustedInputError
from ledger.log.policy import Policy
from ledger.log.tiles import TILE_WIDTH, parse_bundle
from ledger.statement import Entry
from ledger.verify.bundle import Bundle
from ledger.verify.sample import TileNodes
from ledger.verify.trust import load_trust

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def run_diff(old: Path, new: Path, out: TextIO, *, as_json: bool, policy: Path | None = None) -> int:
    """Compare an older checkpoint, bundle or log with a newer bundle or log.

    Args:
        old: A signed checkpoint's file, or a bundle or log.
        new: A bundle or log with tiles.
        out: Gets the answer, then one line an act that came between.
        as_json: One JSON object a line instead of text.
        policy: Trusted keys from outside; otherwise the newer's own.

    Returns:
        0 where the older is the beginning of the newer, 1 where not.

    Raises:
        UntrustedInputError: one of the two cannot be used.
    """
    with Bundle.open(new) as bundle:
        trusted = load_trust(policy, None, ()).policy or Policy.parse(bundle.policy())
        after, _ = trusted.open(bundle.checkpoint())
        before = _checkpoint(old, trusted)
        code, first = _compare(before, after, bundle, old)
        answer = {
            "consistent": not code,
            "code": code,
            "first_difference": first,
            "new": after.size,
            "old": before.size,
        }
        out.write(_line(answer, as_json=as_json))
        if code:
            return 1
        out.writelines(_line(act, as_json=as_json) for act in _acts(bundle, before.size, after.size))
    return 0


def _line(value: dict[str, object], *, as_json: bool) -> str:
    if as_json:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() + "\n"
    return "  ".join(f"{key}={value[key]}" for key in value if value[key] not in ("", None)) + "\n"


def _checkpoint(path: Path, policy: Policy) -> Checkpoint:
    if path.is_file() and path.stat().st_size <= MAX_NOTE_BYTES:
        raw = path.read_bytes()
        if not raw.startswith(b"PK"):
            return policy.open(raw)[0]
    with Bundle.open(path) as bundle:
        return policy.open(bundle.checkpoint())[0]


def _compare(before: Checkpoint, after: Checkpoint, bundle: Bundle, old: Path) -> tuple[str, int | None]:
    """Return the code of what is wrong and, where both have entries, the first index that differs."""
    if before.origin != after.origin:
        return "other-origin", None
    if before.size > after.size:
        return "log-shrunk", after.size
    try:
        proof = consistency_proof(before.size, after.size, TileNodes(bundle, after.size))
        verify_consistency(before.size, before.root, after.size, after.root, proof)
    except UntrustedInputError as error:
        return error.code, _first_difference(old, bundle, before, after)
    return "", None


def _first_difference(old: Path, bundle: Bundle, before: Checkpoint, after: Checkpoint) -> int | None:
    if old.is_file() and not old.read_bytes()[:2].startswith(b"PK"):
        return None
    with Bundle.open(old) as other:
        for n in range(-(-before.size // TILE_WIDTH)):
            pair = zip(_entries(other, n, before.size), _entries(bundle, n, after.size), strict=False)
            for offset, (one, two) in enumerate(pair):
                if one != two:
                    return n * TILE_WIDTH + offset
    return None


def _entries(bundle: Bundle, n: int, size: int) -> list[bytes]:
    return parse_bundle(bundle.entry_bundle(n, size), min(TILE_WIDTH, size - n * TILE_WIDTH))


def _acts(bundle: Bundle, start: int, end: int) -> Iterator[dict[str, object]]:
    for n in range(start // TILE_WIDTH, -(-end // TILE_WIDTH)):
        for offset, raw in enumerate(_entries(bundle, n, end)):
            index = n * TILE_WIDTH + offset
            if index >= start:
                yield _describe(index, raw)


def _describe(index: int, raw: bytes) -> dict[str, object]:
    try:
        entry = Entry.parse(raw)
    except UntrustedInputError as error:
        return {"index": index, "code": error.code}
    statement = entry.act.statement
    return {"index": index, "recorded_at": entry.recorded_at, "type": statement.type, "stream": statement.stream}
