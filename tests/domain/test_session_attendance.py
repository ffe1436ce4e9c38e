"""Who sits in a session, and whether they are enough (domain.md §3.3 S1, S2, S5; §2.2 R6, R10)."""

from __future__ import annotations

import pytest

from ledger.acts.designation import DesignationEnded, DesignationImported, LeaveGranted
from ledger.acts.session import (
    QuorumNotReached,
)
from ledger.acts.trust import PersonRegistered
from ledger.domain.attendance import presiding
from ledger.domain.body import body_of
from ledger.domain.designation import holders_at
from ledger.domain.states import Present
from ledger.ids import parse_written
from tests.kit.council import DAY, NEXT_DAY, SENT, SEVEN, SIX, VOTING, Sitting, designated, founded, rules

# -- attendance ------------------------------------------------------------------------------------------------


def test_b4_chair_and_secretary_are_resolved_on_any_session_date() -> None:
    """B4: on whatever day a session is held, who presides and who certifies is who held the seat then, exactly one."""
    story = founded().given(PersonRegistered(person="secretaria.2"))
    changes = "2026-01-20T00:00:00-06:00"
    ended = DesignationEnded(body="hcd", seat="secretaria", number=1, ended_at=changes, cause="substituted")
    story.given(ended, designated("secretaria", 2, begins_at=changes))
    for at, number in (("2025-06-04T10:00:00-06:00", 1), ("2026-01-19T23:59:59-06:00", 1), (changes, 2)):
        instant = parse_written(at)
        assert [held.number for held in holders_at(story.world, "hcd", "secretaria", instant)] == [number]
        assert [held.number for held in holders_at(story.world, "hcd", "estado-1", instant)] == [1]
    sitting = Sitting(story).convene()
    story.given(sitting.roll())
    assert presiding(sitting.state, 1, body_of(story.world, "hcd")) == {"estado-1"}


def test_attendance_is_of_holders_in_force() -> None:
    """A designation that ended, that is on leave or that does not exist seats nobody; nor does an unknown seat."""
    sitting = Sitting()
    end = DesignationEnded(
        body="hcd", seat="obrero-1", number=1, ended_at="2026-01-28T00:00:00-06:00", cause="resigned"
    )
    leave = LeaveGranted(body="hcd", seat="obrero-3", number=1, begins_at="2026-01-01T00:00:00-06:00")
    sitting.story.given(end, leave)
    sitting.convene()
    for seat in ("obrero-1", "obrero-3", "obrero-4/2"):
        sitting.story.when(sitting.roll([seat])).refused("not-in-office")
    sitting.story.when(sitting.roll(["cfe-1"])).refused("seat-unknown")


def test_the_term_ends_with_its_last_instant() -> None:
    """A term until midnight of the day before seats nobody; one until the evening does."""
    sitting = Sitting()
    for seat, ends in (("invitada", f"{DAY}T00:00:00-06:00"), ("vigilancia", f"{DAY}T18:00:00-06:00")):
        sitting.story.given(DesignationEnded(body="hcd", seat=seat, number=1, ended_at=ends, cause="substituted"))
    sitting.convene()
    sitting.story.when(sitting.roll(["invitada"])).refused("not-in-office")
    sitting.story.when(sitting.roll(["vigilancia"])).accepted()


def test_suplente_while_propietario_present_refused() -> None:
    """R10: the suplente takes the seat only while the propietario is away, and gives it back."""
    sitting = Sitting().convene()
    story = sitting.story.given(sitting.roll(["obrero-2"]))
    story.when(sitting.roll(["obrero-2/2"])).refused("propietario-present", seat="obrero-2")
    story.when(sitting.roll(["obrero-2/2"], "obrero-2")).accepted()
    assert sitting.state.present["obrero-2"] == Present(2, "presencial")
    story.when(sitting.roll(["obrero-2"])).refused("seat-taken")
    story.when(sitting.roll(["obrero-2"], "obrero-2")).accepted()


def test_one_person_sits_in_one_seat() -> None:
    """A person designated to two seats attends in one of them."""
    story = founded()
    story.given(designated("obrero-3", 2, capacity="suplente", person="estado-3.1"))
    sitting = Sitting(story).convene()
    story.given(sitting.roll(["estado-3"]))
    story.when(sitting.roll(["obrero-3/2"])).refused("person-twice", other="estado-3")
    story.when(sitting.roll(["obrero-3/2"], "estado-3")).accepted()


