"""Terms are half-open, and leaves are taken out of them (format.md §2; D6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.domain.rules import terms
from ledger.ids import parse_written

if TYPE_CHECKING:
    from datetime import datetime

BEGINS = parse_written("2026-01-01T00:00:00-06:00")
ENDS = parse_written("2026-07-01T00:00:00-06:00")
LEAVE = (parse_written("2026-03-01T00:00:00-06:00"), parse_written("2026-04-01T00:00:00-06:00"))


@pytest.mark.parametrize(
    ("instant", "ends", "leaves", "holdover", "expected"),
    [
        ("2025-12-31T23:59:59-06:00", ENDS, (), False, False),
        ("2026-01-01T00:00:00-06:00", ENDS, (), False, True),
        ("2026-06-30T23:59:59-06:00", ENDS, (), False, True),
        ("2026-07-01T00:00:00-06:00", ENDS, (), False, False),
        ("2026-07-01T00:00:00-06:00", ENDS, (), True, True),
        ("2025-12-31T23:59:59-06:00", ENDS, (), True, False),
        ("2026-07-01T05:59:59+00:00", ENDS, (), False, True),
        ("2026-07-01T00:00:00-05:00", ENDS, (), False, True),
        ("2036-01-01T00:00:00-06:00", None, (), False, True),
        ("2026-02-28T23:59:59-06:00", ENDS, (LEAVE,), False, True),
        ("2026-03-01T00:00:00-06:00", ENDS, (LEAVE,), False, False),
        ("2026-03-31T23:59:59-06:00", ENDS, (LEAVE,), False, False),
        ("2026-04-01T00:00:00-06:00", ENDS, (LEAVE,), False, True),
        ("2026-05-01T00:00:00-06:00", ENDS, ((LEAVE[0], None),), False, False),
        ("2026-08-01T00:00:00-06:00", ENDS, ((LEAVE[0], None),), True, False),
    ],
)
def test_in_force(
    instant: str, ends: datetime | None, leaves: tuple[terms.Span, ...], holdover: bool, expected: bool
) -> None:
    """A term holds from its first instant on, not at its end, not on leave, and past its end only by holdover."""
    assert terms.in_force(BEGINS, ends, leaves, parse_written(instant), holdover=holdover) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((BEGINS, ENDS), (ENDS, None), False),
        ((BEGINS, ENDS), (LEAVE[0], None), True),
        ((BEGINS, None), (ENDS, None), True),
        ((BEGINS, ENDS), LEAVE, True),
        ((LEAVE[0], LEAVE[0]), (BEGINS, ENDS), False),
    ],
)
def test_overlap(one: terms.Span, other: terms.Span, expected: bool) -> None:
    """Spans that only touch share nothing, nor does an empty one; the order does not matter."""
    assert terms.overlap(one, other) is expected
    assert terms.overlap(other, one) is expected


def test_next_change_names_the_next_edge() -> None:
    """The instants at which an answer may change are the edges of term and leaves, each once passed forgotten."""
    edges = [BEGINS, LEAVE[0], LEAVE[1], ENDS]
    before = parse_written("2020-01-01T00:00:00-06:00")
    for edge in edges:
        assert terms.next_change(BEGINS, ENDS, (LEAVE,), before) == edge
        before = edge
    assert terms.next_change(BEGINS, ENDS, (LEAVE,), ENDS) is None
    assert terms.next_change(BEGINS, None, (), BEGINS) is None
