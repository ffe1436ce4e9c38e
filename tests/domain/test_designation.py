"""Who holds a seat, from when to when (domain.md §3.8, D1, D6)."""

from __future__ import annotations

from typing import Literal

import pytest

from ledger import profiles
from ledger.acts.body import BodyExtinguished, BodyRegistered, BodyRulesAdopted, Seat, SeatsDefined, SeatsSuppressed
from ledger.acts.designation import (
    DesignationEnded,
    DesignationImported,
    DesignationRegistered,
    LeaveEnded,
    LeaveGranted,
)
from ledger.acts.trust import PersonRegistered
from ledger.domain import designation
from ledger.domain.designation import DesignationState, holder_at, holders_at
from ledger.domain.trust import LedgerState
from ledger.errors import RuleViolation
from ledger.ids import parse_written
from tests.kit.story import Story, say

Capacity = Literal["propietario", "suplente"]
Cause = Literal["resigned", "substituted", "removed", "deceased", "extinct"]
SEAT = "obrero-2"


def made(
    number: int,
    begins: str,
    ends: str | None = None,
    capacity: Capacity = "propietario",
    *,
    person: str = "p1",
    seat: str = SEAT,
) -> DesignationRegistered:
    """Return a designation by the days of its term, at midnight of Mexico City."""
    return DesignationRegistered(
        body="hcd",
        seat=seat,
        number=number,
        person=person,
        capacity=capacity,
        begins_at=at(begins),
        ends_at=None if ends is None else at(ends),
    )


def at(day: str) -> str:
    """Return midnight of the day as signers write it."""
    return f"{day}T00:00:00-06:00"


def ended(number: int, day: str, cause: Cause = "resigned") -> DesignationEnded:
    """Return the end of a designation."""
    return DesignationEnded(body="hcd", seat=SEAT, number=number, ended_at=at(day), cause=cause)


def leave(number: int, day: str) -> LeaveGranted:
    """Return a leave from the day on."""
    return LeaveGranted(body="hcd", seat=SEAT, number=number, begins_at=at(day))


def back(number: int, day: str) -> LeaveEnded:
    """Return the return from leave."""
    return LeaveEnded(body="hcd", seat=SEAT, number=number, ends_at=at(day))


def council(profile: str = "GENERIC") -> Story:
    """Return a story with a council of two seats and four persons."""
    seats = tuple(Seat(seat=name, sector="obrero", role="member", voting=True) for name in ("obrero-1", SEAT))
    return Story().given(
        BodyRegistered(body="hcd", body_kind="council"),
        BodyRulesAdopted(body="hcd", profile=profile, rules=profiles.load(profile), valid_from="2010-01-01"),
        SeatsDefined(body="hcd", seats=seats, valid_from="2010-01-01"),
        *(PersonRegistered(person=person) for person in ("p1", "p2", "p3", "p4")),
    )


def state_of(story: Story, number: int = 1) -> DesignationState:
    """Return the state of a designation to the seat."""
    state = story.state(f"designation/hcd/{SEAT}/{number}")
    assert isinstance(state, DesignationState)
    return state


def holds(story: Story, number: int, day: str) -> bool:
    """Tell whether the designation holds the seat at midnight of the day."""
    try:
        return holder_at(story.world, "hcd", SEAT, number, parse_written(at(day))) == state_of(story, number)
    except RuleViolation as refusal:
        if refusal.code != "not-in-office":
            raise
        return False


def test_the_day_after_the_expiry_he_no_longer_holds_the_seat() -> None:
    """D6: the term is half-open; on its last day he holds the seat and at its end no more."""
    story = council().given(made(1, "2020-07-01", "2026-07-01"))
    assert not holds(story, 1, "2020-06-30")
    assert holds(story, 1, "2020-07-01")
    assert holds(story, 1, "2026-06-30")
    assert not holds(story, 1, "2026-07-01")
    assert state_of(story).next_change(parse_written(at("2021-01-01"))) == parse_written(at("2026-07-01"))