def test_who_is_not_there_does_not_leave() -> None:
    """A departure needs a presence, and an act of attendance somebody who moves."""
    sitting = Sitting().convene()
    sitting.story.when(sitting.roll([], "obrero-1")).refused("not-present")
    sitting.story.when(sitting.roll([])).refused("nobody-moves")
    sitting.story.when(sitting.roll(["obrero-1", "obrero-1"])).refused("seat-taken")


def test_an_imported_mandate_seats_nobody_in_a_session_of_the_ledger() -> None:
    """What another source says grants no authority here."""
    story = founded().given(PersonRegistered(person="x"))
    story.given(
        DesignationImported(
            body="hcd",
            seat="obrero-1",
            number=2,
            person="x",
            capacity="suplente",
            begins_at="2020-01-01T00:00:00-06:00",
            source_sha256="0" * 64,
            row=1,
        )
    )
    sitting = Sitting(story).convene()
    story.when(sitting.roll(["obrero-1/2"])).refused("designation-imported")


def test_attendance_names_a_pending_item() -> None:
    """Who enters from an item on enters from one that is listed and not over."""
    sitting = Sitting().open(SEVEN)
    story = sitting.story.given(sitting.concluded(3, "withdrawn"))
    story.when(sitting.roll(["patronal-1"], item=9)).refused("item-unknown")
    story.when(sitting.roll(["patronal-1"], item=3)).refused("item-concluded")
    story.when(sitting.roll(["patronal-1"], item=2)).accepted()


def test_attended_remembers_who_left() -> None:
    """Whoever sat there at any time belongs into the acta."""
    sitting = Sitting().open(SEVEN)
    sitting.story.given(sitting.roll([], "estado-4"))
    assert "estado-4" in sitting.state.attended
    assert "estado-4" not in sitting.state.present


def test_wrong_time_zone_midnight_session_lands_in_the_right_day() -> None:
    """The legal day is the date as written: 23:30 in Mexico stays that day though it is the next in UTC."""
    sitting = Sitting().convene(begins_at=f"{DAY}T23:30:00-06:00")
    assert sitting.state.day.isoformat() == DAY
    sitting.story.given(sitting.roll(SEVEN), sitting.quorum(7))
    sitting.story.at("2026-01-29T00:10:00-06:00").when(sitting.opened()).accepted()


def test_a_session_is_held_on_its_day() -> None:
    """Nobody attends the day before, nor a day after the hour."""
    sitting = Sitting()
    sitting.story.given(sitting.convened())
    sitting.story.when(sitting.roll(), at="2026-01-27T10:00:00-06:00").refused("not-its-day")
    sitting.story.when(sitting.roll(), at=NEXT_DAY).refused("not-its-day")


def test_nothing_is_dated_before_what_the_stream_already_says() -> None:
    """G8: an act that occurred before its stream's last is refused."""
    sitting = Sitting().convene()
    sitting.story.given(sitting.roll(SEVEN))
    sitting.story.when(sitting.quorum(7), at=f"{DAY}T09:59:00-06:00").refused("back-dated")


# -- quorum ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("present", range(13))
def test_quorum_truth_table(present: int) -> None:
    """Of twelve seats seven make quorum; each declaration is accepted exactly where it is true."""
    sitting = Sitting().convene()
    if present:
        sitting.story.given(sitting.roll(VOTING[:present]))
    not_reached = QuorumNotReached(**sitting.place, present=present, base=12, required=7)
    yes, no = sitting.story.when(sitting.quorum(present)), sitting.story.when(not_reached)
    if present >= 7:
        no.refused("quorum-reached")
        yes.accepted()
    else:
        yes.refused("no-quorum", present=present, required=7)
        no.accepted()


@pytest.mark.parametrize(("present", "base", "required"), [(8, 12, 7), (7, 11, 7), (7, 12, 6)])
def test_declared_quorum_must_equal_the_computed(present: int, base: int, required: int) -> None:
    """Any number that does not follow from the attendance is refused."""
    sitting = Sitting().convene()
    sitting.story.given(sitting.roll(SEVEN))
    sitting.story.when(sitting.quorum(present, base, required)).refused("quorum-mismatch", present=7, base=12)


