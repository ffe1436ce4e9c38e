"""Columbus' council: consent agendas, votes with and without rolls, appointments that become designations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from api.importers.columbus import Counts, convert
from api.importers.columbus_appointments import Appointment, read_title
from tests.kit.shared import shared

if TYPE_CHECKING:
    from pathlib import Path

DATA = "data/columbus-council-2021-2025"
VOTED = date(2021, 3, 1)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (
            (
                "Appointment of Ada Roe, 4 Elm Avenue to serve on the Greater Hilltop Area Commission "
                "with a new term expiration date of December 31, 2023 (resume attached)."
            ),
            Appointment("Ada Roe", "Greater Hilltop Area Commission", None, date(2024, 1, 1), derived=False),
        ),
        (
            (
                "To re-appoint Bo Lee, Mayor, to serve on the 5th by Northwest Area Commission with a new term "
                "start date of 1/1/2022 and a term expiration date of 12/31/2024."
            ),
            Appointment(
                "Bo Lee", "5th by Northwest Area Commission", date(2022, 1, 1), date(2025, 1, 1), derived=False
            ),
        ),
        (
            (
                "Reappointment of Cy Poe, to serve as appointee on the OneOhio Region 1 Board of Governance, with "
                "new term expiration date of September 20th, 2020."
            ),
            Appointment("Cy Poe", "OneOhio Region 1 Board of Governance", None, None, derived=True),
        ),
        (
            "Appointment of Di Fox, MPA, to the Doula Advisory Board for a one year term, beginning May, 2022",
            Appointment("Di Fox", "Doula Advisory Board", None, None, derived=False),
        ),
        ("To repeal A0206-2021, and to remove Ed Gray from the Civilian Police Review Board", None),
        ("Ordinance 7", None),
    ],
)
def test_an_appointment_is_read_from_its_title(title: str, expected: Appointment | None) -> None:
    """Whom, to what, from when to when; what contradicts itself is left out and said; a removal appoints nobody."""
    assert read_title(title, VOTED) == expected


@pytest.mark.realdata
def test_the_whole_converts_to_the_published_counts(tmp_path: Path) -> None:
    """164 meetings, 24,863 items, 14,034 votes, 109,290 marks; 1,060 appointments, each one accounted for."""
    counts = convert(shared(DATA), tmp_path / "a")
    assert counts == Counts(
        sessions=164,
        items=24_863,
        consent=9_057,
        votes=14_034,
        marks=109_290,
        appointments=1_056,
        unvoted=3,
        removals=1,
    )
    assert counts.appointments + counts.unvoted + counts.removals == 1_060
