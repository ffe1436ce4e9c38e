"""The worker's process: feeds the registries from the ledger. `python -m api.worker`, a child of the server."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.embedded import EmbeddedPostgres
from api.processes import run_child
from ledger.store.store import LedgerStore
from ledger.store.vault import Vault
from projections.runner import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

POOL_SIZE = 2
NICENESS = 5
"""Registries may be a moment behind; whoever waits for a receipt goes first."""


def main(config: dict[str, Any], say: Callable[[Mapping[str, Any]], None]) -> None:
    """Project until told to stop.

    Args:
        config: `app_url`, `vault`; `data_dir` where the private PostgreSQL is to be kept alive as long as we are.
        say: Tells the parent that we began.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    os.nice(NICENESS)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with contextlib.ExitStack() as stack:
        if config["data_dir"]:
            server = EmbeddedPostgres(Path(config["data_dir"]))
            server.start()
            stack.callback(server.release)
        store = stack.enter_context(LedgerStore(config["app_url"], pool_size=POOL_SIZE))
        say({"started": True})
        serve(config["app_url"], stop, Vault(store, Path(config["vault"])).disclosure)


if __name__ == "__main__":
    run_child(main)
