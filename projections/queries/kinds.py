"""All kinds of public objects by the paths of their collections, so that a link can be followed to its object."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from projections import queries
from projections.queries.base import API, Kind, rows_where, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from projections.queries.base import Object, Reader

_MODULES = tuple(
    import_module(f"{queries.__name__}.{found.name}")
    for found in iter_modules(queries.__path__)
    if f"{queries.__name__}.{found.name}" != __name__
)
KINDS: dict[str, Kind] = {
    kind.path: kind
    for module in _MODULES
    for name, kind in vars(module).items()
    if isinstance(kind, Kind) and kind.address is None and not name.startswith("_")
}
"""Path of the collection → kind; those that are addressed below another object are not among them."""
_OBJECT = re.compile(r"([a-z-]+)((/\{[a-z_.]+\})+)")


def leading(kind: Kind) -> tuple[str, ...]:
    """Return the names of a kind's links that lead to an object."""
    found = {name: _OBJECT.fullmatch(template) for name, template in kind.links.items()}
    return tuple(name for name, match in found.items() if match is not None and match[1] in KINDS)


def included(cursor: Reader, found: Iterable[Object], names: Iterable[str], asked: Mapping[str, Any]) -> Object:
    """Return the objects to which links of others lead, by address; a link that leads nowhere is left out.

    Args:
        cursor: On one moment of the registries.
        found: The objects whose links are followed.
        names: Of the links.
        asked: What kinds may ask: `on`, `at`.
    """
    keys: dict[str, set[str]] = {}
    wanted = set(names)
    for one in found:
        for name in wanted & one.get("links", {}).keys():
            path, _, key = one["links"][name].removeprefix(f"{API}/").partition("/")
            keys.setdefault(path, set()).add(key)
    objects: list[Object] = []
    for path, those in sorted(keys.items()):
        kind = KINDS[path]
        rows = rows_where(cursor, kind.table, "id", sorted(those), ["id"])
        objects += told(cursor, kind, rows, **{name: asked[name] for name in kind.asks})
    return {one["id"]: one for one in objects}
