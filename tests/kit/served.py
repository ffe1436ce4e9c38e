"""Applications served by uvicorn on a free port; among them one over a told history, without a signer."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest
import uvicorn

from api.access import grants
from api.main import create_app
from api.routes import registry_base
from api.settings import load
from api.system import System
from ledger.store.log_reader import LogPool
from projections.runner import serve
from tests.kit.history import History
from tests.kit.system import UNLIMITED
from tests.kit.waiting import WAIT_S, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from fastapi import FastAPI

    from tests.kit.postgres import Database


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application from a thread and give its address; it waits for its registries as long as tests do."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started or not thread.is_alive())
    assert server.started
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with pytest.MonkeyPatch.context() as patch:
            for waiting in (registry_base, grants):
                patch.setattr(waiting, "MAX_WAIT_S", WAIT_S)
            yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(WAIT_S)


# -- a told history ------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def client_of(history: History, directory: Path) -> Iterator[httpx.Client]:
    """Give a client of the application over a history; nothing it reads needs a signer or documents."""
    system = System(
        load(data_dir=directory, **UNLIMITED),
        store=history.store,
        vault=history.vault,
        ledger=history.ledger,
        log=LogPool(history.store.pool),
        documents=cast("Any", None),
        signer=cast("Any", None),
        keys=(),
    )
    try:
        with served(create_app(system)) as address, httpx.Client(base_url=address, timeout=30) as client:
            yield client
    finally:
        system.close()


@pytest.fixture(scope="module")
def told(
    make_database: Callable[[], AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[History]:
    """Give a told history with a worker that follows it; the tests of a module may add to it."""
    directory = tmp_path_factory.mktemp("api")
    with make_database() as database:
        history = History.on(database.app_url, directory)
        stop = threading.Event()
        worker = threading.Thread(target=serve, args=(database.app_url, stop, history.vault.disclosure))
        worker.start()
        try:
            yield history.tell()
        finally:
            stop.set()
            worker.join()
            history.close()


@pytest.fixture(scope="module")
def client(told: History, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Give a client of the told history, once the registries show all of it."""
    with client_of(told, tmp_path_factory.mktemp("system")) as made:
        last = told.store.head().size - 1
        assert made.get("/api/v1/bodies", params={"wait_until": last}).status_code == 200
        yield made


def get(client: httpx.Client, path: str, **params: Any) -> Any:
    """Return what an address answers, which must be a success and say on what it rests (G7)."""
    answer = client.get(f"/api/v1/{path}", params=params or None)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    moment = found.pop("moment")
    assert moment["tree_head"]["size"] == moment["as_of_position"] > 0
    return found
