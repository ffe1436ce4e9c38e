"""Who may write what, by which way (format.md §6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from tests.store.hand import Writer, sealed, submission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store.store import LedgerStore
    from tests.kit.postgres import Database

TABLES = (
    "founding",
    "entries",
    "nodes",
    "head",
    "streams",
    "disclosures",
    "checkpoints",
    "simulated_clock",
)
WRITES = ("INSERT INTO ledger.{0} SELECT * FROM ledger.{0}", "DELETE FROM ledger.{0}", "TRUNCATE ledger.{0}")
REFUSED = "AC100"


@pytest.fixture
def written(store: LedgerStore, writer: Writer) -> None:
    """Put an act with a sealed value and a checkpoint into the ledger."""
    row = sealed("title", "uno")
    store.append([submission(writer.next("a/a", sealed={"title": row.digest}), sealed=((row,),))])
    store.save_checkpoint(1, "note\n")


def updates(connection: psycopg.Connection, table: str) -> Iterator[str]:
    """Give an UPDATE that changes nothing for every column of the table."""
    columns = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'ledger' AND table_name = %s",
        (table,),
    ).fetchall()
    assert columns
    for (column,) in columns:
        yield f"UPDATE ledger.{table} SET {column} = {column}"


def test_the_tables_are_all_that_there_are(database: Database) -> None:
    """The list that these tests walk is complete."""
    with psycopg.connect(database.admin_url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'ledger'").fetchall()
    assert {name for (name,) in rows} == set(TABLES)


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("door", ["", "append", "recover", "erase"])
def test_the_application_may_only_read(database: Database, table: str, door: str) -> None:
    """INSERT, UPDATE, DELETE and TRUNCATE are refused to the application's role, whatever it sets."""
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        connection.execute("SELECT set_config('ledger.door', %s, false)", (door,))
        connection.execute(f"SELECT * FROM ledger.{table}")
        for query in (*(write.format(table) for write in WRITES), *updates(connection, table)):
            with pytest.raises(InsufficientPrivilege):
                connection.execute(query.encode())


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", ["acervo_owner", "postgres"])
def test_the_owner_is_stopped_by_triggers(database: Database, table: str, role: str) -> None:
    """Owner and superuser are stopped too, unless they set out to go around the triggers."""
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute(f"SET ROLE {role}".encode())
        for query in (*(write.format(table) for write in WRITES), *updates(connection, table)):
            with pytest.raises(psycopg.Error) as caught:
                connection.execute(query.encode())
            assert caught.value.sqlstate == REFUSED, query


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("table", TABLES)
def test_no_door_is_for_deleting(database: Database, table: str) -> None:
    """Even with the owner's role and a door forced open, nothing may be deleted, and no entry or node changed."""
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute("SET ROLE acervo_owner")
        for door in ("append", "recover", "erase", "checkpoint", "clock"):
            connection.execute("SELECT set_config('ledger.door', %s, false)", (door,))
            queries = [f"DELETE FROM ledger.{table}", f"TRUNCATE ledger.{table}"]
            if table in {"entries", "nodes", "founding", "checkpoints"}:
                queries += updates(connection, table)
            for query in queries:
                with pytest.raises(psycopg.Error) as caught:
                    connection.execute(query.encode())
                assert caught.value.sqlstate == REFUSED, query


def test_the_door_is_shut_after_the_function(store: LedgerStore, writer: Writer, database: Database) -> None:
    """An owner who calls append cannot write by himself in the same transaction afterwards."""
    store.append([submission(writer.next("a/a"))])
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("SET ROLE acervo_owner")
        connection.execute(
            "SELECT * FROM ledger.append('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}',"
            " '{}', '{}')"
        )
        with pytest.raises(psycopg.Error) as caught:
            connection.execute("UPDATE ledger.head SET size = size")
        assert caught.value.sqlstate == REFUSED


def test_the_application_owns_no_door(database: Database) -> None:
    """The application's role may run exactly the four functions; recover and the trigger's are not for it."""
    with psycopg.connect(database.app_url) as connection:
        rows = connection.execute(
            "SELECT proname, has_function_privilege(p.oid, 'EXECUTE'), prosecdef, proconfig::text"
            " FROM pg_proc p WHERE pronamespace = 'ledger'::regnamespace"
        ).fetchall()
        may = {name for name, allowed, *_ in rows if allowed}
        assert may == {"append", "save_checkpoint", "erase", "set_clock"}
        for _, allowed, definer, config in rows:
            assert not allowed or (definer and "search_path" in config)
        for query in (
            b"SELECT ledger.recover('{}')",
            b"CREATE TABLE ledger.mine (a int)",
            b"CREATE TABLE public.mine (a int)",
            b"ALTER TABLE ledger.entries DISABLE TRIGGER ALL",
            b"SET session_replication_role = replica",
            b"SET ROLE acervo_owner",
            b"DROP SCHEMA ledger CASCADE",
        ):
            with pytest.raises(InsufficientPrivilege), connection.transaction():
                connection.execute(query)


