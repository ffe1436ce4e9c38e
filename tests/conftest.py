"""Fixtures for all tests; what needs a server is in the kit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow, not wrong: speed is measured by `make bench` alone.
settings.register_profile("acervo", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("acervo")

pytest_plugins = ["tests.kit.postgres", "tests.kit.settled", "tests.kit.shown"]


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the groups in its own such hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a module's tests on one worker where they share a ledger: acts of one test are the past of the next.

    It is also told once only, which takes longer than most of what is then asked of it.
    """
    for item in items:
        if isinstance(item, pytest.Function) and {"system", "told", "year"} & set(item.fixturenames):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))
