"""One statement, prepared once a connection and run by libpq itself, for what a submission waits for.

psycopg's cursors adapt any Python value to any type, wait in Python and may be interrupted there. The two statements
between an act and its receipt, append and the signer's reading, need none of it (docs/decisions/0012).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, LiteralString
from weakref import WeakSet

import psycopg
from psycopg import errors, pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BYTEA, TEXT = 17, 25
_TEXT_FORMAT, _BINARY_FORMAT = 0, 1


class Prepared:
    """A statement of this package.

    Args:
        name: Under which the server keeps it, a session.
        query: With $1, $2 … and a cast for each where its type is not plain.
    """

    def __init__(self, name: str, query: LiteralString) -> None:
        self._name = name.encode()
        self._query = query.encode()
        self._there: WeakSet[psycopg.Connection[Any]] = WeakSet()

    def run(self, connection: psycopg.Connection[Any], values: Sequence[bytes | str]) -> list[tuple[bytes | None, ...]]:
        """Run it and return its rows, each column in PostgreSQL's binary form.

        Args:
            connection: Used by this thread alone, in autocommit.
            values: Bytes are in binary form, strings in text form.

        Raises:
            psycopg.Error: As a cursor would raise it.
        """
        if connection not in self._there:
            self._prepare(connection)
        formats = [_TEXT_FORMAT if isinstance(value, str) else _BINARY_FORMAT for value in values]
        sent = [value.encode() if isinstance(value, str) else value for value in values]
        result = connection.pgconn.exec_prepared(self._name, sent, formats, _BINARY_FORMAT)
        _check(connection, result)
        columns = range(result.nfields)
        return [tuple(result.get_value(row, column) for column in columns) for row in range(result.ntuples)]

    def _prepare(self, connection: psycopg.Connection[Any]) -> None:
        _check(connection, connection.pgconn.prepare(self._name, self._query))
        self._there.add(connection)


def _check(connection: psycopg.Connection[Any], result: pq.abc.PGresult) -> None:
    if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        return
    if connection.pgconn.status != pq.ConnStatus.OK:
        raise psycopg.OperationalError(result.get_error_message() or "the connection is closed")
    raise errors.error_from_result(result)


def array(oid: int, values: Iterable[bytes]) -> bytes:
    """Return a one-dimensional array in binary form, without NULLs.

    Args:
        oid: Of the members' type.
        values: Each member in binary form.
    """
    members = list(values)
    if not members:
        return b"".join(_int4(number) for number in (0, 0, oid))
    head = b"".join(_int4(number) for number in (1, 0, oid, len(members), 1))
    return head + b"".join([_int4(len(member)) + member for member in members])


def members(raw: bytes | None) -> Iterator[bytes]:
    """Yield the members of a one-dimensional array in binary form; NULLs are left out."""
    if raw is None or not int.from_bytes(raw[:4], "big"):
        return
    count, place = int.from_bytes(raw[12:16], "big"), 20
    for _ in range(count):
        length = int.from_bytes(raw[place : place + 4], "big", signed=True)
        place += 4
        if length >= 0:
            yield raw[place : place + length]
            place += length


def number(raw: bytes | None) -> int:
    """Return an integer of any width from its binary form.

    Raises:
        psycopg.DataError: It is NULL.
    """
    if raw is None:
        raise psycopg.DataError("a number was wanted")
    return int.from_bytes(raw, "big", signed=True)


def int8(value: int) -> bytes:
    """Return a bigint in binary form."""
    return value.to_bytes(8, "big", signed=True)


def _int4(value: int) -> bytes:
    return value.to_bytes(4, "big", signed=True)
