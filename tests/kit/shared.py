"""Where the data lies that is no part of the repository: `../shared` beside the clone or its worktrees."""

from __future__ import annotations

from pathlib import Path

import pytest


def shared(relative: str) -> Path:
    """Return a path under `shared/`, or skip loudly, naming it, where it is not present."""
    for parent in Path(__file__).resolve().parents:
        found = parent / "shared" / relative
        if found.exists():
            return found
    pytest.skip(f"no ../shared/{relative} beside the repository", allow_module_level=True)