def test_one_propietario_at_any_instant() -> None:
    """D1: another term that shares an instant with his is refused, even the part before or after it."""
    story = council().given(made(1, "2020-01-01", "2026-01-01"))
    for begins, ends in [("2025-12-31", None), ("2019-01-01", "2020-01-02"), ("2021-01-01", "2022-01-01")]:
        story.when(made(2, begins, ends, person="p2")).refused("seat-occupied", designation=1)
    story.when(made(2, "2019-01-01", "2020-01-01", person="p2")).accepted()
    story.when(made(3, "2026-01-01", person="p3")).accepted()


def test_all_predecessors_are_looked_at() -> None:
    """D1: not only the last designation; an earlier number may reach further."""
    story = council().given(made(1, "2020-01-01"), made(2, "2020-01-01", "2021-01-01", "suplente", person="p2"))
    story.when(made(3, "2022-01-01", person="p3")).refused("seat-occupied", designation=1)


def test_a_propietario_and_a_suplente_stand_side_by_side() -> None:
    """D1: one of each; a second suplente is refused."""
    story = council().given(made(1, "2020-01-01"), made(2, "2020-01-01", None, "suplente", person="p2"))
    story.when(made(3, "2021-01-01", None, "suplente", person="p3")).refused("seat-occupied", designation=2)
    both = holders_at(story.world, "hcd", SEAT, parse_written(at("2021-01-01")))
    assert [state.capacity for state in both] == ["propietario", "suplente"]
    assert holders_at(story.world, "hcd", "obrero-1", parse_written(at("2021-01-01"))) == ()


def test_a_propietario_on_leave_still_holds_the_title() -> None:
    """D1: on leave he does not hold the seat, his suplente does, and nobody else becomes propietario."""
    story = council().given(
        made(1, "2020-01-01"), made(2, "2020-01-01", None, "suplente", person="p2"), leave(1, "2021-01-01")
    )
    assert not holds(story, 1, "2021-01-01")
    assert holds(story, 2, "2021-01-01")
    story.when(made(3, "2021-02-01", person="p3")).refused("seat-occupied", designation=1)
    story.given(back(1, "2021-06-01"))
    assert not holds(story, 1, "2021-05-31")
    assert holds(story, 1, "2021-06-01")


def test_a_term_ended_early_makes_room() -> None:
    """D1: the end by an act counts, not the end as once designated."""
    story = council().given(made(1, "2020-01-01", "2026-01-01"))
    story.when(made(2, "2022-01-01", person="p2")).refused("seat-occupied")
    story.given(ended(1, "2022-01-01"))
    story.when(made(2, "2021-12-31", person="p2")).refused("seat-occupied")
    story.when(made(2, "2022-01-01", person="p2")).accepted()
    assert state_of(story).cause == "resigned"


def test_an_imported_term_takes_the_seat_too() -> None:
    """D1 holds among imported mandates; they are marked as such."""
    imported = DesignationImported(
        body="hcd",
        seat=SEAT,
        number=1,
        person="p1",
        capacity="propietario",
        begins_at=at("2020-01-01"),
        source_sha256="0" * 64,
        row=7,
    )
    story = council().given(imported)
    assert state_of(story).imported
    story.when(made(2, "2021-01-01", person="p2")).refused("seat-occupied", designation=1)


def test_numbers_have_no_gaps() -> None:
    """The predecessor must exist, and the same number is not given twice."""
    story = council()
    story.when(made(2, "2020-01-01")).refused("number-gap")
    story.given(made(1, "2020-01-01", "2021-01-01"))
    story.when(made(1, "2021-01-01")).refused("designation-already-made")
    story.when(made(3, "2021-01-01")).refused("number-gap")


