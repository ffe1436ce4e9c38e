"""Votes: when they open, who may vote, what was cast (domain.md §3.5 V1, V2, V5, §3.19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.designation import DesignationEnded
from ledger.acts.session import SessionRecessed
from ledger.acts.trust import PersonRegistered
from ledger.acts.vote import (
    Holder,
    RollCallRecorded,
    SecretTallyRecorded,
    ShowOfHandsRecorded,
    VoteAnnulled,
    VoteClosed,
    VoteOpened,
)
from ledger.domain import vote
from ledger.errors import RuleViolation
from tests.kit.council import BEGINS, DAY, SECRETARY, VOTING, Sitting, founded, rules
from tests.kit.story import Story, say

if TYPE_CHECKING:
    from ledger.acts.base import Act
    from ledger.acts.body import Method

METHODS: tuple[Method, ...] = ("roll-call", "show-of-hands", "secret")
EIGHT, SEVEN = VOTING[:8], VOTING[:7]


def holders(*seats: str) -> tuple[Holder, ...]:
    """Return holders by designation 1, or as `seat/n` says."""
    named = (seat.partition("/") for seat in seats)
    return tuple(Holder(seat=seat, designation=int(number or 1)) for seat, _, number in named)


def annulled(sitting: Sitting, number: int = 1) -> VoteAnnulled:
    """Return the annulment of a vote."""
    return VoteAnnulled(**sitting.place, vote=number)


# -- opening ---------------------------------------------------------------------------------------------------


def test_a_vote_needs_an_open_session() -> None:
    """S2: not before the opening, not in recess, not after the close, not in a session that nobody convened."""
    sitting = Sitting()
    story = sitting.story
    data = sitting.place | {"vote": 1, "item": 1, "method": "roll-call", "eligible": holders("obrero-1")}
    opened = VoteOpened(**data)
    story.when(opened).refused("session-unknown")
    sitting.convene()
    story.when(opened).refused("session-not-open", phase="convened")
    story.given(sitting.roll(), sitting.quorum(), sitting.opened(), SessionRecessed(**sitting.place))
    story.when(opened).refused("in-recess")


def test_no_vote_after_the_close() -> None:
    """A closed session votes no more."""
    sitting = Sitting().open()
    sitting.story.given(sitting.closed(0))
    sitting.story.when(sitting.vote_opened()).refused("session-not-open", phase="closed")


def test_only_the_item_that_is_taken_up_is_voted() -> None:
    """I1: neither an unlisted item nor one that the body has not taken up."""
    sitting = Sitting().open()
    sitting.story.when(sitting.vote_opened(item=1)).refused("item-not-open")
    sitting.story.given(sitting.taken_up(2))
    sitting.story.when(sitting.vote_opened(item=1)).refused("item-not-open", current=2)
    sitting.story.when(sitting.vote_opened(item=2)).accepted()


def test_quorum_lost_mid_session_blocks_votes() -> None:
    """S2: two leave, six of twelve remain, no vote begins; one comes back and it does."""
    sitting = Sitting().at_item(EIGHT)
    story = sitting.story.given(sitting.roll([], "estado-3", "estado-4"))
    story.when(sitting.vote_opened()).refused("no-quorum", present=6, required=7)
    story.given(sitting.roll(["estado-3"]))
    story.when(sitting.vote_opened()).accepted()


def test_quorum_lost_while_voting_blocks_the_record() -> None:
    """A roll call taken after the quorum broke records nothing; the vote is annulled and taken again."""
    sitting = Sitting().voting("roll-call", SEVEN)
    story = sitting.story.given(sitting.roll([], "estado-4"))
    seats = tuple(seat for seat in SEVEN if seat != "estado-4")
    story.when(RollCallRecorded(**sitting.place, vote=1, favor=seats)).refused("no-quorum")
    story.given(annulled(sitting), sitting.roll(["estado-4"]))
    story.when(sitting.vote_opened(2)).accepted()


def test_eligible_are_exactly_the_voting_seats_present_and_not_recused() -> None:
    """V1, V2: each way of being one too many or one too few is refused with its own code."""
    sitting = Sitting().at_item([*EIGHT, "secretaria", "vigilancia", "invitada"], "obrero-1")
    able = [seat for seat in EIGHT if seat != "obrero-1"]
    for seats, code in (
        ((*able, "obrero-1"), "recused"),
        ((*able, "secretaria"), "no-vote"),
        ((*able, "vigilancia"), "no-vote"),
        ((*able, "invitada"), "no-vote"),
        ((*able, "patronal-1"), "not-present"),
        ((*able, "cfe-1"), "not-present"),
        ((*able, able[0]), "seat-twice"),
        (able[1:], "eligible-omitted"),
        (("estado-1/2", *able[1:]), "other-holder"),
    ):
        sitting.story.when(sitting.vote_opened(eligible=holders(*seats))).refused(code)
    sitting.story.when(sitting.vote_opened(eligible=holders(*able))).accepted()
    assert sitting.vote_state().eligible_count == 7


def test_a_vote_by_suplente_while_the_propietario_is_present_is_refused() -> None:
    """R10: with the propietario in the seat, designation 2 to it is not the seat's voice."""
    sitting = Sitting().at_item()
    named = ["obrero-2/2" if seat == "obrero-2" else seat for seat in VOTING]
    sitting.story.when(sitting.vote_opened(eligible=holders(*named))).refused("other-holder", seat="obrero-2")


