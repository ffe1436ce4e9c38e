"""Notice of a session (LFEP 9; RLFEP 18.II: five business days before; domain.md §2.2 R4, S3).

The ledger knows no calendar of holidays, so Monday to Friday count: a notice that is found short is short, one
that is found long enough may still have a holiday in it. The law measures from receipt; the act that a secretary
signs is the sending, which can only be earlier. A breach is never hidden and never blocks: it is a remark.
"""

from __future__ import annotations

from datetime import date, timedelta

_WEEK = 7
_WORKING = 5


def business_days_between(sent_on: date, held_on: date) -> int:
    """Return how many days from Monday to Friday lie strictly between the two; 0 when there is none.

    Args:
        sent_on: Legal day of the convocation.
        held_on: Legal day of the session.
    """
    whole = max(0, (held_on - sent_on).days - 1)
    weeks, rest = divmod(whole, _WEEK)
    first = sent_on + timedelta(days=1)
    loose = sum(1 for n in range(rest) if (first + timedelta(days=n)).weekday() < _WORKING)
    return weeks * _WORKING + loose
