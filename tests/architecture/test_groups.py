"""Tests that tell one story stay on one worker: what the locked pytest and pytest-xdist do with a group."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

STORY = """
import pytest
pytestmark = pytest.mark.xdist_group("story")
@pytest.mark.parametrize("chapter", range(6))
def test_chapter(chapter): pass
"""


def test_a_group_runs_on_one_worker(tmp_path: Path) -> None:
    """With pytest 9.2, pytest-xdist 3.8 spread groups over all workers and said nothing (its issue 1386)."""
    (tmp_path / "test_story.py").write_text(STORY, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-v", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider", "."]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    workers = re.findall(r"^\[(gw\d)\].*PASSED", run.stdout, re.MULTILINE)
    assert len(workers) == 6
    assert len(set(workers)) == 1
