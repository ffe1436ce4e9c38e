"""The kit's story: acts chain, lawful ones are recorded, unlawful ones change nothing."""

from __future__ import annotations

import pytest

from ledger.acts.trust import PersonRegistered
from ledger.errors import RuleViolation
from tests.kit.story import Story, say


def test_story_records_and_refuses() -> None:
    """An accepted act leaves its state and moves the clock; a refused one leaves everything as it was."""
    story = Story("2026-01-28T10:00:00-06:00").given(PersonRegistered(person="p1"))
    assert story.now == "2026-01-28T10:01:00-06:00"
    assert story.state("person/p1").version == 1
    story.when(PersonRegistered(person="p1")).refused("person-already-registered", person="p1")
    assert story.size == 1


def test_given_lets_no_unlawful_history_pass() -> None:
    """A history that the rules refuse is a fault of the test and surfaces as the rule's violation."""
    story = Story().given(PersonRegistered(person="p1"))
    with pytest.raises(RuleViolation, match="person-already-registered"):
        story.given(say(PersonRegistered(person="p1"), at="2026-01-29T10:00:00-06:00"))
