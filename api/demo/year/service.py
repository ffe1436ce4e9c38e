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
from api.demo.year.teller import Teller
from api.demo_keys import DemoKeys
from api.main import create_app
from ledger.crypto.note import Checkpoint, Note
from ledger.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.system import System
    from ledger.compose import Officer

START_S = 30.0
ANCHOR = "demo-anchor-"
LOOPBACK = "127.0.0.1"


@contextlib.contextmanager
def speaking(system: System) -> Iterator[Client]:
    """Serve a system over HTTP on a loopback port of our own, and give a client that speaks to it.

    Raises:
        StoreError: "child-failed": the service does not come up.
    """
    config = uvicorn.Config(
        create_app(system), log_level="warning", access_log=False, server_header=False, lifespan="off"
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


def anchor_of(data_dir: Path, day: str) -> Path:
    """Return the file in which the demo keeps a checkpoint of a day, as an auditor would keep it elsewhere."""
    return data_dir / f"{ANCHOR}{day}.checkpoint"


def teller_of(system: System, client: Client) -> Teller:
    """Return a teller who submits over HTTP, each officer with his own demo key.

    Raises:
        StoreError: "production-demo-keys".
    """
    if system.settings.production:
        raise StoreError("production-demo-keys")
    keys = DemoKeys(system.settings.data_dir.absolute())

    def store(officer: Officer, content: bytes, digest: str) -> None:
        client.store_document(officer, content, digest)

    def checkpoint() -> tuple[int, str]:
        # One that covers all that stands: the published one may still be on its way behind the last act.
        found = Checkpoint.parse(Note.parse(system.checkpoint(system.size())).text)
        return found.size, found.root.hex()

    def anchor(day: str) -> None:
        anchor_of(system.settings.data_dir, day).write_text(system.checkpoint(system.size()), encoding="utf-8")

    desk = ActaDesk(system.store, system.vault, system.ledger.state)
    return Teller(
        system.ledger.origin,
        client.submit,
        system.store.set_clock,
        keys,
        keys.person_id,
        desk,
        checkpoint,
        store=store,
        anchor=anchor,
    )
