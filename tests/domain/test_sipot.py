"""Quarterly formats of transparency obligations: filed once over, in order, by the Comité, over what was recorded."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.acts.body import BodyRegistered
from ledger.acts.disclosure import TransparencyFormatExported
from ledger.domain import sipot
from ledger.domain.sipot import FormatState, last_day
from tests.kit.openness import CTD, open_council
from tests.kit.story import Said, Story, say

ROOT = "1" * 64


def filed(story: Story, **changes: Any) -> Said:
    """Return the filing of the second quarter of 2026."""
    made: dict[str, Any] = {"body": CTD, "year": 2026, "quarter": 2, "form": "actas", "number": 1, "edition": "2026-1"}
    made |= {"on": "2026-07-01", "size": story.size, "sha256": ROOT, "rows": 3}
    return say(TransparencyFormatExported(**(made | changes)), at="2026-07-01T09:00:00-06:00")


def test_a_format_is_filed_when_its_quarter_is_over() -> None:
    """LGTAIP 58: by a Comité de Transparencia, stating a day behind the quarter, over what was recorded."""
    story = open_council()
    story.when(filed(story, body="hcd")).refused("not-transparency-committee")
    story.when(filed(story, body="nada")).refused("body-unknown")
    story.when(filed(story, on="2026-06-30")).refused("quarter-not-over")
    story.when(filed(story, on="2026-07-02")).refused("quarter-not-over")
    story.when(filed(story, quarter=3)).refused("quarter-not-over")
    story.when(filed(story, on="2026-06-31")).refused("impossible-date")
    story.when(filed(story, size=story.size + 1)).refused("not-yet-recorded")
    story.when(filed(story, size=0)).refused("not-yet-recorded")
    story.given(filed(story))
    state = story.state("sipot/ctd/2026/2/actas/1")
    assert isinstance(state, FormatState)
    assert (state.on, state.rows) == (date(2026, 7, 1), 3)


def test_corrections_follow_in_order() -> None:
    """A filing is never changed: the next number corrects it, and none is left out."""
    story = open_council()
    story.when(filed(story, number=2)).refused("number-gap")
    story.given(filed(story))
    story.when(filed(story)).refused("format-exported")
    story.given(filed(story, number=2))


@pytest.mark.parametrize(("quarter", "day"), [(1, "03-31"), (2, "06-30"), (3, "09-30"), (4, "12-31")])
def test_quarters_end(quarter: Any, day: str) -> None:
    """The last day of each quarter."""
    assert last_day(2026, quarter).isoformat() == f"2026-{day}"


def test_acts_of_other_streams_are_a_programming_error() -> None:
    """The aggregate takes only its own acts."""
    story = open_council()
    foreign = story.signed(BodyRegistered(body="x", body_kind="board"))
    with pytest.raises(TypeError):
        sipot.check(None, foreign, story.world)
    with pytest.raises(TypeError):
        sipot.evolve(None, foreign)
