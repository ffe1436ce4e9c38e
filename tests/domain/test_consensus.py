"""Consensus and acclamation: objections block, silence consents (domain.md §3.5; Appendix A)."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.acts.agreement import AgreementAdopted
from ledger.acts.position import ObjectionRaised, ObjectionWithdrawn
from ledger.acts.trust import PersonRegistered
from ledger.acts.vote import ConsensusDeclared, ShowOfHandsRecorded, VoteAnnulled
from ledger.domain import objection
from ledger.domain.states import ObjectionState
from tests.kit.council import BEGINS, SECRETARY, VOTING, Sitting, founded, rules
from tests.kit.story import Said, say

EIGHT = VOTING[:8]


def deliberating(method: Any = "consensus", present: tuple[str, ...] = EIGHT) -> Sitting:
    """Return a session that seeks consensus on item 1."""
    methods = ("consensus", "acclamation", "show-of-hands", "roll-call")
    return Sitting(founded(rules(methods=methods))).voting(method, present)


def raised(sitting: Sitting, seat: str, number: int = 1, vote: int = 1) -> Said:
    """Return a member's own objection."""
    act = ObjectionRaised(**sitting.place, vote=vote, seat=seat)
    return say(act, office=f"designation/hcd/{seat}/{number}")


def withdrawn(sitting: Sitting, seat: str) -> Said:
    """Return its withdrawal, as the secretary attests it."""
    return say(ObjectionWithdrawn(**sitting.place, vote=1, seat=seat), office=SECRETARY)


def consensus(sitting: Sitting, consenting: tuple[str, ...] = EIGHT, *objecting: str) -> ConsensusDeclared:
    """Return what the secretary declares."""
    return ConsensusDeclared(**sitting.place, vote=1, consenting=consenting, objecting=objecting)


def test_consensus_of_all_present_is_approved() -> None:
    """Silence is consent: all eight who could object did not, and an agreement follows by consensus."""
    sitting = deliberating()
    story = sitting.story.given(consensus(sitting), sitting.declared(8, 0, 0, "approved"))
    adopted = AgreementAdopted(
        body="hcd",
        year=2026,
        number=1,
        vote=f"vote/{sitting.path}/1",
        ordinal=1,
        identifier="ACDO.AS2.HCT.280126/1.P.DIR",
        resolutions=1,
    )
    story.when(adopted).accepted()


def test_an_objection_blocks_consensus() -> None:
    """One objection that stands: consensus cannot be declared over it, nor the result be approved with it."""
    sitting = deliberating()
    story = sitting.story.given(raised(sitting, "obrero-1"))
    rest = tuple(seat for seat in EIGHT if seat != "obrero-1")
    story.when(consensus(sitting)).refused("objections-differ", objecting=1, consenting=7)
    story.when(consensus(sitting, rest)).refused("objections-differ")
    story.when(consensus(sitting, rest, "obrero-2")).refused("seat-twice")
    story.given(consensus(sitting, rest, "obrero-1"))
    story.when(sitting.declared(7, 1, 0, "approved")).refused("result-mismatch", expected="rejected")
    story.when(sitting.declared(7, 1, 0, "rejected")).accepted()


def test_a_withdrawn_objection_blocks_no_more() -> None:
    """The cabinet's case: blocked by one objection, then resolved; both acts stand, and it may be raised again."""
    sitting = deliberating()
    story = sitting.story.given(raised(sitting, "obrero-1"))
    story.when(raised(sitting, "obrero-1")).refused("already-objecting")
    story.when(withdrawn(sitting, "obrero-2")).refused("not-objecting")
    story.given(withdrawn(sitting, "obrero-1"))
    story.when(withdrawn(sitting, "obrero-1")).refused("not-objecting")
    story.given(raised(sitting, "obrero-1"), withdrawn(sitting, "obrero-1"))
    state = story.state(f"objection/{sitting.path}/1/obrero-1")
    assert isinstance(state, ObjectionState)
    assert (state.version, state.stands) == (4, False)
    story.when(consensus(sitting)).accepted()


def test_objections_are_of_who_could_vote() -> None:
    """V2: who has voice and no vote, is away, is recused or holds the seat otherwise blocks nothing."""
    sitting = deliberating(present=(*EIGHT, "invitada"))
    story = sitting.story
    story.when(raised(sitting, "invitada")).refused("not-eligible")
    story.when(raised(sitting, "patronal-1")).refused("not-eligible")
    story.when(raised(sitting, "obrero-2", 2)).refused("other-holder")
    story.given(sitting.roll([], "obrero-1")).when(raised(sitting, "obrero-1")).refused("not-present")
    story.given(sitting.roll(["obrero-2/2"], "obrero-2")).when(raised(sitting, "obrero-2")).refused("not-present")
    story.given(sitting.recused("obrero-3")).when(raised(sitting, "obrero-3")).refused("recused")


def test_who_left_neither_consents_nor_objects() -> None:
    """The declaration is of those still present, while they are a quorum."""
    sitting = deliberating()
    sitting.story.given(raised(sitting, "obrero-1"), sitting.roll([], "obrero-1"))
    rest = tuple(seat for seat in EIGHT if seat != "obrero-1")
    sitting.story.when(consensus(sitting, rest, "obrero-1")).refused("not-present")
    sitting.story.when(consensus(sitting, rest[1:])).refused("objections-differ")
    sitting.story.when(consensus(sitting, rest)).accepted()
    assert sitting.vote_state().silent == ("obrero-1",)


def test_objections_belong_to_an_open_vote_by_consensus() -> None:
    """Not to other methods, nor after the declaration, nor before the vote, nor on another basis."""
    other = deliberating("roll-call")
    other.story.when(raised(other, "obrero-1")).refused("other-method")
    other.story.when(consensus(other)).refused("other-method")
    sitting = deliberating()
    story, said = sitting.story, raised(sitting, "obrero-1")
    story.when(raised(sitting, "obrero-1", vote=2)).refused("vote-unknown")
    story.when(say(said.act, office=said.office, basis={})).refused("vote-not-in-basis")
    story.when(say(said.act, office=said.office, at=BEGINS)).refused("back-dated")
    story.given(said).when(say(withdrawn(sitting, "obrero-1").act, office=SECRETARY, at=BEGINS)).refused("back-dated")
    story.given(VoteAnnulled(**sitting.place, vote=1))
    story.when(withdrawn(sitting, "obrero-1")).refused("vote-closed", phase="annulled")


@pytest.mark.parametrize(("favor", "contra", "code"), [(8, 0, None), (7, 0, "not-unanimous"), (7, 1, "not-unanimous")])
def test_acclamation_is_of_all(favor: int, contra: int, code: str | None) -> None:
    """UNANIMOUS_BY_ACCLAMATION: everybody who may vote is in favour, or it is none."""
    sitting = deliberating("acclamation")
    hands = ShowOfHandsRecorded(**sitting.place, vote=1, favor=favor, contra=contra, abstencion=0)
    attempt = sitting.story.when(hands)
    if code:
        attempt.refused(code)
        return
    attempt.accepted()
    sitting.story.when(sitting.declared(8, 0, 0, "approved")).accepted()


def test_an_act_of_another_kind_is_a_programming_error() -> None:
    """The registry never sends a person's registration here."""
    sitting = Sitting()
    with pytest.raises(TypeError):
        objection.check(None, sitting.story.signed(PersonRegistered(person="p")), sitting.story.world)
