"""Elections of persons: candidates, several rounds, a tie voted again or broken (domain.md §3.5 V4, V5, V8).

Who leads is elected if his votes carry by the majority that the vote needs, counted as votes for him against those
for all others, blanks as abstentions. Else nobody is, and a further round repeats the vote: among the same
candidates, or fewer of them, of whom none left out had more votes than one who stayed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.rules import majority
from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ledger.acts.body import MajorityRule, Rules
    from ledger.acts.vote import ElectionTallyRecorded, VoteOpened
    from ledger.domain.states import VoteState
    from ledger.domain.world import World

METHODS = frozenset({"secret", "roll-call", "show-of-hands"})


def check_candidates(act: VoteOpened, before: VoteState | None, world: World) -> None:
    """Check that an election has candidates, known and each once, and that a further round has those of the last.

    Raises:
        RuleViolation: "candidates-differ", "election-method", "candidate-twice", "person-unknown", "candidate-new",
            "candidate-dropped", "candidate-withdrawn".
    """
    if (act.motion_kind == "election") != bool(act.candidates) or (act.withdrawn and before is None):
        raise RuleViolation("candidates-differ", motion_kind=act.motion_kind)
    if not act.candidates:
        return
    world.rule("election")
    if act.method not in METHODS:
        raise RuleViolation("election-method", method=act.method)
    named = (*act.candidates, *act.withdrawn)
    if len(set(named)) != len(named):
        raise RuleViolation("candidate-twice")
    if before is not None:
        _check_round(act, before)
        return
    for person in act.candidates:
        if not world.begun(f"person/{person}"):
            raise RuleViolation("person-unknown", person=person)


def _check_round(act: VoteOpened, before: VoteState) -> None:
    for person in act.candidates:
        if person not in before.candidates:
            raise RuleViolation("candidate-new", person=person)
    for person in act.withdrawn:
        if person not in before.candidates:
            raise RuleViolation("candidate-withdrawn", person=person)
    fewest = min(before.counts.get(person, 0) for person in act.candidates)
    for person in before.candidates:
        if person not in act.candidates and person not in act.withdrawn and before.counts.get(person, 0) >= fewest:
            raise RuleViolation("candidate-dropped", person=person)


def check_tally(vote: VoteState, act: ElectionTallyRecorded) -> None:
    """Check the count: every candidate once, as many votes as voters; of a roll call who voted for whom, else nobody.

    Raises:
        RuleViolation: "no-election", "candidates-differ", "election-count", "secret-choice", "seat-twice",
            "not-eligible".
    """
    if not vote.candidates:
        raise RuleViolation("no-election", vote=f"{vote.session}/{vote.number}")
    if sorted(count.person for count in act.counts) != sorted(vote.candidates):
        raise RuleViolation("candidates-differ", candidates=len(vote.candidates))
    votes = sum(count.votes for count in act.counts) + act.blank
    if votes != len(act.voters):
        raise RuleViolation("election-count", votes=votes, voters=len(act.voters))
    named = [seat for count in act.counts for seat in count.seats]
    if vote.method != "roll-call":
        if named:
            raise RuleViolation("secret-choice", seat=named[0])
        return
    if any(count.votes != len(count.seats) for count in act.counts):
        raise RuleViolation("election-count", votes=votes, voters=len(named))
    if len(set(named)) != len(named):
        raise RuleViolation("seat-twice", seat=min(seat for seat in named if named.count(seat) > 1))
    for seat in named:
        if seat not in act.voters:
            raise RuleViolation("not-eligible", seat=seat)


def leaders(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return the candidates with the most votes, in alphabetical order; none while nobody has any."""
    most = max(counts.values(), default=0)
    return tuple(sorted(person for person, votes in counts.items() if votes == most > 0))


def tally(counts: Mapping[str, int], blank: int) -> tuple[int, int, int]:
    """Return votes for who leads, for all others, and for none."""
    most = max(counts.values(), default=0)
    return most, sum(counts.values()) - most, blank


def outcome(
    rule: MajorityRule, counts: Mapping[str, int], blank: int, present: int, seats: int
) -> tuple[majority.Result, str | None]:
    """Return what the counts decide, before any casting vote, and who is elected.

    Two or more who lead with as many votes are a tie.
    """
    first = leaders(counts)
    if len(first) > 1:
        return "tied", None
    result = majority.decide(rule, *tally(counts, blank), present, seats)
    # Half of the votes for one and half for several others is no tie: there is one who leads.
    return ("approved", first[0]) if first and result == "approved" else ("rejected", None)


def check_casting(rules: Rules, tied: Collection[str], candidate: str | None) -> None:
    """Check that the chair may break a tie between candidates, for one of those who tie (V4).

    Raises:
        RuleViolation: "no-casting-vote", "no-tie", "candidate-not-tied".
    """
    if not rules.casting_vote or rules.election_tie != "CASTING":
        raise RuleViolation("no-casting-vote")
    if len(tied) < 2:
        raise RuleViolation("no-tie", result="rejected")
    if candidate not in tied:
        raise RuleViolation("candidate-not-tied", candidate=candidate)
