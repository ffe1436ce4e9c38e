"""Majorities, ties and the casting vote (LFEP 20; Reglamento del Senado 93, 102; domain.md §2.2 R7, R8, V3, V4).

Under PRESENT (LFEP 20: "mayoría de los miembros presentes") an abstention works as non-approval: 4 for, 3
against and 1 abstention of 8 present do not carry. Under VOTES_CAST (Senate) they do. Those recused are in no
base. A tie is as many for as against; it can only arise where half is the measure, and under SEATS only where
the whole body is split, because no casting vote makes up for seats that are missing. Nobody voting is no tie.
The chair's own vote and the casting vote are two acts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from ledger.acts.body import MajorityRule, Rules

Result: TypeAlias = Literal["approved", "rejected", "tied"]
Side: TypeAlias = Literal["favor", "contra"]


def named(rules: Rules, name: str) -> MajorityRule:
    """Return the body's majority of that name.

    Raises:
        RuleViolation: "majority-unknown".
    """
    rule = rules.majorities.get(name)
    if rule is None:
        raise RuleViolation("majority-unknown", majority=name)
    return rule


def decide(  # noqa: PLR0917  the three counts in their usual order, then the two bases
    rule: MajorityRule, favor: int, contra: int, abstencion: int, present: int, seats: int
) -> Result:
    """Return what the counts decide, before any casting vote.

    Args:
        rule: The majority that the motion needs.
        favor: Votes for.
        contra: Votes against.
        abstencion: Abstentions.
        present: Voting seats present and not recused: those who could vote on the motion.
        seats: Voting seats of the body on the day, vacant ones too, without those recused.

    Raises:
        RuleViolation: "tally-exceeds-base" when more voted than could.
    """
    if favor + contra + abstencion > present:
        raise RuleViolation("tally-exceeds-base", votes=favor + contra + abstencion, present=present)
    base = {"PRESENT": present, "VOTES_CAST": favor + contra, "SEATS": seats}[rule.base]
    share = rule.share
    has, needs = favor * share.d, share.n * base
    if favor > 0 and (has >= needs if rule.at_least else has > needs):
        return "approved"
    split = favor == contra > 0 and (rule.base != "SEATS" or 2 * favor == seats)
    return "tied" if split and 2 * share.n == share.d else "rejected"


def check_casting(rules: Rules, result: Result) -> None:
    """Check that the chair may break a tie: only where the rules grant it and only where there is one (V4).

    Raises:
        RuleViolation: "no-casting-vote", "no-tie".
    """
    if not rules.casting_vote:
        raise RuleViolation("no-casting-vote")
    if result != "tied":
        raise RuleViolation("no-tie", result=result)


def declared(rules: Rules, result: Result, casting: Side | None = None) -> Result:
    """Return the result to declare: a tie ends by the casting vote, or as the body's tie rule says.

    Without a casting vote a tie never carries: it is rejected, or stays a tie to be voted again (REPEAT) or in
    the next session (DEFER).

    Raises:
        RuleViolation: "no-casting-vote" or "no-tie" when a casting vote was not allowed.
    """
    if casting is not None:
        check_casting(rules, result)
        return "approved" if casting == "favor" else "rejected"
    if result == "tied" and rules.tie_rule == "REJECT":
        return "rejected"
    return result
