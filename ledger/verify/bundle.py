"""What a bundle, an excerpt or an exported log holds, read file by file (format.md §9); V1 reads its names.

MANIFEST.json                     file → SHA-256, itself excluded (bundle and excerpt)
policy.txt  checkpoint            who may sign the tree, and the signed tree
checkpoint.<size>                 older checkpoints
tile/**                           full history: tiles and entry bundles
entries/<i>.json  proofs/<i>.tlog-proof      excerpt
disclosures/<N>.jsonl             opened sealed values of the acts N·256 … N·256+255, where granted
documents/<sha256>  schemas/<type>.json  certificates/<sha256>.der  timestamps/<size>.tsr
LEEME.txt  standalone.py
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

import orjson

from ledger.crypto.note import MAX_NOTE_BYTES, parse_size
from ledger.errors import UntrustedInputError
from ledger.ids import MAX_DISCLOSURE_BYTES, MAX_ENTRY_BYTES, SHA256_HEX
from ledger.log.policy import MAX_POLICY_BYTES
from ledger.log.proof import MAX_PROOF_BYTES
from ledger.log.tiles import ENTRIES, MAX_BUNDLE_BYTES, MAX_TILE_BYTES, TILE_WIDTH, Tile
from ledger.verify.archive import open_archive

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from ledger.verify.archive import Archive

Form: TypeAlias = Literal["bundle", "excerpt", "log"]

MAX_MANIFEST_BYTES = 64 * 1024 * 1024
MAX_OLDER_CHECKPOINTS = 10_000
MAX_DISCLOSURES_FILE_BYTES = 1024 * 1024 * 1024
MAX_LEAVES = 5000
MAX_DISCLOSURE_LINE_BYTES = max(MAX_DISCLOSURE_BYTES, MAX_LEAVES * 67) + 1024
MAX_EXCERPT_ENTRIES = 10_000
_NUMBER = r"(0|[1-9][0-9]{0,15})"
_FILES = {
    "manifest": re.compile(r"MANIFEST\.json"),
    "policy": re.compile(r"policy\.txt"),
    "checkpoint": re.compile(r"checkpoint"),
    "older": re.compile(rf"checkpoint\.{_NUMBER}"),
    "tile": re.compile(r"tile/.+"),
    "entry": re.compile(rf"entries/{_NUMBER}\.json"),
    "proof": re.compile(rf"proofs/{_NUMBER}\.tlog-proof"),
    "disclosures": re.compile(rf"disclosures/{_NUMBER}\.jsonl"),
    "document": re.compile(r"documents/([0-9a-f]{64})"),
    "schema": re.compile(r"schemas/([A-Za-z0-9]{1,64}\.[1-9][0-9]{0,2})\.json"),
    "certificate": re.compile(r"certificates/([0-9a-f]{64})\.der"),
    "timestamp": re.compile(rf"timestamps/{_NUMBER}\.tsr"),
    "readme": re.compile(r"LEEME\.txt"),
    "standalone": re.compile(r"standalone\.py"),
}
_OF_A_LOG = frozenset({"policy", "checkpoint", "older", "tile"})


def file_kind(name: str) -> tuple[str, str]:
    """Return what a file of this name is and the part of the name that says which; tiles are read strictly.

    Raises:
        UntrustedInputError: "file-unknown" or "tile-path-malformed".
    """
    for kind, pattern in _FILES.items():
        match = pattern.fullmatch(name)
        if match is not None:
            if kind == "tile":
                Tile.parse(name)
            return kind, match[1] if pattern.groups else ""
    raise UntrustedInputError("file-unknown", name)


@dataclass(frozen=True, slots=True)
class Opened:
    """A line of a disclosures file: a disclosure, or the list of all leaf hashes of an acta's blocks.

    text: the ASCII disclosure, "" where `leaves` is given.
    leaves: hex leaf hashes in reading order, those of withheld blocks too.
    """

    index: int
    name: str
    text: str
    leaves: tuple[str, ...] = ()

    def line(self) -> bytes:
        """Write the line."""
        value: dict[str, Any] = {"index": self.index}
        value |= {"leaves": list(self.leaves)} if self.leaves else {"name": self.name, "text": self.text}
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS) + b"\n"

    @classmethod
    def parse(cls, line: bytes) -> Opened:
        """Read a line strictly.

        Raises:
            UntrustedInputError: "disclosures-malformed".
        """
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise UntrustedInputError("disclosures-malformed", str(error)) from error
        match value:
            case {"index": int(index), "name": str(name), "text": str(text), **rest} if not rest:
                opened = cls(index, name, text)
            case {"index": int(index), "leaves": list(leaves), **rest} if not rest and _are_hashes(leaves):
                opened = cls(index, "", "", tuple(leaves))
            case _:
                raise UntrustedInputError("disclosures-malformed", "neither a disclosure nor a list of leaves")
        if opened.line() != line:
            raise UntrustedInputError("disclosures-malformed", "not in the form in which it would be written")
        return opened


def _are_hashes(leaves: list[Any]) -> bool:
    return 0 < len(leaves) <= MAX_LEAVES and all(isinstance(x, str) and SHA256_HEX.fullmatch(x) for x in leaves)


class Bundle:
    """An open bundle, excerpt or exported log.

    Attributes:
        archive: Where its files lie.
        form: "bundle" for the full history with a manifest, "excerpt" for single entries with their proofs,
            "log" for a bare exported directory.
        stray: Names that no file of the form has, with the code of what is wrong.
        files: kind → the names of its files, with what each name says of which it is.
    """

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.stray: list[tuple[str, str]] = []
        self.files: dict[str, dict[str, str]] = {kind: {} for kind in _FILES}
        for name in archive.names:
            try:
                kind, which = file_kind(name)
            except UntrustedInputError as error:
                self.stray.append((name, error.code))
            else:
                self.files[kind][which or name] = name
        self.form = self._form()
        if self.form == "log":
            self._refuse_others(_OF_A_LOG)
        elif self.form == "excerpt":
            self._refuse_others(frozenset(_FILES) - {"tile", "older"})
        else:
            self._refuse_others(frozenset(_FILES) - {"entry", "proof"})
        self._widths: dict[tuple[int, int], list[int]] = {}
        for name in self.files["tile"].values():
            tile = Tile.parse(name)
            self._widths.setdefault((tile.level, tile.n), []).append(tile.width)

    @classmethod
    def open(cls, path: Path) -> Bundle:
        """Open a path.

        Raises:
            UntrustedInputError: what is wrong with it as a whole.
        """
        archive = open_archive(path)
        try:
            return cls(archive)
        except BaseException:
            archive.close()
            raise

    def close(self) -> None:
        """Close it."""
        self.archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def _form(self) -> Form:
        if "MANIFEST.json" not in self.files["manifest"]:
            if self.files["tile"] and self.files["checkpoint"]:
                return "log"
            raise UntrustedInputError("not-evidence", "neither a manifest nor tiles with a checkpoint")
        return "excerpt" if self.files["entry"] and not self.files["tile"] else "bundle"

    def _refuse_others(self, allowed: frozenset[str]) -> None:
        for kind, names in self.files.items():
            if kind not in allowed and names:
                self.stray += [(name, "file-out-of-place") for name in names.values()]
                names.clear()

    # -- its parts -------------------------------------------------------------------------------------------

    def manifest(self) -> Mapping[str, str]:
        """Return file → SHA-256 in hex.

        Raises:
            UntrustedInputError: "manifest-malformed".
        """
        raw = self.archive.read("MANIFEST.json", MAX_MANIFEST_BYTES)
        try:
            value = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise UntrustedInputError("manifest-malformed", str(error)) from error
        if not isinstance(value, dict) or orjson.dumps(value, option=orjson.OPT_SORT_KEYS) != raw:
            raise UntrustedInputError("manifest-malformed", "not canonical")
        for name, digest in value.items():
            if not isinstance(digest, str) or not SHA256_HEX.fullmatch(digest):
                raise UntrustedInputError("manifest-malformed", name[:80])
        return value

    def policy(self) -> bytes:
        """Return the bundle's own policy.

        Raises:
            UntrustedInputError: "file-missing".
        """
        return self.archive.read("policy.txt", MAX_POLICY_BYTES)

    def checkpoint(self) -> bytes:
        """Return the signed checkpoint.

        Raises:
            UntrustedInputError: "file-missing".
        """
        return self.archive.read("checkpoint", MAX_NOTE_BYTES)

    def older_checkpoints(self) -> Iterator[tuple[str, int, bytes]]:
        """Yield name, the size that the name says, and the note, smallest first."""
        older = sorted((parse_size(which), name) for which, name in self.files["older"].items())
        if len(older) > MAX_OLDER_CHECKPOINTS:
            raise UntrustedInputError("too-many-checkpoints", f"{len(older)}, at most {MAX_OLDER_CHECKPOINTS}")
        for size, name in older:
            yield name, size, self.archive.read(name, MAX_NOTE_BYTES)

    def entry_bundle(self, n: int, size: int) -> bytes:
        """Return the n-th entry bundle of a tree of `size` leaves.

        Raises:
            UntrustedInputError: "file-missing".
        """
        width = min(TILE_WIDTH, size - n * TILE_WIDTH)
        return self.archive.read(Tile(ENTRIES, n, width).path, MAX_BUNDLE_BYTES)

    def tile(self, tile: Tile) -> bytes | None:
        """Return a tile's bytes, b"" where it is longer than any tile, None where the file is missing."""
        if tile.path not in self.files["tile"]:
            return None
        if self.archive.size(tile.path) > MAX_TILE_BYTES:
            return b""
        return self.archive.read(tile.path, MAX_TILE_BYTES)

    def widths(self, level: int, n: int) -> Sequence[int]:
        """Return the widths in which the tile or entry bundle is there: one, or older partial ones too."""
        return self._widths.get((level, n), ())

    def tiles(self) -> Iterator[Tile]:
        """Yield every tile and entry bundle that is there."""
        for (level, n), widths in self._widths.items():
            for width in widths:
                yield Tile(level, n, width)

    def excerpt(self) -> Iterator[tuple[int, bytes, str | None]]:
        """Yield index, entry and proof of an excerpt, in the order of indexes.

        Raises:
            UntrustedInputError: "too-many-entries".
        """
        if len(self.files["entry"]) > MAX_EXCERPT_ENTRIES:
            raise UntrustedInputError("too-many-entries", f"at most {MAX_EXCERPT_ENTRIES}")
        for index in sorted(map(int, self.files["entry"])):
            raw = self.archive.read(self.files["entry"][str(index)], MAX_ENTRY_BYTES)
            proof = self.files["proof"].get(str(index))
            text = None if proof is None else self.archive.read(proof, MAX_PROOF_BYTES).decode("utf-8", "replace")
            yield index, raw, text

    def disclosures(self, files: Collection[int] | None = None) -> Iterator[tuple[str, Opened | UntrustedInputError]]:
        """Yield the file and each line of it, in order of file numbers; a malformed line as its error.

        Args:
            files: Numbers of the files that are wanted; None for all.
        """
        names = self.files["disclosures"]
        for n in sorted(map(int, names)) if files is None else sorted(n for n in files if str(n) in names):
            name = names[str(n)]
            raw = self.archive.read(name, MAX_DISCLOSURES_FILE_BYTES)
            for line in raw.splitlines(keepends=True):
                try:
                    opened = _opened(line, n)
                except UntrustedInputError as error:
                    yield name, error
                else:
                    yield name, opened


def _opened(line: bytes, n: int) -> Opened:
    if len(line) > MAX_DISCLOSURE_LINE_BYTES:
        raise UntrustedInputError("disclosures-malformed", "a line is too long")
    opened = Opened.parse(line)
    if opened.index // TILE_WIDTH != n:
        raise UntrustedInputError("disclosures-malformed", f"index {opened.index} stands in the wrong file")
    return opened
