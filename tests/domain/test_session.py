"""Sessions: numbers, notice, attendance, quorum (domain.md §3.3, §3.19)."""

from __future__ import annotations

import pytest

from ledger.acts.body import BodyExtinguished, BodyRulesAdopted, ConvenerRule
from ledger.acts.designation import DesignationEnded, DesignationImported, LeaveGranted
from ledger.acts.session import (
    AgendaEntry,
    QuorumNotReached,
    SessionCancelled,
)
from ledger.acts.trust import PersonRegistered, SeriesOpened
from ledger.domain import session
from ledger.domain.attendance import presiding
from ledger.domain.body import body_of
from ledger.domain.designation import holders_at
from ledger.domain.states import Present
from ledger.ids import parse_written
from tests.kit.agreements import resting
from tests.kit.council import (
    DAY,
    SECRETARY,
    SENT,
    VOTING,
    Sitting,
    designated,
    founded,
    rules,
)
from tests.kit.story import Story, say
from tests.kit.vetoes import voted

SEVEN, SIX = VOTING[:7], VOTING[:6]
NEXT_DAY = "2026-01-29T10:00:00-06:00"


def remarks(story: Story) -> list[str]:
    """Return the codes remarked so far."""
    return [code for code, _ in story.world.remarks]


# -- convening -------------------------------------------------------------------------------------------------


def test_a_convocation_lists_its_items_and_fixes_the_day() -> None:
    """The session's rules and seats are those of the legal day that the convocation names."""
    state = Sitting().convene(2).state
    assert (state.phase, state.day.isoformat(), sorted(state.items), state.call) == ("convened", DAY, [1, 2], 1)


def test_convener_allowed_r3() -> None:
    """R3: the chair convenes; another body only where the rules entitle it to that kind, by its approved vote."""
    vote = "vote/cvd/2026/ord/1/1"
    story = founded()
    first = Sitting(story)
    story.when(first.convened(decided_by=vote)).refused("convener-not-allowed", body="cvd")
    entitled = (ConvenerRule(kinds=("ordinary",)), ConvenerRule(kinds=("extraordinary",), body="cvd"))
    adopted = BodyRulesAdopted(body="hcd", profile="IMSS_AG", rules=rules(conveners=entitled), valid_from="2026-01-10")
    story.given(adopted)
    story.when(first.convened(session_kind="extraordinary")).refused("convener-not-allowed", body="")
    story.when(first.convened(decided_by=vote)).refused("convener-not-allowed", session_kind="ordinary")
    called = first.convened(decided_by=vote, session_kind="extraordinary")
    story.when(called).refused("vote-unknown")
    voted(story, "rejected", vote)
    story.when(resting(story, called, vote)).refused("vote-not-approved")
    voted(story, "approved", vote)
    story.when(called).refused("vote-not-in-basis")
    story.when(resting(story, called, vote)).accepted()


def test_session_number_gap_refused() -> None:
    """Session 2 is not convened before session 1 exists, whatever became of session 1."""
    story = founded()
    first, second = Sitting(story), Sitting(story, number=2)
    story.when(second.convened()).refused("number-gap")
    story.given(first.convened(), SessionCancelled(**first.place))
    story.when(second.convened()).accepted()


def test_year_rollover_resets_the_sequence_of_sessions() -> None:
    """Each year and series of a body begins at 1 again."""
    story = founded()
    story.given(Sitting(story).convened())
    Sitting(story, year=2027).convene(begins_at="2027-01-27T10:00:00-06:00")
    story.at(SENT).when(Sitting(story, series="ext").convened()).accepted()


def test_a_declared_series_begins_at_its_first_number() -> None:
    """A body whose paper numbering goes on opens its series at the next number."""
    story = founded().given(SeriesOpened(body="hcd", series="session.2026.ord", first=14))
    story.when(Sitting(story, number=1).convened()).refused("number-gap")
    story.when(Sitting(story, number=14).convened()).accepted()


def test_a_session_is_convened_once() -> None:
    """A second convocation of a session that was not declared without quorum is refused."""
    sitting = Sitting().convene()
    sitting.story.at(SENT).when(sitting.convened()).refused("session-already-convened")


def test_a_session_is_of_the_year_in_which_it_is_held() -> None:
    """The year of the name is the year of the day."""
    sitting = Sitting(year=2027)
    sitting.story.when(sitting.convened()).refused("session-year")


def test_items_are_numbered_from_one_without_gaps() -> None:
    """An agenda that skips or repeats a number is refused."""
    sitting = Sitting()
    for numbers in ((2,), (1, 3), (1, 1)):
        items = tuple(AgendaEntry(item=n, item_kind="decision") for n in numbers)
        sitting.story.when(sitting.convened(items=items)).refused("item-gap")


def test_nobody_convenes_for_the_past() -> None:
    """The hour of the session is not before the convocation."""
    sitting = Sitting()
    sitting.story.when(sitting.convened(), at=NEXT_DAY).refused("back-dated")


def test_extinct_body_accepts_no_sessions() -> None:
    """B3: a body that no longer exists on the day holds no session on it."""
    story = founded().given(BodyExtinguished(body="hcd", extinct_on="2026-01-28"))
    story.when(Sitting(story).convened()).refused("body-extinct")


def test_a_body_without_rules_convenes_nothing() -> None:
    """Before the first version of its rules a body decides nothing."""
    sitting = Sitting(year=2019)
    sitting.story.at("2019-01-01T09:00:00-06:00")
    sitting.story.when(sitting.convened(begins_at="2019-02-01T10:00:00-06:00")).refused("no-rules-in-force")


def test_short_notice_is_remarked_and_never_hidden() -> None:
    """S3: fewer than the five business days of the profile leave a remark with both numbers; enough leave none."""
    story = founded()
    story.given(Sitting(story).convened())
    assert remarks(story) == []
    story.at("2026-01-23T09:00:00-06:00").given(Sitting(story, series="ext").convened())
    assert story.world.remarks == [
        ("notice-short", {"session": "session/hcd/2026/ext/1", "days": 2, "required": 5}),
    ]
    free = founded(rules(notice_business_days=None))
    free.at("2026-01-28T09:00:00-06:00").given(Sitting(free).convened())
    assert remarks(free) == []
    assert "notice" not in free.world.rules


def test_dates_out_of_order_are_remarked_and_not_refused() -> None:
    """S4: the third extraordinary session may be held before the second (FIFOMI 2024)."""
    story = founded().given(Sitting(founded()).convened())
    story.given(Sitting(story, number=2).convened(begins_at="2026-01-27T10:00:00-06:00"))
    assert remarks(story) == ["session-dates-out-of-order"]


def test_a_session_that_was_not_convened_does_nothing() -> None:
    """Every other act needs the convocation."""
    sitting = Sitting()
    sitting.story.when(sitting.roll()).refused("session-unknown")


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


def test_an_act_of_another_kind_is_a_programming_error() -> None:
    """The registry never sends a person's registration here."""
    story = Story()
    signed = story.signed(PersonRegistered(person="p"))
    with pytest.raises(TypeError):
        session.check(None, signed, story.world)
    sitting = Sitting()
    with pytest.raises(Exception, match="session-unknown"):
        session.evolve(None, sitting.story.signed(say(sitting.roll(), office=SECRETARY)))
