"""Units over time: one identity through every name, in a tree, each change by an act (domain.md §1 B11)."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.acts.trust import PersonRegistered
from ledger.acts.unit import UnitCreated, UnitReassigned, UnitRenamed, UnitSuppressed
from ledger.domain import unit as aggregate
from ledger.domain.rules.days import calendar_day
from ledger.domain.unit import UnitState, unit_on
from ledger.errors import RuleViolation
from ledger.ids import ZERO_HASH
from tests.kit.agreements import FIRST, resting, two_agreements
from tests.kit.story import Story


def units() -> Story:
    """Return a story with a tree of three units: dg over daed over dep."""
    return Story().given(
        UnitCreated(unit="dg", code="DG", effective_on="1966-01-01"),
        UnitCreated(unit="daed", code="DAED", parent="dg", effective_on="2001-01-01"),
        UnitCreated(unit="dep", code="DEP", parent="daed", effective_on="2001-01-01"),
    )


def unit(story: Story, name: str) -> UnitState:
    """Return a unit as it stands."""
    state = story.state(f"unit/{name}")
    assert isinstance(state, UnitState)
    return state


def test_a_unit_keeps_its_identity_through_names() -> None:
    """Renamed, re-attached and renamed again, it is the same unit with another code."""
    story = units().given(
        UnitRenamed(unit="daed", code="DOE", effective_on="2022-05-04"),
        UnitRenamed(unit="daed", effective_on="2022-05-04"),
        UnitReassigned(unit="dep", parent="dg", effective_on="2022-06-01"),
        UnitReassigned(unit="dep", effective_on="2022-06-02"),
    )
    assert (unit(story, "daed").code, unit(story, "daed").created_on.year) == ("DOE", 2001)
    assert unit(story, "dep").parent is None
    story.when(UnitCreated(unit="daed", code="X", effective_on="2023-01-01")).refused("unit-used")


def test_units_change_in_order_of_days() -> None:
    """A change does not take effect before the last one, and days exist; unknown units do not change."""
    story = units().given(UnitRenamed(unit="daed", effective_on="2022-05-04"))
    story.when(UnitRenamed(unit="daed", effective_on="2022-05-03")).refused("dates-out-of-order")
    story.when(UnitRenamed(unit="daed", effective_on="2022-02-30")).refused("impossible-date")
    story.when(UnitRenamed(unit="nada", effective_on="2022-05-04")).refused("unit-unknown")


def test_the_tree_of_units_has_no_cycle() -> None:
    """No unit stands under itself, near or far, nor under one that does not exist on the day."""
    story = units()
    on: dict[str, Any] = {"effective_on": "2022-01-01"}
    story.when(UnitReassigned(unit="dg", parent="dep", **on)).refused("unit-cycle")
    story.when(UnitReassigned(unit="dg", parent="dg", **on)).refused("unit-cycle")
    story.when(UnitCreated(unit="yo", code="YO", parent="yo", **on)).refused("unit-cycle")
    story.when(UnitReassigned(unit="dep", parent="nada", **on)).refused("unit-unknown")
    story.when(UnitCreated(unit="yo", code="YO", parent="daed", effective_on="1999-01-01")).refused("unit-unknown")


def test_a_tree_of_units_has_a_depth() -> None:
    """More levels than any institution has are refused, not walked."""
    story = Story().given(UnitCreated(unit="u0", code="U", effective_on="2020-01-01"))
    for n in range(1, aggregate.MAX_LEVELS):
        story.given(UnitCreated(unit=f"u{n}", code="U", parent=f"u{n - 1}", effective_on="2020-01-01"))
    deepest = UnitCreated(unit="hondo", code="U", parent=f"u{aggregate.MAX_LEVELS - 1}", effective_on="2020-01-01")
    story.when(deepest).refused("unit-cycle")


def test_a_suppressed_unit_is_no_more() -> None:
    """It takes no act, is no parent and answers for nothing from its day on; before it, it is still there."""
    story = units().given(
        UnitSuppressed(unit="dep", effective_on="2025-01-01", successor="daed"),
        UnitSuppressed(unit="daed", effective_on="2026-01-01"),
    )
    story.when(UnitRenamed(unit="dep", effective_on="2026-05-04")).refused("unit-suppressed")
    story.when(UnitCreated(unit="yo", code="YO", parent="dep", effective_on="2026-01-01")).refused("unit-suppressed")
    assert unit_on(story.world, "dep", calendar_day("2024-12-31")).suppressed_on is not None
    with pytest.raises(RuleViolation) as refusal:
        unit_on(story.world, "dep", calendar_day("2025-01-01"))
    assert refusal.value.code == "unit-suppressed"


def test_a_successor_is_another_unit_that_exists() -> None:
    """Functions pass to somebody."""
    story = units()
    story.when(UnitSuppressed(unit="dep", effective_on="2025-01-01", successor="nada")).refused("unit-unknown")
    story.when(UnitSuppressed(unit="dep", effective_on="2025-01-01", successor="dep")).refused("unit-cycle")


def test_a_structural_agreement_stands_in_the_basis() -> None:
    """A unit that is renamed by an agreement names one that applies, in its basis."""
    story = two_agreements().story
    renamed = UnitRenamed(unit="dpes", code="DPE", effective_on="2026-02-01", by=FIRST)
    story.when(renamed).refused("agreement-not-in-basis")
    story.when(
        renamed.model_copy(update={"by": "agreement/hcd/2026/9"}), basis={"agreement/hcd/2026/9": ZERO_HASH}
    ).refused("agreement-unknown")
    story.given(resting(story, renamed, FIRST))
    assert unit(story, "dpes").code == "DPE"


def test_the_aggregate_takes_its_own_acts() -> None:
    """Nothing evolves out of an empty stream but a creation, and no other act stands in the stream."""
    story = units()
    with pytest.raises(RuleViolation):
        aggregate.evolve(None, story.when(UnitRenamed(unit="dg", effective_on="2022-05-04")).signed)
    with pytest.raises(TypeError):
        aggregate.evolve(None, story.when(PersonRegistered(person="x")).signed)
