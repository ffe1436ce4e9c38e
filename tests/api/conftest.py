"""Fixtures of the API tests: a settled system behind the real application, served by uvicorn on a free port."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn

from api.main import create_app
from tests.kit.exported import exported
from tests.kit.system import system, town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

    from api.system import System

__all__ = ["exported", "system", "town"]
START_S = 20.0


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application from a thread and give its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_S
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(START_S)


@pytest.fixture(scope="module")
def address(system: System) -> Iterator[str]:
    """Give the address at which the system is served."""
    with served(create_app(system)) as url:
        yield url


@pytest.fixture
def http(address: str) -> Iterator[httpx.Client]:
    """Give a client of the served application."""
    with httpx.Client(base_url=address, timeout=30) as client:
        yield client
