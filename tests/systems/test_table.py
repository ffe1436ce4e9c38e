"""The table itself: all rows, each of which works by a test of its name, is outside with a reason, or is not yet."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.acts import act_types
from tests.kit.routes import operations
from tests.systems.table import DOC, ROWS

if TYPE_CHECKING:
    import pytest

_MARK = re.compile(r'^@pytest\.mark\.system\("([A-N][0-9]+)"\)$', re.MULTILINE)
_LINE = re.compile(r"\| ([A-N][0-9]+) \| [CIE] \| .* \| (works|not yet|outside) \| .*\|")


def test_the_table_has_every_row() -> None:
    """116 rows: 40 core, 51 important, 25 edge; only L2 and L3 are outside, and say why."""
    assert Counter(row["priority"] for row in ROWS.values()) == {"C": 40, "I": 51, "E": 25}
    assert {name for name, row in ROWS.items() if row.get("outside")} == {"L2", "L3"}


def test_what_rows_require_exists() -> None:
    """Act types and routes that rows name are those of the product."""
    known = {name.partition("/")[0] for name in act_types()}
    paths = {path for _, path in operations()}
    for name, row in ROWS.items():
        assert set(row.get("types", ())) <= known, name
        assert "route" not in row or f"/api/v1/{row['route']}" in paths, name
        assert ("route" in row) == bool(row.get("types")), name


def test_the_page_says_what_the_tests_show(request: pytest.FixtureRequest) -> None:
    """docs/systems.md calls exactly those rows working that a test is marked with (`make systems` writes it)."""
    said = dict(_LINE.findall(DOC.read_text(encoding="utf-8")))
    assert said.keys() == ROWS.keys()
    sources = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    marked = {name for source in sources for name in _MARK.findall(source)}
    if request.config.getoption("--systems", default=None) is None:  # else it is being written
        assert {name for name, status in said.items() if status == "works"} == marked
