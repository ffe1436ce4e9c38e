"""Quorum (LFEP 20; RLFEP 18.IV; Constitution 63 for chambers; LGA 66 for the second call; domain.md §2.2 R6, R23).

Only voting seats count: guests, comisarios and a secretary who is no member have voice and no vote (R10, V2). A
member who is recused from an item still counts for the session's quorum. LFEP 20 also asks that most of those
present be of the federal administration; in a tripartite body of 4/4/4 full attendance would break it, so it is
a flag of the profile, off for such bodies (domain.md §0.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ledger.acts.body import Fraction, QuorumRule
    from ledger.domain.body import SeatState


def required(rule: QuorumRule, base: int, call: int = 1) -> int:
    """Return how many voting seats must be present: at least one, and never more than all.

    Args:
        rule: The body's rule.
        base: Number of seats that the rule counts from (`base_of`).
        call: 1 for the first call, 2 for the second.
    """
    if call > 1 and rule.second_call is not None:
        needed = _rounded_up(rule.second_call, base)
    else:
        needed = _first_call(rule, base)
    return max(1, min(needed, base))


def _first_call(rule: QuorumRule, base: int) -> int:
    match rule.count:
        case "PLUS_ONE":
            return (_rounded_up if rule.rounding == "UP" else _rounded_down)(rule.share, base) + 1
        case "MORE_THAN":
            return _rounded_down(rule.share, base) + 1
        case "AT_LEAST":
            return _rounded_up(rule.share, base)
        case _:
            assert_never(rule.count)


def _rounded_down(share: Fraction, base: int) -> int:
    return share.n * base // share.d


def _rounded_up(share: Fraction, base: int) -> int:
    return -(-share.n * base // share.d)


def base_of(rule: QuorumRule, seats: Iterable[SeatState], filled: Collection[str]) -> int:
    """Return the base: the voting seats that exist, or only those of them that have a holder.

    Args:
        rule: The body's rule.
        seats: The seats that exist on the day.
        filled: Ids of the seats that have a holder; read only where the rule counts FILLED_SEATS.
    """
    voting = [seat for seat in seats if seat.voting]
    if rule.base == "SEATS":
        return len(voting)
    return sum(1 for seat in voting if seat.seat in filled)


def count(present: Iterable[SeatState]) -> int:
    """Return how many distinct voting seats are present."""
    return len({seat.seat for seat in present if seat.voting})


def holds(rule: QuorumRule, present: Collection[SeatState], base: int, call: int = 1) -> bool:
    """Tell whether there is quorum: enough seats, and the federal majority among them where the rule asks it."""
    return count(present) >= required(rule, base, call) and federal_majority(rule, present)


def federal_majority(rule: QuorumRule, present: Iterable[SeatState]) -> bool:
    """Tell whether most of the voting seats present are of the federal sector (LFEP 20); true where not asked."""
    if rule.federal_sector is None:
        return True
    voting = {seat.seat: seat.sector for seat in present if seat.voting}
    federal = sum(1 for sector in voting.values() if sector == rule.federal_sector)
    return 2 * federal > len(voting)
