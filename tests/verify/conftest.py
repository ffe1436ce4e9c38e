"""Fixtures of the verifier's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kit.books import persons

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an exported log of 600 acts: two whole tiles and a partial one."""
    return persons(600).export(tmp_path_factory.mktemp("log") / "log")
