"""Periodic reports: bound to an index and a hash, authorised level by level, noted in a session (B5, B6, E7)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.body import BodyRegistered
from ledger.acts.report import PeriodicReportAuthorized, PeriodicReportPrepared, ReportPresented
from ledger.domain import report as aggregate
from ledger.domain.report import ReportState
from ledger.domain.states import ItemState
from ledger.errors import RuleViolation
from tests.kit.agreements import resting
from tests.kit.council import CHAIR, SECRETARY, VICE_CHAIR
from tests.kit.story import Said, Story, say
from tests.kit.vetoes import SESSION, council_under_assembly, in_session

if TYPE_CHECKING:
    from ledger.acts.base import Act

OF: dict[str, Any] = {"body": "agd", "report_kind": "functioning", "period": "2026-c1", "number": 1}
CONTENT = "ef" * 32
NOTED = {1: ItemState("information", "noted"), 2: ItemState("information")}


def by(act: Act, office: str = SECRETARY) -> Said:
    """Return the act by the council's secretary unless said otherwise."""
    return say(act, office=office)


def prepared(**changes: Any) -> Said:
    """Return a prepared report that two others must authorise."""
    return by(PeriodicReportPrepared(**(OF | {"as_of": 5, "content_sha256": CONTENT, "levels": 2} | changes)))


def authorised(level: int, office: str, **changes: Any) -> Said:
    """Return the authorisation of a level."""
    made = OF | {"as_of": 5, "content_sha256": CONTENT, "level": level} | changes
    return by(PeriodicReportAuthorized(**made), office)


def presented(story: Story, session: str = SESSION, item: int = 1) -> Said:
    """Return that a session took note of it."""
    return resting(story, ReportPresented(**OF, session=session, item=item), session)


def ready() -> Story:
    """Return a story in which the assembly has noted an item."""
    return in_session(council_under_assembly(), items=NOTED).at("2026-02-04T12:00:00-06:00")


def test_a_report_binds_a_past_index() -> None:
    """It is of a body that exists, numbered by period, as of an entry that stands before it."""
    story = ready()
    story.when(prepared(as_of=story.size)).refused("as-of-later")
    story.when(prepared(number=2)).refused("number-gap")
    story.when(prepared(body="nadie")).refused("body-unknown")
    story.given(prepared())
    story.when(prepared()).refused("already-prepared")
    state = story.state("report/agd/functioning/2026-c1/1")
    assert isinstance(state, ReportState)
    assert (state.as_of, state.content, state.authorised) == (5, CONTENT, False)


def test_each_level_is_another_person_and_the_same_content() -> None:
    """E7: levels in order, nobody twice, what one authorises is what was prepared."""
    story = ready()
    story.when(authorised(1, CHAIR)).refused("report-unknown")
    story.given(prepared())
    story.when(authorised(1, SECRETARY)).refused("same-person")
    story.when(authorised(2, CHAIR)).refused("level-gap", expected=1)
    story.when(authorised(1, CHAIR, content_sha256="ab" * 32)).refused("report-content")
    story.when(authorised(1, CHAIR, as_of=4)).refused("report-content")
    story.when(replace(authorised(1, CHAIR), at="2026-02-01T09:00:00-06:00")).refused("back-dated")
    story.given(authorised(1, CHAIR))
    story.when(authorised(2, CHAIR)).refused("same-person")
    story.when(presented(story)).refused("report-not-authorised", levels=2)
    story.given(authorised(2, VICE_CHAIR))
    story.when(authorised(3, "designation/hcd/estado-3/1")).refused("already-authorised")


def test_a_report_is_presented_as_a_noted_item() -> None:
    """In a session of the body or of one above, in basis, as an item that ended as noted; once a session."""
    story = ready()
    story.given(prepared(levels=1), authorised(1, CHAIR))
    story.when(presented(story, "session/hcd/2026/ord/1")).refused("not-superior")
    for missing in ("session/agd/2026/ext/9", "body/agd"):
        act = ReportPresented(**OF, session=missing, item=1)
        story.when(by(act)).refused("session-unknown")
    story.when(replace(presented(story), basis={})).refused("session-not-in-basis")
    story.when(presented(story, item=9)).refused("item-unknown")
    story.when(presented(story, item=2)).refused("item-not-noted")
    story.given(presented(story))
    story.when(presented(story)).refused("already-presented")


def test_other_acts_are_not_of_a_report() -> None:
    """The aggregate takes no act of another kind, and nothing follows what does not stand."""
    story = ready()
    with pytest.raises(TypeError):
        aggregate.check(None, story.signed(BodyRegistered(body="x", body_kind="other")), story.world)
    with pytest.raises(RuleViolation, match="report-unknown"):
        aggregate.evolve(None, story.signed(authorised(1, CHAIR)))
