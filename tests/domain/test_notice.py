"""Business days between a convocation and its session (LFEP 9; domain.md §2.2 R4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.domain.rules.notice import business_days_between


@pytest.mark.parametrize(
    ("sent", "held", "days"),
    [
        ("2026-01-14", "2026-01-28", 9),
        ("2026-01-20", "2026-01-28", 5),
        ("2026-01-21", "2026-01-28", 4),
        ("2026-01-23", "2026-01-26", 0),
        ("2026-01-27", "2026-01-28", 0),
        ("2026-01-28", "2026-01-28", 0),
        ("2026-01-29", "2026-01-28", 0),
    ],
)
def test_days_lie_strictly_between(sent: str, held: str, days: int) -> None:
    """Neither the day of the convocation nor that of the session counts, nor Saturdays and Sundays."""
    assert business_days_between(date.fromisoformat(sent), date.fromisoformat(held)) == days


def test_agrees_with_counting_one_by_one() -> None:
    """For each weekday and up to 40 days the sum equals the plain count."""
    for start in range(7):
        sent = date(2026, 1, 5) + timedelta(days=start)
        for length in range(40):
            between = (sent + timedelta(days=n) for n in range(1, length))
            expected = sum(1 for day in between if day.weekday() < 5)
            assert business_days_between(sent, sent + timedelta(days=length)) == expected
