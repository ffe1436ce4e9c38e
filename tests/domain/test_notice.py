"""Business days and the notice counted in them (LFEP 9; LFPA 28, 38; domain.md §2.2 R4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.rules.days import add_business_days, business_days_after, business_days_between, is_business_day
from ledger.domain.rules.notice import notified_late
from ledger.errors import RuleViolation

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
HOLIDAYS = st.frozensets(DAYS, max_size=40)
INDEPENDENCE = date(2026, 9, 16)


def day(text: str) -> date:
    """Return the day."""
    return date.fromisoformat(text)


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
    assert business_days_between(day(sent), day(held)) == days


@given(DAYS, st.integers(-3, 90), HOLIDAYS)
def test_sums_agree_with_counting_one_by_one(begins: date, length: int, holidays: frozenset[date]) -> None:
    """Whatever the weekdays and holidays, both sums equal the plain count."""
    after = [begins + timedelta(days=n) for n in range(1, length + 1)]
    counted = [each for each in after if is_business_day(each, holidays)]
    ends = begins + timedelta(days=length)
    assert business_days_after(begins, ends, holidays) == len(counted)
    assert business_days_between(begins, ends, holidays) == len([each for each in counted if each != ends])


@given(DAYS, st.integers(0, 60), HOLIDAYS)
def test_a_term_ends_on_a_business_day_and_counts_back(since: date, n: int, holidays: frozenset[date]) -> None:
    """The last day of a term of n business days is one, and so many lie after its cause; of none it is the cause's."""
    due = add_business_days(since, n, holidays)
    assert business_days_after(since, due, holidays) == n
    assert due == since if n == 0 else is_business_day(due, holidays)


def test_no_term_is_negative() -> None:
    """A term of less than no days is a programming error; one from a day beyond all years is refused."""
    with pytest.raises(ValueError, match="-1"):
        add_business_days(INDEPENDENCE, -1)
    with pytest.raises(RuleViolation, match="impossible-date"):
        add_business_days(date(9999, 12, 31), 1)


def test_a_holiday_does_not_count() -> None:
    """Ten business days from 14 September 2026 end on the 29th, for the 16th is a holiday (domain.md §7.3)."""
    assert add_business_days(day("2026-09-14"), 10, {INDEPENDENCE}) == day("2026-09-29")
    assert add_business_days(day("2026-09-14"), 10) == day("2026-09-28")
    assert business_days_between(day("2026-09-14"), day("2026-09-22"), {INDEPENDENCE}) == 4


def test_notice_is_of_each_addressee() -> None:
    """Who received it late and who has no proof of receipt are named; whoever had it in time is not."""
    received = {"a": day("2026-09-09"), "b": day("2026-09-11")}
    assert notified_late("abc", received, day("2026-09-18"), 5, frozenset()) == {"b", "c"}
    assert notified_late("abc", received, day("2026-09-18"), 5, {INDEPENDENCE}) == {"b", "c"}
    assert notified_late("abc", received, day("2026-09-17"), 5, {INDEPENDENCE}) == {"a", "b", "c"}
