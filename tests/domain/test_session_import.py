"""Sessions out of another source (domain.md §3.3; format.md §3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.acts.designation import DesignationEnded
from ledger.acts.session import (
    Arrival,
    SessionImported,
)
from tests.kit.council import (
    VOTING,
    Sitting,
    designated,
    founded,
)

if TYPE_CHECKING:
    from tests.kit.story import Story


def remarks(story: Story) -> list[str]:
    """Return the codes remarked so far."""
    return [code for code, _ in story.world.remarks]


# -- imports ---------------------------------------------------------------------------------------------------


def imported(sitting: Sitting, **changes: Any) -> SessionImported:
    """Return an imported session."""
    made: dict[str, Any] = {"held_on": "2025-06-04", "source_sha256": "0" * 64, "row": 7}
    return SessionImported(**sitting.place, **(made | changes))


def arrivals(*seats: str) -> tuple[Arrival, ...]:
    """Return arrivals by `seat` or `seat/n`."""
    named = (seat.partition("/") for seat in seats)
    return tuple(Arrival(seat=seat, designation=int(number or 1)) for seat, _, number in named)


def test_import_says_what_its_source_lacks() -> None:
    """Without attendance quorum is not checkable; notice never is; nothing is assumed."""
    sitting = Sitting(year=2025)
    sitting.story.when(imported(sitting)).accepted()
    assert sorted(sitting.story.world.lacking) == ["attendance", "notice", "quorum"]
    assert (sitting.state.phase, sitting.state.imported, sitting.state.source_has_attendance) == (
        "imported",
        True,
        False,
    )
    sitting.story.when(imported(sitting)).refused("session-already-convened")
    sitting.story.when(sitting.roll()).refused("session-phase")


def test_imported_attendance_is_one_holder_a_seat_in_force_on_the_day() -> None:
    """Attendance of a source is checked against seats and mandates of that day."""
    story = founded()
    story.given(designated("obrero-3", 2, capacity="suplente", person="estado-3.1"))
    story.given(
        DesignationEnded(body="hcd", seat="obrero-1", number=1, ended_at="2025-06-04T00:00:00-06:00", cause="resigned")
    )
    sitting = Sitting(story, year=2025)
    for seats, code in (
        (("cfe-1",), "seat-unknown"),
        (("estado-1", "estado-1"), "seat-twice"),
        (("estado-1/3",), "designation-unknown"),
        (("obrero-1",), "no-mandate"),
        (("estado-3", "obrero-3/2"), "person-twice"),
    ):
        story.when(imported(sitting, attendance=arrivals(*seats))).refused(code)
    story.when(imported(sitting, attendance=arrivals(*VOTING[:4]))).accepted()
    assert sitting.state.attended == set(VOTING[:4])
    assert story.world.lacking.count("quorum") == 1


def test_imported_session_without_quorum_is_a_discrepancy_of_its_source() -> None:
    """Where the source tells who was there and claims to tell all, a missing quorum is remarked, not refused."""
    for count, expected in ((6, ["no-quorum"]), (7, [])):
        sitting = Sitting(year=2025)
        act = imported(sitting, attendance=arrivals(*VOTING[:count]), has_quorum_data=True)
        sitting.story.when(act).accepted()
        assert remarks(sitting.story) == expected
        assert "quorum" not in sitting.story.world.lacking


def test_an_import_is_of_the_past_and_of_a_real_day() -> None:
    """The future is not imported, nor 31 February, nor a day of another year; a gap is remarked (decision 0003)."""
    sitting = Sitting(year=2025)
    story = sitting.story
    story.when(imported(sitting, held_on="2026-03-01")).refused("held-in-future")
    story.when(imported(sitting, held_on="2025-02-31")).refused("impossible-date")
    story.when(imported(sitting, held_on="2024-02-01")).refused("session-year")
    story.given(imported(Sitting(story, year=2025, number=2)))
    assert remarks(story) == ["number-gap"]
