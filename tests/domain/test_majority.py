"""Majorities, ties and the casting vote as a truth table (domain.md §2.2, V3, V4)."""

from __future__ import annotations

from typing import Literal

import pytest

from ledger import profiles
from ledger.acts.body import Fraction, MajorityRule, Rules
from ledger.domain.rules import majority
from ledger.errors import RuleViolation

Base = Literal["PRESENT", "VOTES_CAST", "SEATS"]
HALF, TWO_THIRDS, ALL = Fraction(n=1, d=2), Fraction(n=2, d=3), Fraction(n=1, d=1)


def rules(tie_rule: Literal["REJECT", "REPEAT", "DEFER"] = "REJECT", *, casting_vote: bool = False) -> Rules:
    """Return rules with one simple majority."""
    return Rules(majorities={"simple": MajorityRule()}, tie_rule=tie_rule, casting_vote=casting_vote)


@pytest.mark.parametrize(
    ("base", "counts", "present", "seats", "expected"),
    [
        ("PRESENT", (4, 3, 1), 8, 12, "rejected"),
        ("VOTES_CAST", (4, 3, 1), 8, 12, "approved"),
        ("SEATS", (4, 3, 1), 8, 12, "rejected"),
        ("PRESENT", (4, 4, 0), 8, 12, "tied"),
        ("VOTES_CAST", (4, 4, 0), 8, 12, "tied"),
        ("SEATS", (4, 4, 0), 8, 12, "rejected"),
        ("SEATS", (6, 6, 0), 12, 12, "tied"),
        ("SEATS", (7, 0, 0), 7, 12, "approved"),
        ("SEATS", (6, 0, 0), 7, 12, "rejected"),
        ("PRESENT", (3, 3, 2), 8, 12, "tied"),
        ("VOTES_CAST", (1, 0, 7), 8, 12, "approved"),
        ("PRESENT", (1, 0, 7), 8, 12, "rejected"),
        ("PRESENT", (0, 0, 8), 8, 12, "rejected"),
        ("VOTES_CAST", (0, 0, 8), 8, 12, "rejected"),
        ("PRESENT", (5, 3, 0), 8, 12, "approved"),
        ("PRESENT", (3, 5, 0), 8, 12, "rejected"),
        ("PRESENT", (5, 0, 0), 8, 12, "approved"),
        ("PRESENT", (4, 0, 0), 8, 12, "rejected"),
        ("PRESENT", (6, 1, 1), 8, 12, "approved"),
        ("PRESENT", (10, 0, 0), 10, 12, "approved"),
        ("PRESENT", (16, 12, 2), 30, 30, "approved"),
    ],
)
def test_simple_majority(
    base: Base, counts: tuple[int, int, int], present: int, seats: int, expected: majority.Result
) -> None:
    """Abstentions and silence count against under PRESENT, not under VOTES_CAST; a tie is as many for as against."""
    assert majority.decide(MajorityRule(base=base), *counts, present, seats) == expected


@pytest.mark.parametrize(
    ("share", "at_least", "counts", "expected"),
    [
        (TWO_THIRDS, True, (8, 4, 0), "approved"),
        (TWO_THIRDS, True, (7, 4, 1), "rejected"),
        (TWO_THIRDS, False, (8, 4, 0), "rejected"),
        (TWO_THIRDS, True, (6, 6, 0), "rejected"),
        (HALF, True, (6, 6, 0), "approved"),
        (HALF, True, (5, 5, 2), "tied"),
        (ALL, True, (12, 0, 0), "approved"),
        (ALL, True, (11, 0, 1), "rejected"),
        (Fraction(n=0, d=1), False, (1, 11, 0), "approved"),
        (Fraction(n=0, d=1), False, (0, 0, 12), "rejected"),
    ],
)
def test_special_majorities(
    share: Fraction, at_least: bool, counts: tuple[int, int, int], expected: majority.Result
) -> None:
    """Two thirds are two thirds exactly, and where half is not the measure as many for as against is no tie."""
    assert majority.decide(MajorityRule(share=share, at_least=at_least), *counts, 12, 12) == expected


def test_the_recused_are_in_no_base() -> None:
    """Nine present, one recused: 6-1-1 carries of 8; and 4-3 carries of 7 where of 8 it would not."""
    assert majority.decide(MajorityRule(), 6, 1, 1, present=8, seats=11) == "approved"
    assert majority.decide(MajorityRule(), 4, 3, 0, present=7, seats=11) == "approved"
    assert majority.decide(MajorityRule(), 4, 3, 0, present=8, seats=12) == "rejected"


def test_more_votes_than_could_be_cast_are_refused() -> None:
    """A tally above the base is refused, not decided."""
    with pytest.raises(RuleViolation, match="tally-exceeds-base"):
        majority.decide(MajorityRule(), 5, 4, 0, 8, 12)


def test_named_majorities() -> None:
    """A majority that the body's rules do not have is refused."""
    assert majority.named(profiles.load("GENERIC"), "qualified").share == TWO_THIRDS
    with pytest.raises(RuleViolation, match="majority-unknown"):
        majority.named(profiles.load("IMSS_HCT"), "qualified")


def test_the_casting_vote_breaks_a_tie_either_way() -> None:
    """Where the rules grant it the chair decides the tie, once, for or against."""
    granted = rules(casting_vote=True)
    assert majority.declared(granted, "tied", "favor") == "approved"
    assert majority.declared(granted, "tied", "contra") == "rejected"


@pytest.mark.parametrize("result", ["approved", "rejected"])
def test_no_casting_vote_without_a_tie(result: majority.Result) -> None:
    """What is already decided leaves nothing to break."""
    with pytest.raises(RuleViolation, match="no-tie"):
        majority.declared(rules(casting_vote=True), result, "favor")


def test_no_casting_vote_where_the_rules_grant_none() -> None:
    """A tie does not make a casting vote."""
    with pytest.raises(RuleViolation, match="no-casting-vote"):
        majority.check_casting(rules(), "tied")


@pytest.mark.parametrize(("tie_rule", "expected"), [("REJECT", "rejected"), ("REPEAT", "tied"), ("DEFER", "tied")])
def test_a_tie_without_casting_vote_never_carries(
    tie_rule: Literal["REJECT", "REPEAT", "DEFER"], expected: majority.Result
) -> None:
    """A tie ends as the body's tie rule says, and that is never approval."""
    assert majority.declared(rules(tie_rule), "tied") == expected
    assert majority.declared(rules(tie_rule), "approved") == "approved"
