"""Elections of persons: candidates, rounds, ties, secrecy (domain.md §3.5 V4, V5, V8)."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.acts.trust import PersonRegistered
from ledger.acts.vote import CandidateCount, CastingVoteExercised, ElectionTallyRecorded, SecretTallyRecorded
from ledger.domain.election import leaders
from tests.kit.council import CHAIR, VOTING, Sitting, founded, rules
from tests.kit.story import Said, say

NINE = VOTING[:9]
ANA, EVA, LUZ, PAZ = "p-ana", "p-eva", "p-luz", "p-paz"


def standing(**changes: Any) -> Sitting:
    """Return a session at item 1, of a body that knows four persons who may be candidates."""
    story = founded(rules(**changes)).given(*(PersonRegistered(person=person) for person in (ANA, EVA, LUZ, PAZ)))
    return Sitting(story).at_item(NINE)


def electing(method: Any = "secret", *candidates: str, **changes: Any) -> Sitting:
    """Return a session at the election of one of three candidates by nine members."""
    sitting = standing(**changes)
    named = candidates or (ANA, EVA, LUZ)
    return given_round(sitting, 1, method, *named)


def round_of(sitting: Sitting, vote: int, method: Any, *candidates: str, **changes: Any) -> Said:
    """Return the opening of a round; all but the first repeat the one before."""
    before = {"repeats": vote - 1} if vote > 1 else {}
    made = before | {"motion_kind": "election", "candidates": candidates} | changes
    return sitting.vote_opened(vote, method=method, **made)


def given_round(sitting: Sitting, vote: int, method: Any, *candidates: str) -> Sitting:
    """Open a round."""
    sitting.story.given(round_of(sitting, vote, method, *candidates))
    return sitting


def tally(sitting: Sitting, said: dict[str, int], blank: int = 0, vote: int = 1, **changes: Any) -> Any:
    """Return the tellers' count; who voted are as many as there are votes."""
    voters = NINE[: sum(said.values()) + blank]
    listed = tuple(CandidateCount(person=person, votes=votes) for person, votes in said.items())
    made: dict[str, Any] = {"voters": voters, "counts": listed, "blank": blank, "tellers": ("estado-1",)}
    return ElectionTallyRecorded(**(sitting.place | {"vote": vote} | made | changes))


def elected(sitting: Sitting, counts: tuple[int, int, int], result: Any, person: str | None, vote: int = 1) -> Said:
    """Return the declaration."""
    said = sitting.declared(*counts, result, vote=vote)
    return say(said.act.model_copy(update={"elected": person}), office=CHAIR)


# -- candidates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"candidates": ()}, "candidates-differ"),
        ({"motion_kind": "substantive"}, "candidates-differ"),
        ({"candidates": (ANA, ANA)}, "candidate-twice"),
        ({"candidates": (ANA, "nadie")}, "person-unknown"),
        ({"withdrawn": (EVA,)}, "candidates-differ"),
        ({"method": "ballot"}, "election-method"),
        ({}, None),
    ],
)
def test_an_election_has_known_candidates_each_once(changes: dict[str, Any], code: str | None) -> None:
    """V8: known persons; candidates only in elections; not by ballots, which know three choices."""
    sitting = standing()
    made = {"motion_kind": "election", "candidates": (ANA, LUZ), "method": "secret"} | changes
    attempt = sitting.story.when(sitting.vote_opened(1, **made))
    attempt.refused(code) if code else attempt.accepted()


# -- the count -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"blank": 1}, "election-count"),
        ({"voters": NINE[:8]}, "election-count"),
        ({"voters": (*NINE[:8], "patronal-4")}, "not-eligible"),
        ({"tellers": ("patronal-4",)}, "teller-not-present"),
        ({"counts": (CandidateCount(person=ANA, votes=9),)}, "candidates-differ"),
        (
            {"counts": tuple(CandidateCount(person=p, votes=3, seats=NINE[:3]) for p in (ANA, EVA, LUZ))},
            "secret-choice",
        ),
        ({}, None),
    ],
)
def test_an_election_tally_adds_up(changes: dict[str, Any], code: str | None) -> None:
    """Every candidate is counted once, votes and blanks are as many as voters, and no seat stands beside a choice."""
    sitting = electing()
    attempt = sitting.story.when(tally(sitting, {ANA: 5, EVA: 3, LUZ: 1}, **changes))
    attempt.refused(code) if code else attempt.accepted()


