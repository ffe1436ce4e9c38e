"""Votos particulares and reasoned votes beside a declared result (domain.md §3.5 V6)."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.acts.designation import DesignationEnded
from ledger.acts.position import DissentFiled
from ledger.acts.trust import PersonRegistered
from ledger.acts.vote import (
    ConsensusDeclared,
    SecretTallyRecorded,
    ShowOfHandsRecorded,
    VoteClosed,
)
from ledger.domain import dissent
from ledger.domain.acta import ActaState
from ledger.domain.states import DissentState
from tests.kit.council import SECRETARY, VOTING, Sitting, designated, founded, rules
from tests.kit.story import Said, say

EIGHT = VOTING[:8]


def filed(sitting: Sitting, seat: str, form: Any = "particular", office: str | None = None, **around: Any) -> Said:
    """Return what a member files beside vote 1."""
    act = DissentFiled(**sitting.place, vote=1, seat=seat, form=form)
    return say(act, office=office or f"designation/hcd/{seat}/1", **around)


def declared(**changes: Any) -> Sitting:
    """Return a session after a roll call: five in favour, two against, one abstention."""
    sitting = Sitting(founded(rules(**changes))).recorded(5, 2, 1)
    sitting.story.given(sitting.declared(5, 2, 1, "approved"))
    return sitting


def test_voto_particular_only_by_a_member_who_did_not_vote_in_favour() -> None:
    """V6: against or abstaining; who voted in favour may have reservations; anyone may give his reasons."""
    favor, contra, abstained = EIGHT[0], EIGHT[5], EIGHT[7]
    for seat, form, code in (
        (favor, "particular", "voted-in-favour"),
        (favor, "concurring", None),
        (favor, "reasoned", None),
        (contra, "particular", None),
        (contra, "concurring", "voted-against"),
        (contra, "reasoned", None),
        (abstained, "particular", None),
        (abstained, "concurring", "voted-against"),
        ("patronal-4", "particular", "not-eligible"),
        ("invitada", "reasoned", "not-eligible"),
    ):
        sitting = declared()
        attempt = sitting.story.when(filed(sitting, seat, form))
        attempt.refused(code) if code else attempt.accepted()


def test_a_dissent_does_not_change_the_result() -> None:
    """The vote stays as declared; the dissent is a state of its own, filed once, by him or as the secretary attests."""
    sitting = declared()
    before = sitting.vote_state()
    sitting.story.given(filed(sitting, EIGHT[5]), filed(sitting, EIGHT[6], office=SECRETARY))
    assert sitting.vote_state() is before
    state = sitting.story.state(f"dissent/{sitting.path}/1/{EIGHT[5]}")
    assert isinstance(state, DissentState)
    assert (state.seat, state.form) == (EIGHT[5], "particular")
    sitting.story.when(filed(sitting, EIGHT[5], "reasoned")).refused("dissent-already-filed")


def test_a_dissent_is_of_the_holder_who_voted() -> None:
    """Whoever holds the seat later has not voted."""
    sitting = declared()
    story, seat = sitting.story, EIGHT[5]
    now = story.now
    story.given(
        DesignationEnded(body="hcd", seat=seat, number=1, ended_at=now, cause="resigned"),
        PersonRegistered(person="nueva"),
        designated(seat, 3 if seat == "obrero-2" else 2, person="nueva", begins_at=now),
    )
    number = 3 if seat == "obrero-2" else 2
    story.when(filed(sitting, seat, office=f"designation/hcd/{seat}/{number}")).refused("other-holder")


@pytest.mark.parametrize(
    ("days", "at", "code"),
    [
        (3, "2026-01-31T23:00:00-06:00", None),
        (3, "2026-02-01T00:00:00-06:00", "dissent-late"),
        (0, "2026-01-28T23:00:00-06:00", None),
        (0, "2026-01-29T09:00:00-06:00", "dissent-late"),
        (None, "2026-06-01T09:00:00-06:00", None),
    ],
)
def test_a_dissent_is_filed_within_the_profiles_window(days: int | None, at: str, code: str | None) -> None:
    """V6: so many days after the declaration; without a window until the acta is sealed."""
    sitting = declared(dissent_days=days)
    attempt = sitting.story.at(at).when(filed(sitting, EIGHT[5]))
    attempt.refused(code) if code else attempt.accepted()


def test_no_dissent_after_the_acta_is_sealed() -> None:
    """It belongs into the acta, which is closed then."""
    sitting = declared()
    sealed = ActaState(1, 99, "0" * 64, sitting.path, 1, "0" * 64, 1, imported=False, phase="sealed")
    sitting.story.put(f"acta/{sitting.path}", sealed)
    sitting.story.when(filed(sitting, EIGHT[5])).refused("acta-sealed")


def test_a_dissent_follows_its_declaration() -> None:
    """Not before it, not of an unknown vote, not on another basis, not dated before."""
    sitting = Sitting().recorded(5, 3)
    story = sitting.story
    story.when(filed(sitting, EIGHT[5])).refused("vote-not-declared", phase="recorded")
    story.when(DissentFiled(**sitting.place, vote=2, seat=EIGHT[5], form="reasoned")).refused("vote-unknown")
    story.given(sitting.declared(5, 3, 0, "approved"))
    story.when(filed(sitting, EIGHT[5], basis={})).refused("vote-not-in-basis")
    story.when(filed(sitting, EIGHT[5], at="2026-01-28T10:00:00-06:00")).refused("back-dated")


def test_of_a_secret_vote_nothing_is_filed() -> None:
    """V5: a dissent would tell how its author voted."""
    sitting = Sitting().voting("secret", EIGHT)
    act = SecretTallyRecorded(**sitting.place, vote=1, voters=EIGHT, favor=5, contra=3, abstencion=0)
    sitting.story.given(act, sitting.declared(5, 3, 0, "approved"))
    sitting.story.when(filed(sitting, EIGHT[0])).refused("vote-secret")


def test_by_ballots_the_ballot_says_who_dissents() -> None:
    """What counts is the ballot as it last stood; who cast none did not vote."""
    sitting = Sitting().voting("ballot", EIGHT)
    story = sitting.story.given(
        *(sitting.ballot(seat, "contra" if seat == EIGHT[0] else "favor") for seat in EIGHT[:7])
    )
    story.given(VoteClosed(**sitting.place, vote=1, ballots=7), sitting.declared(6, 1, 0, "approved"))
    story.when(filed(sitting, EIGHT[7])).refused("did-not-vote")
    story.when(filed(sitting, EIGHT[1])).refused("voted-in-favour")
    story.when(filed(sitting, EIGHT[0])).accepted()


def test_by_roll_call_who_was_not_marked_did_not_vote() -> None:
    """Eligible and silent is not voting."""
    sitting = Sitting().voting("roll-call", EIGHT)
    sitting.story.given(sitting.roll_call(7))
    sitting.story.given(sitting.declared(7, 0, 0, "approved"))
    silent = sitting.vote_state().silent
    assert len(silent) == 1
    sitting.story.when(filed(sitting, silent[0], "reasoned")).refused("did-not-vote")


def test_by_show_of_hands_a_member_says_himself_that_he_dissents() -> None:
    """Only named dissenters are known; of the others the counts say nothing against it."""
    sitting = Sitting().voting("show-of-hands", EIGHT)
    hands = ShowOfHandsRecorded(**sitting.place, vote=1, favor=5, contra=3, abstencion=0, dissenters=(EIGHT[0],))
    story = sitting.story.given(hands, sitting.declared(5, 3, 0, "approved"))
    story.when(filed(sitting, EIGHT[0], "concurring")).refused("voted-against")
    story.given(filed(sitting, EIGHT[0])).when(filed(sitting, EIGHT[1])).accepted()


def test_by_consensus_who_did_not_object_consented() -> None:
    """Silence was consent, with or without reservations."""
    sitting = Sitting(founded(rules(methods=("consensus",)))).voting("consensus", EIGHT)
    agreed = ConsensusDeclared(**sitting.place, vote=1, consenting=EIGHT)
    story = sitting.story.given(agreed, sitting.declared(8, 0, 0, "approved"))
    story.when(filed(sitting, EIGHT[0])).refused("voted-in-favour")
    story.when(filed(sitting, EIGHT[0], "concurring")).accepted()


def test_a_vote_whose_session_is_gone_is_refused() -> None:
    """No stream ever vanishes; a world in which one did takes no dissent."""
    sitting = declared()
    del sitting.story.world.states[f"session/{sitting.path}"]
    sitting.story.when(filed(sitting, EIGHT[5])).refused("session-unknown")


def test_an_act_of_another_kind_is_a_programming_error() -> None:
    """The registry never sends a person's registration here."""
    sitting = Sitting()
    with pytest.raises(TypeError):
        dissent.check(None, sitting.story.signed(PersonRegistered(person="p")), sitting.story.world)
