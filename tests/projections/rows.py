"""Every row of every registry with its earlier versions, to be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from projections import REGISTRIES
from projections.history import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections import Registry


def all_rows(url: str, registries: Sequence[Registry] = REGISTRIES) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of all tables, each in the order of its text."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with psycopg.connect(url) as connection:
        names = [table.name for registry in registries for table in registry.tables]
        for name in (*names, *COLUMNS):
            query = sql.SQL("SELECT * FROM {}").format(sql.Identifier("registry", name))
            found[name] = sorted(connection.execute(query).fetchall(), key=str)
    return found
