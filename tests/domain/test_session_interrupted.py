"""Quorum lost and restored, recess, sessions from elsewhere and by correspondence (domain.md §3.3 S2, S6; R22)."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from ledger.acts.session import (
    Arrival,
    AttendanceRecorded,
    InterventionRecorded,
    QuorumLost,
    QuorumRestored,
    SessionRecessed,
    SessionResumed,
)
from ledger.acts.vote import VoteAnnulled
from tests.kit.council import BEGINS, DAY, SECRETARY, VOTING, Sitting, founded, rules
from tests.kit.story import say

SEVEN = VOTING[:7]
SHA = "ab" * 32


def lost(sitting: Sitting, present: int = 6) -> QuorumLost:
    """Return the declaration that quorum is lost."""
    return QuorumLost(**sitting.place, present=present, base=12, required=7)


def restored(sitting: Sitting, present: int = 7) -> QuorumRestored:
    """Return the declaration that it is restored."""
    return QuorumRestored(**sitting.place, present=present, base=12, required=7)


def interrupted() -> Sitting:
    """Return a session at item 1 whose quorum was lost and declared so."""
    sitting = Sitting().at_item(SEVEN)
    sitting.story.given(sitting.roll([], "estado-4"), lost(sitting))
    return sitting


# -- quorum ----------------------------------------------------------------------------------------------------


def test_quorum_lost_follows_from_the_attendance() -> None:
    """Neither declared while it holds, nor with other numbers than the attendance gives, nor before the opening."""
    sitting = Sitting().convene()
    sitting.story.given(sitting.roll(SEVEN)).when(lost(sitting, 7)).refused("session-phase")
    sitting = Sitting().at_item(SEVEN)
    story = sitting.story
    story.when(lost(sitting, 7)).refused("quorum-reached")
    story.given(sitting.roll([], "estado-4"))
    story.when(lost(sitting, 5)).refused("quorum-mismatch", present=6)
    story.when(lost(sitting)).accepted()
    assert (sitting.state.phase, sitting.state.is_quorum_lost) == ("quorum-lost", True)
    story.when(lost(sitting)).refused("quorum-lost")


def test_no_votes_while_quorum_is_declared_lost() -> None:
    """S2: though enough came back, no vote begins or is recorded until the secretary declares it restored."""
    sitting = Sitting().voting("roll-call", SEVEN)
    story = sitting.story.given(sitting.roll([], "estado-4"), lost(sitting), sitting.roll(["estado-4"]))
    story.when(sitting.roll_call(7)).refused("quorum-lost")
    story.given(VoteAnnulled(**sitting.place, vote=1))
    story.when(sitting.vote_opened(2)).refused("quorum-lost")
    story.when(restored(sitting, 6)).refused("quorum-mismatch")
    story.given(restored(sitting))
    story.when(sitting.vote_opened(2)).accepted()


def test_quorum_is_restored_only_when_it_was_lost_and_is_there() -> None:
    """A restoration needs a loss before it and enough seats present."""
    sitting = Sitting().at_item(SEVEN)
    sitting.story.when(restored(sitting)).refused("session-phase")
    sitting = interrupted()
    sitting.story.when(restored(sitting, 6)).refused("no-quorum")
    sitting.story.when(sitting.quorum(6)).refused("quorum-lost")


def test_without_quorum_items_are_only_put_off() -> None:
    """The demo's case: two leave at item 3, item 4 is deferred; nothing is debated, noted or taken up meanwhile."""
    sitting = interrupted()
    story, spoke = sitting.story, InterventionRecorded(**sitting.place, item=1, seat="estado-1")
    story.when(spoke).refused("quorum-lost")
    story.when(sitting.concluded(1, "noted")).refused("quorum-lost")
    for item in (1, 2, 3):
        story.given(sitting.concluded(item, "deferred"))
    assert {item.outcome for item in sitting.state.items.values()} == {"deferred"}
    story.when(sitting.closed(0)).accepted()


def test_a_recess_does_not_restore_quorum() -> None:
    """Whoever resumes a session that had lost its quorum resumes it without."""
    sitting = interrupted()
    story = sitting.story.given(SessionRecessed(**sitting.place))
    story.when(SessionRecessed(**sitting.place)).refused("in-recess")
    story.given(SessionResumed(**sitting.place))
    assert sitting.state.phase == "quorum-lost"
    story.given(sitting.roll(["estado-4"]), restored(sitting), SessionRecessed(**sitting.place))
    story.given(SessionResumed(**sitting.place))
    assert (sitting.state.phase, sitting.state.is_quorum_lost) == ("open", False)


# -- from elsewhere --------------------------------------------------------------------------------------------


