"""One story over HTTP for all rows; what each row's test did; and the table that says which rows work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from api.main import create_app
from tests.kit.served import served
from tests.kit.system import running, settings_for
from tests.kit.telling import Row, Telling
from tests.systems.table import ROWS, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from tests.kit.postgres import Database

_WORKS: pytest.StashKey[dict[str, list[str]]] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    """Keep what rows did until the end of the run."""
    config.stash[_WORKS] = {}


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the groups in its own such hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the rows on one worker: they share one story."""
    for item in items:
        if item.get_closest_marker("system") is not None:
            item.add_marker(pytest.mark.xdist_group("systems"))


@pytest.fixture(scope="session")
def telling(
    make_database: Callable[[], AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Telling]:
    """Give a system with its signer and its worker, to which a whole history was told through its own front door."""
    with make_database() as database:
        settings = settings_for(database, tmp_path_factory.mktemp("systems"))
        with running(settings, settled=False, with_worker=True) as system, served(create_app(system)) as address:
            made = Telling(system.store, system.vault, address=address, system=system)
            with made.client:
                made.tell()
                yield made


@pytest.fixture
def row(request: pytest.FixtureRequest, telling: Telling) -> Iterator[Row]:
    """Give the row of the test's mark `system`; afterwards it must have submitted, read and been refused."""
    marker = request.node.get_closest_marker("system")
    assert marker is not None, 'a test of a row says which: @pytest.mark.system("A1")'
    (name,) = marker.args
    said = ROWS[name]
    with httpx.Client(base_url=telling.address, timeout=30) as http:
        made = Row(name, tuple(said["types"]), said["route"], telling, http)
        yield made
    assert made.lacking() == [], name
    request.config.stash[_WORKS].setdefault(name, []).append(request.node.name)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--systems FILE`: write the table of systems out of this run."""
    parser.addoption("--systems", type=Path, default=None, help="write the table of systems there")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the table, if it is asked for and every test passed."""
    path: Path | None = session.config.getoption("--systems")
    if path is not None and session.exitstatus == 0:
        works = session.config.stash[_WORKS]
        path.write_text(table(works), encoding="utf-8")
