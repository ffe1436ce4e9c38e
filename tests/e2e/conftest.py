"""Fixtures of the browser tests: one demo year, served once for all of them, and one browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.main import create_app
from tests.kit.browser import Visit, chromium, visit
from tests.kit.porta import council, desk, porta, porta_url
from tests.kit.served import served
from tests.kit.system import told_year
from tests.kit.verificar import page, papers

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from api.system import System
    from tests.kit.postgres import Database

__all__ = ["council", "desk", "page", "papers", "porta", "porta_url"]


@pytest.fixture(scope="session")
def told(
    make_database: Callable[[], contextlib.AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[System]:
    """Give the demo year, signer and worker running; tests add to it, no more."""
    with make_database() as database, told_year(database, tmp_path_factory.mktemp("year")) as (system, _):
        yield system


@pytest.fixture(scope="session")
def address(told: System) -> Iterator[str]:
    """Give the address at which the year is served."""
    with served(create_app(told, limited=False)) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give the browser."""
    with chromium() as started:
        yield started


@pytest.fixture
def visited(browser: Browser) -> Iterator[Visit]:
    """Give a fresh page of desktop width."""
    with visit(browser) as fresh:
        yield fresh


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Mark everything in this directory, so that `make test` leaves it out."""
    for item in items:
        if "tests/e2e" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)