def arrival(sitting: Sitting, modality: Literal["presencial", "remota"], evidence: str | None = None) -> Any:
    """Return the entry of obrero-1 in that way."""
    seat = Arrival(seat="obrero-1", designation=1, modality=modality, evidence=evidence)
    return AttendanceRecorded(**sitting.place, arrivals=(seat,))


@pytest.mark.parametrize(
    ("session", "seat", "lawful"),
    [
        ("presencial", "presencial", True),
        ("presencial", "remota", False),
        ("remota", "remota", True),
        ("remota", "presencial", False),
        ("mixta", "presencial", True),
        ("mixta", "remota", True),
    ],
)
def test_attendance_is_in_the_sessions_modality(session: str, seat: Any, lawful: bool) -> None:
    """R22: each presence says how, and as the convocation allows; both count alike for quorum and vote."""
    sitting = Sitting().convene(modality=session)
    attempt = sitting.story.when(arrival(sitting, seat))
    if not lawful:
        attempt.refused("modality-not-allowed", seat="obrero-1")
        return
    attempt.accepted()
    assert sitting.state.present["obrero-1"].modality == seat


def test_remote_attendance_counts_for_quorum_and_vote() -> None:
    """Seven of whom one sits elsewhere are a quorum, and he votes."""
    sitting = Sitting().convene()
    sitting.story.given(sitting.roll([s for s in SEVEN if s != "obrero-1"]), arrival(sitting, "remota", SHA))
    sitting.story.given(sitting.quorum(7), sitting.opened(), sitting.taken_up(), sitting.vote_opened())
    assert "obrero-1" in sitting.vote_state().eligible


def test_no_remote_session_where_the_rules_allow_none() -> None:
    """A body that meets in person convenes no other session."""
    sitting = Sitting(founded(rules(remote_allowed=False)))
    sitting.story.when(sitting.convened(modality="mixta")).refused("modality-not-allowed")
    sitting.story.when(sitting.convened(modality="presencial")).accepted()


# -- by correspondence -----------------------------------------------------------------------------------------

PERMANENT: dict[str, Any] = {
    "session_kind": "permanent",
    "modality": "remota",
    "until_at": "2026-02-02T18:00:00-06:00",
}


def answered(sitting: Sitting, *seats: str) -> AttendanceRecorded:
    """Return what came in by mail, each with its evidence."""
    came = (Arrival(seat=seat, designation=1, modality="remota", evidence=SHA) for seat in seats)
    return AttendanceRecorded(**sitting.place, arrivals=tuple(came))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"modality": "mixta"}, "modality-not-allowed"),
        ({"until_at": None}, "permanent-span"),
        ({"until_at": BEGINS}, "permanent-span"),
        ({"session_kind": "ordinary"}, "permanent-span"),
        ({}, None),
    ],
)
def test_a_permanent_session_is_remote_and_says_until_when(changes: dict[str, Any], code: str | None) -> None:
    """S6: by correspondence, from one instant to another; no other session has such an end."""
    sitting = Sitting()
    attempt = sitting.story.when(sitting.convened(**(PERMANENT | changes)))
    attempt.refused(code) if code else attempt.accepted()


def test_a_permanent_session_gives_attendance_positions_and_an_end() -> None:
    """S6: each presence has its paper, over days; positions are told by seat; after its end nothing is voted."""
    sitting = Sitting().convene(**PERMANENT)
    story = sitting.story
    bare = Arrival(seat="obrero-1", designation=1, modality="remota")
    story.when(AttendanceRecorded(**sitting.place, arrivals=(bare,))).refused("evidence-required", seat="obrero-1")
    story.given(answered(sitting, *SEVEN[:4])).at("2026-01-30T09:00:00-06:00")
    story.given(answered(sitting, *SEVEN[4:]), sitting.quorum(7), sitting.opened(SECRETARY), sitting.taken_up())
    story.when(sitting.vote_opened(method="show-of-hands")).refused("positions-required")
    story.when(sitting.vote_opened(method="secret")).refused("positions-required")
    story.given(sitting.vote_opened(method="ballot"), sitting.ballot("obrero-1"))
    late = "2026-02-02T18:00:00-06:00"
    story.when(say(VoteAnnulled(**sitting.place, vote=1), at=late)).check()
    story.given(VoteAnnulled(**sitting.place, vote=1)).at(late)
    story.when(sitting.vote_opened(2)).refused("permanent-over")
    story.given(sitting.concluded(1, "deferred")).when(sitting.closed(1)).accepted()


def test_nobody_comes_to_a_permanent_session_after_its_end() -> None:
    """Before the opening its end is what 24 hours are to others."""
    sitting = Sitting().convene(**PERMANENT)
    assert sitting.state.day.isoformat() == DAY
    sitting.story.at("2026-02-02T18:00:00-06:00").when(answered(sitting, "obrero-1")).refused("not-its-day")
