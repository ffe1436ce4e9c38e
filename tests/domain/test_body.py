"""Bodies: versions of rules, seats from day to day, extinction (domain.md §3.1, B1 to B3)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger import profiles
from ledger.acts.body import (
    BodyExtinguished,
    BodyRegistered,
    BodyRenamed,
    BodyResumed,
    BodyRulesAdopted,
    BodySuspended,
    Rules,
    Seat,
    SeatsDefined,
    SeatsSuppressed,
)
from ledger.acts.trust import PersonRegistered
from ledger.domain import body
from ledger.domain.body import BodyState, rules_of
from ledger.domain.rules.soundness import check_rules_sound
from ledger.errors import RuleViolation
from tests.kit.story import Story, say

OFFICE = "designation/hcd/registrar/1"


def registered(name: str = "hcd", parent: str | None = None) -> BodyRegistered:
    """Return the registration of a council."""
    return BodyRegistered(body=name, body_kind="council", parent=parent)


def adopted(valid_from: str, profile: str = "GENERIC", **changed: Any) -> BodyRulesAdopted:
    """Return the adoption of a profile, with some rules changed."""
    rules = Rules.model_validate(profiles.load(profile).model_dump() | changed)
    return BodyRulesAdopted(body="hcd", profile=profile, rules=rules, valid_from=valid_from)


def defined(*names: str, valid_from: str = "2020-01-01", voting: bool = True) -> SeatsDefined:
    """Return the definition of seats."""
    seats = tuple(Seat(seat=name, sector="obrero", role="member", voting=voting) for name in names)
    return SeatsDefined(body="hcd", seats=seats, valid_from=valid_from)


def state_of(story: Story) -> BodyState:
    """Return the council's state."""
    state = story.state("body/hcd")
    assert isinstance(state, BodyState)
    return state


def seats_on(story: Story, day: str) -> list[str]:
    """Return the seats that exist on the day."""
    return [seat.seat for seat in state_of(story).seats_on(date.fromisoformat(day))]


def council() -> Story:
    """Return a story with the council registered, ruled and seated."""
    return Story().given(registered(), adopted("2020-01-01"), defined("obrero-1", "obrero-2"))


def test_a_body_is_registered_once() -> None:
    """The same id a second time is refused."""
    Story().given(registered()).when(registered()).refused("body-already-registered")


def test_a_parent_must_exist_and_live() -> None:
    """A committee hangs on a body that is there and not extinct."""
    story = Story().given(registered())
    story.when(registered("cpd", "nobody")).refused("body-unknown")
    story.given(registered("cpd", "hcd"), BodyExtinguished(body="hcd", extinct_on="2026-02-01"))
    story.when(registered("cid", "hcd")).refused("body-extinct")


@pytest.mark.parametrize(
    "act",
    [
        adopted("2020-01-01"),
        defined("obrero-1"),
        SeatsSuppressed(body="hcd", seats=("obrero-1",), valid_to="2026-01-01"),
        BodyExtinguished(body="hcd", extinct_on="2026-01-01"),
    ],
)
def test_an_unregistered_body_has_neither_rules_nor_seats(act: Any) -> None:
    """Everything but the registration needs the body."""
    Story().when(act).refused("body-unknown")
    with pytest.raises(RuleViolation, match="body-unknown"):
        Story().assume(act)


def test_rules_of_a_day_are_the_latest_valid_then() -> None:
    """B1: a version holds from its day until the next one's, and before the first there are none."""
    story = council().given(adopted("2026-06-01", "IMSS_HCT"))
    state = state_of(story)
    assert state.rules_on(date(2019, 12, 31)) is None
    for day, profile in [("2020-01-01", "GENERIC"), ("2026-05-31", "GENERIC"), ("2026-06-01", "IMSS_HCT")]:
        found = state.rules_on(date.fromisoformat(day))
        assert found is not None
        assert found.profile == profile
        assert rules_of(state, date.fromisoformat(day)) is found.rules
    with pytest.raises(RuleViolation, match="no-rules-in-force"):
        rules_of(state, date(2019, 12, 31))


def test_rules_follow_one_another() -> None:
    """B1: a version of the same day as the last, or of an earlier one, would change the past."""
    story = council()
    story.when(adopted("2020-01-01")).refused("rules-not-later")
    story.when(adopted("2019-01-01")).refused("rules-not-later")


