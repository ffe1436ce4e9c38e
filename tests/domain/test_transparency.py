"""Opening text to everybody, and destroying personal data, without the log losing anything."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.body import BodyRegistered
from ledger.acts.transparency import ErasedDisclosure, PersonalDataErased, TextPublished
from ledger.acts.trust import PersonRegistered
from ledger.domain import erasure, publication
from ledger.domain.erasure import ErasureState
from ledger.domain.publication import PublicationState
from tests.kit.council import founded

if TYPE_CHECKING:
    from tests.kit.story import Story


def published(story: Story, index: int = 0) -> PublicationState:
    """Return what of an act is open."""
    state = story.state(f"publication/{index}")
    assert isinstance(state, PublicationState)
    return state


def erased(*places: tuple[int, str], on: str = "2026-12-31", digests: tuple[str, ...] = ()) -> PersonalDataErased:
    """Return an erasure of disclosures, each with a digest of its own unless given."""
    made = digests or tuple(f"{n:043d}" for n in range(len(places)))
    disclosures = tuple(
        ErasedDisclosure(index=index, name=name, digest=digest)
        for (index, name), digest in zip(places, made, strict=True)
    )
    return PersonalDataErased(disclosures=disclosures, ground="data-subject-right", irrecoverable_on=on)


def test_text_is_opened_name_by_name_or_at_once() -> None:
    """What was opened stays open; naming nothing opens all, blocks included."""
    story = founded().given(TextPublished(index=0, names=("name",)), TextPublished(index=0, names=("source", "name")))
    state = published(story)
    assert state.names == {"name", "source"}
    assert not state.everything
    assert (state.opens("source"), state.opens("block/1")) == (True, False)
    story.given(TextPublished(index=0))
    assert published(story).opens("block/1")
    assert published(story).names == {"name", "source"}


def test_nothing_is_opened_twice() -> None:
    """An act that opens nothing new is refused."""
    story = founded().given(TextPublished(index=0, names=("name",)))
    story.when(TextPublished(index=0, names=("name",))).refused("already-published", index=0)
    story.given(TextPublished(index=0))
    story.when(TextPublished(index=0)).refused("already-published")
    story.when(TextPublished(index=0, names=("source",))).refused("already-published")


def test_only_what_is_recorded_is_opened() -> None:
    """An act at its own place or later does not exist yet; a name stands once."""
    story = founded()
    story.when(TextPublished(index=story.size)).refused("not-yet-recorded", index=story.size)
    story.when(TextPublished(index=0, names=("name", "name"))).refused("name-repeated")
    story.given(TextPublished(index=story.size - 1))


def test_an_erasure_says_what_when_and_why() -> None:
    """Its state keeps the digests, the ground and the day from which no copy is left."""
    story = founded().given(erased((0, "name"), (3, "name")))
    (stream,) = (name for name in story.world.states if name.startswith("erasure/"))
    state = story.state(stream)
    assert isinstance(state, ErasureState)
    assert (len(state.disclosures), state.ground) == (2, "data-subject-right")
    assert state.irrecoverable_on == date(2026, 12, 31)
    story.when(erased((0, "name"))).refused("already-erased", index=0)


def test_only_recorded_disclosures_are_erased_each_once() -> None:
    """A place or a digest named twice, and a place not recorded yet, are refused."""
    story = founded()
    story.when(erased((story.size, "name"))).refused("not-yet-recorded", index=story.size)
    story.when(erased((0, "name"), (0, "name"))).refused("disclosure-repeated")
    same = ("a" * 43, "a" * 43)
    story.when(erased((0, "name"), (1, "name"), digests=same)).refused("disclosure-repeated")


def test_copies_end_no_earlier_than_the_erasure() -> None:
    """The day is of the calendar and not before the act's own; the same day is possible."""
    story = founded().at("2026-01-28T10:00:00-06:00")
    story.when(erased((0, "name"), on="2026-01-27")).refused("irrecoverable-before-erasure")
    story.when(erased((0, "name"), on="2026-02-30")).refused("impossible-date")
    story.given(erased((0, "name"), on="2026-01-28"))


def test_erased_personal_datum_leaves_every_other_stream_as_it_was() -> None:
    """Erasing is an act of its own stream: no statement, version or state of what it erases changes."""
    story = founded().given(PersonRegistered(person="p-1"))
    before = dict(story.world.states)
    story.given(erased((story.size - 1, "name")))
    assert {name: state for name, state in story.world.states.items() if not name.startswith("erasure/")} == before


@pytest.mark.parametrize("module", [publication, erasure])
def test_acts_of_other_streams_are_a_programming_error(module: Any) -> None:
    """An aggregate takes only its own acts."""
    story = founded()
    foreign = story.signed(BodyRegistered(body="x", body_kind="board"))
    with pytest.raises(TypeError):
        module.check(None, foreign, story.world)
    with pytest.raises(TypeError):
        module.evolve(None, foreign)
