"""As known at every index: each registry answers what one rebuilt from the entries up to there says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from psycopg import sql

from projections import REGISTRIES, tracking
from projections.queries.base import reading
from projections.queries.moment import Moment
from projections.rebuild import Scratch
from projections.runner import Runner

if TYPE_CHECKING:
    from projections.base import Table
    from projections.queries.base import Reader
    from tests.kit.history import History
    from tests.kit.postgres import Database

TABLES = [table for registry in REGISTRIES for table in registry.tables]
_PLAIN = "SELECT {} FROM {}"


def known(cursor: Reader, table: Table) -> set[str]:
    """Return the rows of a table at the cursor's moment, as texts."""
    query = sql.SQL("SELECT {} FROM {} WHERE {}").format(
        cursor.columns(table), cursor.source(table), sql.SQL(" AND ").join([sql.SQL("true"), *cursor.existing(table)])
    )
    return {str(row) for row in cursor.execute(query).fetchall()}


@pytest.mark.parametrize(("page_acts", "step"), [(1_000, 1), (7, 29)])
def test_known_at_every_index(told: History, database: Database, page_acts: int, step: int) -> None:
    """For every table and every index k: as known at k = a registry rebuilt from the first k + 1 entries.

    Projected in large pages every index is looked at, in small ones every `step`-th: the rows are the same (replay).
    """
    with Runner(database.app_url, reader=told.vault.disclosure, page_acts=page_acts) as runner:
        runner.catch_up()
    size = told.store.head().size
    with tracking.connect(database.app_url) as connection:
        scratch = Scratch(connection, REGISTRIES, told.vault.disclosure, None)
        for index in range(0, size, step):
            scratch.replay(dict.fromkeys(scratch.seen, index + 1))
            with reading(told.store.pool, Moment(known_at=index)) as cursor:
                assert cursor.position == index + 1
                for table in TABLES:
                    assert known(cursor, table) == _rebuilt(connection, table), (index, table.name)


def _rebuilt(connection: Any, table: Table) -> set[str]:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    query = sql.SQL(_PLAIN).format(columns, sql.Identifier("pg_temp", table.name))
    return {str(row) for row in connection.execute(query).fetchall()}
