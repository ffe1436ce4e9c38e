"""Fixtures of the API tests: a settled system behind the real application, or a told history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from api.main import create_app
from tests.kit.exported import exported
from tests.kit.served import client, served, told
from tests.kit.system import system, town, year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.system import System

__all__ = ["client", "exported", "system", "told", "town", "year"]


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
