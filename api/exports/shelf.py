"""The dated folders of open data in the data directory: what stands there, what is written next, what is taken away.

A folder gets its name when it is whole (`api.exports.data`), and nothing in it changes from then on.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from api.exports.formats import MEDIA_TYPES
from api.exports.package import PACKAGE, SIGNATURE, SUMS

if TYPE_CHECKING:
    from pathlib import Path

    from api.system import System

DIRECTORY = "exports"
DATE = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
FILE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
_DATE, _FILE = re.compile(DATE), re.compile(FILE)
_OTHERS = {PACKAGE: "application/json"}


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of a dated folder: where it is, its SHA-256 in hex, and what it is."""

    path: Path
    sha256: str
    media_type: str


class Shelf:
    """The dated folders of one data directory.

    Args:
        data_dir: ACERVO_DATA_DIR.
    """

    def __init__(self, data_dir: Path) -> None:
        self.directory = data_dir.absolute() / DIRECTORY

    def dates(self) -> list[str]:
        """Return the days that there are, the newest first."""
        if not self.directory.is_dir():
            return []
        found = [each.name for each in self.directory.iterdir() if each.is_dir() and _DATE.fullmatch(each.name)]
        return sorted(found, reverse=True)

    def package(self, date: str) -> dict[str, Any] | None:
        """Return what a day's `datapackage.json` says, None where there is no such day."""
        path = self.directory / date / PACKAGE
        if not _DATE.fullmatch(date) or not path.is_file():
            return None
        said: dict[str, Any] = orjson.loads(path.read_bytes())
        return said

    def files(self, date: str) -> dict[str, Stored]:
        """Return a day's files by name: those that SHA256SUMS lists, itself and its signature."""
        folder = self.directory / date
        if not _DATE.fullmatch(date) or not (folder / SUMS).is_file():
            return {}
        listed = (line.split("  ", 1) for line in (folder / SUMS).read_text(encoding="utf-8").splitlines())
        hashes = {name: digest for digest, name in listed if _FILE.fullmatch(name)}
        told = {name: Stored(folder / name, digest, _media_type(name)) for name, digest in hashes.items()}
        for name in (SUMS, SIGNATURE):  # small: their own validators are their bytes'
            told[name] = Stored(folder / name, "", "text/plain; charset=utf-8")
        return {name: each for name, each in told.items() if each.path.is_file()}

    def write(self, system: System) -> str | None:
        """Write the day's folder, by the ledger's clock, and take away those beyond what is kept.

        Returns:
            The day; None where its folder stands already, or the ledger has no acts.

        Raises:
            StoreError, NotSealedError: As `export_data`; nothing is left behind.
        """
        from api.exports.data import export_data  # it reads which lists there are, and one of them shows these folders

        day = system.written_now()[:10]
        if system.size() == 0 or day in self.dates():
            return None
        self.directory.mkdir(parents=True, exist_ok=True)
        export_data(system, self.directory / day)
        self.prune(system.settings.exports_kept)
        return day

    def prune(self, kept: int) -> list[str]:
        """Take away all but the newest days, and return which went; with 0 none is taken away."""
        gone = self.dates()[kept:] if kept else []
        for date in gone:
            shutil.rmtree(self.directory / date)
        return gone


def _media_type(name: str) -> str:
    known = _OTHERS.get(name) or MEDIA_TYPES.get(name.rpartition(".")[2], "text/plain")
    return f"{known}; charset=utf-8" if known.startswith("text/") else known