def test_an_election_is_counted_as_one_and_no_other_vote_is() -> None:
    """A tally of for and against belongs to no election, one of candidates to nothing else."""
    sitting = electing()
    plain = SecretTallyRecorded(**sitting.place, vote=1, voters=NINE, favor=9, contra=0, abstencion=0)
    sitting.story.when(plain).refused("candidates-differ")
    other = Sitting().voting("secret", NINE)
    other.story.when(tally(other, {ANA: 9})).refused("no-election")


def test_no_blank_where_nobody_may_abstain() -> None:
    """A blank vote is an abstention."""
    sitting = electing(abstention_allowed=False)
    sitting.story.when(tally(sitting, {ANA: 5, EVA: 3, LUZ: 0}, 1)).refused("abstention-not-allowed")


def named(person: str, *seats: str, votes: int | None = None) -> CandidateCount:
    """Return the seats that voted for a candidate by roll call."""
    return CandidateCount(person=person, votes=len(seats) if votes is None else votes, seats=seats)


def test_an_election_by_roll_call_says_who_voted_for_whom() -> None:
    """Open: as many seats as votes, each once and among the voters."""
    sitting = electing("roll-call", ANA, LUZ)
    for counts, blank, code in (
        ((named(ANA, *NINE[:5], votes=5), named(LUZ, *NINE[5:8], votes=4)), 0, "election-count"),
        ((named(ANA, *NINE[:5]), named(LUZ, *NINE[4:8])), 0, "seat-twice"),
        ((named(ANA, *NINE[:5]), named(LUZ, *NINE[5:8], "patronal-4")), 0, "not-eligible"),
        ((named(ANA, *NINE[:5]), named(LUZ, *NINE[5:8])), 1, None),
    ):
        attempt = sitting.story.when(tally(sitting, {ANA: 5, LUZ: 3}, blank, voters=NINE, counts=counts))
        attempt.refused(code) if code else attempt.accepted()
    assert sitting.vote_state().counts == {ANA: 5, LUZ: 3}


def test_secret_election_not_linkable() -> None:
    """V5: neither the acts nor the state say which voter chose whom; who voted stands, in the act alone."""
    sitting = electing()
    act = tally(sitting, {ANA: 5, EVA: 3, LUZ: 1})
    sitting.story.given(act, elected(sitting, (5, 4, 0), "approved", ANA))
    assert act.model_dump()["voters"] == NINE
    assert not any(count.seats for count in act.counts)
    assert not any(seat in repr(sitting.vote_state()) for seat in NINE)


# -- the result ------------------------------------------------------------------------------------------------


def test_the_elected_follows_from_the_count() -> None:
    """V3: with the majority of those present; another person, nobody or another count is refused."""
    sitting = electing()
    story = sitting.story.given(tally(sitting, {ANA: 5, EVA: 3, LUZ: 1}))
    story.when(elected(sitting, (5, 4, 0), "approved", EVA)).refused("elected-mismatch", expected=ANA)
    story.when(elected(sitting, (5, 4, 0), "approved", None)).refused("elected-mismatch")
    story.when(elected(sitting, (5, 3, 1), "approved", ANA)).refused("tally-mismatch")
    story.when(elected(sitting, (5, 4, 0), "rejected", None)).refused("result-mismatch")
    story.given(elected(sitting, (5, 4, 0), "approved", ANA))
    assert sitting.vote_state().elected == ANA
    story.when(round_of(sitting, 2, "secret", ANA, EVA)).refused("repeats-nothing")
    story.when(sitting.concluded(1)).accepted()


def first_round(counts: dict[str, int], blank: int = 0) -> Sitting:
    """Return a session after a round in which nobody was elected."""
    sitting = electing()
    votes = sorted(counts.values())
    result = "tied" if votes[-1] == votes[-2] > 0 else "rejected"
    sitting.story.given(tally(sitting, counts, blank))
    sitting.story.given(elected(sitting, (votes[-1], sum(votes[:-1]), blank), result, None))
    return sitting


def test_rounds_until_somebody_is_elected() -> None:
    """V8: without a majority a further round, among the same or fewer; the last one elects."""
    sitting = first_round({ANA: 4, EVA: 3, LUZ: 2})
    story = sitting.story
    story.when(sitting.concluded(1)).refused("item-not-voted")
    story.when(sitting.vote_opened(2)).refused("tie-pending")
    story.given(round_of(sitting, 2, "secret", ANA, EVA), tally(sitting, {ANA: 4, EVA: 4}, 1, vote=2))
    story.given(elected(sitting, (4, 4, 1), "tied", None, vote=2))
    story.given(round_of(sitting, 3, "secret", ANA, EVA), tally(sitting, {ANA: 4, EVA: 5}, vote=3))
    story.given(elected(sitting, (5, 4, 0), "approved", EVA, vote=3))
    assert [sitting.vote_state(n).repeats for n in (1, 2, 3)] == [None, 1, 2]
    story.when(sitting.concluded(1)).accepted()


