"""What the board says of a resolutivo on a day, and whether an agreement holds on it: truth tables and rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast, get_args

import pytest

from ledger.acts.validity import AgreementAnnulled, AgreementReinstated, AgreementSuspended
from projections.queries.follow_up import Status, spans_of, status_on, validity_on
from projections.validity import RELATIONS, applied
from tests.kit.agreements import OF_FIRST, VETO, case, resting, two_agreements

if TYPE_CHECKING:
    from ledger.domain.validity import ValidityAct
    from projections.base import Row
    from tests.kit.story import Story

COURT = "veto/hcd/2026/2"


class Rows:
    """A page that only gathers what is put."""

    def __init__(self) -> None:
        self.made: list[Row] = []

    def put(self, table: Any, row: Row) -> None:
        """Gather a relation."""
        assert table is RELATIONS
        assert row.keys() == set(RELATIONS.columns)
        self.made.append(row)


def tell(story: Story, rows: Rows, row: Row, act: ValidityAct, stream: str) -> None:
    """Let a case's act change the story and the row."""
    attempt = story.when(resting(story, act, stream))
    attempt.accepted()
    applied(cast("Any", rows), row, attempt.signed, act)


def test_veto_suspends_then_reinstated_restores_overdue_clock() -> None:
    """A row's span opens with the first case and closes with the last; annulment ends the agreement that day."""
    story, rows = two_agreements().story, Rows()
    row: Row = {"validity": "in-force", "cases": [], "suspensions": [], "ended_on": None}
    for stream in (VETO, COURT):
        case(story, "suspended", stream=stream)
        tell(story, rows, row, AgreementSuspended(**OF_FIRST, case=stream, cause="veto"), stream)
    assert (row["validity"], row["cases"], len(row["suspensions"])) == ("suspended", [VETO, COURT], 1)
    story.at("2026-02-25T10:00:00-06:00")
    for stream, left in ((VETO, "suspended"), (COURT, "in-force")):
        case(story, "reinstated", stream=stream)
        tell(story, rows, row, AgreementReinstated(**OF_FIRST, case=stream), stream)
        assert row["validity"] == left
    assert spans_of(row) == [(date(2026, 1, 28), date(2026, 2, 25))]
    assert [validity_on(row, date(2026, 2, day)) for day in (24, 25)] == ["suspended", "in-force"]
    case(story, "suspended")
    tell(story, rows, row, AgreementSuspended(**OF_FIRST, case=VETO, cause="court"), VETO)
    assert validity_on(row, date(2027, 1, 1)) == "suspended"
    story.at("2026-03-02T10:00:00-06:00")
    case(story, "annulled")
    tell(story, rows, row, AgreementAnnulled(**OF_FIRST, case=VETO), VETO)
    assert [validity_on(row, date(2026, 3, day)) for day in (1, 2)] == ["suspended", "annulled"]
    assert [each["relation"] for each in rows.made] == [
        "suspends",
        "suspends",
        "reinstates",
        "reinstates",
        "suspends",
        "annuls",
    ]


@pytest.mark.parametrize(
    ("phase", "validity", "late", "modified", "status"),
    [
        ("assigned", "in-force", 0, False, "in-process"),
        ("rejected", "in-force", 0, False, "in-process"),
        ("partial", "in-force", 0, False, "partially-fulfilled"),
        ("partial", "in-force", 3, False, "overdue"),
        ("reported", "in-force", 3, True, "modified"),
        ("reported", "suspended", 3, True, "suspended"),
        ("reported", "revoked", 3, True, "without-effect"),
        ("assigned", "superseded", 0, False, "without-effect"),
        ("assigned", "annulled", 0, False, "without-effect"),
        ("fulfilled", "annulled", 0, False, "fulfilled"),
        ("unfulfillable", "in-force", 9, False, "unfulfillable"),
    ],
)
def test_four_axes_give_one_word(phase: str, validity: str, late: int, *, modified: bool, status: str) -> None:
    """Done stays done; then validity speaks before fulfilment, and lateness before progress."""
    assert status_on(phase, validity, late, modified=modified) == status
    assert status in get_args(Status)
