"""Queries read registries at a moment: they name tables by their `Table`, never in SQL of their own."""

from __future__ import annotations

import re
from pathlib import Path

QUERIES = Path(__file__).parents[2] / "projections" / "queries"
ALLOWED = {"awaiting.py", "moment.py", "reports.py"}
"""moment.py is the one place; reports.py reads facts up to an index that the report itself names; awaiting.py says what
awaits a signature, which it does now, and is asked of no other day."""


def test_no_query_reads_a_registry_past_its_moment() -> None:
    """No statement of a query names a registry's table as such: it would answer of now whatever day is asked."""
    found = {path.name for path in QUERIES.glob("*.py") if re.search(r"\bregistry\.[a-z_]+\b", _code(path))}
    assert found <= ALLOWED


def _code(path: Path) -> str:
    return "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if "import" not in line)
