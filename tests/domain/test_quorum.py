"""Quorum as a truth table, with the arithmetic traps of domain.md §2.2."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest

from ledger import profiles
from ledger.acts.base import Part
from ledger.acts.body import Fraction, QuorumRule
from ledger.domain.body import SeatState
from ledger.domain.rules import quorum

HALF = Fraction(n=1, d=2)
Count = Literal["PLUS_ONE", "MORE_THAN", "AT_LEAST"]
Rounding = Literal["DOWN", "UP"]


def seats(sector: str, number: int, *, voting: bool = True) -> list[SeatState]:
    """Return so many seats of a sector."""
    day = date(2020, 1, 1)
    return [SeatState(f"{sector}-{n}", sector, "member", voting, day) for n in range(1, number + 1)]


TRIPARTITE = seats("federal", 4) + seats("patronal", 4) + seats("obrero", 4)


@pytest.mark.parametrize(
    ("count", "rounding", "base", "expected"),
    [
        ("PLUS_ONE", "DOWN", 12, 7),
        ("PLUS_ONE", "DOWN", 11, 6),
        ("PLUS_ONE", "UP", 11, 7),
        ("PLUS_ONE", "UP", 12, 7),
        ("PLUS_ONE", "DOWN", 30, 16),
        ("PLUS_ONE", "DOWN", 500, 251),
        ("PLUS_ONE", "DOWN", 3, 2),
        ("PLUS_ONE", "UP", 3, 3),
        ("PLUS_ONE", "UP", 1, 1),
        ("PLUS_ONE", "DOWN", 0, 1),
        ("MORE_THAN", "DOWN", 12, 7),
        ("MORE_THAN", "UP", 11, 6),
        ("MORE_THAN", "DOWN", 500, 251),
        ("AT_LEAST", "DOWN", 12, 6),
        ("AT_LEAST", "DOWN", 11, 6),
        ("AT_LEAST", "DOWN", 0, 1),
    ],
)
def test_half_of_the_base(count: Count, rounding: Rounding, base: int, expected: int) -> None:
    """Half plus one is 7 of 12, and 6 or 7 of 11 as the rule rounds; never none, never more than all."""
    rule = QuorumRule(share=HALF, count=count, rounding=rounding)
    assert quorum.required(rule, base, 1) == expected


@pytest.mark.parametrize(("base", "expected"), [(12, 8), (11, 8), (10, 7), (3, 2), (1, 1)])
def test_two_thirds(base: int, expected: int) -> None:
    """At least two thirds of a base that three does not divide is rounded up whatever the rounding says."""
    assert quorum.required(QuorumRule(share=Fraction(n=2, d=3), count="AT_LEAST"), base, 1) == expected


@pytest.mark.parametrize(("second", "expected"), [(None, 7), (Fraction(n=1, d=3), 4), (Fraction(n=0, d=1), 1)])
def test_second_call(second: Fraction | None, expected: int) -> None:
    """On second call the lower share is enough where the rules have one (LGA 66), and at least one must be there."""
    rule = QuorumRule(second_call=second)
    assert quorum.required(rule, 12, 2) == expected
    assert quorum.required(rule, 12, 1) == 7


def test_vacant_seats_count_unless_the_rule_says_filled() -> None:
    """Three vacancies of twelve leave the base at 12 under SEATS and make it 9 under FILLED_SEATS."""
    filled = {seat.seat for seat in TRIPARTITE[3:]}
    guests = seats("comisario", 2, voting=False)
    assert quorum.base_of(QuorumRule(base="SEATS"), TRIPARTITE + guests, filled) == 12
    rule = QuorumRule(base="FILLED_SEATS")
    assert quorum.base_of(rule, TRIPARTITE + guests, filled) == 9
    assert quorum.required(rule, 9, 1) == 5


def test_only_distinct_voting_seats_are_counted() -> None:
    """A comisario, or a seat named twice, makes no quorum (V2)."""
    rule = QuorumRule()
    six = TRIPARTITE[:6]
    assert quorum.count([*six, six[0], *seats("comisario", 3, voting=False)]) == 6
    assert not quorum.holds(rule, [*six, six[0], *seats("comisario", 3, voting=False)], 12)
    assert quorum.holds(rule, TRIPARTITE[:7], 12)


@pytest.mark.parametrize(("sectors", "holds"), [(3, True), (4, False), (8, False)])
def test_the_federal_majority_is_perverse_in_a_tripartite_body(sectors: int, holds: bool) -> None:
    """With all four State seats there, 7 present make quorum under LFEP 20's second test and 12 break it."""
    rule = profiles.load("LFEP_BOARD").quorum
    assert quorum.holds(rule, TRIPARTITE[: 4 + sectors], 12) is holds


def test_the_federal_majority_is_off_in_the_council() -> None:
    """The council's own profile counts heads only: full attendance is quorum."""
    rule = profiles.load("IMSS_HCT").quorum
    assert quorum.holds(rule, TRIPARTITE, 12)
    assert not quorum.holds(rule, TRIPARTITE[:6], 12)


def test_parliament_needs_251_of_500() -> None:
    """Constitution 63 counts from all 500 seats, vacant ones too."""
    rule = profiles.load("PARLIAMENT_MX").quorum
    assert quorum.required(rule, 500, 1) == 251


def test_a_count_unknown_to_the_rule_is_a_programming_error() -> None:
    """A rule that bypassed the schema is not taken for one of the three counts."""

    class Odd(Part):
        share: Fraction = HALF
        count: str = "NEARLY"
        rounding: str = "DOWN"
        second_call: Fraction | None = None

    with pytest.raises(AssertionError):
        quorum.required(Odd(), 12, 1)  # type: ignore[arg-type]
