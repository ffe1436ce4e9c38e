"""The whole year in order of time."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from api.demo.year.settle import found

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.demo.year.course import Event
    from api.demo.year.teller import Teller

CHAPTERS = (
    "paper",
    "m2025_11",
    "m2025_12",
    *(f"m2026_{month:02}" for month in range(1, 11)),
    "samples",
    "followed",
    "papers",
    "planning",
    "terms",
    "reports",
    "transparency",
    "vetoes",
    "vigilance",
    "certificates",
)
ENDS = "2026-11-03 09:00"
"""Where the clock stands when the story is told (§7.1)."""


def events(chapters: Sequence[str] = CHAPTERS) -> list[Event]:
    """Return the events of chapters in order of time."""
    told = [each for name in chapters for each in import_module(f"api.demo.year.chapters.{name}").events()]
    return sorted(told, key=lambda event: event.at)


def tell(t: Teller, step: Callable[[int, int], None] = lambda _done, _of: None) -> None:
    """Tell the year to an empty ledger, day by day; texts that are public are opened at the end of each day.

    Args:
        t: The teller.
        step: Told how many events of how many are over.

    Raises:
        ToldWrongError: Story and ledger disagree.
    """
    found(t)
    course = events()
    for done, event in enumerate(course, 1):
        if event.at[:10] != t.today:
            t.publish()
        t.at(event.at)
        event.do(t)
        step(done, len(course))
    t.publish()
    t.at(ENDS)
    t.set_clock(t.clock)
