"""Entries through registries: the one loop that the worker, a rebuild and a comparison share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, LiteralString, NamedTuple

import psycopg

from ledger.domain.registry import AGGREGATES
from ledger.domain.replay import signed_of
from ledger.errors import AcervoError
from ledger.statement import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TypeAlias

    from psycopg import Cursor

    from ledger.domain.world import Signed
    from projections.base import Registry
    from projections.page import Page

PAGE_ACTS = 1_000
NO_REGISTRY = "entries"
"""Stands for a registry's name where an entry itself cannot be read."""

_READ: LiteralString = """
SELECT notification_id - 1, state FROM ledger.entries WHERE notification_id > %s ORDER BY notification_id LIMIT %s"""
_VOID: LiteralString = """
SELECT stream FROM ledger.streams WHERE stream > 'acknowledgement/' AND stream < 'acknowledgement0'"""
_SIZE: LiteralString = "SELECT size FROM ledger.head"

Told: TypeAlias = "Callable[[int, int], None]"
"""Is told (entries seen, entries in all) after each page."""


class ProjectionError(AcervoError):
    """An act that could not be projected: which, by which registry, and why."""

    def __init__(self, index: int, registry: str, cause: BaseException) -> None:
        sentence = f"{type(cause).__name__}: {cause}".splitlines()[0]
        where = f"index {index}, registry {registry}: {sentence}"
        super().__init__("projection-failed", where, where=where)
        self.index = index
        self.registry = registry
        self.sentence = sentence


class Read(NamedTuple):
    """A page of the ledger: the acts that have effect, those left out as void, and where the next page begins."""

    acts: list[Signed]
    left_out: list[int]
    end: int


def ledger_size(cursor: Cursor[tuple[Any, ...]]) -> int:
    """Return how many entries there are."""
    row = cursor.execute(_SIZE, prepare=True).fetchone()
    return 0 if row is None else int(row[0])


def void_indexes(cursor: Cursor[tuple[Any, ...]]) -> frozenset[int]:
    """Return the indexes that officers acknowledged as void."""
    return frozenset(int(stream.partition("/")[2]) for (stream,) in cursor.execute(_VOID, prepare=True))


def read_page(cursor: Cursor[tuple[Any, ...]], start: int, limit: int = PAGE_ACTS) -> Read:
    """Return at most `limit` entries from index `start` on, read strictly.

    Raises:
        ProjectionError: One that is not void is not readable, or is not in its place.
    """
    void = void_indexes(cursor)
    acts: list[Signed] = []
    left_out: list[int] = []
    end = start
    for index, state in cursor.execute(_READ, (start, limit), prepare=True, binary=True).fetchall():
        try:
            if index in void:
                left_out.append(index)
            else:
                acts.append(_signed(index, end, bytes(state)))
        except (AcervoError, ValueError) as error:
            raise ProjectionError(end, NO_REGISTRY, error) from error
        end = index + 1
    return Read(acts, left_out, end)


def _signed(index: int, expected: int, raw: bytes) -> Signed:
    if index != expected:
        raise ValueError(f"entry {expected} is missing")
    entry = Entry.parse(raw)
    if entry.index != index:
        raise ValueError(f"it says that it is entry {entry.index}")
    return signed_of(entry)


def apply(
    page: Page, acts: Iterable[Signed], registries: Sequence[Registry], seen: Mapping[str, int], upto: int
) -> None:
    """Let each act pass through each registry that has not seen it, then write the rows.

    Args:
        page: Takes the rows.
        acts: In index order.
        registries: Those concerned.
        seen: How many entries each has seen already.
        upto: Acts from this index on are left for later.

    Raises:
        ProjectionError: An act, or a page of one act, could not be projected.
    """
    last: Signed | None = None
    concerned = {kind: tuple(r for r in registries if r.concerns(kind)) for kind in AGGREGATES}
    for signed in acts:
        if signed.index >= upto:
            break
        last = signed
        page.begin(signed)
        for registry in concerned[signed.act.kind]:
            if seen[registry.name] <= signed.index:
                try:
                    registry.apply(page, signed)
                except (psycopg.OperationalError, psycopg.InterfaceError):
                    raise
                except Exception as error:
                    raise ProjectionError(signed.index, registry.name, error) from error
    try:
        page.flush()
    except (psycopg.OperationalError, psycopg.InterfaceError):
        raise
    except psycopg.Error as error:
        # Of several acts it is not known whose row it was: the worker tries them one by one.
        owner = next((r.name for r in registries if page.writing in r.tables), NO_REGISTRY)
        raise ProjectionError(-1 if last is None else last.index, owner, error) from error
