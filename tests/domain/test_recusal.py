"""Recusals and challenges, conflicts that come to light later (domain.md §3.5; R14, R15, V7; LFPA 21–27)."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.acts.position import ConflictReported
from ledger.acts.session import RecusalChallenged, RecusalResolved
from ledger.acts.trust import PersonRegistered
from ledger.domain import conflict
from ledger.domain.states import ConflictState
from tests.kit.council import CHAIR, SECRETARY, VICE_CHAIR, VOTING, Sitting
from tests.kit.story import Said, say


def challenged(sitting: Sitting, seat: str, asks: Any = "exclude", by: str = "obrero-1", item: int = 1) -> Said:
    """Return a challenge."""
    act = RecusalChallenged(**sitting.place, item=item, seat=by, challenged=seat, asks=asks)
    return say(act, office=f"designation/hcd/{by}/1")


def decided(sitting: Sitting, seat: str, *, upheld: bool, office: str = CHAIR) -> Said:
    """Return the decision of a challenge."""
    return say(RecusalResolved(**sitting.place, item=1, challenged=seat, upheld=upheld), office=office)


def test_a_challenge_blocks_the_vote_until_it_is_decided() -> None:
    """Who is challenged and excluded leaves the base; a challenge that is dismissed changes nothing."""
    for upheld in (True, False):
        sitting = Sitting().at_item()
        story = sitting.story.given(challenged(sitting, "patronal-1"))
        story.when(sitting.vote_opened()).refused("challenge-pending", seat="patronal-1")
        story.when(challenged(sitting, "patronal-1", by="obrero-2")).refused("challenge-pending")
        story.given(decided(sitting, "patronal-1", upheld=upheld))
        assert ("patronal-1" in sitting.state.items[1].recused) == upheld
        story.when(sitting.vote_opened()).accepted()
        assert ("patronal-1" in sitting.vote_state().eligible) != upheld


def test_who_excused_himself_may_be_called_back() -> None:
    """A recusal that is challenged and found groundless is lifted."""
    sitting = Sitting().at_item(VOTING, "patronal-1")
    story = sitting.story
    story.when(challenged(sitting, "patronal-2", "return")).refused("not-recused")
    story.when(challenged(sitting, "patronal-1")).refused("already-recused")
    story.given(challenged(sitting, "patronal-1", "return"), decided(sitting, "patronal-1", upheld=True))
    assert sitting.state.items[1].recused == frozenset()


def test_nobody_decides_his_own_challenge() -> None:
    """Challenged chair: the vice-chair decides, acting; nobody challenges himself."""
    sitting = Sitting().at_item()
    story = sitting.story
    story.when(challenged(sitting, "obrero-1")).refused("own-case")
    story.when(challenged(sitting, "cfe-1")).refused("seat-unknown")
    story.when(decided(sitting, "estado-1", upheld=True)).refused("challenge-unknown")
    story.given(challenged(sitting, "estado-1"))
    story.when(decided(sitting, "estado-1", upheld=True, office=CHAIR)).refused("own-case")
    story.when(decided(sitting, "estado-1", upheld=True, office=VICE_CHAIR)).accepted()


def test_who_is_away_challenges_nobody() -> None:
    """A challenge is made by who sits in the session, before the item is over and outside of a vote."""
    sitting = Sitting().at_item([seat for seat in VOTING if seat != "obrero-1"])
    story = sitting.story
    story.when(challenged(sitting, "estado-1")).refused("not-present", seat="obrero-1")
    story.given(challenged(sitting, "patronal-1", by="obrero-2", item=2), sitting.vote_opened())
    story.when(challenged(sitting, "patronal-1", by="obrero-2")).refused("vote-pending")
    resolved = RecusalResolved(**sitting.place, item=2, challenged="patronal-1", upheld=False)
    story.when(say(resolved, office=SECRETARY)).refused("vote-pending")


# -- after the vote --------------------------------------------------------------------------------------------


def reported(sitting: Sitting, seat: str = "patronal-1", day: str = "2026-01-28", **changes: Any) -> ConflictReported:
    """Return the report of a conflict."""
    return ConflictReported(**(sitting.place | {"vote": 1, "seat": seat, "discovered_on": day} | changes))


def declared(*recused: str) -> Sitting:
    """Return a session with an approved vote of eight on item 1."""
    sitting = Sitting().recorded(5, 3, 0, *recused)
    sitting.story.given(sitting.declared(5, 3, 0, "approved"))
    return sitting


def test_a_conflict_found_after_the_vote_flags_and_does_not_void() -> None:
    """V7, LFPA 23: a remark for ever beside the vote, whose result stays; reported once for each member."""
    sitting = declared()
    before = sitting.vote_state()
    sitting.story.given(reported(sitting, "estado-1"))
    assert sitting.vote_state() is before
    assert sitting.story.world.remarks == [
        ("conflict-after-vote", {"vote": f"vote/{sitting.path}/1", "seat": "estado-1"})
    ]
    state = sitting.story.state(f"conflict/{sitting.path}/1/estado-1")
    assert isinstance(state, ConflictState)
    assert (state.seat, state.discovered_on.isoformat()) == ("estado-1", "2026-01-28")
    sitting.story.when(reported(sitting, "estado-1")).refused("conflict-already-reported")


def test_a_conflict_is_of_a_member_who_took_part() -> None:
    """Not of who was away or had excused himself, not of a vote that is not declared, not before it or in future."""
    sitting = declared("obrero-1")
    story = sitting.story
    story.when(reported(sitting, "patronal-4")).refused("not-present")
    story.when(reported(sitting, "obrero-1")).refused("already-recused")
    story.when(reported(sitting, "estado-1", "2026-01-27")).refused("dates-out-of-order")
    story.when(reported(sitting, "estado-1", "2026-02-27")).refused("dates-out-of-order")
    story.when(reported(sitting, "estado-1", "2026-02-31")).refused("impossible-date")
    story.when(reported(sitting, "estado-1", vote=2)).refused("vote-unknown")
    story.when(say(reported(sitting, "estado-1"), basis={})).refused("vote-not-in-basis")
    story.when(say(reported(sitting, "estado-1"), at="2026-01-28T10:00:00-06:00")).refused("back-dated")
    story.given(sitting.vote_opened(2))
    story.when(reported(sitting, "estado-1", vote=2)).refused("vote-not-declared")


def test_an_act_of_another_kind_is_a_programming_error() -> None:
    """The registry never sends a person's registration here."""
    sitting = Sitting()
    with pytest.raises(TypeError):
        conflict.check(None, sitting.story.signed(PersonRegistered(person="p")), sitting.story.world)
