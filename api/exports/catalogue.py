"""Which registries go out as open data, which columns, and what they mean: `datasets.toml` and `fields.toml`.

Nothing is retyped: a row is read out of the object that the HTTP interface shows, so whatever is withheld there is
withheld here; that it exists is said by name (`texts_closed`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.queries.base import Object

ROUTES = "/api/v1/"
TEXT = "text_"
_ENDING = (
    ("id", ("id",)),
    ("created", ("created",)),
    ("modified", ("modified",)),
    ("version", ("version",)),
    ("occurred_at", ("occurred_at",)),
    ("provenance", ("provenance",)),
    ("voice", ("voice", "kind")),
    ("signer", ("voice", "signer")),
    ("office", ("voice", "office")),
    ("index", ("log", "index")),
    ("last_index", ("log", "last_index")),
    ("stream", ("log", "stream")),
    ("statement", ("log", "statement")),
)
"""What every object of a registry has besides its own columns, and where in it."""
TEXTS = "texts"
"""The table of all texts, open or not."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column.

    Attributes:
        name: Its heading.
        type: Of Frictionless Table Schema; arrays and objects stand as JSON in formats that have no such thing.
        es, en: What it means.
        path: Where in the object its value is.
    """

    name: str
    type: str
    es: str
    en: str
    path: tuple[str, ...]

    def of(self, found: Object) -> Any:
        """Return the value in an object, None where it has none."""
        value: Any = found
        for step in self.path:
            if not isinstance(value, dict) or step not in value:
                return None
            value = value[step]
        return value


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table of open data.

    Attributes:
        name: Of its files; of a registry, its collection's path.
        es, en: Its title.
        fields: Its columns, in order.
        route: Path of the list that shows it, if there is one.
        plain: Whether its rows belong to another registry's objects and have no texts and heading of their own.
        left_out: Columns of the registry that do not go out.
    """

    name: str
    es: str
    en: str
    fields: tuple[Field, ...]
    route: str | None
    plain: bool = False
    left_out: frozenset[str] = field(default_factory=frozenset)

    def row(self, found: Object) -> list[Any]:
        """Return an object's values in the order of the columns."""
        if self.plain:
            return [each.of(found) for each in self.fields]
        texts = found["texts"]
        told = {
            **found,
            "texts": {name: shown["value"] for name, shown in texts.items() if "value" in shown},
            "texts_closed": [name for name, shown in texts.items() if "value" not in shown],
        }
        return [each.of(told) for each in self.fields]


@cache
def datasets() -> Mapping[str, Dataset]:
    """Return every table by its name, in the catalogue's order.

    Raises:
        KeyError: a column that `fields.toml` does not describe.
    """
    described = _read("fields.toml")
    return {name: _dataset(name, said, described) for name, said in _read("datasets.toml").items()}


@cache
def by_route() -> Mapping[str, Dataset]:
    """Return the tables that a list of the interface shows, by the list's path."""
    return {each.route: each for each in datasets().values() if each.route is not None}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("api.exports").joinpath(name).read_text(encoding="utf-8"))


def _dataset(name: str, said: Mapping[str, Any], described: Mapping[str, list[str]]) -> Dataset:
    described = {**described, **said.get("fields", {})}
    plain = said.get("plain", False)
    nested = said.get("nested", "").split()
    own = [_field(each, described, ("log", each) if each in nested else (each,)) for each in said["columns"].split()]
    if not plain:
        opened = [_text(each) for each in said.get("texts", ())]
        heading = [_field(each, described, path) for each, path in _ENDING]
        both = [_field(each, described, (each,)) for each in ("texts", "texts_closed")]
        own = [_field("key", described, ("key",)), *own, *opened, *both, *heading]
    route = said.get("route", None if plain else ROUTES + name)
    left_out = frozenset(said.get("left_out", "").split())
    return Dataset(name, said["es"], said["en"], tuple(own), route, plain, left_out)


def _field(name: str, described: Mapping[str, list[str]], path: tuple[str, ...]) -> Field:
    kind, es, en = described[name]
    return Field(name, kind, es, en, path)


def _text(name: str) -> Field:
    es, en = f"Texto «{name}», si un acto lo abrió", f"Text “{name}”, if an act opened it"
    return Field(f"{TEXT}{name}", "string", es, en, ("texts", name))
