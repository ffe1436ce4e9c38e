"""A told history on a database of its own, once for the module that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kit.history import History

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.kit.postgres import Database


@pytest.fixture
def history(database: Database, tmp_path: Path) -> Iterator[History]:
    """Give a history with nothing in it yet."""
    made = History.on(database.app_url, tmp_path)
    yield made
    made.close()


@pytest.fixture
def told(history: History) -> History:
    """Give a history with all its chapters."""
    return history.tell()


@pytest.fixture(scope="module")
def shared(
    make_database: Callable[[], AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, History]]:
    """Give a told history that a module's tests share and do not change."""
    with make_database() as database:
        history = History.on(database.app_url, tmp_path_factory.mktemp("shared"))
        history.tell()
        yield database, history
        history.close()
