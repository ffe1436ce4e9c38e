"""Ballots: a member's own vote, signed with his own key (domain.md §3.5 V1, V2, §3.19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ledger.acts.session import SessionRecessed
from ledger.acts.trust import PersonRegistered
from ledger.acts.vote import BallotCorrected, VoteClosed
from ledger.clock import MEXICO_CITY
from ledger.domain import ballot
from ledger.domain.states import BallotState
from ledger.ids import write_instant
from tests.kit.council import CHOICES, VOTING, Sitting, founded, rules
from tests.kit.story import Said, Story, say

EIGHT = VOTING[:8]


def corrected(sitting: Sitting, seat: str, choice: Any) -> Said:
    """Return a correction by the seat's holder."""
    act = BallotCorrected(**sitting.place, vote=1, seat=seat, choice=choice)
    return say(act, office=f"designation/hcd/{seat}/1")


def closed(sitting: Sitting, ballots: int) -> VoteClosed:
    """Return the close of the vote."""
    return VoteClosed(**sitting.place, vote=1, ballots=ballots)


def cast(favor: int, contra: int, abstencion: int = 0) -> Sitting:
    """Return a vote in which so many of the eight present cast their ballots."""
    sitting = Sitting().voting("ballot", EIGHT)
    counts = zip(CHOICES, (favor, contra, abstencion), strict=True)
    choices = [choice for choice, count in counts for _ in range(count)]
    for seat, choice in zip(EIGHT, choices, strict=False):
        sitting.story.given(sitting.ballot(seat, choice))
    return sitting


def test_ballots_are_counted_and_declared() -> None:
    """Five for and two against, one silent of eight: approved, and the counts are those of the ballots."""
    sitting = cast(5, 2)
    sitting.story.given(closed(sitting, 7), sitting.declared(5, 2, 0, "approved"))
    state = sitting.vote_state()
    assert (state.voters, state.favor, state.contra, state.result) == (7, 5, 2, "approved")


def test_ballot_says_by_which_designation_it_was_cast() -> None:
    """The state keeps choice, seat and designation."""
    sitting = cast(1, 0)
    state = sitting.story.state(f"ballot/{sitting.path}/1/{EIGHT[0]}")
    assert isinstance(state, BallotState)
    assert (state.choice, state.seat, state.designation) == ("favor", EIGHT[0], 1)


def test_ballot_after_close_refused() -> None:
    """V1: no ballot and no correction once the vote is closed, declared or annulled."""
    sitting = cast(5, 0)
    sitting.story.given(closed(sitting, 5))
    sitting.story.when(sitting.ballot(EIGHT[6])).refused("vote-closed", phase="closed")
    sitting.story.when(corrected(sitting, EIGHT[0], "contra")).refused("vote-closed")
    sitting.story.given(sitting.declared(5, 0, 0, "approved"))
    sitting.story.when(sitting.ballot(EIGHT[6])).refused("vote-closed", phase="declared")


def test_ballot_back_dated_refused() -> None:
    """G8: a ballot is not of a time before its vote was open, but for the minutes by which clocks may differ."""
    sitting = Sitting().voting("ballot", EIGHT)
    opened = sitting.vote_state().last_at
    said = sitting.ballot(EIGHT[0], "favor")

    def at(earlier: timedelta) -> Said:
        return replace(said, at=write_instant((opened - earlier).astimezone(MEXICO_CITY)))

    sitting.story.when(at(timedelta(minutes=5, seconds=1))).refused("back-dated")
    sitting.story.when(at(timedelta(minutes=5))).accepted()


def test_double_ballot_one_effective() -> None:
    """A second ballot is refused; a correction replaces the first, both stand, one counts."""
    sitting = cast(5, 3)
    story = sitting.story
    story.when(sitting.ballot(EIGHT[0], "contra")).refused("ballot-already-cast")
    story.given(corrected(sitting, EIGHT[0], "contra"))
    assert story.state(f"ballot/{sitting.path}/1/{EIGHT[0]}").version == 2
    story.when(closed(sitting, 9)).refused("ballot-count", real=8)
    story.given(closed(sitting, 8))
    story.when(sitting.declared(5, 3, 0, "approved")).refused("tally-mismatch", favor=4, contra=4)
    story.when(sitting.declared(4, 4, 0, "rejected")).accepted()


def test_nothing_is_corrected_that_was_not_cast() -> None:
    """A correction needs a ballot."""
    sitting = cast(1, 0)
    sitting.story.when(corrected(sitting, EIGHT[5], "favor")).refused("no-ballot")


@pytest.mark.parametrize("ballots", [0, 4, 6, 8])
def test_close_counts_the_ballots(ballots: int) -> None:
    """The close names as many ballots as there are streams of eligible seats, no more, no less."""
    sitting = cast(5, 0)
    sitting.story.when(closed(sitting, ballots)).refused("ballot-count", real=5)
    sitting.story.when(closed(sitting, 5)).accepted()


