"""Public objects out of registries: one shape for all kinds (product.md §3.1)."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from psycopg import sql

from ledger.ids import write_recorded
from projections.base import HEADING, plain
from projections.queries.asking import API, Filters, Kind, Object, Place, Reader, Window
from projections.queries.rows import (
    cut,
    find_row,
    has_left,
    page_before,
    place_of,
    reading,
    rows_where,
    scan,
    select,
)
from projections.queries.withheld import tell_withheld
from projections.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from projections.base import Row

__all__ = [
    "API",
    "Filters",
    "Kind",
    "Listing",
    "Object",
    "Place",
    "Reader",
    "Texts",
    "Window",
    "below",
    "cut",
    "find",
    "find_row",
    "listing",
    "place_of",
    "plain",
    "reading",
    "rows_where",
    "scan",
    "select",
    "show",
    "shown",
    "texts_of",
    "told",
]


@dataclass(frozen=True, slots=True)
class Listing:
    """Objects in order, the places where the next and the previous page begin, what else the list says of itself."""

    data: list[Object]
    following: Place | None = None
    previous: Place | Literal["first"] | None = None
    about: Object = field(default_factory=dict)


# -- texts ---------------------------------------------------------------------------------------------------------


class Texts:
    """What is open of the sealed texts of some entries."""

    def __init__(self, cursor: Reader, indexes: Iterable[int]) -> None:
        wanted = sorted(set(indexes))
        conditions = [sql.SQL("live.entry_index = ANY(%s) AND live.name !~ '^block/'"), *cursor.existing(TEXTS)]
        columns = ("entry_index", "name", "published_index", "erased_index", "value")
        query = sql.SQL("SELECT {} FROM {} WHERE {}").format(
            sql.SQL(", ").join(cursor.column(TEXTS, name) for name in columns),
            cursor.source(TEXTS),
            sql.SQL(" AND ").join(conditions),
        )
        rows = cursor.execute(query, (wanted,)).fetchall() if wanted else []
        self._found = {(index, name): tuple(rest) for index, name, *rest in rows}

    def show(self, index: int, name: str) -> Object:
        """Return what is to be told of a sealed text: where it stands, whether it is open, and then what it says."""
        published, erased, value = self._found.get((index, name), (None, None, None))
        shown: Object = {"index": index, "name": name, "published": published is not None}
        if published is not None:
            shown["published_index"] = published
        if erased is not None:
            shown["erased_index"] = erased
        if value is not None:
            shown["value"] = value
        return shown


def texts_of(cursor: Reader, rows: Iterable[Row]) -> Texts:
    """Return the open texts of objects."""
    return Texts(cursor, (index for row in rows for index in row["sealed"].values()))


# -- objects -------------------------------------------------------------------------------------------------------


class _Stream(str):
    """A column's value in a template: `{vote}` as it stands, `{vote.path}` without the kind of the stream it names."""

    __slots__ = ()

    @property
    def path(self) -> str:
        """`vote/hcd/2026/ord/3/1` → `hcd/2026/ord/3/1`."""
        return self.partition("/")[2]


def show(kind: Kind, row: Row, texts: Texts) -> Object:
    """Return an object as the API shows it.

    `id` is its permanent address, `key` its place in its collection. `log` says where the ledger has it; `voice` who
    says it; `provenance` whether it is proved at origin or only since it was imported.
    """
    own = {
        column: plain(row[column])
        for column in kind.table.columns
        if column != "id" and column not in HEADING and column not in kind.hidden and row[column] is not None
    }
    heading = _heading(kind, row)
    heading["links"] |= _links(kind, row)
    return {
        **{name: heading.pop(name) for name in ("id", "type", "key")},
        **own,
        "texts": {name: texts.show(index, name) for name, index in sorted(row["sealed"].items())},
        **heading,
        "occurred_at": row["occurred_at"],
        "provenance": row["provenance"],
        "voice": {"kind": row["voice"], "signer": row["signer"], "office": row["office"]},
    }


def tombstone(kind: Kind, row: Row) -> Object:
    """Return what is said of an object that left a list: that it did, and where the log has it (product.md §3.1)."""
    return _heading(kind, row) | {"deleted": True}


def _heading(kind: Kind, row: Row) -> Object:
    path = f"{API}/{kind.address.format_map(_parts(row)) if kind.address else kind.path + '/' + row['id']}"
    index = row["created_index"]
    log = {"index": index, "last_index": row["modified_index"], "stream": row["stream"], "statement": row["statement"]}
    return {
        "id": path,
        "type": kind.name,
        "key": row["id"],
        "created": write_recorded(row["created"]),
        "modified": write_recorded(row["modified"]),
        "version": row["version"],
        "log": log,
        "links": {"self": path, "act": f"{API}/acts/{index}", "proof": f"{API}/acts/{index}/proof"},
    }


def _parts(row: Row) -> dict[str, _Stream]:
    return {column: _Stream(value) for column, value in row.items() if isinstance(value, str | int)}


def _links(kind: Kind, row: Row) -> dict[str, str]:
    found, parts = {}, _parts(row)
    for name, template in kind.links.items():
        with contextlib.suppress(KeyError):  # a column is empty: it leads nowhere
            found[name] = f"{API}/{template.format_map(parts)}"
    return found


def shown(cursor: Reader, kind: Kind, rows: Sequence[Row]) -> list[Object]:
    """Return objects as their rows stand, with what of them is withheld and why."""
    texts = texts_of(cursor, rows)
    found = [show(kind, row, texts) for row in rows]
    tell_withheld(cursor, rows, found)
    return found


def told(cursor: Reader, kind: Kind, rows: list[Row], **asked: Any) -> list[Object]:
    """Return objects with what lists tell of them; `asked` is the day or instant of the question, where one is."""
    return shown(cursor, kind, rows) if kind.tell is None else kind.tell(cursor, rows, **asked)


def below(cursor: Reader, kind: Kind, column: str, value: str, order: Sequence[str] = ()) -> list[Object]:
    """Return the objects whose column has a value, as they are told below another object."""
    return told(cursor, kind, rows_where(cursor, kind.table, column, value, order))


def listing(cursor: Reader, kind: Kind, filters: Filters, window: Window, **asked: Any) -> Listing:
    """Return a part of a list of objects; of what changed, also what left the list, as tombstones."""
    wanted = [(kind.computed[name], value) for name, value in filters.computed.items() if value is not None]
    left: set[str] = set()

    def picked(rows: list[Row]) -> list[Row]:
        kept = rows
        for pick, value in wanted:
            kept = pick(cursor, kept, value, **asked)
        if not filters.changes:
            return kept
        left.update({row["id"] for row in rows} - {row["id"] for row in kept})
        return rows

    on = asked.get("on")
    if wanted:
        rows, following = scan(cursor, kind, filters, window, picked, on=on)
    else:
        rows, following = select(cursor, kind, filters, window, on)
    if filters.changes:
        left.update(row["id"] for row in rows if has_left(kind, filters, row))
    there = iter(told(cursor, kind, [row for row in rows if row["id"] not in left], **asked))
    data = [tombstone(kind, row) if row["id"] in left else next(there) for row in rows]
    return Listing(data, following, None if wanted else page_before(cursor, kind, filters, window, on))


def find(cursor: Reader, kind: Kind, key: str, **asked: Any) -> Object | None:
    """Return an object with all that is told of it, None where there is none."""
    row = find_row(cursor, kind, key, asked.get("on"))
    if row is None:
        return None
    (found,) = told(cursor, kind, [row], **asked)
    return found if kind.whole is None else kind.whole(cursor, row, found, **asked)
