"""Votes out of another source: tally, result and mandates follow from the marks (domain.md §3.5; format.md §3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ledger.acts.body import SeatsSuppressed
from ledger.acts.designation import DesignationEnded, DesignationImported, LeaveEnded, LeaveGranted
from ledger.acts.session import AgendaEntry, Arrival, SessionImported
from ledger.acts.trust import PersonRegistered
from ledger.acts.vote import (
    Holder,
    Marks,
    VoteImported,
)
from ledger.domain.designation import DesignationState
from tests.kit.council import SENT, VOTING, Sitting


def holders(*seats: str) -> tuple[Holder, ...]:
    """Return holders by designation 1, or as `seat/n` says."""
    named = (seat.partition("/") for seat in seats)
    return tuple(Holder(seat=seat, designation=int(number or 1)) for seat, _, number in named)


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


def test_d3_one_person_marked_in_two_seats_is_remarked() -> None:
    """D3 of imports: mandates stand as their source has them; that one person votes in two seats is told for ever."""
    sitting = imported_session()
    made = sitting.story.world.state("designation/hcd/obrero-2/1")
    other = sitting.story.world.state("designation/hcd/obrero-1/1")
    assert isinstance(made, DesignationState)
    assert isinstance(other, DesignationState)
    sitting.story.put("designation/hcd/obrero-2/1", replace(made, person=other.person))
    sitting.story.when(imported(sitting)).accepted()
    assert ("person-marked-twice", {"vote": f"{sitting.path}/1", "marks": 1}) in sitting.story.world.remarks


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
