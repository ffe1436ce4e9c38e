"""What stands beside the tables of an export: `datapackage.json`, the checkpoint, checksums and who vouches for them.

`datapackage.json` is a Data Package (Frictionless, version 2). What it says of the ledger stands under `acervo`.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest
from typing import TYPE_CHECKING, Any

import orjson

from api.banner import NOTICE
from api.exports.catalogue import TEXT
from api.exports.formats import MEDIA_TYPES
from ledger.texts import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from api.exports.catalogue import Dataset, Field

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
PACKAGE, SUMS, SIGNATURE, CHECKPOINT = "datapackage.json", "SHA256SUMS", "SHA256SUMS.note", "checkpoint"
LICENCES: Mapping[str, tuple[str, str]] = {
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": ("CC0 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "ODC-By-1.0": ("Open Data Commons Attribution 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
    "PDDL-1.0": ("Open Data Commons PDDL 1.0", "https://opendatacommons.org/licenses/pddl/1-0/"),
}
"""Under which data may go out; the institution chooses (ACERVO_DATA_LICENCE)."""


@dataclass(frozen=True, slots=True)
class Head:
    """What an export stands for.

    Attributes:
        origin: The ledger's name.
        size: Entries; the export says what they say, and nothing later.
        root: Of their tree, in base64.
        checkpoint: The signed note over them.
        created: When the last of them was recorded.
        day: As of which day things are computed that depend on one.
        vkeys: The log's public keys, to find the one that signed; to be compared with what one got another way.
        fictitious: Whether it is a demo.
        licence: One of LICENCES.
    """

    origin: str
    size: int
    root: str
    checkpoint: str
    created: str
    day: str
    vkeys: tuple[str, ...]
    fictitious: bool
    licence: str

    def about(self) -> list[tuple[str, str]]:
        """Return the same for people, in files that have room for it."""
        told = [("origin", self.origin), ("tree_size", str(self.size)), ("root", self.root)]
        told += [("created", self.created), ("as_of", self.day), ("licence", self.licence)]
        return [("notice", NOTICE), *told] if self.fictitious else told


@dataclass(frozen=True, slots=True)
class File:
    """A file of the export; of a table: which, how many rows, how many cells of it were too long for the format."""

    name: str
    format: str
    dataset: Dataset | None = None
    rows: int = 0
    cut: int = 0


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256 in hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def describe(head: Head, directory: Path, made: Sequence[File]) -> bytes:
    """Return `datapackage.json` of the files that were made."""
    title, path = LICENCES[head.licence]
    about: dict[str, Any] = {
        "$schema": PROFILE,
        "name": "acervo-" + "".join(c if c.isalnum() else "-" for c in head.origin),
        "title": text("export-title", origin=head.origin),
        "title_en": text("export-title", "en", origin=head.origin),
        "description": _told(head, "es"),
        "description_en": _told(head, "en"),
        "version": str(head.size),
        "created": head.created,
        "licenses": [{"name": head.licence, "title": title, "path": path}],
        "sources": [{"title": head.origin, "path": CHECKPOINT}],
        "acervo": {
            "origin": head.origin,
            "tree_head": {"size": head.size, "root": head.root},
            "checkpoint": CHECKPOINT,
            "as_of": head.day,
            "vkeys": list(head.vkeys),
            "checksums": SUMS,
            "checksums_signature": SIGNATURE,
            **({"notice": NOTICE} if head.fictitious else {}),
        },
        "resources": [_resource(directory, each) for each in made],
    }
    return orjson.dumps(about, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _told(head: Head, lang: Any) -> str:
    said = text("export-about", lang, size=head.size, day=head.day)
    return f"{NOTICE}. {said}" if head.fictitious else said


def _resource(directory: Path, made: File) -> dict[str, Any]:
    path = directory / made.name
    found: dict[str, Any] = {
        "name": made.name.lower().replace(".", "-"),
        "path": made.name,
        "format": made.format,
        "mediatype": MEDIA_TYPES[made.format],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
    }
    if made.format in {"csv", "jsonl"}:
        found["encoding"] = "utf-8"
    if made.dataset is not None:
        found |= {"title": made.dataset.es, "title_en": made.dataset.en, "acervo": {"rows": made.rows}}
        if made.cut:
            found["acervo"]["cells_cut"] = made.cut
        if made.format in {"csv", "jsonl"}:
            found["type"] = "table"
            found["schema"] = {"fields": [_field(each) for each in made.dataset.fields], "missingValues": [""]}
        if made.format == "csv":
            found["acervo"]["escaped"] = text("export-escaped")
            found["acervo"]["escaped_en"] = text("export-escaped", "en")
    return found


def _field(field: Field) -> dict[str, Any]:
    said: dict[str, Any] = {"name": field.name, "type": field.type, "description": field.es, "description_en": field.en}
    if field.name.startswith(TEXT) or field.name.startswith("texts"):
        said["acervo"] = "sealed-unless-opened"
    return said


def sums(directory: Path, names: Iterable[str]) -> bytes:
    """Return the checksums of files as `sha256sum -c` reads them."""
    return "".join(f"{sha256_of(directory / name)}  {name}\n" for name in sorted(names)).encode()
