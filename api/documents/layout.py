"""The look and the words of documents: `templates/<layout>/` (docs/documents.md).

An institution names a directory of its own in ACERVO_TEMPLATES. What it leaves out, files or single phrases, is taken
from the layout that comes with Acervo.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.blocks.wording import wording
from ledger.errors import AcervoError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.blocks.wording import Wording

OWN = Path(__file__).parent / "templates" / "acervo"


class LayoutError(AcervoError):
    """A layout cannot be used: "layout-unreadable", with the file and why."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout.

    directory: where its files are; images are read from nowhere else.
    template: the typst source of the PDF. style: the style sheet of the HTML.
    design, titles, phrases, names: as in layout.toml. city: where documents are dated.
    country: of Akoma Ntoso's identifiers, ISO 3166-1 in two lower-case letters.
    """

    directory: Path
    template: bytes
    style: str
    design: Mapping[str, str]
    city: str
    country: str
    titles: Mapping[str, str]
    phrases: Mapping[str, str]
    names: Mapping[str, Mapping[str, str]]

    @property
    def words(self) -> Wording:
        """Dates and the names of things as actas write them."""
        return wording("es")

    def say(self, phrase: str, **values: Any) -> str:
        """Return a phrase with its places filled."""
        return self.phrases[phrase].format_map(values)

    def session(self, path: str) -> str:
        """Return how people call a session, from its path `hcd/2026/ord/3`."""
        _, year, series, number = path.split("/")
        named = self.words.name("series", series).lower()
        return self.say("session", series=named, number=number, year=year)

    def name(self, group: str, key: str) -> str:
        """Return how people call `key`; the key itself where nobody has said."""
        return self.names.get(group, {}).get(key, key)


@lru_cache(maxsize=4)
def layout_in(directory: Path | None = None) -> Layout:
    """Return the layout of a directory; Acervo's own where none is given.

    Raises:
        LayoutError: "layout-unreadable".
    """
    own = _read(OWN)
    given = {} if directory is None else _read(directory)
    merged = _merged(own, given)
    home = directory or OWN
    return Layout(
        directory=home.absolute(),
        template=_file(home, "template.typ"),
        style=_file(home, "page.css").decode(),
        design=merged["design"],
        city=merged["place"]["city"],
        country=merged["place"]["country"],
        titles=merged["titles"],
        phrases=merged["phrases"],
        names=merged["names"],
    )


def _file(home: Path, name: str) -> bytes:
    """Return a file of the layout, Acervo's own where it has none."""
    given = home / name
    try:
        return (given if given.is_file() else OWN / name).read_bytes()
    except OSError as error:
        raise LayoutError("layout-unreadable", str(error)) from error


def _read(directory: Path) -> dict[str, Any]:
    path = directory / "layout.toml"
    try:
        if directory != OWN and directory.is_dir() and not path.exists():
            return {}
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise LayoutError("layout-unreadable", f"{path}: {error}") from error


def _merged(own: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Lay what is given over what is Acervo's own, table by table."""
    found = dict(own)
    for key, value in given.items():
        if isinstance(value, dict) != isinstance(own.get(key, value), dict):
            raise LayoutError("layout-unreadable", f"layout.toml: {key}")
        found[key] = _merged(own.get(key, {}), value) if isinstance(value, dict) else str(value)
    return found