def test_the_seat_must_exist_on_that_day() -> None:
    """No designation to a seat that is not yet or no longer there, nor in a body that is gone."""
    story = council().given(SeatsSuppressed(body="hcd", seats=(SEAT,), valid_to="2024-01-01"))
    story.when(made(1, "2020-01-01", seat="patronal-1")).refused("seat-unknown")
    story.when(made(1, "2009-12-31")).refused("seat-unknown")
    story.when(made(1, "2024-01-01")).refused("seat-unknown")
    story.given(made(1, "2023-12-31"), BodyExtinguished(body="hcd", extinct_on="2026-02-01"))
    story.when(made(1, "2026-02-01", seat="obrero-1")).refused("body-extinct")
    with pytest.raises(RuleViolation, match="seat-unknown"):
        holder_at(story.world, "hcd", SEAT, 1, parse_written(at("2024-01-01")))
    Story().when(made(1, "2020-01-01")).refused("body-unknown")


def test_persons_are_registered_or_founding() -> None:
    """A designation names a person whom the ledger knows."""
    ledger = LedgerState(1, 0, "0" * 64, "o", "0" * 64, {"k": "founder-1"}, {}, "r", 1, simulated=False)
    story = council().put("ledger", ledger)
    story.when(made(1, "2020-01-01", person="nobody")).refused("person-unknown")
    story.when(made(1, "2020-01-01", person="founder-1")).accepted()


@pytest.mark.parametrize("ends", ["2020-01-01", "2019-01-01"])
def test_an_empty_term_is_refused(ends: str) -> None:
    """A term ends after it begins."""
    council().when(made(1, "2020-01-01", ends)).refused("dates-out-of-order")


def test_he_ends_once_and_within_his_term() -> None:
    """An end before the beginning or after the term's own end is refused, and after one nothing more comes."""
    story = council().given(made(1, "2020-01-01", "2026-01-01"))
    story.when(ended(1, "2019-12-31")).refused("dates-out-of-order")
    story.when(ended(1, "2026-01-02")).refused("outside-term")
    story.given(ended(1, "2020-01-01", "deceased"))
    for act in (ended(1, "2021-01-01"), leave(1, "2021-01-01"), back(1, "2021-01-01")):
        story.when(act).refused("already-ended")
    story.when(ended(2, "2021-01-01")).refused("designation-unknown")
    with pytest.raises(RuleViolation, match="designation-unknown"):
        story.assume(ended(2, "2021-01-01"))


def test_a_designation_undone_at_its_beginning_occupies_nothing() -> None:
    """D1: an empty span shares no instant with any other."""
    story = council().given(made(1, "2020-01-01"), ended(1, "2020-01-01"))
    story.when(made(2, "2019-01-01", person="p2")).accepted()


def test_leaves_lie_inside_the_term_and_follow_one_another() -> None:
    """A leave begins and ends inside the term; a second one begins after the first has ended."""
    story = council().given(made(1, "2020-01-01", "2026-01-01"))
    story.when(back(1, "2021-01-01")).refused("not-on-leave")
    for day in ("2019-12-31", "2026-01-01"):
        story.when(leave(1, day)).refused("outside-term")
    story.given(leave(1, "2021-01-01"))
    story.when(leave(1, "2022-01-01")).refused("already-on-leave")
    story.when(ended(1, "2020-12-31")).refused("dates-out-of-order")
    story.when(back(1, "2021-01-01")).refused("dates-out-of-order")
    story.when(back(1, "2026-01-01")).refused("outside-term")
    story.given(back(1, "2021-06-01"))
    story.when(back(1, "2021-07-01")).refused("not-on-leave")
    story.when(leave(1, "2021-05-31")).refused("dates-out-of-order")
    story.given(leave(1, "2021-06-01"))
    assert len(state_of(story).leaves) == 2


