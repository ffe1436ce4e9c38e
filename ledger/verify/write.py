"""Writing evidence: the full history or an excerpt, always the same bytes for the same content (format.md §9)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING

import orjson

from ledger.errors import UntrustedInputError
from ledger.log.tiles import TILE_WIDTH
from ledger.verify.archive import CHUNK, ZipWriter, check_name
from ledger.verify.bundle import Opened, file_kind
from ledger.verify.texts import readme

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from ledger.statement import SignedAct


@dataclass(frozen=True, slots=True)
class _Item:
    """A file to be written: bytes in memory, or a file that is read in pieces."""

    source: bytes | Path

    def chunks(self) -> Iterator[bytes]:
        if isinstance(self.source, bytes):
            yield self.source
            return
        with self.source.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def measure(self) -> tuple[int, str, int]:
        """Return size, SHA-256 in hex and CRC."""
        size, crc, hashed = 0, 0, sha256()
        for chunk in self.chunks():
            size += len(chunk)
            crc = zlib.crc32(chunk, crc)
            hashed.update(chunk)
        return size, hashed.hexdigest(), crc


@dataclass(frozen=True, slots=True)
class Extras:
    """What may go with a bundle or excerpt beside entries, tiles and checkpoints.

    disclosures: opened values, where they were granted; any order.
    documents: files whose names are their SHA-256.
    schemas: `<type>.<version>` → JSON Schema of the act type.
    """

    disclosures: Iterable[Opened] = ()
    documents: Iterable[Path] = ()
    schemas: Mapping[str, bytes] | None = None


def opened_of(index: int, act: SignedAct) -> Iterator[Opened]:
    """Yield the disclosures of a submitted act as lines of a bundle."""
    for name in sorted(act.disclosures):
        yield Opened(index, name, act.disclosures[name])


@cache
def act_schemas() -> Mapping[str, bytes]:
    """Return the JSON Schema of `data` of every act type, by `<type>.<version>`."""
    from ledger.acts import act_types

    return {
        name.replace("/", "."): orjson.dumps(cls.model_json_schema(), option=orjson.OPT_SORT_KEYS)
        for name, cls in act_types().items()
    }


@cache
def own_files() -> Mapping[str, str]:
    """Return the SHA-256 of the files that this version would put beside the evidence."""
    files = {f"schemas/{name}.json": raw for name, raw in act_schemas().items()}
    files |= {"LEEME.txt": readme(), "standalone.py": _standalone()}
    return {name: sha256(raw).hexdigest() for name, raw in files.items()}


def _standalone() -> bytes:
    return resources.files("ledger.verify").joinpath("standalone.py").read_bytes()


def write_bundle(
    path: Path,
    log: Path,
    *,
    older: Iterable[tuple[int, bytes]] = (),
    extras: Extras | None = None,
    unpacked: bool = False,
) -> None:
    """Write the full history.

    Args:
        path: The `*.evidencia.zip`, or the directory where `unpacked`; it must not exist.
        log: A directory as `acervo export log` writes it: checkpoint, policy.txt, tile/**.
        older: Older signed checkpoints by size.
        extras: What goes with it.
        unpacked: Write a directory instead of a zip.

    Raises:
        UntrustedInputError: a file of `log` that has no place in a bundle, or "zip-too-large".
        FileExistsError: `path` is there.
    """
    items: dict[str, _Item] = {}
    for file in sorted(log.rglob("*")):
        if file.is_file():
            items[file.relative_to(log).as_posix()] = _Item(file)
    for size, note in older:
        items[f"checkpoint.{size}"] = _Item(note)
    _write(path, items, extras or Extras(), unpacked=unpacked)


def write_excerpt(
    path: Path,
    *,
    policy: bytes,
    checkpoint: bytes,
    entries: Mapping[int, bytes],
    proofs: Mapping[int, str],
    extras: Extras | None = None,
    unpacked: bool = False,
) -> None:
    """Write the acts that something rests on, each with its proof under the checkpoint.

    Args:
        path: As in `write_bundle`.
        policy: The log's policy.
        checkpoint: The signed checkpoint under which all proofs are.
        entries: Index → entry; entry 0, the keys' enrolments and whatever else the acts rest on belong in it.
        proofs: Index → tlog-proof text.
        extras: What goes with it.
        unpacked: Write a directory instead of a zip.
    """
    items = {"policy.txt": _Item(policy), "checkpoint": _Item(checkpoint)}
    items |= {f"entries/{index}.json": _Item(raw) for index, raw in entries.items()}
    items |= {f"proofs/{index}.tlog-proof": _Item(text.encode()) for index, text in proofs.items()}
    _write(path, items, extras or Extras(), unpacked=unpacked)


def _write(path: Path, items: dict[str, _Item], extras: Extras, *, unpacked: bool) -> None:
    items |= _extra_items(extras)
    items["LEEME.txt"] = _Item(readme())
    items["standalone.py"] = _Item(_standalone())
    for name in items:
        check_name(name)
        file_kind(name)
    measured = {name: item.measure() for name, item in items.items()}
    manifest = orjson.dumps({name: digest for name, (_, digest, _) in measured.items()}, option=orjson.OPT_SORT_KEYS)
    items["MANIFEST.json"] = _Item(manifest)
    measured["MANIFEST.json"] = items["MANIFEST.json"].measure()
    if unpacked:
        _write_directory(path, items)
    else:
        _write_zip(path, items, measured)


def _write_zip(path: Path, items: Mapping[str, _Item], measured: Mapping[str, tuple[int, str, int]]) -> None:
    with path.open("xb") as out:
        writer = ZipWriter(out)
        for name in sorted(items):
            size, _, crc = measured[name]
            writer.add(name, size, items[name].chunks(), crc)
        writer.finish()


def _write_directory(path: Path, items: Mapping[str, _Item]) -> None:
    path.mkdir(parents=True)
    for name in sorted(items):
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            out.writelines(items[name].chunks())


def _extra_items(extras: Extras) -> dict[str, _Item]:
    items: dict[str, _Item] = {}
    opened = sorted(extras.disclosures, key=lambda o: (o.index, not o.leaves, o.name))
    for n, group in groupby(opened, key=lambda o: o.index // TILE_WIDTH):
        items[f"disclosures/{n}.jsonl"] = _Item(b"".join(o.line() for o in group))
    for document in extras.documents:
        digest = _Item(document).measure()[1]
        if document.name != digest:
            raise UntrustedInputError("document-digest", document.name[:64])
        items[f"documents/{digest}"] = _Item(document)
    schemas = act_schemas() if extras.schemas is None else extras.schemas
    items |= {f"schemas/{name}.json": _Item(raw) for name, raw in schemas.items()}
    return items