def test_a_vote_by_non_member_is_refused() -> None:
    """Nobody votes who has no seat in the body."""
    sitting = Sitting().voting()
    act = RollCallRecorded(**sitting.place, vote=1, favor=("cfe-1",))
    sitting.story.when(act).refused("not-eligible", seat="cfe-1")


def test_a_vote_by_expired_member_is_refused() -> None:
    """Who sat down in office and whose term ended since is not eligible, though his departure was not recorded."""
    sitting = Sitting().at_item()
    ended = DesignationEnded(body="hcd", seat="obrero-1", number=1, ended_at=f"{DAY}T10:06:00-06:00", cause="resigned")
    story = sitting.story.given(ended)
    story.at(f"{DAY}T10:30:00-06:00").when(sitting.vote_opened()).refused("not-in-office", seat="obrero-1")
    story.given(sitting.roll([], "obrero-1")).when(sitting.vote_opened()).accepted()


def test_a_vote_opened_while_the_term_ran_stands() -> None:
    """The instant of the opening counts: who resigns after it was eligible."""
    sitting = Sitting().voting()
    state = sitting.vote_state()
    ended = DesignationEnded(body="hcd", seat="obrero-1", number=1, ended_at=f"{DAY}T10:20:00-06:00", cause="resigned")
    sitting.story.given(ended)
    assert state.last_at.isoformat() < f"{DAY}T10:20:00-06:00"
    sitting.story.when(sitting.roll_call(12)).accepted()


def test_votes_are_numbered_without_gaps_and_one_waits_for_the_other() -> None:
    """The next vote begins when the one before is declared or annulled."""
    sitting = Sitting().at_item()
    story = sitting.story
    story.when(sitting.vote_opened(2)).refused("number-gap")
    story.given(sitting.vote_opened(1))
    story.when(sitting.vote_opened(1)).refused("vote-already-opened")
    story.when(sitting.vote_opened(2)).refused("vote-pending", phase="open")
    story.given(sitting.roll_call(12))
    story.when(sitting.vote_opened(2)).refused("vote-pending", phase="recorded")
    story.given(sitting.declared(12, 0, 0, "approved"))
    story.given(sitting.vote_opened(2), annulled(sitting, 2))
    story.when(sitting.vote_opened(3)).accepted()


