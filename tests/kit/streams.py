"""The table of act types and their streams that `standalone.py` carries: how it is written and how it is made.

    make tables        writes it into ledger/verify/standalone.py, and the tables of ledger/FORMAT.md

It is data, so its lines may be longer than those of code: the file has at most 400 (format.md §10).

Kinds apart by `;`: the names in `data` of the segments, then the types, those of one first word joined, as in
`Vote.Opened.Closed`. No spaces, so that it can be broken anywhere.
"""

from __future__ import annotations

import inspect
import re
from itertools import groupby
from pathlib import Path

from ledger.acts import act_types
from ledger.describe import tables

ROOT = Path(__file__).parents[2]
WIDTH = 400
HEAD = 'KINDS = """'
TAIL = '"""  # noqa: E501  a table'
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
            names = re.findall(r"self\.([a-z0-9_]+)", source[source.index("stream_name(") :])
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
    return HEAD + "\n".join(text[at : at + WIDTH] for at in range(0, len(text), WIDTH))[len(HEAD) :] + TAIL


def _joined(names: list[str]) -> list[str]:
    joined = []
    for first, group in groupby(names, key=lambda name: _WORDS.findall(name)[0]):
        same = list(group)
        rest = [name.removeprefix(first) for name in same]
        joined.append(f"{first}.{'.'.join(rest)}" if len(same) > 1 else same[0])
    return joined


def write() -> None:
    """Write the tables that are made from the registry into the two files that carry them."""
    single = ROOT / "ledger" / "verify" / "standalone.py"
    code = single.read_text("utf-8")
    begin, end = code.index(HEAD), code.index("\nKINDS = KINDS.replace")
    single.write_text(code[:begin] + table() + code[end:], "utf-8")
    document = ROOT / "ledger" / "FORMAT.md"
    before, rest = document.read_text("utf-8").split("<!-- tables -->\n", 1)
    document.write_text(
        f"{before}<!-- tables -->\n{tables()}<!-- /tables -->{rest.split('<!-- /tables -->', 1)[1]}", "utf-8"
    )


if __name__ == "__main__":
    write()
