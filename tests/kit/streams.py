"""The table of act types and their streams that `standalone.py` carries: how it is written and how it is made.

    python -m tests.kit.streams        prints the table to be pasted into ledger/verify/standalone.py

Kinds apart by `;`: the names in `data` of the segments, then the types, those of one first word joined, as in
`Vote.Opened.Closed`. No spaces, so that it can be broken anywhere.
"""

from __future__ import annotations

import inspect
import re
from itertools import groupby

from ledger.acts import act_types

WIDTH = 119
HEAD = 'KINDS = """'
_WORDS = re.compile(r"[A-Z][a-z0-9]*")
SESSION = ("body", "year", "series", "session")
PATHS: dict[str, tuple[str, ...]] = {
    "session_path": SESSION,
    "vote_path": (*SESSION, "vote"),
    "book_path": ("body", "year", "volume"),
}


def segments_of(kind: str) -> tuple[str, ...]:
    """Return the names of the fields that make up a kind's streams, read off the acts' own `stream()`."""
    found = set()
    for cls in act_types().values():
        if cls.kind == kind:
            source = inspect.getsource(cls.stream)
            names = re.findall(r"self\.([a-z_]+)", source[source.index("stream_name(") :])
            found.add(tuple(part for name in names for part in PATHS.get(name, (name,))))
    assert len(found) == 1, (kind, found)
    return found.pop()


def table() -> str:
    """Return the table's text, wrapped."""
    kinds: dict[str, list[str]] = {}
    for name, cls in act_types().items():
        if cls.kind != "erasure":
            kinds.setdefault(cls.kind, []).append(name.removesuffix("/1"))
    lines = []
    for kind in sorted(kinds):
        segments = segments_of(kind) if kind != "ledger" else ()
        named = "/".join((kind, *segments)).replace("body/year/series/session", "{S}")
        named = named.replace("body/year/number", "{Y}")
        lines.append(f"{named}:{','.join(_joined(sorted(kinds[kind])))}")
    text = ";".join(lines)
    text = " " * len(HEAD) + text
    return HEAD + "\n".join(text[at : at + WIDTH] for at in range(0, len(text), WIDTH))[len(HEAD) :] + '"""'


def _joined(names: list[str]) -> list[str]:
    joined = []
    for first, group in groupby(names, key=lambda name: _WORDS.findall(name)[0]):
        same = list(group)
        rest = [name.removeprefix(first) for name in same]
        joined.append(f"{first}.{'.'.join(rest)}" if len(same) > 1 else same[0])
    return joined


if __name__ == "__main__":
    print(table())  # noqa: T201