@pytest.mark.parametrize(
    ("candidates", "withdrawn", "code"),
    [
        ((ANA, EVA, LUZ), (), None),
        ((ANA, EVA), (), None),
        ((ANA, LUZ), (EVA,), None),
        ((ANA, LUZ), (), "candidate-dropped"),
        ((EVA, LUZ), (), "candidate-dropped"),
        ((ANA, PAZ), (), "candidate-new"),
        ((ANA, EVA), (PAZ,), "candidate-withdrawn"),
        ((ANA, EVA), (EVA,), "candidate-twice"),
    ],
)
def test_who_stands_in_the_next_round(
    candidates: tuple[str, ...], withdrawn: tuple[str, ...], code: str | None
) -> None:
    """Nobody new; nobody left out who had as many votes as one who stays, unless he stood down."""
    sitting = first_round({ANA: 4, EVA: 3, LUZ: 2})
    attempt = sitting.story.when(round_of(sitting, 2, "secret", *candidates, withdrawn=withdrawn))
    attempt.refused(code) if code else attempt.accepted()


def test_half_of_the_votes_for_one_and_half_for_several_is_no_tie() -> None:
    """Four of eight against two and two: one leads, nobody is elected, nothing is tied; nor where all are blank."""
    sitting = first_round({ANA: 4, EVA: 2, LUZ: 2})
    assert sitting.vote_state().result == "rejected"
    sitting = first_round({ANA: 0, EVA: 0, LUZ: 0}, 9)
    assert (sitting.vote_state().result, leaders(sitting.vote_state().counts)) == ("rejected", ())


# -- ties ------------------------------------------------------------------------------------------------------


def casting(sitting: Sitting, person: str | None, choice: Any = "favor") -> Said:
    """Return the chair's casting vote for a candidate."""
    return say(CastingVoteExercised(**sitting.place, vote=1, choice=choice, candidate=person), office=CHAIR)


def test_no_casting_vote_in_an_election_that_is_repeated() -> None:
    """V4: where the profile says REPEAT the chair breaks no tie between candidates, though he breaks others."""
    sitting = electing()
    sitting.story.given(tally(sitting, {ANA: 4, EVA: 4, LUZ: 1}))
    sitting.story.when(casting(sitting, ANA)).refused("no-casting-vote")
    sitting.story.when(elected(sitting, (4, 5, 0), "tied", None)).accepted()


def test_a_casting_vote_elects_one_of_those_who_tie() -> None:
    """Where the profile says CASTING: for one of the tied, openly, and only where there is a tie."""
    sitting = electing(election_tie="CASTING")
    story = sitting.story.given(tally(sitting, {ANA: 4, EVA: 4, LUZ: 1}))
    story.when(casting(sitting, LUZ)).refused("candidate-not-tied", candidate=LUZ)
    story.when(casting(sitting, None)).refused("candidate-not-tied")
    story.when(casting(sitting, ANA, "contra")).refused("candidate-not-tied")
    story.given(casting(sitting, EVA))
    story.when(elected(sitting, (4, 5, 0), "tied", None)).refused("result-mismatch")
    story.when(elected(sitting, (4, 5, 0), "approved", EVA)).accepted()
    clear = electing(election_tie="CASTING")
    clear.story.given(tally(clear, {ANA: 5, EVA: 4, LUZ: 0})).when(casting(clear, ANA)).refused("no-tie")


def test_a_casting_vote_on_a_motion_names_no_candidate() -> None:
    """Only elections have candidates; nobody is elected by a motion."""
    sitting = Sitting().recorded(4, 4)
    sitting.story.when(casting(sitting, ANA)).refused("candidate-not-tied")
    sitting.story.given(casting(sitting, None))
    sitting.story.when(elected(sitting, (4, 4, 0), "approved", ANA)).refused("elected-mismatch")


def test_a_candidate_need_not_sit_in_the_body() -> None:
    """Bodies elect their secretary from outside."""
    sitting = standing()
    sitting.story.when(round_of(sitting, 1, "secret", PAZ)).accepted()