def test_a_special_majority_is_that_of_its_kind_of_motion() -> None:
    """Where the rules say that removals carry by two thirds, no vote opens on one by less; other motions are free."""
    two_thirds = {"base": "PRESENT", "share": {"n": 2, "d": 3}, "at_least": True}
    simple = rules().majorities["simple"].model_dump()
    by_rules = rules(majorities={"simple": simple, "qualified": two_thirds}, majority_for={"removal": "qualified"})
    sitting = Sitting(founded(by_rules)).at_item()
    sitting.story.when(sitting.vote_opened(motion_kind="removal")).refused("majority-required", majority="qualified")
    sitting.story.when(sitting.vote_opened()).accepted()
    sitting = Sitting(founded(by_rules)).at_item()
    sitting.story.given(sitting.vote_opened(motion_kind="removal", majority="qualified"))
    sitting.story.given(sitting.roll_call(7, 5)).when(sitting.declared(7, 5, 0, "approved")).refused("result-mismatch")
    sitting.story.when(sitting.declared(7, 5, 0, "rejected")).accepted()


def test_method_and_majority_are_those_of_the_rules() -> None:
    """A method that the body does not use and a majority that it does not know are refused."""
    sitting = Sitting(founded(rules(methods=("roll-call",)))).at_item()
    sitting.story.when(sitting.vote_opened(method="secret")).refused("method-not-allowed")
    sitting.story.when(sitting.vote_opened(majority="qualified")).refused("majority-unknown")


def test_a_vote_names_its_session_in_basis() -> None:
    """The basis names this very session, not another."""
    sitting = Sitting().at_item()
    said = sitting.vote_opened()
    sitting.story.when(say(said.act, office=SECRETARY, basis={"session/hcd/2026/ord/9": "0" * 64})).refused(
        "session-not-in-basis"
    )


def test_nothing_in_a_vote_is_dated_before_what_it_rests_on() -> None:
    """G8: neither the opening before the session's last act nor the record before the opening."""
    sitting = Sitting().at_item()
    sitting.story.when(say(sitting.vote_opened().act, office=SECRETARY, at=BEGINS)).refused("back-dated")
    sitting.story.given(sitting.vote_opened())
    sitting.story.when(sitting.roll_call(12), at=BEGINS).refused("back-dated")


def test_recused_member_is_excluded_from_the_base() -> None:
    """Eight present, one recused: 4 for and 3 against of seven carry; of eight they would not."""
    sitting = Sitting().recorded(4, 3, 0, "patronal-4")
    assert len(sitting.state.present) == 8
    sitting.story.when(sitting.declared(4, 3, 0, "approved")).accepted()


def test_recused_member_counts_for_quorum() -> None:
    """Seven present of whom two are recused: the session has quorum and five vote."""
    sitting = Sitting().at_item(SEVEN, "estado-3", "estado-4")
    sitting.story.when(sitting.vote_opened()).accepted()
    assert sitting.vote_state().eligible_count == 5


# -- what was cast ---------------------------------------------------------------------------------------------


def test_roll_call_marks_eligible_seats_once() -> None:
    """Each seat at most once, no other seat, and none that has left."""
    sitting = Sitting().voting("roll-call", EIGHT)
    story, place = sitting.story, sitting.place
    story.when(RollCallRecorded(**place, vote=1, favor=EIGHT, contra=EIGHT[:1])).refused("seat-twice", seat=EIGHT[0])
    story.when(RollCallRecorded(**place, vote=1, favor=("patronal-1",))).refused("not-eligible")
    story.given(sitting.roll([], EIGHT[0]))
    story.when(RollCallRecorded(**place, vote=1, favor=EIGHT)).refused("not-present")
    story.when(RollCallRecorded(**place, vote=1, favor=EIGHT[1:])).accepted()
    assert (sitting.vote_state().phase, sitting.vote_state().voters) == ("recorded", 7)


def test_a_vote_is_recorded_once_by_its_own_method() -> None:
    """No show of hands in a roll call, no second record."""
    sitting = Sitting().voting()
    hands = ShowOfHandsRecorded(**sitting.place, vote=1, favor=12, contra=0, abstencion=0)
    sitting.story.when(hands).refused("other-method", method="roll-call")
    sitting.story.when(VoteClosed(**sitting.place, vote=1, ballots=0)).refused("other-method")
    sitting.story.given(sitting.roll_call(12))
    sitting.story.when(sitting.roll_call(12)).refused("vote-phase", phase="recorded")


