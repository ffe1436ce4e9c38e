"""Nobody holds two voting seats of one body (LFEP 18: a seat is strictly personal; domain.md §2.2 R10, §3.8 D3).

Of titles, so a suplente may stand in for several seats; that nobody sits in two at once is checked where he sits
down. What another source says of mandates is imported as it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.domain.rules import terms
from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.domain.body import BodyState, SeatState


class Title(NamedTuple):
    """Who holds a seat as propietario, by which designation, from when to when."""

    person: str
    number: int
    span: terms.Span


def check_one_voting_seat(
    person: str, body: BodyState, seat: SeatState, span: terms.Span, titles: Callable[[str], Iterable[Title]]
) -> None:
    """Check that the person holds no other voting seat of the body at any instant of the span.

    Args:
        person: Who is designated.
        body: The body.
        seat: The seat to which he is designated.
        span: His term, half-open.
        titles: Gives the titles to a seat.

    Raises:
        RuleViolation: "person-seated".
    """
    for other in body.seats.values():
        if not other.voting or other.seat == seat.seat:
            continue
        if other.valid_to is not None and other.valid_to <= span[0].date():
            continue
        for title in titles(other.seat):
            if title.person == person and terms.overlap(title.span, span):
                raise RuleViolation("person-seated", person=person, seat=other.seat, designation=title.number)
