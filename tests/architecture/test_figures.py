"""What documents say was measured stands in the document that the measurements wrote."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
_FIGURE = re.compile(r"[0-9][0-9,.]* (?:acts/s|reads/s|MiB|ms)\b")
_YEAR = re.compile(r"\b([0-9,]+) acts, each signed")


def measured() -> set[str]:
    """Return the figures of benchmarks.md, and the rate of a year in an hour, which operating.md works out."""
    text = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
    year = _YEAR.search(text)
    assert year is not None
    return {*_FIGURE.findall(text), f"{round(int(year[1].replace(',', '')) / 3600)} acts/s"}


def test_every_figure_stands_in_the_benchmarks() -> None:
    """Whoever operates the ledger is told no rate, memory or time that no measurement printed."""
    said = _FIGURE.findall((DOCS / "operating.md").read_text(encoding="utf-8"))
    assert len(said) >= 5
    assert [figure for figure in said if figure not in measured()] == []
