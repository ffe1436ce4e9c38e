"""What `/web/<file>` serves: the style sheet and the ES modules, byte for byte as they lie in `static/`."""

from __future__ import annotations

from functools import cache
from importlib import resources

MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".mjs": "text/javascript; charset=utf-8"}


@cache
def names() -> frozenset[str]:
    """Return the names of all files that are served."""
    folder = resources.files("api.web").joinpath("static")
    return frozenset(file.name for file in folder.iterdir() if suffix_of(file.name) in MEDIA_TYPES)


@cache
def asset(name: str) -> bytes:
    """Return a file.

    Raises:
        KeyError: there is none of that name.
    """
    if name not in names():
        raise KeyError(name)
    return resources.files("api.web").joinpath("static", name).read_bytes()


def suffix_of(name: str) -> str:
    """Return what a name ends with, from its last point on."""
    return name[name.rfind(".") :]
