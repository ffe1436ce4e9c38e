"""Interpretations of agreements: asked, drafted by one, issued by another, superseded; the text stays (B8)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.body import BodyRegistered
from ledger.acts.interpretation import (
    InterpretationDrafted,
    InterpretationIssued,
    InterpretationRequested,
    InterpretationSuperseded,
)
from ledger.domain import interpretation as aggregate
from ledger.domain.interpretation import InterpretationState
from ledger.errors import RuleViolation
from tests.kit.agreements import FIRST, OF_FIRST, agreement, resting, two_agreements
from tests.kit.council import SECRETARY, VICE_CHAIR
from tests.kit.story import Said, Story, say

if TYPE_CHECKING:
    from ledger.acts.base import Act


def by(act: Act, office: str = SECRETARY) -> Said:
    """Return the act by the secretary unless said otherwise."""
    return say(act, office=office)


def asked(n: int = 1, **changes: Any) -> Said:
    """Return a query."""
    made: dict[str, Any] = OF_FIRST | {"interpretation": n, "petitioner_kind": "unit", "about": "scope"} | changes
    return by(InterpretationRequested(**made))


def draft(n: int = 1) -> Said:
    """Return a project of answer."""
    return by(InterpretationDrafted(**OF_FIRST, interpretation=n))


def answer(story: Story, n: int = 1, office: str = VICE_CHAIR) -> Said:
    """Return the answer."""
    return resting(story, InterpretationIssued(**OF_FIRST, interpretation=n), FIRST, office=office)


def replaced(n: int, later: int) -> Said:
    """Return the superseding of one by another."""
    return by(InterpretationSuperseded(**OF_FIRST, interpretation=n, by=later))


def test_an_interpretation_never_edits_the_agreement() -> None:
    """Asked, drafted, issued: the agreement's own stream does not move."""
    story = two_agreements().story
    before = agreement(story)
    story.given(asked(resolution=2), draft(), draft())
    story.given(answer(story))
    state = story.state("interpretation/hcd/2026/1/1")
    assert isinstance(state, InterpretationState)
    assert (state.phase, state.drafter) == ("issued", SECRETARY)
    assert agreement(story) == before


def test_queries_are_numbered_and_about_what_exists() -> None:
    """By agreement from 1 without gaps, about a resolutivo that it has."""
    story = two_agreements().story
    story.when(asked(2)).refused("number-gap")
    story.when(asked(resolution=9)).refused("resolution-unknown")
    story.when(asked(number=7)).refused("agreement-unknown")
    story.given(asked())
    story.when(asked()).refused("interpretation-requested")
    story.given(asked(2))


def test_the_drafter_does_not_issue() -> None:
    """G3: another person validates the answer, resting on the agreement as it stands."""
    story = two_agreements().story
    story.when(draft()).refused("interpretation-unknown")
    story.given(asked())
    story.when(answer(story)).refused("interpretation-phase", phase="requested")
    story.given(draft())
    story.when(answer(story, office=SECRETARY)).refused("same-person")
    story.when(replace(answer(story), basis={})).refused("agreement-not-in-basis")
    story.when(replace(draft(), at="2026-01-01T10:00:00-06:00")).refused("back-dated")
    story.given(answer(story))


def test_only_a_later_one_supersedes() -> None:
    """A later, issued interpretation of the same agreement takes the place of an issued one; both stay."""
    story = two_agreements().story
    story.given(asked(), draft(), asked(2), draft(2))
    story.given(answer(story))
    story.when(replaced(1, 2)).refused("interpretation-not-later")
    story.given(answer(story, 2))
    story.when(replaced(2, 1)).refused("interpretation-not-later")
    story.when(replaced(1, 3)).refused("interpretation-not-later")
    story.given(replaced(1, 2))
    state = story.state("interpretation/hcd/2026/1/1")
    assert isinstance(state, InterpretationState)
    assert (state.phase, state.by) == ("superseded", 2)
    story.when(draft()).refused("interpretation-phase")


def test_other_acts_are_not_of_an_interpretation() -> None:
    """The aggregate takes no act of another kind, and nothing follows what does not stand."""
    story = two_agreements().story
    with pytest.raises(TypeError):
        aggregate.check(None, story.signed(BodyRegistered(body="x", body_kind="other")), story.world)
    with pytest.raises(RuleViolation, match="interpretation-unknown"):
        aggregate.evolve(None, story.signed(draft()))
