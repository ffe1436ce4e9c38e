"""T13 and T14 against the running ledger: a registry edited by hand, and writers who want the same number at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg

from api.check import check_registries
from ledger.acts.trust import SeriesOpened
from ledger.errors import ConflictError
from ledger.verify.outcome import Outcome
from projections.runner import Runner
from tests.projections.conftest import original, told_copy

if TYPE_CHECKING:
    from tests.kit.history import History
    from tests.kit.postgres import Database
    from tests.kit.settled import Settled

__all__ = ["original", "told_copy"]
WRITERS = 8


def test_t13_registry_edited_directly(told_copy: tuple[Database, History]) -> None:
    """A vote's count changed in the registry is not what the acts say: `check` names row, column and act."""
    database, history = told_copy
    with Runner(database.app_url, reader=history.vault.disclosure) as runner:
        runner.catch_up()
    with psycopg.connect(database.admin_url) as connection:
        connection.execute("UPDATE registry.votes SET favor = favor + 1 WHERE id = 'hcd/2026/ord/1/1'")
    outcome = Outcome()
    check_registries(database.app_url, history.vault.disclosure, outcome)
    assert [(each.code, "favor" in each.detail) for each in outcome.findings] == [("row-differs", True)]


def test_t14_the_same_number_wanted_at_once(settled: Settled) -> None:
    """Of writers who all sign the first act of one stream, one has it; the others are told that it is taken."""
    town = settled.town
    acts = [
        town.desk.sign(SeriesOpened(body="hcd", series="agreement.2031", first=n), town.secretary)
        for n in range(1, WRITERS + 1)
    ]

    def submit(n: int) -> str:
        try:
            settled.ledger.submit([acts[n]])
        except ConflictError as error:
            return error.code
        return "recorded"

    before = settled.store.size()
    with ThreadPoolExecutor(WRITERS) as pool:
        said = sorted(pool.map(submit, range(WRITERS)))
    assert said == ["conflict-taken"] * (WRITERS - 1) + ["recorded"]
    assert settled.store.size() == before + 1
