"""Statements that are run by libpq itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from ledger.store.prepared import BYTEA, TEXT, Prepared, array, int8, members, number

if TYPE_CHECKING:
    from tests.kit.postgres import Database

_ECHO = Prepared("echo", "SELECT $1::bytea[], $2::text[], $3::bigint, $4::int[], NULL")


def test_values_come_back_as_they_went(database: Database) -> None:
    """Arrays of bytes and texts, empty ones too, numbers and NULL go to the server and come back."""
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        for raws in ([], [b""], [b"\x00\xff", b"", b"abc"]):
            sent = array(BYTEA, raws), array(TEXT, [b"\xc3\xb1", b"{"]), int8(-(2**40)), "{3,4}"
            row = _ECHO.run(connection, sent)[0]
            assert list(members(row[0])) == raws
            assert list(members(row[1])) == [b"\xc3\xb1", b"{"]
            assert number(row[2]) == -(2**40)
            assert [number(each) for each in members(row[3])] == [3, 4]
            assert row[4] is None
            assert not list(members(row[4]))
            with pytest.raises(psycopg.DataError):
                number(row[4])


def test_errors_are_those_of_a_cursor(database: Database) -> None:
    """What the server refuses has its SQLSTATE; a connection that was ended is an operational error."""
    divide = Prepared("divide", "SELECT 1 / $1::int")
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.DivisionByZero):
            divide.run(connection, ["0"])
        assert number(divide.run(connection, ["1"])[0][0]) == 1
        with pytest.raises(psycopg.errors.UndefinedTable):
            Prepared("nothing", "SELECT FROM nothing.at_all").run(connection, [])
        with psycopg.connect(database.admin_url, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
        with pytest.raises(psycopg.OperationalError):
            divide.run(connection, ["1"])
        assert connection.closed
