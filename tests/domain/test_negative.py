"""Negative certificates: what a whole series does not hold, recomputed number by number (X4; domain.md §3.9, §3.19)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.agreement import AgreementImported
from ledger.acts.trust import SeriesOpened
from ledger.domain.agreement_state import AgreementState
from ledger.domain.negative import MAX_NUMBERS, Dated, matching
from ledger.domain.negative import _day as day_of
from ledger.ids import parse_written
from tests.domain.test_validity import modified
from tests.kit.agreements import FIRST, SECOND, adopted, assigned, council, two_agreements
from tests.kit.certified import AGREEMENT, compiled, issued, named, negative, recorded_story, requested, resolved
from tests.kit.council import DAY
from tests.kit.story import say

if TYPE_CHECKING:
    from ledger.acts.certification import Negative
    from tests.kit.story import Story

LISTED: dict[str, Any] = {"listed": (AGREEMENT,)}


@pytest.fixture
def story() -> Story:
    """A story with one agreement of 2026, adopted today, of a body whose secretary certifies directly."""
    return recorded_story()


def said(story: Story, **changes: Any) -> Any:
    """Return the attempt to certify a negative statement."""
    return story.when(issued(1, negatives=(negative(story, **changes),)))


def test_negative_certificate_names_body_period_series_and_checkpoint(story: Story) -> None:
    """No agreement of the series in the period other than the one listed; the certificate says under which root."""
    said(story).accepted()
    state = story.state("certification/hcd/2026/1")
    found: Negative = state.negatives[0]  # type: ignore[attr-defined]
    assert (found.prefix("hcd"), found.from_on, found.to_on) == ("agreement/hcd/2026", "2026-01-01", DAY)
    assert found.tree_size <= state.index
    assert len(found.root) == 64
    assert state.streams == {"agreement/hcd/2026"}  # type: ignore[attr-defined]


def test_nothing_on_record_in_a_period(story: Story) -> None:
    """In a period before the only agreement there is none, and an empty series holds nothing."""
    said(story, to_on="2026-01-27", listed=()).accepted()
    empty = negative(story, 0, year=2025, from_on="2025-01-01", to_on="2025-12-31")
    story.given(issued(2, negatives=(empty,)))


def test_negative_certificate_with_hole_in_index_refused(story: Story) -> None:
    """Where a number is missing nobody can say what the series does not hold."""
    first = story.state(AGREEMENT)
    assert isinstance(first, AgreementState)
    third = replace(first, number=3)
    story.put("agreement/hcd/2026/3", third)
    refused = {"listed": (AGREEMENT, "agreement/hcd/2026/3")}
    said(story, last=3, **refused).refused("negative-hole", stream="agreement/hcd/2026/2")
    said(story, first=2, last=1, listed=()).refused("negative-hole", stream="agreement/hcd/2026/1")
    story.world.voids.add("agreement/hcd/2026/2")
    said(
        story, last=3, **refused
    ).accepted()  # a void act used the number up: nothing came of it, and nothing is missing


def test_negative_certificate_that_leaves_something_out_refused(story: Story) -> None:
    """An agreement that exists and is not listed, or listed and not there, or beyond the last number."""
    said(story, listed=()).refused("negative-contradicted", stream=AGREEMENT)
    said(story, listed=(AGREEMENT, SECOND)).refused("negative-contradicted", stream=SECOND)
    said(story, listed=(AGREEMENT, AGREEMENT)).refused("negative-contradicted")
    said(story, last=0).refused("negative-incomplete", stream=AGREEMENT)
    said(story, last=2).refused("negative-hole", stream=SECOND)


def test_negative_certificate_looks_at_a_checkpoint_that_covers_all(story: Story) -> None:
    """A checkpoint of the future, or one before something of the series moved, is refused."""
    said(story, tree_size=story.size + 1).refused("negative-checkpoint")
    moved = story.state(AGREEMENT).index
    said(story, tree_size=moved).refused("negative-moved", stream=AGREEMENT)
    said(story, tree_size=moved + 1).accepted()


def test_a_period_ends_by_the_day_of_the_certificate(story: Story) -> None:
    """Tomorrow cannot be negated, nor a period backwards, nor a day that is none."""
    said(story, to_on="2026-01-29").refused("negative-range")
    said(story, from_on="2026-01-28", to_on="2026-01-27").refused("negative-range")
    said(story, from_on="2026-02-30").refused("impossible-date")


@pytest.mark.parametrize(
    "changes",
    [
        {"year": None},
        {"series": "ord"},
        {"object_kind": "designation", "series": "obrero-1"},
        {"object_kind": "session", "mark": "in-force", "series": "ord"},
        {"object_kind": "session", "series": None},
        {"object_kind": "request", "unit": "dir"},
    ],
)
def test_a_series_is_named_as_its_kind_is(story: Story, changes: dict[str, Any]) -> None:
    """Year and series stand where the kind has them; state and unit are asked only of what has one."""
    said(story, **changes).refused("negative-series")


def test_a_range_has_a_limit(story: Story) -> None:
    """More numbers than one check may read are split into several statements."""
    said(story, last=MAX_NUMBERS + 1, listed=()).refused("negative-too-wide")


def test_a_series_that_goes_on_from_paper_begins_where_it_was_opened(story: Story) -> None:
    """Of a series opened at 40 the numbers before are not missing."""
    year: dict[str, Any] = {"year": 2027, "from_on": "2026-01-01", "listed": ()}
    story.given(SeriesOpened(body="hcd", series="agreement.2027", first=40))
    said(story, last=39, first=40, **year).accepted()
    story.when(issued(2, negatives=(negative(story, 0, **year),))).refused("negative-hole")


def test_other_series_can_be_negated_too(story: Story) -> None:
    """Sessions by their day, designations to a seat by their beginning, certificates by issue, requests by receipt."""
    common: dict[str, Any] = {"from_on": "2019-01-01", "to_on": DAY}
    kinds: list[dict[str, Any]] = [
        {"object_kind": "session", "series": "ord", "listed": ("session/hcd/2026/ord/1",), "last": 1},
        {"object_kind": "designation", "year": None, "series": "vigilancia", "mark": "not-in-force", "last": 1},
        {"object_kind": "certification", "last": 0},
        {"object_kind": "request", "last": 0},
    ]
    negatives = tuple(negative(story, **({"listed": ()} | common | kind)) for kind in kinds)
    story.given(issued(1, negatives=negatives), requested())
    again = [{**kinds[2], "last": 1, "listed": ("certification/hcd/2026/1",)}]
    again.append({**kinds[3], "last": 1, "listed": ("request/hcd/2026/1",)})
    story.given(issued(2, negatives=tuple(negative(story, **(common | kind)) for kind in again)))
    assert isinstance(story.state("request/hcd/2026/1"), Dated)
    with pytest.raises(TypeError):
        day_of(story.state("body/hcd"))


def test_no_agreement_in_a_state(story: Story) -> None:
    """No agreement of the year is modified; once one is, that is not certified any more."""
    told = two_agreements().story.given(requested(), resolved())
    of_state: dict[str, Any] = {"last": 2, "mark": "modified", "listed": ()}
    told.given(compiled(negatives=(negative(told, **of_state),)))
    told.given(modified(told))
    told.when(compiled(negatives=(negative(told, **of_state),), draft=2)).refused("negative-contradicted", stream=FIRST)
    told.given(compiled(negatives=(negative(told, **(of_state | {"listed": (FIRST,)})),), draft=2))
    assert story.size


def test_no_agreement_that_a_unit_answers_for() -> None:
    """By the responsible units of resolutivos, which are public data; of an imported agreement too."""
    told = assigned(two_agreements().story).given(requested(), resolved())
    of_unit: dict[str, Any] = {"last": 2, "unit": "dpes", "listed": ()}
    told.given(compiled(negatives=(negative(told, **of_unit),)))
    of_dir = of_unit | {"unit": "dir"}
    told.when(compiled(negatives=(negative(told, **of_dir),), draft=2)).refused("negative-contradicted", stream=FIRST)
    told.given(compiled(negatives=(negative(told, **(of_dir | {"listed": (FIRST,)})),), draft=2))
    legacy = AgreementImported(
        body="hcd",
        year=2021,
        number=1,
        adopted_on="2021-06-02",
        identifier="1/2021",
        provenance="LEGACY_SCAN",
        source_sha256="a" * 64,
        row=1,
    )
    told.given(say(legacy))
    before: dict[str, Any] = {"year": 2021, "from_on": "2021-01-01", "last": 1, "unit": "dir", "listed": ()}
    told.given(compiled(negatives=(negative(told, **before),), draft=3))


def test_what_fits_is_found_for_whoever_composes() -> None:
    """The same walk gives the list that a statement is to carry."""
    sitting = council()
    told = sitting.story.given(adopted(sitting, 1), adopted(sitting, 2, ordinal=2))
    found = matching(negative(told, 2), "hcd", parse_written(told.now), told.world)
    assert found == (FIRST, SECOND)


def test_objects_and_negatives_go_together(story: Story) -> None:
    """One certificate says what there is and what there is not."""
    story.given(issued(1, named(story, AGREEMENT), negatives=(negative(story, to_on="2026-01-02", listed=()),)))
