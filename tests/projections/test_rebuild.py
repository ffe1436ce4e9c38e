"""Registries from zero, and registries that somebody edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from projections import REGISTRIES, tracking
from projections.history import COLUMNS
from projections.rebuild import compare, rebuild
from projections.replay import ProjectionError
from projections.runner import Runner
from tests.projections.rows import all_rows

if TYPE_CHECKING:
    from tests.kit.history import History
    from tests.kit.postgres import Database

TABLES = [(registry, table) for registry in REGISTRIES for table in registry.tables]


@pytest.fixture
def projected(told: History, database: Database) -> History:
    """Give a told history with its registries up to date."""
    with Runner(database.app_url, reader=told.vault.disclosure) as runner:
        runner.catch_up()
    return told


def test_rebuild_mends(projected: History, database: Database) -> None:
    """A rebuild puts every row back that was changed, taken away or put in, and tells how far it is."""
    before = all_rows(database.app_url)
    with tracking.connect(database.app_url) as connection:
        connection.execute("UPDATE registry.votes SET favor = favor + 1")
        connection.execute("DELETE FROM registry.designations WHERE seat = 'obrero-2'")
        connection.execute("INSERT INTO registry.interventions VALUES (7, 'hcd/2026/ord/1', 1, 'estado-1')")
        connection.execute("UPDATE registry.tracking SET position = 0 WHERE name = 'votes'")
        told: list[tuple[int, int]] = []
        size = rebuild(
            connection, REGISTRIES, projected.vault.disclosure, lambda seen, total: told.append((seen, total))
        )
        assert set(tracking.positions(connection.cursor()).values()) == {size}
    assert told == [(size, size)]
    assert all_rows(database.app_url) == before


@pytest.mark.usefixtures("projected")
def test_rebuild_of_one(database: Database) -> None:
    """One registry can be rebuilt alone; the others keep their rows, right or wrong."""
    with tracking.connect(database.app_url) as connection:
        connection.execute("UPDATE registry.votes SET item = 9")
        connection.execute("UPDATE registry.bodies SET body_kind = 'x'")
        rebuild(connection, [registry for registry in REGISTRIES if registry.name == "votes"])
        assert connection.execute("SELECT count(*) FROM registry.votes WHERE item = 9").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM registry.bodies WHERE body_kind <> 'x'").fetchone() == (0,)


def test_rebuild_that_fails(projected: History, database: Database) -> None:
    """A rebuild that cannot go through leaves everything as it was, and no temporary tables."""
    before = all_rows(database.app_url)
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("SELECT ledger.recover(ARRAY['x'::bytea])")
    with tracking.connect(database.app_url) as connection:
        with pytest.raises(ProjectionError, match=f"index {projected.store.head().size - 1}"):
            rebuild(connection, REGISTRIES)
        assert connection.execute("SELECT count(*) FROM pg_class WHERE relpersistence = 't'").fetchone() == (0,)
    assert all_rows(database.app_url) == before


def _other_value(value: Any, *, json: bool) -> str:
    """Return an SQL expression that is not `value`."""
    if json and value is not None:
        return """'{{"x": 1}}'::jsonb"""
    match value:
        case bool():
            return "NOT {column}"
        case int():
            return "{column} + 1"
        case str():
            return "{column} || 'x'"
        case _:
            return "{column} + interval '1 day'"


@pytest.mark.parametrize(("registry", "table"), TABLES, ids=lambda part: part.name)
def test_edited_row_is_found(shared: tuple[Database, History], registry: Any, table: Any) -> None:
    """T13: whichever column of whichever table is edited, row and column are named; so is a row that is gone."""
    database, history = shared
    with Runner(database.app_url, reader=history.vault.disclosure) as runner:
        runner.catch_up()
        connection = runner.connection
        name = f"registry.{table.name}"
        row = connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2 LIMIT 1").fetchone()
        assert row is not None
        values = dict(zip(table.columns, row, strict=True))
        where = " AND ".join(f"{column} = %({column})s" for column in table.key)
        key = {column: values[column] for column in table.key}
        others = {
            column: _other_value(values[column], json=column in table.json).format(column=column)
            for column in table.columns
            if column not in table.key and values[column] is not None
        }
        for edited in (others, dict(list(others.items())[-1:])):
            if not edited:
                continue  # a table of keys only
            with connection.transaction(force_rollback=True):
                changes = ", ".join(f"{column} = {expression}" for column, expression in edited.items())
                connection.execute(f"UPDATE {name} SET {changes} WHERE {where}", key)
                found = compare(connection, [registry], history.vault.disclosure)
            assert [(each.table, each.key, each.columns) for each in found] == [(table.name, key, tuple(edited))]
        with connection.transaction(force_rollback=True):
            connection.execute(f"DELETE FROM {name} WHERE {where}", key)
            (lost,) = compare(connection, [registry], history.vault.disclosure)
            assert (lost.key, lost.live, lost.rebuilt) == (key, None, values)
        assert compare(connection, [registry], history.vault.disclosure) == []


def test_columns_are_those_of_the_migrations(database: Database) -> None:
    """Each table has the columns, keys and jsonb that the registries say, and the schema has no other table."""
    with psycopg.connect(database.admin_url) as connection:
        rows = connection.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'registry' ORDER BY table_name, ordinal_position"
        ).fetchall()
        keys = connection.execute(
            "SELECT t.relname, array_agg(a.attname ORDER BY array_position(i.indkey, a.attnum)) FROM pg_index i "
            "JOIN pg_class t ON t.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = t.oid "
            "AND a.attnum = ANY(i.indkey) WHERE i.indisprimary AND t.relnamespace = 'registry'::regnamespace GROUP BY 1"
        ).fetchall()
    primary: dict[str, list[str]] = dict(keys)
    found: dict[str, list[tuple[str, bool]]] = {}
    for table, column, kind in rows:
        found.setdefault(table, []).append((column, kind == "jsonb"))
    assert found.keys() - {"tracking", "status", "left_out", *COLUMNS} == {table.name for _, table in TABLES}
    for _, table in TABLES:
        assert found[table.name] == [(column, column in table.json) for column in table.columns]
        assert primary[table.name] == list(table.key)


def test_edited_history_is_found(projected: History, database: Database) -> None:
    """An earlier version that somebody edits, takes away or puts in is found like a row, and a rebuild mends it."""
    before = all_rows(database.app_url)
    reader = projected.vault.disclosure
    edits = (
        """UPDATE registry.row_history SET row = row || '{"phase": "x"}' WHERE table_name = 'sessions'""",
        "DELETE FROM registry.row_history WHERE table_name = 'votes'",
        "UPDATE registry.row_births SET born_index = 0 WHERE table_name = 'agenda_items'",
        "INSERT INTO registry.row_births VALUES ('agenda_items', 'x|1|1', 0)",
    )
    with tracking.connect(database.app_url) as connection:
        for edit in edits:
            with connection.transaction(force_rollback=True):
                connection.execute(edit)
                found = compare(connection, REGISTRIES, reader)
            assert {each.table for each in found} == {edit.partition("registry.")[2].split()[0]}, edit
            assert len({each.registry for each in found}) == 1
        for edit in edits:
            connection.execute(edit)
        rebuild(connection, REGISTRIES, reader)
    assert all_rows(database.app_url) == before


@pytest.mark.usefixtures("projected")
def test_who_may_read(database: Database) -> None:
    """The reader's role sees every registry, rebuilt ones too, and may write none."""
    with tracking.connect(database.app_url) as connection:
        rebuild(connection, REGISTRIES)
    with psycopg.connect(database.reader_url, autocommit=True) as connection:
        for _, table in TABLES:
            connection.execute(f"SELECT * FROM registry.{table.name} LIMIT 1")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"DELETE FROM registry.{table.name}")