def test_holdover_only_where_the_rules_say_so() -> None:
    """D6: where holders continue until replaced a term that ran out counts until the successor begins."""
    for profile, expected in [("GENERIC", False), ("PARTY_COMMISSION", True)]:
        story = council(profile).given(made(1, "2020-01-01", "2023-01-01"))
        assert holds(story, 1, "2024-01-01") is expected
    story = council("PARTY_COMMISSION").given(
        made(1, "2020-01-01", "2023-01-01"),
        made(2, "2020-01-01", None, "suplente", person="p2"),
        made(3, "2024-06-01", person="p3"),
    )
    assert holds(story, 1, "2024-05-31")
    assert not holds(story, 1, "2024-06-01")
    assert holds(story, 3, "2024-06-01")


def test_holdover_ends_by_resignation_and_rests_on_leave() -> None:
    """D6: who holds over may still resign, and from then on, or on leave, he does not hold the seat."""
    story = council("PARTY_COMMISSION").given(made(1, "2020-01-01", "2023-01-01"), ended(1, "2024-01-01"))
    assert holds(story, 1, "2023-12-31")
    assert not holds(story, 1, "2024-01-01")
    away = council("PARTY_COMMISSION").given(made(1, "2020-01-01", "2023-01-01"), leave(1, "2022-06-01"))
    assert not holds(away, 1, "2024-01-01")


def test_no_holdover_before_the_body_has_rules() -> None:
    """D6: without rules in force on the day nothing lets a term go on."""
    story = Story().given(
        BodyRegistered(body="hcd", body_kind="council"),
        SeatsDefined(
            body="hcd", seats=(Seat(seat=SEAT, sector="o", role="member", voting=True),), valid_from="2010-01-01"
        ),
        PersonRegistered(person="p1"),
        made(1, "2020-01-01", "2023-01-01"),
    )
    assert not holds(story, 1, "2024-01-01")


def test_a_designation_that_is_not_there_holds_nothing() -> None:
    """Naming a number that was never given is refused like an expired one."""
    with pytest.raises(RuleViolation, match="not-in-office"):
        holder_at(council().world, "hcd", SEAT, 9, parse_written(at("2024-01-01")))


def test_an_act_of_another_kind_is_a_programming_error() -> None:
    """Only acts of designations come here."""
    stray = Story().signed(say(PersonRegistered(person="p1")))
    with pytest.raises(TypeError, match="PersonRegistered"):
        designation.check(None, stray, Story().world)


def test_nobody_holds_two_voting_seats_of_one_body() -> None:
    """D3: refused at the designation, while terms share an instant; a suplencia or a seat without vote is none."""
    story = council().given(made(1, "2026-01-01", "2027-01-01"))
    story.when(made(1, "2026-06-01", seat="obrero-1")).refused("person-seated", seat=SEAT, designation=1)
    story.when(made(1, "2026-06-01", "2026-12-01", seat="obrero-1")).refused("person-seated")
    story.when(made(1, "2026-06-01", seat="obrero-1", capacity="suplente")).accepted()
    story.when(made(2, "2027-01-01", seat="obrero-1")).accepted()
    guest = SeatsDefined(
        body="hcd", seats=(Seat(seat="oyente", sector="obrero", role="guest", voting=False),), valid_from="2010-01-01"
    )
    story.given(guest).when(made(1, "2026-06-01", seat="oyente")).accepted()


def test_a_seat_that_was_suppressed_before_is_no_second_seat() -> None:
    """Who sat in a seat that no longer exists may be designated to another."""
    story = council().given(made(1, "2020-01-01"), SeatsSuppressed(body="hcd", seats=(SEAT,), valid_to="2025-01-01"))
    story.when(made(1, "2026-01-01", seat="obrero-1")).accepted()


def test_a_void_designation_hides_no_later_holder() -> None:
    """Its number is used up, so that counting goes on behind it; suplentes of other seats are no titles."""
    story = council()
    story.world.voids.add(f"designation/hcd/{SEAT}/1")
    story.given(made(1, "2026-01-01", seat="obrero-1", capacity="suplente", person="p2"))
    story.when(made(2, "2026-01-01", person="p2")).accepted()
    holders = holders_at(story.world, "hcd", SEAT, parse_written(at("2026-06-01")))
    assert [holder.number for holder in holders] == [2]