def test_rules_do_not_reach_back_but_from_paper() -> None:
    """B1: a registrar adopts for today or later; founding officers may register older paper, with a remark."""
    story = council()
    story.when(adopted("2025-01-01"), office=OFFICE).refused("rules-retroactive")
    story.when(adopted("2026-01-28"), office=OFFICE).accepted()
    assert story.world.remarks == []
    remarked = council().given(adopted("2025-01-01")).world.remarks
    assert [code for code, _ in remarked] == ["rules-retroactive"]


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"quorum": {"share": {"n": 3, "d": 2}}}, "quorum"),
        ({"quorum": {"second_call": {"n": 3, "d": 2}}}, "second_call"),
        ({"majorities": {"simple": {"share": {"n": 3, "d": 2}}}}, "simple"),
        ({"majorities": {"simple": {"share": {"n": 1, "d": 1}}}}, "simple"),
        ({"majorities": {"simple": {"share": {"n": 0, "d": 1}, "at_least": True}}}, "simple"),
        ({"numbering": {"scheme": "ACDO"}}, "numbering.body_code"),
        ({"numbering": {"scheme": "TEMPLATE"}}, "numbering.template"),
        ({"numbering": {"scheme": "YEARLY", "template": "{number}"}}, "numbering.template"),
        ({"numbering": {"scheme": "TEMPLATE", "template": "SO/{year}"}}, "numbering.template"),
        ({"numbering": {"scheme": "TEMPLATE", "template": "{number}.{month}"}}, "numbering.template"),
        ({"numbering": {"scheme": "TEMPLATE", "template": "{code}-{number}"}}, "numbering.body_code"),
        ({"majority_for": {"removal": "qualified"}, "majorities": {"simple": {}}}, "majority_for"),
        ({"majority_for": {"whim": "simple"}}, "majority_for"),
        ({"reschedule_window": {"at_least": 6, "at_most": 5}}, "reschedule_window"),
    ],
)
def test_rules_under_which_nothing_could_be_decided_are_refused(changed: dict[str, Any], what: str) -> None:
    """A share above one, more than all, at least none, or a scheme without its code is no rule."""
    Story().given(registered()).when(adopted("2020-01-01", **changed)).refused("rules-unsound", what=what)


@pytest.mark.parametrize("name", profiles.names())
def test_every_shipped_profile_is_sound(name: str) -> None:
    """What we ship can be adopted."""
    check_rules_sound(profiles.load(name))
    Story().given(registered()).when(adopted("2020-01-01", name)).accepted()


def test_seats_exist_from_day_to_day() -> None:
    """A seat exists from its first day on and no more on the day of its suppression; the order stays."""
    story = council().given(
        defined("estado-1", valid_from="2024-01-01"),
        SeatsSuppressed(body="hcd", seats=("obrero-1",), valid_to="2025-01-01"),
        defined("comisario", valid_from="2024-01-01", voting=False),
    )
    assert seats_on(story, "2019-12-31") == []
    assert seats_on(story, "2023-12-31") == ["obrero-1", "obrero-2"]
    assert seats_on(story, "2024-12-31") == ["obrero-1", "obrero-2", "estado-1", "comisario"]
    assert seats_on(story, "2025-01-01") == ["obrero-2", "estado-1", "comisario"]
    voting = state_of(story).voting_seats_on(date(2025, 1, 1))
    assert [seat.seat for seat in voting] == ["obrero-2", "estado-1"]
    assert state_of(story).seat("obrero-1") is not None
    assert state_of(story).seat("patronal-1") is None


def test_a_seat_id_is_never_used_again() -> None:
    """B2: not while it exists, not after its suppression, not twice in one act."""
    story = council().given(SeatsSuppressed(body="hcd", seats=("obrero-1",), valid_to="2025-01-01"))
    story.when(defined("obrero-1", valid_from="2026-01-01")).refused("seat-used", seat="obrero-1")
    story.when(defined("obrero-2")).refused("seat-used", seat="obrero-2")
    story.when(defined("obrero-3", "obrero-3")).refused("seat-used", seat="obrero-3")


@pytest.mark.parametrize(
    ("seats", "valid_to", "code"),
    [
        (("patronal-9",), "2025-01-01", "seat-unknown"),
        (("obrero-1",), "2020-01-01", "dates-out-of-order"),
        (("obrero-1", "obrero-1"), "2025-01-01", "seat-suppressed"),
        (("obrero-2",), "2026-01-01", "seat-suppressed"),
        (("obrero-1",), "2025-02-30", "impossible-date"),
    ],
)
def test_unlawful_suppressions(seats: tuple[str, ...], valid_to: str, code: str) -> None:
    """A seat is suppressed once, on a day of the calendar after its first."""
    story = council().given(SeatsSuppressed(body="hcd", seats=("obrero-2",), valid_to="2025-01-01"))
    story.when(SeatsSuppressed(body="hcd", seats=seats, valid_to=valid_to)).refused(code)