def test_guests_comisario_and_secretary_make_no_quorum() -> None:
    """V2: who has voice and no vote is not counted."""
    sitting = Sitting().convene()
    sitting.story.given(sitting.roll([*SIX, "secretaria", "vigilancia", "invitada"]))
    sitting.story.when(sitting.quorum(9)).refused("quorum-mismatch", present=6)
    sitting.story.when(sitting.quorum(6)).refused("no-quorum")


def test_no_opening_without_quorum_declared() -> None:
    """S1: quorum is declared first, and must still be there."""
    sitting = Sitting().convene()
    sitting.story.given(sitting.roll(SEVEN))
    sitting.story.when(sitting.opened()).refused("quorum-not-declared")
    sitting.story.given(sitting.quorum(7), sitting.roll([], "estado-4"))
    sitting.story.when(sitting.opened()).refused("no-quorum", present=6)
    sitting.story.given(sitting.roll(["patronal-4"]))
    sitting.story.when(sitting.opened()).accepted()


def test_quorum_may_be_declared_again() -> None:
    """A second roll call in an open session leaves it open."""
    sitting = Sitting().open(SEVEN)
    sitting.story.given(sitting.quorum(7))
    assert sitting.state.phase == "open"


def test_a_session_without_quorum_is_held_on_second_call_only() -> None:
    """After a first call without quorum the same session is convened again, as call 2, with nobody present yet."""
    sitting = Sitting()
    story = sitting.story
    story.when(sitting.convened(call=2)).refused("call-order")
    sitting.convene()
    story.given(sitting.roll(SIX), QuorumNotReached(**sitting.place, present=6, base=12, required=7))
    story.when(sitting.roll(["patronal-1"])).refused("session-phase")
    later = "2026-02-11T10:00:00-06:00"
    story.when(sitting.convened(call=1, begins_at=later)).refused("call-order")
    story.when(sitting.convened(call=2, begins_at=later), at=SENT).refused("back-dated")
    story.given(sitting.convened(call=2, begins_at=later)).at(later)
    assert (sitting.state.phase, sitting.state.call, dict(sitting.state.present)) == ("convened", 2, {})
    story.given(sitting.roll(SEVEN)).when(sitting.quorum(7)).accepted()


def test_second_call_quorum_where_the_rules_have_one() -> None:
    """R23: a share of its own on second call, off by default."""
    quorum = rules().quorum.model_dump() | {"second_call": {"n": 1, "d": 3}}
    sitting = Sitting(founded(rules(quorum=quorum))).convene()
    sitting.story.given(QuorumNotReached(**sitting.place, present=0, base=12, required=7))
    later = "2026-02-11T10:00:00-06:00"
    sitting.story.given(sitting.convened(call=2, begins_at=later)).at(later)
    sitting.story.given(sitting.roll(VOTING[:4])).when(sitting.quorum(4, 12, 4)).accepted()


def test_filled_seats_are_counted_where_the_rules_say_so() -> None:
    """Under FILLED_SEATS a vacant seat is not in the base, under SEATS it is."""
    quorum = rules().quorum.model_dump() | {"base": "FILLED_SEATS"}
    for by_rules, base, required in ((rules(quorum=quorum), 11, 6), (rules(), 12, 7)):
        sitting = Sitting(founded(by_rules))
        sitting.story.given(
            DesignationEnded(
                body="hcd", seat="patronal-4", number=1, ended_at="2026-01-01T00:00:00-06:00", cause="deceased"
            )
        )
        sitting.convene().story.given(sitting.roll(SEVEN))
        sitting.story.when(sitting.quorum(7, base, required)).accepted()


def test_federal_majority_where_the_rules_ask_for_it() -> None:
    """LFEP 20's second test: seven present of whom three are the State's are no quorum of such a body."""
    quorum = rules().quorum.model_dump() | {"federal_sector": "estado"}
    sitting = Sitting(founded(rules(quorum=quorum))).convene()
    sitting.story.given(sitting.roll(VOTING[1:8]))
    sitting.story.when(sitting.quorum(7)).refused("no-quorum")
    sitting.story.given(sitting.roll(["estado-1"], "obrero-1"))
    sitting.story.when(sitting.quorum(7)).accepted()