def test_vote_by_non_member_refused() -> None:
    """V2: guest, comisario, secretary without a vote, an unknown seat: no ballot."""
    sitting = Sitting().voting("ballot", [*EIGHT, "secretaria", "vigilancia", "invitada"])
    for seat in ("secretaria", "vigilancia", "invitada", "cfe-1", "patronal-4"):
        sitting.story.when(sitting.ballot(seat)).refused("not-eligible", seat=seat)


def test_vote_by_suplente_while_propietario_present_refused() -> None:
    """The seat votes by the designation that the vote was opened for."""
    sitting = Sitting().voting("ballot", EIGHT)
    sitting.story.when(sitting.ballot("obrero-2", number=2)).refused("other-holder", designation=1)
    sitting.story.when(sitting.ballot("obrero-2", number=1)).accepted()


def test_the_suplente_votes_while_the_propietario_is_away() -> None:
    """R10: with the suplente in the seat it is the propietario who may not."""
    sitting = Sitting().voting("ballot", [seat if seat != "obrero-2" else "obrero-2/2" for seat in EIGHT])
    sitting.story.when(sitting.ballot("obrero-2", number=1)).refused("other-holder")
    sitting.story.when(sitting.ballot("obrero-2", number=2)).accepted()


def test_another_seats_holder_does_not_vote_for_it() -> None:
    """Strictly personal (LFEP 18): no proxies."""
    sitting = Sitting().voting("ballot", EIGHT)
    said = sitting.ballot("obrero-1")
    sitting.story.when(say(said.act, office="designation/hcd/obrero-3/1")).refused("other-holder")
    sitting.story.when(say(said.act, office="ledger")).refused("other-holder")


def test_who_left_votes_no_more() -> None:
    """S5: attendance covers every vote cast; a substitute who took the seat meanwhile is not eligible either."""
    sitting = Sitting().voting("ballot", VOTING)
    story = sitting.story.given(sitting.roll(["obrero-2/2"], "obrero-1", "obrero-2"))
    story.when(sitting.ballot("obrero-1")).refused("not-present")
    story.when(sitting.ballot("obrero-2")).refused("not-present")
    story.when(sitting.ballot("obrero-2", number=2)).refused("other-holder")


def test_who_excused_himself_votes_no_more() -> None:
    """R14: a conflict declared while the vote is open keeps its ballot out."""
    sitting = Sitting().voting("ballot", EIGHT)
    sitting.story.given(sitting.recused("obrero-1"))
    sitting.story.when(sitting.ballot("obrero-1")).refused("recused", item=1)


def test_no_ballot_in_recess() -> None:
    """S2: nothing is voted while the session rests."""
    sitting = Sitting().voting("ballot", EIGHT)
    sitting.story.given(SessionRecessed(**sitting.place))
    sitting.story.when(sitting.ballot("obrero-1")).refused("in-recess")


def test_ballots_only_in_votes_by_ballot() -> None:
    """A roll call has no ballots; a vote that nobody opened has none either."""
    sitting = Sitting().voting("roll-call", EIGHT)
    sitting.story.when(sitting.ballot("obrero-1")).refused("other-method", method="roll-call")
    sitting.story.when(sitting.ballot("obrero-1", vote=2)).refused("vote-unknown")


def test_a_ballot_names_its_vote_in_basis() -> None:
    """What he votes on is the vote that he saw, not another."""
    sitting = Sitting().voting("ballot", EIGHT)
    said = sitting.ballot("obrero-1")
    sitting.story.when(say(said.act, office=said.office, basis={"vote/hcd/2026/ord/1/9": "0" * 64})).refused(
        "vote-not-in-basis"
    )


def test_no_abstention_where_the_rules_allow_none() -> None:
    """The body's rules are read only for an abstention."""
    sitting = Sitting(founded(rules(abstention_allowed=False))).voting("ballot", EIGHT)
    sitting.story.when(sitting.ballot("obrero-1", "abstencion")).refused("abstention-not-allowed")
    sitting.story.when(sitting.ballot("obrero-1", "contra")).accepted()
    allowed = Sitting().voting("ballot", EIGHT)
    allowed.story.when(allowed.ballot("obrero-1", "abstencion")).accepted()


def test_quorum_lost_while_ballots_are_cast_blocks_the_close() -> None:
    """S2: the vote ends with quorum as it began."""
    sitting = cast(5, 0)
    sitting.story.given(sitting.roll([], EIGHT[6], EIGHT[7]))
    sitting.story.when(closed(sitting, 5)).refused("no-quorum")


def test_an_act_of_another_kind_is_a_programming_error() -> None:
    """The registry never sends a person's registration here."""
    story = Story()
    with pytest.raises(TypeError):
        ballot.check(None, story.signed(PersonRegistered(person="p")), story.world)