@pytest.mark.parametrize(
    ("favor", "contra", "abstencion", "dissenters", "code"),
    [
        (12, 0, 0, (), None),
        (6, 3, 1, ("obrero-1",), None),
        (12, 1, 0, (), "too-many-votes"),
        (11, 1, 0, ("obrero-1", "obrero-2"), "too-many-dissenters"),
        (10, 2, 0, ("obrero-1", "obrero-1"), "seat-twice"),
        (10, 2, 0, ("invitada",), "not-eligible"),
    ],
)
def test_show_of_hands(favor: int, contra: int, abstencion: int, dissenters: tuple[str, ...], code: str | None) -> None:
    """Not more hands than eligible; named dissenters are eligible and among those not in favour."""
    sitting = Sitting().voting("show-of-hands")
    counts: dict[str, Any] = {"favor": favor, "contra": contra, "abstencion": abstencion}
    attempt = sitting.story.when(ShowOfHandsRecorded(**sitting.place, vote=1, **counts, dissenters=dissenters))
    if code is None:
        attempt.accepted()
    else:
        attempt.refused(code)


@pytest.mark.parametrize(
    ("voters", "favor", "tellers", "code"),
    [
        (EIGHT, 8, ("obrero-1", "vigilancia"), None),
        (EIGHT, 7, (), "secret-count"),
        (EIGHT[:7], 8, (), "secret-count"),
        ((*EIGHT, "invitada"), 9, (), "not-eligible"),
        ((*EIGHT, "obrero-1"), 9, (), "seat-twice"),
        (EIGHT, 8, ("patronal-4",), "teller-not-present"),
    ],
)
def test_secret_tally(voters: tuple[str, ...], favor: int, tellers: tuple[str, ...], code: str | None) -> None:
    """V5: the counts add up to the voters, who are eligible; tellers are present."""
    sitting = Sitting().voting("secret", [*VOTING[:11], "vigilancia", "invitada"])
    act = SecretTallyRecorded(
        **sitting.place, vote=1, voters=voters, favor=favor, contra=0, abstencion=0, tellers=tellers
    )
    if code is None:
        sitting.story.when(act).accepted()
    else:
        sitting.story.when(act).refused(code)


def test_secret_vote_not_linkable() -> None:
    """V5: neither the act nor the state says which voter chose what."""
    sitting = Sitting().voting("secret", EIGHT)
    act = SecretTallyRecorded(**sitting.place, vote=1, voters=EIGHT, favor=5, contra=3, abstencion=0)
    sitting.story.given(act, sitting.declared(5, 3, 0, "approved"))
    said = act.model_dump()
    assert [key for key, value in said.items() if value == EIGHT] == ["voters"]
    state = sitting.vote_state()
    assert not any(seat in repr(state) for seat in EIGHT)
    assert not any(stream.startswith("ballot/") for stream in sitting.story.world.states)


def test_abstention_only_where_allowed() -> None:
    """A body whose rules allow no abstention records none, by any method."""
    counts: dict[str, Any] = {"vote": 1, "favor": 11, "contra": 0, "abstencion": 1}
    for method in METHODS:
        sitting = Sitting(founded(rules(abstention_allowed=False))).voting(method)
        act: Act = sitting.roll_call(11, 0, 1)
        if method == "show-of-hands":
            act = ShowOfHandsRecorded(**sitting.place, **counts)
        elif method == "secret":
            act = SecretTallyRecorded(**sitting.place, **counts, voters=VOTING)
        sitting.story.when(act).refused("abstention-not-allowed")


def test_an_act_of_another_kind_is_a_programming_error() -> None:
    """The registry never sends a person's registration here."""
    story = Story()
    with pytest.raises(TypeError):
        vote.check(None, story.signed(PersonRegistered(person="p")), story.world)
    sitting = Sitting()
    with pytest.raises(RuleViolation, match="vote-unknown"):
        vote.evolve(None, story.signed(annulled(sitting)))
