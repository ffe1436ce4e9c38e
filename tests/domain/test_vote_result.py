"""What follows from a vote: result, tally, ties, the casting vote (domain.md §3.5 V3, V4, §3.19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.session import SessionRecessed
from ledger.acts.vote import (
    CastingVoteExercised,
    SecretTallyRecorded,
    VoteAnnulled,
)
from tests.kit.council import CHAIR, SECRETARY, VICE_CHAIR, VOTING, Sitting, founded, rules
from tests.kit.story import Said, say

if TYPE_CHECKING:
    from ledger.acts.vote import Result

EIGHT, SEVEN = VOTING[:8], VOTING[:7]


def annulled(sitting: Sitting, number: int = 1) -> VoteAnnulled:
    """Return the annulment of a vote."""
    return VoteAnnulled(**sitting.place, vote=number)


def casting(sitting: Sitting, choice: Any = "favor", office: str = CHAIR) -> Said:
    """Return a casting vote."""
    return say(CastingVoteExercised(**sitting.place, vote=1, choice=choice), office=office)


# -- what follows ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("favor", "contra", "abstencion", "present", "votes_cast"),
    [
        (5, 3, 0, "approved", "approved"),
        (4, 3, 1, "rejected", "approved"),
        (4, 4, 0, "rejected", "rejected"),
        (3, 5, 0, "rejected", "rejected"),
        (1, 0, 7, "rejected", "approved"),
        (0, 0, 8, "rejected", "rejected"),
        (8, 0, 0, "approved", "approved"),
    ],
)
def test_result_follows_from_tally_and_rules(
    favor: int, contra: int, abstencion: int, present: Result, votes_cast: Result
) -> None:
    """V3: under PRESENT abstentions work as non-approval (4 for, 3 against, 1 abstention of 8 do not carry)."""
    share = {"share": {"n": 1, "d": 2}}
    for base, expected in (("PRESENT", present), ("VOTES_CAST", votes_cast)):
        by_rules = rules(majorities={"simple": {"base": base} | share})
        sitting = Sitting(founded(by_rules)).recorded(favor, contra, abstencion)
        for result in ("approved", "rejected", "tied"):
            attempt = sitting.story.when(sitting.declared(favor, contra, abstencion, result))
            if result == expected:
                attempt.check()
            else:
                attempt.refused("result-mismatch", expected=expected)


@pytest.mark.parametrize("wrong", [(6, 2, 0), (5, 2, 1), (5, 3, 1)])
def test_declared_tally_must_be_the_recorded(wrong: tuple[int, int, int]) -> None:
    """V3: a tally raised by one is refused, whatever result goes with it."""
    sitting = Sitting().recorded(5, 3)
    sitting.story.when(sitting.declared(*wrong, "approved")).refused("tally-mismatch", favor=5, contra=3)


def test_absolute_majority_counts_all_seats_but_the_recused() -> None:
    """Under SEATS six of twelve do not carry; with one recused six of eleven do."""
    by_rules = rules(majorities={"simple": {"base": "SEATS"}})
    sitting = Sitting(founded(by_rules)).recorded(6, 1, 1)
    sitting.story.when(sitting.declared(6, 1, 1, "approved")).refused("result-mismatch")
    sitting = Sitting(founded(by_rules)).recorded(6, 1, 1, "patronal-4")
    sitting.story.when(sitting.declared(6, 1, 1, "approved")).accepted()


def test_nothing_is_declared_before_it_is_recorded_or_after_it_is_settled() -> None:
    """Open votes are not declared; declared and annulled ones take no more acts."""
    sitting = Sitting().voting()
    story = sitting.story
    story.when(sitting.declared(12, 0, 0, "approved")).refused("vote-phase", phase="open")
    story.given(sitting.roll_call(12), sitting.declared(12, 0, 0, "approved"))
    story.when(sitting.declared(12, 0, 0, "approved")).refused("vote-settled")
    story.when(annulled(sitting)).refused("vote-settled", phase="declared")
    story.given(sitting.vote_opened(2), annulled(sitting, 2))
    story.when(sitting.roll_call(0, vote=2)).refused("vote-settled", phase="annulled")
    story.when(annulled(sitting, 3)).refused("vote-unknown")


def test_nothing_is_declared_in_recess() -> None:
    """S2: a recess stops the vote that it falls into; it may be annulled meanwhile."""
    sitting = Sitting().recorded(8)
    sitting.story.given(SessionRecessed(**sitting.place))
    sitting.story.when(sitting.declared(8, 0, 0, "approved")).refused("in-recess")
    sitting.story.when(annulled(sitting)).accepted()


def test_a_vote_of_a_session_that_ended_otherwise_is_not_annulled() -> None:
    """Annulment belongs to the session."""
    sitting = Sitting().recorded(8)
    sitting.story.assume(sitting.concluded(1), sitting.closed(1))
    sitting.story.when(annulled(sitting)).refused("session-not-open")


# -- ties ------------------------------------------------------------------------------------------------------


def test_casting_vote_without_tie_refused() -> None:
    """V4: the casting vote only breaks a tie."""
    for favor, contra, abstencion in ((5, 3, 0), (3, 4, 1), (0, 0, 8)):
        sitting = Sitting().recorded(favor, contra, abstencion)
        sitting.story.when(casting(sitting)).refused("no-tie")


def test_tie_without_casting_vote_is_not_approved() -> None:
    """Under the tie rule REJECT a tie is rejected; under REPEAT and DEFER it stays a tie, and resolves nothing."""
    expectations: tuple[tuple[str, Result], ...] = (("REJECT", "rejected"), ("REPEAT", "tied"), ("DEFER", "tied"))
    for tie_rule, expected in expectations:
        sitting = Sitting(founded(rules(casting_vote=False, tie_rule=tie_rule))).recorded(4, 4)
        sitting.story.when(casting(sitting)).refused("no-casting-vote")
        sitting.story.when(sitting.declared(4, 4, 0, "approved")).refused("result-mismatch")
        sitting.story.given(sitting.declared(4, 4, 0, expected))
        attempt = sitting.story.when(sitting.concluded(1))
        attempt.accepted() if expected == "rejected" else attempt.refused("item-not-voted")


def tied(tie_rule: str) -> Sitting:
    """Return a session of a body with that tie rule and no casting vote, after a tie on item 1."""
    sitting = Sitting(founded(rules(casting_vote=False, tie_rule=tie_rule))).recorded(4, 4)
    sitting.story.given(sitting.declared(4, 4, 0, "rejected" if tie_rule == "REJECT" else "tied"))
    return sitting


def test_a_tie_is_repeated_once_and_then_put_off() -> None:
    """REPEAT (Reglamento del Senado 102): the next vote on the item repeats the tie, once; then it is deferred."""
    sitting = tied("REPEAT")
    story = sitting.story
    story.when(sitting.vote_opened(2)).refused("tie-pending")
    story.when(sitting.vote_opened(2, repeats=2)).refused("repeats-nothing")
    story.when(sitting.vote_opened(2, repeats=1, motion_kind="urgent")).refused("repeats-nothing")
    story.given(sitting.vote_opened(2, repeats=1))
    story.given(sitting.roll_call(4, 4, vote=2), sitting.declared(4, 4, 0, "tied", vote=2))
    story.when(sitting.vote_opened(3, repeats=2)).refused("tie-repeated")
    story.when(sitting.vote_opened(3)).refused("tie-pending")
    story.when(sitting.concluded(1)).refused("item-not-voted")
    story.given(sitting.vote_opened(3, motion_kind="procedural"))
    story.given(sitting.roll_call(8, vote=3), sitting.declared(8, 0, 0, "approved", vote=3))
    story.when(sitting.vote_opened(4)).refused("tie-pending")
    story.when(sitting.concluded(1, "deferred")).accepted()


def test_a_repeated_vote_that_decides_resolves_the_item() -> None:
    """The second vote carries: the item is resolved, and nothing is left to repeat."""
    sitting = tied("REPEAT")
    story = sitting.story.given(sitting.vote_opened(2, repeats=1))
    story.given(sitting.roll_call(5, 3, vote=2), sitting.declared(5, 3, 0, "approved", vote=2))
    story.when(sitting.vote_opened(3, repeats=2)).refused("repeats-nothing")
    story.when(sitting.concluded(1)).accepted()


def test_a_tie_under_defer_goes_to_the_next_session() -> None:
    """DEFER: it is not voted again today."""
    sitting = tied("DEFER")
    sitting.story.when(sitting.vote_opened(2, repeats=1)).refused("tie-deferred")
    sitting.story.when(sitting.concluded(1, "deferred")).accepted()


def test_a_rejection_is_not_repeated() -> None:
    """What was decided is not voted again as its own repetition."""
    sitting = tied("REJECT")
    sitting.story.when(sitting.vote_opened(2, repeats=1)).refused("repeats-nothing")
    sitting.story.when(sitting.vote_opened(2)).accepted()


@pytest.mark.parametrize(
    ("choice", "result", "other"), [("favor", "approved", "rejected"), ("contra", "rejected", "approved")]
)
def test_casting_vote_decides_a_tie_once(choice: str, result: Result, other: Result) -> None:
    """V4: it decides, once, and the counts stay 4 to 4: ordinary and casting vote are two acts."""
    sitting = Sitting().recorded(4, 4)
    sitting.story.given(casting(sitting, choice))
    sitting.story.when(casting(sitting, choice)).refused("casting-repeated")
    sitting.story.when(sitting.declared(5, 4, 0, result)).refused("tally-mismatch")
    sitting.story.when(sitting.declared(4, 4, 0, other)).refused("result-mismatch", expected=result)
    sitting.story.when(sitting.declared(4, 4, 0, result)).accepted()


def test_casting_vote_only_by_who_presides() -> None:
    """Not by the vice-chair while the chair is there; not before the votes are in."""
    sitting = Sitting().voting()
    sitting.story.when(casting(sitting)).refused("vote-phase")
    sitting = Sitting().recorded(4, 4)
    sitting.story.when(casting(sitting, office=VICE_CHAIR)).refused("not-presiding")
    sitting.story.when(casting(sitting, office=SECRETARY)).refused("not-presiding")
    sitting.story.when(casting(sitting, office="designation/hcd/estado-1/2")).refused("other-holder")


def test_recused_chair_acting_chair() -> None:
    """The chair excused himself: he neither breaks the tie nor declares; the vice-chair, acting, does both."""
    sitting = Sitting().at_item(["estado-1", *VOTING[1:9]], "estado-1")
    story = sitting.story.given(sitting.vote_opened())
    story.given(sitting.roll_call(4, 4))
    story.when(casting(sitting, office=CHAIR)).refused("recused")
    story.when(sitting.declared(4, 4, 0, "rejected", office=CHAIR)).refused("recused")
    story.given(casting(sitting, office=VICE_CHAIR))
    story.when(sitting.declared(4, 4, 0, "approved", office=VICE_CHAIR)).accepted()


def test_absent_chair_acting_chair() -> None:
    """With the chair away the vice-chair presides; with both away nobody casts."""
    for present, office, code in ((VOTING[1:9], VICE_CHAIR, None), (VOTING[2:10], SECRETARY, "not-presiding")):
        sitting = Sitting().convene()
        story = sitting.story.given(sitting.roll(present), sitting.quorum(8), sitting.opened(SECRETARY))
        story.given(sitting.taken_up(), sitting.vote_opened())
        story.given(sitting.roll_call(4, 4))
        story.when(casting(sitting, office=CHAIR)).refused("not-present")
        attempt = story.when(casting(sitting, office=office))
        attempt.refused(code) if code else attempt.accepted()


def test_secret_tie_is_broken_openly() -> None:
    """The casting vote in a secret vote is an open act of the chair."""
    sitting = Sitting().voting("secret", EIGHT)
    act = SecretTallyRecorded(**sitting.place, vote=1, voters=EIGHT, favor=4, contra=4, abstencion=0)
    sitting.story.given(act, casting(sitting, "contra"))
    assert sitting.vote_state().casting == "contra"
    sitting.story.when(sitting.declared(4, 4, 0, "rejected")).accepted()
