"""The service while the year is told to it: the whole HTTP application, on a loopback port of our own."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING

import uvicorn

from api.actas import ActaDesk
from api.client import Client
from api.demo.year.outside import Served
from api.demo.year.teller import Teller
from api.demo_keys import DemoKeys
from api.main import create_app
from ledger.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.system import System

START_S = 30.0
LOOPBACK = "127.0.0.1"


@contextlib.contextmanager
def speaking(system: System) -> Iterator[Client]:
    """Serve a system over HTTP on a loopback port of our own, and give a client that speaks to it.

    Raises:
        StoreError: "child-failed": the service does not come up.
    """
    config = uvicorn.Config(
        create_app(system, limited=False), log_level="warning", access_log=False, server_header=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    with socket.create_server((LOOPBACK, 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],), name="demo-http", daemon=True)
        thread.start()
        try:
            _wait(server, thread)
            with Client(f"http://{LOOPBACK}:{listening.getsockname()[1]}") as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


def _wait(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_S
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise StoreError("child-failed", "http")
        time.sleep(0.005)


def teller_of(system: System, client: Client) -> Teller:
    """Return a teller who submits over HTTP, each officer with his own demo key.

    Raises:
        StoreError: "production-demo-keys".
    """
    if system.settings.production:
        raise StoreError("production-demo-keys")
    keys = DemoKeys(system.settings.data_dir.absolute())
    desk = ActaDesk(system.store, system.vault, system.ledger.state)
    clock, outside = system.store.set_clock, Served(system, client)
    return Teller(system.ledger.origin, client.submit, clock, keys, keys.person_id, desk, outside)
