"""Numbers that a run is to print, whatever worker they come from: tables of cases and kills.

`shown("title", text)` in a test; the text stands at the end of pytest's output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_PROPERTY = "shown"


@pytest.fixture
def shown(record_property: Callable[[str, object], None]) -> Callable[[str, str, int], None]:
    """Give a function that takes a title, a line to be printed under it, and how many cases the line stands for."""
    return lambda title, text, count: record_property(_PROPERTY, [title, text, count])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what tests have shown, and how many cases there were under each title."""
    found: dict[str, dict[str, int]] = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, value in getattr(report, "user_properties", ()):
                if name == _PROPERTY:
                    found.setdefault(value[0], {})[value[1]] = value[2]
    for title, lines in sorted(found.items()):
        terminalreporter.section(title)
        for line in sorted(lines):
            terminalreporter.write_line(line)
        terminalreporter.write_line(f"{sum(lines.values())} in all")
