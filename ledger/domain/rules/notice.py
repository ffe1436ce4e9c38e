"""Notice of a session (LFEP 9; RLFEP 18.II: received five business days before; domain.md §2.2 R4, S3).

The law measures from receipt by each member, not from sending: how many business days lie strictly between the day
on which he received the convocation and that of the session, on the calendar of holidays that the body follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.rules.days import business_days_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import date


def notified_late(
    addressees: Iterable[str],
    received_on: Mapping[str, date],
    held_on: date,
    required: int,
    holidays: AbstractSet[date],
) -> frozenset[str]:
    """Return the seats whose holders received the convocation later than the rules ask, or did not receive it.

    Args:
        addressees: Seats that must be notified.
        received_on: Seat → legal day of its first receipt; without a key where there is no proof of any.
        held_on: Legal day of the session.
        required: Business days between the two.
        holidays: Days that do not count.
    """
    return frozenset(
        seat
        for seat in addressees
        if seat not in received_on or business_days_between(received_on[seat], held_on, holidays) < required
    )
