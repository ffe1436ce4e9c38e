"""The document of the measurements: a section each, which says on which day it was measured; the goals on top.

`--only NAME --write FILE` measures a part anew and leaves the other sections of the file as they stand.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.bench.harness import machine, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.harness import Figure, Section

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_MET = {None: "", True: "yes", False: "**no**"}


def render(sections: Sequence[Section], postgres: str, *, quick: bool, before: str = "") -> str:
    """Return the document, Markdown.

    Args:
        sections: What was measured now.
        postgres: The server's version.
        quick: Whether inputs were small.
        before: The document as it stood; its other sections stay.
    """
    blocks = {**_blocks(before), **{section.title: _block(section) for section in sections}}
    rows = [_cells(line) for block in blocks.values() for line in block.splitlines() if line.startswith("| ")]
    wanted = [row for row in rows if row[-1] in {_MET[True], _MET[False]}]
    missed = [row for row in wanted if row[-1] == _MET[False]]
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`; do not edit. Medians of "
        + ("three" if quick else "five")
        + " repetitions, contenders in turn in one order and then in the other. *Noise* is half the distance from the "
        "smallest to the largest value. A ratio is taken repetition by repetition against the baseline named, which "
        "ran in the same minute on the same machine; in brackets its smallest and largest value.",
        "",
        f"Machine: {machine(postgres)}.",
        "",
    ]
    if quick:
        lines += ["**A quick run with small inputs: not for comparison.**", ""]
    lines.append(f"{len(wanted) - len(missed)} of {len(wanted)} goals are met.")
    lines += [f"Missed: {what} ({ratio or value}, wanted {goal})." for what, value, _, ratio, _, goal, _ in missed]
    return "\n".join([*lines, "", *(f"## {title}\n\n{block}\n" for title, block in blocks.items())])


def _blocks(document: str) -> dict[str, str]:
    _, *parts = _HEADING.split(document)
    return {title: block.strip() for title, block in zip(parts[::2], parts[1::2], strict=True)}


def _block(section: Section) -> str:
    lines = [section.about, "", f"Measured on {datetime.now(UTC).date().isoformat()}.", ""]
    lines += ["| what | median | noise | ratio | against | goal | met |", "|---|--:|--:|--:|---|---|---|"]
    return "\n".join(lines + [_row(figure) for figure in section.figures])


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def _row(figure: Figure) -> str:
    noise = f"± {figure.sample.noise:.0%}" if len(figure.sample.values) > 1 else ""
    cells = (figure.what, _value(figure), noise, _ratio(figure), figure.against, _goal(figure), _MET[figure.met])
    return f"| {' | '.join(cells)} |"


def _value(figure: Figure) -> str:
    return f"{number(figure.sample.median)} {figure.unit}".strip()


def _ratio(figure: Figure) -> str:
    if figure.ratio is None:
        return ""
    if len(figure.ratio.values) == 1:
        return f"{figure.ratio.median:.2f}"
    return f"{figure.ratio.median:.2f} ({min(figure.ratio.values):.2f}–{max(figure.ratio.values):.2f})"


def _goal(figure: Figure) -> str:
    if figure.at_least is not None:
        return f"≥ {figure.at_least:g}"
    return "" if figure.at_most is None else f"≤ {figure.at_most:g}"