def test_an_extinct_body_changes_no_more_and_stays_readable() -> None:
    """B3: neither rules nor seats nor a second extinction; its past composition is still told."""
    story = council()
    story.when(BodyExtinguished(body="hcd", extinct_on="2020-01-01")).refused("dates-out-of-order")
    story.given(BodyExtinguished(body="hcd", extinct_on="2026-03-01"))
    for act in (adopted("2026-02-01"), defined("obrero-3"), BodyExtinguished(body="hcd", extinct_on="2026-04-01")):
        story.when(act).refused("body-extinct")
    assert seats_on(story, "2026-02-28") == ["obrero-1", "obrero-2"]
    assert seats_on(story, "2026-03-01") == []
    with pytest.raises(RuleViolation, match="body-extinct"):
        rules_of(state_of(story), date(2026, 3, 1))


def test_a_body_without_rules_or_seats_may_end_any_day() -> None:
    """Nothing has begun that the end could precede."""
    Story().given(registered()).when(BodyExtinguished(body="hcd", extinct_on="1990-01-01")).accepted()


def test_b5_rename_keeps_identity() -> None:
    """B5: seats, rules and stream are those of the body whatever it is called; names follow one another by day."""
    story = council()
    before = state_of(story)
    story.given(BodyRenamed(body="hcd", effective_on="2022-08-31"))
    after = state_of(story)
    assert (after.body, after.seats, after.rules) == (before.body, before.seats, before.rules)
    assert after.renamed_on == date(2022, 8, 31)
    for day in ("2022-08-31", "2021-01-01"):
        story.when(BodyRenamed(body="hcd", effective_on=day)).refused("dates-out-of-order")
    story.when(BodyRenamed(body="hcd", effective_on="2023-02-30")).refused("impossible-date")
    story.when(BodyRenamed(body="hcd", effective_on="2024-01-01")).accepted()


def test_a_suspended_body_does_not_act_until_it_is_resumed() -> None:
    """Suspended from a day on, resumed from another; in between it has no rules to act by, before and after it has."""
    story = council()
    story.when(BodyResumed(body="hcd", resumed_on="2025-01-01")).refused("body-not-suspended")
    story.given(BodySuspended(body="hcd", suspended_on="2025-01-01"))
    story.when(BodySuspended(body="hcd", suspended_on="2025-02-01")).refused("body-suspended")
    story.when(BodyResumed(body="hcd", resumed_on="2025-01-01")).refused("dates-out-of-order")
    with pytest.raises(RuleViolation, match="body-suspended"):
        rules_of(state_of(story), date(2025, 6, 1))
    story.given(BodyResumed(body="hcd", resumed_on="2025-07-01"))
    for day in (date(2024, 12, 31), date(2025, 7, 1)):
        assert "simple" in rules_of(state_of(story), day).majorities
    story.when(BodyResumed(body="hcd", resumed_on="2025-08-01")).refused("body-not-suspended")
    story.when(BodySuspended(body="hcd", suspended_on="2025-07-01")).refused("dates-out-of-order")
    story.when(BodySuspended(body="hcd", suspended_on="2025-09-01")).accepted()


def test_days_already_asked_for_are_remembered_within_a_limit() -> None:
    """Asking for ever more days neither changes an answer nor grows without end."""
    state = state_of(council())
    first = state.seats_on(date(2024, 1, 1))
    assert state.seats_on(date(2024, 1, 1)) is first
    for ordinal in range(600):
        state.seats_on(date.fromordinal(date(2021, 1, 1).toordinal() + ordinal))
    assert len(state._on) <= 512
    assert state.seats_on(date(2024, 1, 1)) == first


def test_rules_are_counted_as_applied() -> None:
    """V10 can say which rules it applied."""
    assert set(council().world.rules) == {"bodies", "rules-versions"}


def test_an_act_of_another_kind_is_a_programming_error() -> None:
    """Only acts of bodies come here."""
    stray = Story().signed(say(PersonRegistered(person="p1")))
    with pytest.raises(TypeError, match="PersonRegistered"):
        body.check(None, stray, Story().world)
