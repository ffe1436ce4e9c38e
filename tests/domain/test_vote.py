"""Votes: who may vote, four methods, majorities, ties, the declared result, imports (domain.md §3.5, §3.19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.body import SeatsSuppressed
from ledger.acts.designation import DesignationEnded, DesignationImported, LeaveEnded, LeaveGranted
from ledger.acts.session import AgendaEntry, Arrival, SessionImported, SessionRecessed
from ledger.acts.trust import PersonRegistered
from ledger.acts.vote import (
    CastingVoteExercised,
    Holder,
    Marks,
    RollCallRecorded,
    SecretTallyRecorded,
    ShowOfHandsRecorded,
    VoteAnnulled,
    VoteClosed,
    VoteImported,
    VoteOpened,
)
from ledger.domain import vote
from ledger.errors import RuleViolation
from tests.kit.council import BEGINS, CHAIR, DAY, SECRETARY, SENT, VICE_CHAIR, VOTING, Sitting, founded, rules
from tests.kit.story import Said, Story, say

if TYPE_CHECKING:
    from ledger.acts.base import Act
    from ledger.acts.vote import Method, Result

METHODS: tuple[Method, ...] = ("roll-call", "show-of-hands", "secret")
EIGHT, SEVEN = VOTING[:8], VOTING[:7]


def holders(*seats: str) -> tuple[Holder, ...]:
    """Return holders by designation 1, or as `seat/n` says."""
    named = (seat.partition("/") for seat in seats)
    return tuple(Holder(seat=seat, designation=int(number or 1)) for seat, _, number in named)


def annulled(sitting: Sitting, number: int = 1) -> VoteAnnulled:
    """Return the annulment of a vote."""
    return VoteAnnulled(**sitting.place, vote=number)


def casting(sitting: Sitting, choice: Any = "favor", office: str = CHAIR) -> Said:
    """Return a casting vote."""
    return say(CastingVoteExercised(**sitting.place, vote=1, choice=choice), office=office)


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
    """Under the tie rule REJECT a tie is rejected; under REPEAT it stays a tie and the vote is taken again."""
    expectations: tuple[tuple[str, Result], ...] = (("REJECT", "rejected"), ("REPEAT", "tied"), ("DEFER", "tied"))
    for tie_rule, expected in expectations:
        sitting = Sitting(founded(rules(casting_vote=False, tie_rule=tie_rule))).recorded(4, 4)
        sitting.story.when(casting(sitting)).refused("no-casting-vote")
        sitting.story.when(sitting.declared(4, 4, 0, "approved")).refused("result-mismatch")
        sitting.story.given(sitting.declared(4, 4, 0, expected))
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


# -- imports ---------------------------------------------------------------------------------------------------


def imported_session(day: str = "2025-06-04", **changes: Any) -> Sitting:
    """Return a session out of another source, with two mandates to seat obrero-1 that meet on the day."""
    sitting = Sitting(year=int(day[:4]))
    data: dict[str, Any] = {"held_on": day, "source_sha256": "0" * 64, "row": 1}
    sitting.story.given(SessionImported(**sitting.place, **(data | changes)))
    return sitting


def imported(sitting: Sitting, number: int = 1, **changes: Any) -> VoteImported:
    """Return a vote of eleven marks, 7-3-1; `marks` changes single senses."""
    seats = [f"{seat}/1" for seat in VOTING]
    marks: dict[str, Any] = {
        "favor": seats[:7],
        "contra": seats[7:10],
        "abstencion": seats[10:11],
        "ausente": seats[11:],
    }
    marks |= changes.pop("marks", {})
    data: dict[str, Any] = {"item": 1, "held_on": sitting.state.day.isoformat(), "source_sha256": "0" * 64, "row": 2}
    data |= {"favor": 7, "contra": 3, "abstencion": 1, "result": "approved"}
    return VoteImported.model_validate(sitting.place | {"vote": number, "marks": Marks(**marks)} | data | changes)


def test_imported_vote_follows_from_its_marks() -> None:
    """Tally and result are recomputed; what the source lacks is noted."""
    sitting = imported_session()
    sitting.story.when(imported(sitting)).accepted()
    state = sitting.vote_state()
    assert (state.phase, state.result, state.voters, state.imported) == ("imported", "approved", 11, True)
    assert {"agenda", "attendance", "quorum"} <= set(sitting.story.world.lacking)
    for rule in ("one-mark-per-seat", "mandate", "tally", "majority", "numbering"):
        assert sitting.story.world.rules[rule] >= 1
    sitting.story.when(imported(sitting)).refused("vote-already-opened")
    assert sitting.story.world.remarks == []


def test_a_refused_row_does_not_take_the_next_ones_along() -> None:
    """A gap in imported numbers is remarked: the vote that the source did not bring is missing, the others are not."""
    sitting = imported_session()
    sitting.story.when(imported(sitting, 3)).accepted()
    assert [code for code, _ in sitting.story.world.remarks] == ["number-gap"]


def test_one_flipped_mark_is_refused() -> None:
    """A mark moved from one sense to another contradicts the published tally."""
    sitting = imported_session()
    flipped = {"favor": [f"{seat}/1" for seat in VOTING[:6]], "contra": [f"{seat}/1" for seat in VOTING[6:10]]}
    sitting.story.when(imported(sitting, marks=flipped)).refused("tally-mismatch", favor=6, contra=4)


def test_one_raised_tally_is_refused() -> None:
    """A published tally that is one too high does not follow from the marks."""
    sitting = imported_session()
    sitting.story.when(imported(sitting, favor=8)).refused("tally-mismatch", favor=7)
    sitting.story.when(imported(sitting, result="rejected")).refused("result-mismatch", expected="approved")


def test_one_shortened_mandate_is_refused() -> None:
    """A mark of somebody whose mandate ended before the day is refused, naming seat and day."""
    for ended_at, code in (
        ("2025-06-03T00:00:00-06:00", "no-mandate"),
        ("2025-06-04T00:00:00-06:00", "no-mandate"),
        ("2025-06-04T08:00:00-06:00", None),
        ("2025-06-05T00:00:00-06:00", None),
    ):
        sitting = imported_session()
        sitting.story.given(
            DesignationEnded(body="hcd", seat="estado-1", number=1, ended_at=ended_at, cause="resigned")
        )
        attempt = sitting.story.when(imported(sitting))
        attempt.refused(code, seat="estado-1") if code else attempt.accepted()


@pytest.mark.parametrize(
    ("begins", "ends", "code"),
    [
        ("2025-06-03T00:00:00-06:00", None, "no-mandate"),
        ("2025-06-04T00:00:00-06:00", None, "no-mandate"),
        ("2025-06-04T00:00:00-06:00", "2025-06-05T00:00:00-06:00", "no-mandate"),
        ("2025-06-04T12:00:00-06:00", None, None),
        ("2025-06-05T00:00:00-06:00", None, None),
        ("2025-05-01T00:00:00-06:00", "2025-06-04T00:00:00-06:00", None),
        ("2025-05-01T00:00:00-06:00", "2025-06-04T09:00:00-06:00", None),
    ],
)
def test_leave_by_the_day(begins: str, ends: str | None, code: str | None) -> None:
    """Who is on leave all day has no mark that day; who leaves or returns during it may have one."""
    sitting = imported_session()
    sitting.story.given(LeaveGranted(body="hcd", seat="estado-1", number=1, begins_at=begins))
    if ends is not None:
        sitting.story.given(LeaveEnded(body="hcd", seat="estado-1", number=1, ends_at=ends))
    attempt = sitting.story.when(imported(sitting))
    attempt.refused(code) if code else attempt.accepted()


def test_mandate_begins_on_its_day() -> None:
    """A mandate from the day on counts for it; one from the next day on does not."""
    for begins, code in (("2025-06-04T12:00:00-06:00", None), ("2025-06-05T00:00:00-06:00", "no-mandate")):
        sitting = imported_session()
        mandate = DesignationImported(
            body="hcd",
            seat="obrero-2",
            number=3,
            person="nueva",
            capacity="suplente",
            begins_at=begins,
            ends_at="2025-12-31T00:00:00-06:00",
            source_sha256="0" * 64,
            row=3,
        )
        ended = DesignationEnded(
            body="hcd", seat="obrero-2", number=2, ended_at="2025-06-04T00:00:00-06:00", cause="resigned"
        )
        sitting.story.given(PersonRegistered(person="nueva"), ended, mandate)
        marks = {"favor": [f"{seat}/1" for seat in VOTING[:5]] + ["obrero-2/3", "obrero-3/1"]}
        attempt = sitting.story.when(imported(sitting, marks=marks))
        attempt.refused(code) if code else attempt.accepted()


def test_one_mark_per_holder() -> None:
    """Nobody is marked twice, in one sense or in two, though his suplente is marked in between."""
    sitting = imported_session()
    seats = [f"{seat}/1" for seat in VOTING]
    for sense in ("presente", "ausente"):
        sitting.story.when(imported(sitting, marks={sense: ["obrero-2/1"]})).refused("seat-twice", seat="obrero-2")
    sitting.story.when(imported(sitting, marks={"favor": seats[:6] + seats[:1]})).refused("seat-twice")
    between: dict[str, Any] = {"presente": ["obrero-2/2"], "ausente": ["obrero-2/1"]}
    sitting.story.when(imported(sitting, marks=between)).refused("seat-twice")


def test_two_holders_of_one_seat_in_a_roll_are_remarked() -> None:
    """Real rolls mark propietario and suplente on days of change: a discrepancy of the source, told for ever."""
    sitting = imported_session()
    sitting.story.when(imported(sitting, marks={"ausente": ["obrero-2/2"]})).accepted()
    assert sitting.story.world.remarks == [
        ("two-holders-marked", {"vote": f"{sitting.path}/1", "seats": 1, "first": "obrero-2"})
    ]


@pytest.mark.parametrize(
    ("mark", "code"),
    [("cfe-1/1", "designation-unknown"), ("estado-1", "designation-unknown"), ("invitada/1", "no-vote")],
)
def test_marks_are_of_voting_seats_and_known_mandates(mark: str, code: str) -> None:
    """A mark names a seat that votes and a designation that stands in the ledger."""
    sitting = imported_session()
    sitting.story.when(imported(sitting, marks={"ausente": [mark]})).refused(code)


def test_a_mark_of_a_seat_that_does_not_exist_that_day_is_refused() -> None:
    """Seats come and go; a mandate to a seat of other years marks nothing."""
    sitting = imported_session("2020-02-05")
    sitting.story.at("2026-01-20T09:00:00-06:00")
    sitting.story.when(imported(sitting)).accepted()
    sitting.story.given(SeatsSuppressed(body="hcd", seats=("estado-1",), valid_to="2020-02-01"))
    sitting.story.when(imported(sitting, 2)).refused("seat-unknown", seat="estado-1")


def test_imported_vote_belongs_to_its_session() -> None:
    """Of an imported session, on its day, on a listed item, with the session in basis."""
    items = (AgendaEntry(item=1, item_kind="decision"),)
    sitting = imported_session(items=items)
    story = sitting.story
    story.when(imported(sitting, item=2)).refused("item-unknown")
    story.when(imported(sitting, held_on="2025-06-05")).refused("held-on-mismatch")
    story.when(imported(sitting), basis={}).refused("session-not-in-basis")
    story.when(imported(sitting, session=2)).refused("session-unknown")
    live = Sitting(story.at(SENT)).convene()
    story.when(imported(live)).refused("session-not-imported")
    story.when(imported(sitting)).accepted()
    story.when(sitting.vote_opened(2, eligible=holders("obrero-1"))).refused("session-not-open")


def test_imported_attendance_is_compared_with_the_marks() -> None:
    """Where the source has attendance, a mark of somebody who was not in it is remarked."""
    for seats, expected in ((VOTING[1:], ["not-in-attendance"]), (VOTING, [])):
        arrivals = tuple(Arrival(seat=seat, designation=1) for seat in seats)
        sitting = imported_session(attendance=arrivals)
        sitting.story.when(imported(sitting)).accepted()
        assert [code for code, _ in sitting.story.world.remarks] == expected


def test_imported_tie_with_a_casting_vote_that_no_mark_shows() -> None:
    """Where the chair may break ties the source's result stands and the casting vote is noted as lacking."""
    seats = [f"{seat}/1" for seat in VOTING]
    tie: dict[str, Any] = {"favor": 6, "contra": 6, "abstencion": 0}
    tie["marks"] = {"favor": seats[:6], "contra": seats[6:], "abstencion": [], "ausente": []}
    for result in ("approved", "rejected"):
        sitting = imported_session()
        sitting.story.when(imported(sitting, result=result, **tie)).accepted()
        assert "casting-vote" in sitting.story.world.lacking


def test_legacy_import_is_visibly_unproven() -> None:
    """The state says of session and vote that they were imported."""
    sitting = imported_session()
    sitting.story.given(imported(sitting))
    assert (sitting.state.imported, sitting.vote_state().imported) == (True, True)


def test_an_act_of_another_kind_is_a_programming_error() -> None:
    """The registry never sends a person's registration here."""
    story = Story()
    with pytest.raises(TypeError):
        vote.check(None, story.signed(PersonRegistered(person="p")), story.world)
    sitting = Sitting()
    with pytest.raises(RuleViolation, match="vote-unknown"):
        vote.evolve(None, story.signed(annulled(sitting)))