def test_temporary_tables_do_not_stand_in_for_the_ledger(database: Database, writer: Writer) -> None:
    """A temporary table or function of the same name does not divert the functions (search_path is pinned)."""
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE head (one boolean, size bigint, recorded_at timestamptz)")
        connection.execute("INSERT INTO head VALUES (true, 99, now())")
        connection.execute("SET search_path = pg_temp, public")
        with pytest.raises(psycopg.Error) as caught:
            connection.execute("SELECT ledger.save_checkpoint(50, 'x')")
        assert caught.value.sqlstate == "AC103"
    assert writer.founded


def test_the_reader_reads_registries_only(database: Database) -> None:
    """acervo_reader sees registries, present and future ones, and nothing of the ledger; it writes nowhere."""
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE registry.probe (a int)")
    with psycopg.connect(database.reader_url, autocommit=True) as connection:
        assert connection.execute("SELECT * FROM registry.probe").fetchall() == []
        for query in (
            b"SELECT * FROM ledger.entries",
            b"SELECT * FROM ledger.disclosures",
            b"INSERT INTO registry.probe VALUES (1)",
            b"SELECT ledger.erase('k1', '{}', '', '{}', '{}')",
        ):
            with pytest.raises(InsufficientPrivilege):
                connection.execute(query)


def test_an_erasure_empties_rows_and_keeps_digests(store: LedgerStore, writer: Writer) -> None:
    """erase_rows drops nonce and ciphertext under one data key, once; the digest stays taken for ever."""
    rows = (sealed("title", "uno", "k1"), sealed("text", "dos", "k2"))
    raw = writer.next("a/a", sealed={row.name: row.digest for row in rows})
    store.append([submission(raw, sealed=(rows,))])
    assert store.erase_rows("k1") == [rows[0].digest]
    assert store.erase_rows("k1") == []
    assert [(row.name, row.ciphertext is None) for row in store.sealed_of(1)] == [("text", False), ("title", True)]
    again = submission(writer.next("b/b", sealed={"title": rows[0].digest}), sealed=((rows[0],),))
    assert store.append([again])[0].detail == "digest-stands-already"


def test_the_catalogue_knows_of_no_other_right(database: Database) -> None:
    """SELECT on the tables and EXECUTE on four functions is all that the catalogue grants the application in ledger."""
    query = {
        "tables": "SELECT privilege_type, is_grantable FROM information_schema.table_privileges"
        " WHERE table_schema = 'ledger' AND grantee IN ('acervo_app', 'PUBLIC')",
        "columns": "SELECT privilege_type, is_grantable FROM information_schema.column_privileges"
        " WHERE table_schema = 'ledger' AND grantee IN ('acervo_app', 'PUBLIC')",
        "schema": "SELECT p.privilege_type, p.is_grantable FROM pg_namespace n, aclexplode(n.nspacl) p"
        " WHERE n.nspname = 'ledger' AND p.grantee IN (0, 'acervo_app'::regrole)",
        "functions": "SELECT routine_name, is_grantable FROM information_schema.routine_privileges"
        " WHERE routine_schema = 'ledger' AND grantee IN ('acervo_app', 'PUBLIC')",
        "owned": "SELECT relname FROM pg_class WHERE relnamespace = 'ledger'::regnamespace"
        " AND relowner <> 'acervo_owner'::regrole",
        "member": "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'acervo_app'::regrole",
        "powers": "SELECT rolname FROM pg_roles WHERE rolname IN ('acervo_app', 'acervo_reader')"
        " AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)",
    }
    with psycopg.connect(database.admin_url) as connection:
        found = {name: set(connection.execute(each.encode()).fetchall()) for name, each in query.items()}
    assert found["tables"] == found["columns"] == {("SELECT", "NO")}
    assert found["schema"] == {("USAGE", False)}
    assert found["functions"] == {(name, "NO") for name in ("append", "save_checkpoint", "erase", "set_clock")}
    assert found["owned"] == found["member"] == found["powers"] == set()


def test_no_way_around_through_the_server(database: Database) -> None:
    """The application's role reads no file of the server, starts no program, sees no password and makes no language."""
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        for query in (
            b"SELECT pg_read_file('postgresql.conf')",
            b"COPY (SELECT 1) TO PROGRAM 'cat'",
            b"COPY (SELECT 1) TO '/tmp/x'",
            b"SELECT lo_import('/etc/passwd')",
            b"SELECT rolpassword FROM pg_authid",
            b"ALTER SYSTEM SET fsync = off",
            b"ALTER ROLE acervo_app SUPERUSER",
            b"CREATE FUNCTION ledger.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            b"CREATE TRIGGER a BEFORE INSERT ON ledger.head EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            b"CREATE RULE mine AS ON INSERT TO ledger.entries DO INSTEAD NOTHING",
            b"ALTER FUNCTION ledger.append RENAME TO mine",
            b"DO $$ BEGIN LOCK TABLE ledger.entries IN ACCESS EXCLUSIVE MODE; END $$",
            b"CREATE EXTENSION plpython3u",
        ):
            with pytest.raises(psycopg.Error) as caught:
                connection.execute(query)
            assert caught.value.sqlstate in {"42501", "0A000"}, query
