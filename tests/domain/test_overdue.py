"""The overdue clock: stops while the agreement is suspended and resumes after (domain.md §3.6 A6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.rules.overdue import Span, days_overdue, effective_due, suspended_days

SET = date(2026, 7, 29)
DUE = date(2026, 8, 31)
VETO: Span = (date(2026, 8, 12), date(2026, 9, 9))


@pytest.mark.parametrize(
    ("on", "late"),
    [("2026-08-31", 0), ("2026-09-09", 0), ("2026-09-28", 0), ("2026-09-29", 1), ("2026-10-08", 10)],
)
def test_veto_suspends_then_reinstated_restores_overdue_clock(on: str, late: int) -> None:
    """Twenty-eight days of veto move the due day from 31 August to 28 September, and not a day more."""
    assert days_overdue(DUE, SET, [VETO], date.fromisoformat(on)) == late


def test_clock_stands_still_while_suspended() -> None:
    """What was three days late when it was suspended is three days late as long as the suspension lasts."""
    spans: list[Span] = [(DUE + timedelta(days=3), None)]
    assert {days_overdue(DUE, SET, spans, DUE + timedelta(days=n)) for n in (3, 4, 90)} == {3}


def test_suspension_before_the_day_was_set_does_not_count() -> None:
    """Who extended the day after a suspension knew of it."""
    after = date(2026, 9, 10)
    assert effective_due(date(2026, 10, 1), after, [VETO], date(2026, 12, 1)) == date(2026, 10, 1)
    assert suspended_days([VETO], date(2026, 9, 1), date(2026, 12, 1)) == 8


@given(
    lengths=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), max_size=4),
    open_ended=st.booleans(),
    on=st.integers(0, 400),
)
def test_clock_counts_as_a_naive_one_day_after_day(lengths: list[tuple[int, int]], open_ended: bool, on: int) -> None:
    """Whatever the suspensions, the lateness is what a clock shows that ticks only on days not suspended."""
    spans: list[Span] = []
    at = SET
    for gap, length in lengths:
        begins = at + timedelta(days=gap)
        at = begins + timedelta(days=length)
        spans.append((begins, at))
    if open_ended and spans:
        spans[-1] = (spans[-1][0], None)
    today = SET + timedelta(days=on)
    ticked = sum(
        not any(begins <= day and (ends is None or day < ends) for begins, ends in spans)
        for day in (SET + timedelta(days=n) for n in range(on))
    )
    assert days_overdue(DUE, SET, spans, today) == max(0, ticked - (DUE - SET).days)
