"""Writing a plain folder: what all converters share.

The same rows give the same bytes, so that hashes mean something.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import unicodedata
from collections import defaultdict
from functools import cache
from typing import IO, TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

SESSION = ("body", "year", "series", "session")
UNTITLED = "(sin título en la fuente)"
MAX_SLUG_CHARS = 64


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a file, gzipped where its name says so; return how many rows."""
    with path.open("wb") as raw:
        if path.suffix == ".gz":
            with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
                return _write_rows(packed, header, rows)
        return _write_rows(raw, header, rows)


def _write_rows(file: IO[bytes] | gzip.GzipFile, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    text = io.TextIOWrapper(cast("IO[bytes]", file), encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(row)
        count += 1
    text.flush()
    text.detach()
    return count


def read(path: Path) -> list[dict[str, str]]:
    """Read a source's file with its columns, gzipped or not."""
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as packed:
            return list(csv.DictReader(packed))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def one_line(text: str, empty: str = UNTITLED) -> str:
    """Return text with single spaces for all white space; `empty` where the source has none."""
    return " ".join(text.split()) or empty


def plain(text: str) -> str:
    """Return text without accents, in lower case, with single spaces for all that is neither letter nor digit."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", bare))


@cache
def slug(text: str) -> str:
    """Return a key made of a name, cut after a whole word."""
    key = plain(text).replace(" ", "-")
    return key if len(key) <= MAX_SLUG_CHARS else key[: MAX_SLUG_CHARS + 1].rpartition("-")[0]


def numbered(days: Sequence[str]) -> list[tuple[int, int]]:
    """Return (year, number of the session in its year) of each of the days, which come in order."""
    counts: dict[int, int] = defaultdict(int)
    found = []
    for day in days:
        year = int(day[:4])
        counts[year] += 1
        found.append((year, counts[year]))
    return found
