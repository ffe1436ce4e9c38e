"""`acervo check`: the database in place. Every column of every ledger table is recomputed from the entries' bytes.

    1  entries: one at each index, columns as the bytes say, stamps that do not go back
    2  nodes: those of the RFC 9162 tree over the entries, all of them and no more
    3  head, streams, founding, clock: what follows from the entries
    4  checkpoints: signed by the log's key, over our own tree's roots
    5  disclosures: one for each sealed name, opening to its digest, or erased by an act
    6  V1–V13 of the verifier over the entries: signatures, authority, lawfulness (format.md §10)

What stands in no entry cannot be recomputed and is compared for sense only: when a checkpoint was stored.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.exporting import policy_of
from ledger.acts.acta import ActaDrafted
from ledger.acts.transparency import PersonalDataErased
from ledger.clock import utc_now
from ledger.crypto.disclosure import digest as digest_of
from ledger.crypto.merkle import Peaks, cover, fold, leaf_hash
from ledger.crypto.note import open_checkpoint
from ledger.domain.replay import signed_of
from ledger.errors import AcervoError, StoreError, UntrustedInputError
from ledger.ids import parse_recorded, write_recorded
from ledger.log.tiles import ENTRIES, Tile, pack_bundle, tiles_of
from ledger.statement import Entry
from ledger.store.audit import Tables
from ledger.store.store import StoredSealed
from ledger.verify.bundle import Bundle
from ledger.verify.checks import verify
from ledger.verify.trust import Trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from api.system import System
    from ledger.store.audit import EntryRow, SealedRowAsStored

MAX_LISTED = 1_000
CLOCK_SLACK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree: the table and column, the index it concerns where there is one, and what."""

    place: str
    code: str
    index: int | None = None
    detail: str = ""


@dataclass(slots=True)
class Findings:
    """All that was found; at most MAX_LISTED are kept in words, all are counted."""

    listed: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    size: int = 0

    def add(self, place: str, code: str, index: int | None = None, detail: str = "") -> None:
        """Note a finding."""
        self.counts[f"{place}:{code}"] += 1
        if len(self.listed) < MAX_LISTED:
            self.listed.append(Finding(place, code, index, detail))

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.counts


@dataclass(slots=True)
class _Read:
    """What the entries say, as far as they could be read."""

    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    raws: list[bytes] = field(default_factory=list)
    streams: dict[str, tuple[int, bytes, int]] = field(default_factory=dict)
    sealed: dict[str, tuple[int, str]] = field(default_factory=dict)
    actas: dict[int, int] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    founding: tuple[str, bytes, bool] | None = None
    recorded_at: str = ""


