"""The tamper matrix of the database: a superuser changes any column of any table in any way, and it is noticed.

`acervo check` (ledger.store.check) judges, with the signer's memory and the published checkpoint beside it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from ledger.store.check import Outside, Tables, check_tables
from tests.kit.settled import ORIGIN, settle
from tests.tamper.forging import FORGERIES, covered, forgeries
from tests.tamper.mutations import KINDS, Mutator, Named, columns
from tests.tamper.world import POLICY, World, build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from ledger.verify.outcome import Finding, Outcome
    from tests.kit.postgres import Database
    from tests.tamper.mutations import Case

TITLE = "tamper matrix of the database: cases noticed, per column and mutation"
# A table of one row has no second to exchange it with and no middle; a ledger that is not simulated has no clock.
ONE_ROW = {"founding", "head", "simulated_clock"}
WITHOUT = {(table, kind) for table in ONE_ROW for kind in ("swap", "delete-middle")}


@pytest.fixture(scope="module")
def world(
    make_database: Callable[[], AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Give the ledger that is tampered with; every case is undone."""
    with make_database() as database:
        made = build(database, tmp_path_factory.mktemp("tamper"))
        yield made
        made.settled.store.close()


@pytest.fixture(scope="module")
def simulated(
    make_database: Callable[[], AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Give a ledger with a simulated clock, for the table that only such a ledger fills."""
    with make_database() as database:
        settled = settle(database.app_url, tmp_path_factory.mktemp("simulated") / "vault", found=False)
        settled.town.found("simulated")
        settled.town.settle()
        yield World(settled, database, b"", b"", [])
        settled.store.close()


class Simulated:
    """Checks a world whose only outside memory is the log's key: the clock's table needs no other."""

    def __init__(self, world: World) -> None:
        self.world = world

    def check(self, connection: object) -> Outcome:
        """Check the database."""
        outside = Outside(ORIGIN, POLICY, [])
        return check_tables(Tables(connection), outside, self.world.settled.vault, jobs=0)  # type: ignore[arg-type]


def names(finding: Finding, named: Named, size: int) -> bool:
    """Tell whether a finding names what was done: the index, the row, or a size whose tree it belongs to."""
    said = f"{finding.file} {finding.detail}"
    return (
        finding.index in named.indexes
        or any(text in said for text in named.texts)
        or any(f"< {bound}" in said for bound in range(min(named.indexes, default=size) + 1, size + 1))
    )


def noticed(outcome: Outcome, case: Case, named: Named, size: int) -> str:
    """Return "" if the case was noticed by name, else what was found instead."""
    if any(names(finding, named, size) for finding in outcome.findings):
        return ""
    found = [(f"V{f.step}", f.code, f.index, f.file, f.detail) for f in outcome.findings[:5]]
    return f"{case.kind}, {case.label}: wanted {named}, found {found}"


LISTED = sorted(FORGERIES)


def test_every_column_has_its_cases(world: World) -> None:
    """The database's own list of columns is the matrix': a new column without cases fails here."""
    with world.superuser() as connection:
        assert sorted(columns(connection)) == LISTED


def test_what_nobody_touched_is_clean(world: World, simulated: World) -> None:
    """No false alarm: neither on the ledger with all its acts, erasures and checkpoints, nor on a simulated one."""
    with world.superuser() as connection:
        outcome = world.check(connection)
    assert outcome.findings == []
    assert not [step for step in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11) if outcome.steps[step].unchecked]
    with simulated.superuser() as connection:
        assert Simulated(simulated).check(connection).findings == []


@pytest.mark.parametrize(("table", "column"), LISTED)
def test_each_mutation_is_noticed(
    world: World, simulated: World, table: str, column: str, shown: Callable[[str, str, int], None]
) -> None:
    """Every mutation of a column is a finding that names the index, the row or the size concerned."""
    own = simulated if table == "simulated_clock" else world
    judge = Simulated(own) if table == "simulated_clock" else own
    size = own.size
    counts: Counter[str] = Counter()
    missed: list[str] = []
    with own.superuser() as connection:
        cases = [*Mutator(connection, table, column, size - 1).cases(), *forgeries(own, table, column)]
    if (table, column) == ("entries", "state"):
        cases += covered(own)
    for case in cases:
        with own.superuser() as connection:
            named = case.apply(connection)
            complaint = noticed(judge.check(connection), case, named, size)
        counts[case.kind] += 1
        if complaint:
            missed.append(complaint)
    without = {kind for each, kind in WITHOUT if each == table}
    assert missed == []
    assert {kind for kind in KINDS if not counts[kind]} == without
    cells = "  ".join(f"{kind} {counts[kind] or '–':>2}" for kind in KINDS)
    shown(TITLE, f"{table + '.' + column:<28} {cells}", sum(counts.values()))


def test_a_table_that_no_longer_refuses_writes_is_named(world: World) -> None:
    """A trigger that was switched off or dropped is a finding that names the table."""
    with world.superuser() as connection:
        tables = sorted({table for table, _ in columns(connection)})
    for table in tables:
        for way in ("DISABLE TRIGGER refuse_write", "DISABLE TRIGGER ALL", "ENABLE REPLICA TRIGGER refuse_write"):
            with world.superuser() as connection:
                connection.execute(f"ALTER TABLE ledger.{table} {way}".encode())
                found = world.check(connection).findings
            assert [(f.code, f.file) for f in found] == [("table-unguarded", f"ledger.{table}")], way


def test_a_clock_in_a_true_ledger_is_noticed(world: World) -> None:
    """Who puts a clock into a ledger that was not founded with one is noticed."""
    with world.superuser() as connection:
        connection.execute("INSERT INTO ledger.simulated_clock (instant) VALUES (now())")
        assert [f.detail for f in world.check(connection).findings] == ["ledger.simulated_clock"]