@pytest.mark.usefixtures("projected")
def test_no_sealed_text(database: Database) -> None:
    """Nothing of what is sealed stands in any registry unless an act opened it; what was erased stands nowhere."""
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("DELETE FROM registry.published_texts WHERE entry_index <> 1")
    everything = str(all_rows(database.app_url))
    assert "Consejo Directivo" in everything
    for word in ("presupuesto", "Quintana", "Sismo", "Interés", "palabra", "Cámara", "enfermo", "Certifico"):
        assert word not in everything, word


def test_published_and_erased(projected: History, database: Database) -> None:
    """Opened texts stand as they were disclosed; an erased one leaves only the places of both acts."""
    with psycopg.connect(database.app_url) as connection:
        texts = connection.execute(
            "SELECT name, published_index, erased_index, disclosure IS NULL, value FROM registry.published_texts "
            "WHERE entry_index IN (1, (SELECT created_index FROM registry.persons WHERE id = 'p-hcd.obrero-1')) "
            "ORDER BY entry_index"
        ).fetchall()
        size = projected.store.head().size
        assert texts[0][3:] == (False, "H. Consejo Directivo (ficticio)")
        assert texts[1] == ("name", size - 2, size - 1, True, None)
        blocks = connection.execute("SELECT count(*) FROM registry.published_texts WHERE name ~ '^block/'").fetchone()
        acta = connection.execute("SELECT blocks FROM registry.actas WHERE id = 'hcd/2026/ord/1'").fetchone()
        assert blocks == acta
