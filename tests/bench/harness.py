"""How figures are taken and shown: repetitions in both orders, medians, the noise beside each (issue 2, step 5).

A figure is never compared with a number from another machine or day: its baseline is measured in the same run, one
right after the other, and the ratio is taken repetition by repetition, so that a slow minute slows both.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

REPETITIONS = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """What the repetitions gave, in their order."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    @property
    def noise(self) -> float:
        """Half of the distance from the smallest to the largest value, as a fraction of the median."""
        if not self.median:
            return 0.0
        return (max(self.values) - min(self.values)) / 2 / abs(self.median)

    def over(self, other: Sample) -> Sample:
        """Return the ratios, repetition by repetition.

        Raises:
            ValueError: The samples are not of the same repetitions.
        """
        return Sample(tuple(mine / theirs for mine, theirs in zip(self.values, other.values, strict=True)))

    def times(self, factor: float) -> Sample:
        """Return all values multiplied: other units."""
        return Sample(tuple(value * factor for value in self.values))


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the document.

    what: What was measured.
    sample: The measured values.
    unit: Of the values.
    ratio: Against the baseline of the same run, where there is one.
    against: Which baseline.
    at_least, at_most: What is wanted of the ratio's median, or of the value's where there is no ratio.
    """

    what: str
    sample: Sample
    unit: str
    ratio: Sample | None = None
    against: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the figure is what is wanted; None where nothing is."""
        if self.at_least is None and self.at_most is None:
            return None
        value = (self.ratio or self.sample).median
        return value >= (self.at_least or float("-inf")) and value <= (
            float("inf") if self.at_most is None else self.at_most
        )


@dataclass(frozen=True, slots=True)
class Section:
    """The figures of one measurement.

    title: Its heading.
    about: One paragraph: what was done, and what has to be known to read the table.
    """

    title: str
    about: str
    figures: Sequence[Figure]


@dataclass(slots=True)
class Bench:
    """One run of the measurements.

    directory: For what they write; on a real disk, or durability costs nothing.
    quick: Smaller inputs and three repetitions: for looking, not for the document.
    """

    directory: Path
    quick: bool = False
    started: float = field(default_factory=time.monotonic)

    @property
    def repetitions(self) -> int:
        """How often each contender runs."""
        return 3 if self.quick else REPETITIONS

    def say(self, text: str) -> None:
        """Tell on stderr what is being done."""
        print(f"[{time.monotonic() - self.started:6.0f} s] {text}", file=sys.stderr, flush=True)

    def compete(self, contenders: Mapping[str, Callable[[], float]], warm: int = 1) -> dict[str, Sample]:
        """Let contenders run in turn, in one order and then in the other, and give what each returned.

        Args:
            contenders: Each does its work once and returns its value.
            warm: So many rounds come before and do not count.
        """
        values: dict[str, list[float]] = {name: [] for name in contenders}
        for repetition in range(-warm, self.repetitions):
            for name in in_turn(list(contenders), repetition):
                value = contenders[name]()
                self.say(f"{name}: {value:,.6g}{'' if repetition >= 0 else ' (warm-up)'}")
                if repetition >= 0:
                    values[name].append(value)
        return {name: Sample(tuple(found)) for name, found in values.items()}


def in_turn(names: Sequence[str], repetition: int) -> list[str]:
    """Return the order of a repetition: as given for even ones, reversed for odd ones."""
    return list(names) if repetition % 2 == 0 else list(reversed(names))


# -- the document ----------------------------------------------------------------------------------------------


def machine(postgres: str) -> str:
    """Return the line that says what it was measured on, without names and places."""
    parts = [
        f"{len(os.sched_getaffinity(0))} cores",
        f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB of memory",
        f"{platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}",
        f"PostgreSQL {postgres}",
        *(f"{package} {version(package)}" for package in ("eventsourcing", "psycopg", "cryptography")),
    ]
    return ", ".join(parts)


def number(value: float) -> str:
    """Return a value with three significant digits or more, thousands separated."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