def check_database(system: System, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Findings:
    """Check the database of a ledger against its own entries, the log's key and the rules."""
    tables, found = Tables(system.store), Findings()
    read = _entries(tables, found, progress, system.size())
    found.size = len(read.raws)
    _nodes(tables, read, found)
    _singles(tables, read, found)
    _streams(tables, read, found)
    stored = _checkpoints(system, tables, read, found)
    note = _fresh(system, read, found) or stored
    _disclosures(system, tables, read, found)
    if note is not None:
        _verifier(system, read, note, found)
    elif read.raws:
        found.add("checkpoints.note", "none-usable")
    return found


# -- 1: entries


def _entries(tables: Tables, found: Findings, progress: Callable[[int, int], None], size: int) -> _Read:
    read, peaks = _Read(), Peaks()
    for row in tables.entries():
        index = len(read.raws)
        if row.notification_id != index + 1:
            found.add("entries.notification_id", "not-in-place", index, f"{row.notification_id} after {index}")
        for level, idx, value in peaks.append(leaf_hash(row.state)):
            read.nodes[level, idx] = value
        read.raws.append(row.state)
        try:
            entry = Entry.parse(row.state)
        except UntrustedInputError as error:
            found.add("entries.state", error.code, index)
            continue
        _entry(entry, index, row, read, found)
        progress(index + 1, size)
    return read


def _entry(entry: Entry, index: int, row: EntryRow, read: _Read, found: Findings) -> None:
    statement = entry.act.statement
    if entry.index != index:
        found.add("entries.state", "not-in-place", index, f"says {entry.index}")
    said = {
        "originator_id": (row.stream, statement.stream),
        "originator_version": (row.version, statement.version),
        "topic": (row.topic, statement.type),
    }
    for column, (stored, signed) in said.items():
        if stored != signed:
            found.add(f"entries.{column}", "differs", index, f"{stored} ≠ {signed}")
    if entry.recorded_at < read.recorded_at:
        found.add("entries.state", "recorded-decreases", index)
    read.recorded_at = max(read.recorded_at, entry.recorded_at)
    read.streams[statement.stream] = (statement.version, bytes.fromhex(statement.sha256), index)
    for name, digest in statement.sealed.items():
        if digest in read.sealed:
            found.add("entries.state", "digest-repeated", index, name)
        read.sealed[digest] = (index, name)
    if index == 0:
        simulated = statement.data.get("clock") == "simulated"
        read.founding = (statement.ledger, bytes.fromhex(statement.sha256), simulated)
    try:
        act = signed_of(entry).act
    except AcervoError:
        return  # the verifier says so
    if isinstance(act, ActaDrafted):
        read.actas[index] = act.blocks
    if isinstance(act, PersonalDataErased):
        read.erased |= {each.digest for each in act.disclosures}


# -- 2 and 3: what follows from them


def _nodes(tables: Tables, read: _Read, found: Findings) -> None:
    missing = dict(read.nodes)
    for row in tables.nodes():
        index = row.idx << row.level if row.level >= 0 else None
        expected = missing.pop((row.level, row.idx), None)
        if expected is None:
            found.add("nodes", "stray", index, f"level {row.level}, index {row.idx}")
        elif expected != row.hash:
            found.add("nodes.hash", "differs", index, f"level {row.level}, index {row.idx}")
    for level, idx in missing:
        found.add("nodes", "missing", idx << level, f"level {level}, index {idx}")


def _singles(tables: Tables, read: _Read, found: Findings) -> None:
    recorded = parse_recorded(read.recorded_at) if read.recorded_at else None
    last = len(read.raws) - 1 if read.raws else None
    match tables.head():
        case [(True, size, at)]:
            if size != len(read.raws):
                found.add("head.size", "differs", min(size, len(read.raws)), f"{size} ≠ {len(read.raws)}")
            if at != recorded:
                found.add("head.recorded_at", "differs", last)
        case rows:
            found.add("head", "not-one-row", last, f"{len(rows)}")
    expected = [] if read.founding is None else [(True, *read.founding)]
    if tables.founding() != expected:
        found.add("founding", "differs", 0, "ledger.founding is not what entry 0 says")
    clock = tables.clock()
    simulated = read.founding is not None and read.founding[2]
    if simulated != (len(clock) == 1) or any(recorded is not None and at < recorded for _, at in clock):
        found.add("simulated_clock", "differs", last)


def _streams(tables: Tables, read: _Read, found: Findings) -> None:
    missing = dict(read.streams)
    for row in tables.streams():
        expected = missing.pop(row.stream, None)
        if expected is None:
            found.add("streams.stream", "stray", row.last_index, row.stream)
            continue
        stored = (row.version, row.statement_sha256, row.last_index)
        for column, (is_, ought) in zip(
            ("version", "statement_sha256", "last_index"), zip(stored, expected, strict=True), strict=True
        ):
            if is_ != ought:
                found.add(f"streams.{column}", "differs", expected[2], row.stream)
    for stream, (_, _, index) in missing.items():
        found.add("streams", "missing", index, stream)


# -- 4: checkpoints


def _checkpoints(system: System, tables: Tables, read: _Read, found: Findings) -> bytes | None:
    """Check every stored checkpoint and return the last good one."""
    newest: bytes | None = None
    last_size, last_at = 0, datetime.min.replace(tzinfo=utc_now().tzinfo)
    for row in tables.checkpoints():
        index = row.size - 1
        try:
            head, _ = open_checkpoint(row.note, system.keys)
        except UntrustedInputError as error:
            found.add("checkpoints.note", error.code, index)
            continue
        if head.size != row.size:
            found.add("checkpoints.size", "differs", head.size - 1, f"{row.size} ≠ {head.size}")
        if head.size > len(read.raws):
            found.add("entries", "missing", len(read.raws), f"{head.size} were signed")
        elif fold([read.nodes[place] for place in cover(0, head.size)]) != head.root:
            found.add("checkpoints.note", "root-differs", index)
        elif head.size:
            newest = row.note
        if head.size < last_size:
            found.add("checkpoints.id", "out-of-order", index)
        if not last_at <= row.stored_at <= utc_now() + CLOCK_SLACK or _too_early(row.stored_at, head.size, read):
            found.add("checkpoints.stored_at", "not-possible", index)
        last_size, last_at = head.size, max(last_at, row.stored_at)
    return newest


def _fresh(system: System, read: _Read, found: Findings) -> bytes | None:
    """Return a checkpoint that covers all entries, from the signer, whose own memory judges the database once more."""
    if not read.raws:
        return None
    try:
        note = system.signer.checkpoint(len(read.raws)).encode()
        head, _ = open_checkpoint(note, system.keys)
    except AcervoError as error:
        found.add("signer", error.code, None, error.detail)
        return None
    if head.size <= len(read.raws) and fold([read.nodes[place] for place in cover(0, head.size)]) == head.root:
        return note
    if head.size <= len(read.raws):
        found.add("signer", "root-differs", head.size - 1)
    return None


def _too_early(stored_at: datetime, size: int, read: _Read) -> bool:
    """Tell whether a checkpoint was stored before its last entry was recorded; with a simulated clock nobody knows."""
    if not 0 < size <= len(read.raws) or (read.founding is not None and read.founding[2]):
        return False
    try:
        recorded = Entry.parse(read.raws[size - 1]).recorded_at
    except UntrustedInputError:
        return False
    return write_recorded(stored_at) < recorded


# -- 5: disclosures


def _disclosures(system: System, tables: Tables, read: _Read, found: Findings) -> None:
    missing = dict(read.sealed)
    blocks = Counter[int]()
    for row in tables.disclosures():
        if row.name.startswith("block/") and row.entry_index in read.actas:
            blocks[row.entry_index] += 1
        elif missing.pop(row.digest, None) is None:
            found.add("disclosures.digest", "stray", row.entry_index, row.name)
            continue
        elif read.sealed[row.digest] != (row.entry_index, row.name):
            index, name = read.sealed[row.digest]
            column = "name" if index == row.entry_index else "entry_index"
            found.add(f"disclosures.{column}", "differs", index, name)
        _opened(system, row, read, found)
    for index, name in missing.values():
        found.add("disclosures", "missing", index, name)
    for index, count in read.actas.items():
        if blocks[index] != count:
            found.add("disclosures", "blocks-missing", index, f"{blocks[index]} ≠ {count}")


def _opened(system: System, row: SealedRowAsStored, read: _Read, found: Findings) -> None:
    if row.ciphertext is None:
        if row.digest not in read.erased:
            found.add("disclosures.ciphertext", "erased-without-act", row.entry_index, row.name)
        return
    if row.digest in read.erased:
        found.add("disclosures.ciphertext", "not-erased", row.entry_index, row.name)
        return
    sealed = StoredSealed(row.entry_index, row.name, row.digest, row.data_key, row.nonce, row.ciphertext)
    try:
        text = system.vault.open(sealed)
    except StoreError as error:
        found.add("disclosures.ciphertext", error.code, row.entry_index, row.name)
        return
    if digest_of(text) != row.digest:
        found.add("disclosures.ciphertext", "differs", row.entry_index, row.name)


# -- 6: the verifier


def _verifier(system: System, read: _Read, note: bytes, found: Findings) -> None:
    """Write the entries as an exported log into a scratch directory and let the verifier judge it."""
    with tempfile.TemporaryDirectory(prefix="acervo-") as scratch:
        log = Path(scratch)
        size = int(note.split(b"\n", 2)[1])
        _write_log(log, read, size)
        (log / "checkpoint").write_bytes(note)
        policy = policy_of(system)
        (log / "policy.txt").write_text(policy.format())
        with Bundle.open(log) as bundle:
            outcome = verify(bundle, Trust(policy=policy))
    for each in outcome.findings:
        found.add(f"V{each.step}", each.code, each.index, each.detail)
    for (step, code), count in outcome.failed.items():
        found.counts[f"V{step}:{code}"] = max(found.counts[f"V{step}:{code}"], count)


def _write_log(directory: Path, read: _Read, size: int) -> None:
    for tile in tiles_of(size):
        path = directory / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_tile(tile, read))


def _tile(tile: Tile, read: _Read) -> bytes:
    places: Iterable[int] = range(tile.start, tile.start + tile.width)
    if tile.level == ENTRIES:
        return pack_bundle([read.raws[place] for place in places])
    return b"".join(read.nodes[tile.tree_level, place] for place in places)


def as_json(found: Findings) -> dict[str, Any]:
    """Return the findings as data."""
    return {
        "size": found.size,
        "clean": found.clean,
        "counts": dict(sorted(found.counts.items())),
        "findings": [
            {"place": each.place, "code": each.code, "index": each.index, "detail": each.detail}
            for each in found.listed
        ],
    }


def lines(found: Findings) -> Iterator[str]:
    """Yield one line a finding."""
    for each in found.listed:
        where = "" if each.index is None else f" @{each.index}"
        yield f"  {each.place}{where}: {each.code} {each.detail}".rstrip()


__all__ = ["Finding", "Findings", "as_json", "check_database", "lines"]
