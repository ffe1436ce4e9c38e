"""Connections of the write side: one pool a process, and database errors as ours."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import Connection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from ledger.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

Pool = ConnectionPool[Connection[DictRow]]

CHECKOUT_TIMEOUT_S = 10.0
CONNECT_TIMEOUT_S = 10
MAX_IDLE_S = 600.0


def open_pool(url: str, max_size: int) -> Pool:
    """Open a pool of autocommit connections; rows are dictionaries, as `eventsourcing` wants them.

    A connection that died is replaced when it is asked for (`check`), so that a restarted PostgreSQL is met with
    a fresh connection and not with an error.
    """
    pool: Pool = ConnectionPool(
        url,
        connection_class=Connection[DictRow],
        kwargs={
            "autocommit": True,
            "row_factory": dict_row,
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": "acervo",
        },
        min_size=1,
        max_size=max_size,
        timeout=CHECKOUT_TIMEOUT_S,
        max_idle=MAX_IDLE_S,
        reconnect_timeout=CHECKOUT_TIMEOUT_S,
        open=False,
        name="ledger",
    )
    pool.open(wait=False)
    return pool


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn psycopg's errors into StoreError.

    Raises:
        StoreError: "database-unreachable" when there is no connection or it broke (what was sent may or may not have
            been done), "database-refused" when the server said no; detail is the server's own sentence.
    """
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
        raise StoreError("database-unreachable", _sentence(error)) from error
    except psycopg.Error as error:
        raise StoreError("database-refused", f"{error.sqlstate or ''} {_sentence(error)}".strip()) from error


def _sentence(error: Exception) -> str:
    primary: Any = getattr(getattr(error, "diag", None), "message_primary", None)
    return str(primary or error).strip()
