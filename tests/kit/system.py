"""A whole system for tests: a database of its own, a real signer process, the demo town settled in it."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

import pytest

from api.demo.seed import found_demo, town_of
from api.demo.sitting import Sitting
from api.kept import KeptWorker
from api.settings import Settings
from api.wiring import build
from ledger.clock import written_now
from ledger.ids import parse_written
from tests.kit.commands import run, use
from tests.kit.postgres import PASSWORD
from tests.kit.settled import soon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from api.demo.town import Town
    from api.system import System
    from tests.kit.postgres import Database

RECEIPT_TIMEOUT_MS = 20_000
UNLIMITED = {"reads_per_second": 0, "signed_reads_per_second": 0, "refused_per_second": 0}
"""Tests and measurements ask faster than any reader may."""
STREAM_MS = 200
"""Live streams end soon, for tests that call every route and read the whole answer."""


def settings_for(database: Database, data_dir: Path, **changes: object) -> Settings:
    """Return settings for a database of the kit, whose application role's password all tests share."""
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / "app-password").write_text(PASSWORD)
    fields: dict[str, object] = {
        "data_dir": data_dir,
        "database_url": database.admin_url,
        "receipt_timeout_ms": RECEIPT_TIMEOUT_MS,
        "database_connections": 8,
        "port": 0,
        "stream_max_ms": STREAM_MS,
        **UNLIMITED,
    }
    return Settings.model_validate(fields | changes)


@contextlib.contextmanager
def running(settings: Settings, *, settled: bool = True, with_worker: bool = False) -> Iterator[System]:
    """Give a system, with the demo town founded and settled in it unless told otherwise; it is closed afterwards."""
    system = build(settings)
    worker = KeptWorker(system)
    try:
        if settled:
            found_demo(system)
        if with_worker:
            worker.revive()
        yield system
    finally:
        worker.stop()
        system.close()


@contextlib.contextmanager
def told_year(database: Database, data_dir: Path) -> Iterator[tuple[System, str]]:
    """Give a system to which `acervo demo` told the year, worker running, and what that printed."""
    with pytest.MonkeyPatch.context() as patch:
        settings = settings_for(database, data_dir)
        use(settings, patch)
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            assert run("demo") == 0, said.getvalue()
        with running(settings, settled=False, with_worker=True) as system:
            yield system, said.getvalue()


@contextlib.contextmanager
def settled_system(
    make_database: Callable[[], contextlib.AbstractContextManager[Database]], data_dir: Path
) -> Iterator[System]:
    """Give a settled system on a database of its own, signer and worker running."""
    with make_database() as database, running(settings_for(database, data_dir), with_worker=True) as made:
        yield made


@pytest.fixture(scope="module")
def system(
    make_database: Callable[[], contextlib.AbstractContextManager[Database]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[System]:
    """Give one settled system to all tests of a module; they add to it, no more."""
    with settled_system(make_database, tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.fixture(scope="module")
def year(
    make_database: Callable[[], contextlib.AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[System, str]]:
    """Give a system to which `acervo demo` told the year, worker running, and what that printed."""
    with make_database() as database, told_year(database, tmp_path_factory.mktemp("year")) as told:
        yield told


def noted(town: Town, series: str = "ord") -> Sitting:
    """Hold this year's first session of a series, whose one item is noted."""
    sitting = Sitting(town, parse_written(written_now()).year, 1, series=series)
    sitting.begin(["Asunto ficticio"], soon())
    sitting.item(1)
    sitting.conclude(1, "noted")
    sitting.close()
    return sitting


@pytest.fixture
def town(system: System) -> Town:
    """Give the demo's people, who sign with their demo keys."""
    return town_of(system)
