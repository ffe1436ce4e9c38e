"""The proof of a convocation: receipts, acknowledgements, rectifications, waivers (domain.md §3.3, R4, R5, S3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.body import BodyRegistered
from ledger.acts.convocation import (
    ConvocationAcknowledged,
    ConvocationDelivered,
    ConvocationRectified,
    DefectAcknowledged,
    Receipt,
)
from ledger.acts.session import AgendaEntry, QuorumNotReached
from ledger.domain import delivery
from ledger.profiles import holidays
from tests.kit.council import BEGINS, SECRETARY, SENT, VOTING, Sitting, founded, rules
from tests.kit.story import Said, Story, say

if TYPE_CHECKING:
    from ledger.domain.delivery import DeliveryState

ADDRESSEES = (*VOTING, "vigilancia")
NOON = "2026-01-14T12:00:00-06:00"
IN_TIME = "2026-01-20T18:00:00-06:00"
LATE = "2026-01-21T09:00:00-06:00"
NEXT = "2026-02-11T10:00:00-06:00"


def strict(**changes: Any) -> Sitting:
    """Return a session of the council under the rules as the profile has them: receipt, waiver, calendar, window."""
    asked: dict[str, Any] = {
        "notice_breach": "WAIVER",
        "holiday_calendar": "mx-federal",
        "reschedule_window": {"at_least": 5, "at_most": 15},
    }
    story = founded(rules(**(asked | changes))).given(holidays.edition("mx-federal", 2026, 2026))
    return Sitting(story)


def delivered(sitting: Sitting, received_at: str = IN_TIME, *seats: str, **how: Any) -> Said:
    """Return the secretary's word that seats, all addressees unless named, received the present convocation."""
    receipts = tuple(
        Receipt(seat=seat, designation=1, received_at=received_at, channel="e-mail") for seat in seats or ADDRESSEES
    )
    act = ConvocationDelivered(
        **sitting.place, convocation=how.get("convocation", sitting.state.convocation), receipts=receipts
    )
    return say(act, office=SECRETARY, at=how.get("at", received_at))


def acknowledged(sitting: Sitting, seat: str, received_at: str, at: str | None = None) -> Said:
    """Return a member's own acknowledgement."""
    act = ConvocationAcknowledged(
        **sitting.place, convocation=sitting.state.convocation, seat=seat, received_at=received_at
    )
    return say(act, office=f"designation/hcd/{seat}/1", at=at or received_at)


def waived(sitting: Sitting, *seats: str, **changes: Any) -> DefectAcknowledged:
    """Return a waiver of the notice by seats."""
    made = {"convocation": sitting.state.convocation, "defect": "notice", "waived_by": seats} | changes
    return DefectAcknowledged(**sitting.place, **made)


def rectified(sitting: Sitting, listed: int = 3, **changes: Any) -> ConvocationRectified:
    """Return a rectified convocation."""
    items = tuple(AgendaEntry(item=n, item_kind="decision") for n in range(1, listed + 1))
    made: dict[str, Any] = {
        "rectifies": sitting.state.convocation,
        "begins_at": BEGINS,
        "modality": "presencial",
        "items": items,
    }
    return ConvocationRectified(**sitting.place, **(made | changes))


def proof(sitting: Sitting) -> DeliveryState:
    """Return the proof as it stands."""
    state = sitting.story.state(f"delivery/{sitting.path}")
    assert isinstance(state, delivery.DeliveryState)
    return state


def ready(sitting: Sitting, *present: str) -> Sitting:
    """Take the roll and declare quorum on the day."""
    names = present or VOTING
    sitting.story.at(BEGINS).given(sitting.roll(names), sitting.quorum(len(names)))
    return sitting


# -- notice on receipt -----------------------------------------------------------------------------------------


def test_a_session_opens_where_all_members_had_notice() -> None:
    """Five business days between the last receipt and the session: the comisario, too, had it."""
    sitting = strict()
    sitting.story.given(sitting.convened()).given(delivered(sitting))
    ready(sitting).story.when(sitting.opened()).accepted()
    assert sitting.story.world.rules["notice-on-receipt"] == 1
    assert not sitting.story.world.remarks


@pytest.mark.parametrize("seat", ["obrero-4", "vigilancia"])
def test_notice_is_measured_on_receipt_not_on_sending(seat: str) -> None:
    """Sent in time and received by one, even by the comisario, a day too late: the session does not open (S3)."""
    sitting = strict()
    others = [each for each in ADDRESSEES if each != seat]
    sitting.story.given(sitting.convened()).given(delivered(sitting, IN_TIME, *others), delivered(sitting, LATE, seat))
    ready(sitting).story.when(sitting.opened()).refused("notice-short", seat=seat, required=5)


def test_without_proof_of_receipt_a_session_does_not_open() -> None:
    """What nobody is proved to have received gives no notice."""
    sitting = strict()
    sitting.story.given(sitting.convened())
    ready(sitting).story.when(sitting.opened()).refused("notice-short", seat="estado-1")


def test_a_vacant_seat_is_no_addressee_and_a_guest_neither() -> None:
    """`obrero-2` had it through his suplente's designation; the secretary and the guest need none."""
    sitting = strict()
    others = [each for each in ADDRESSEES if each != "obrero-2"]
    by_suplente = Receipt(seat="obrero-2", designation=2, received_at=IN_TIME, channel="courier")
    act = ConvocationDelivered(**sitting.place, convocation="ab" * 32, receipts=(by_suplente,))
    sitting.story.given(sitting.convened()).given(delivered(sitting, IN_TIME, *others))
    act = act.model_copy(update={"convocation": sitting.state.convocation})
    sitting.story.given(say(act, at=IN_TIME))
    ready(sitting).story.when(sitting.opened()).accepted()


def test_a_holiday_between_shortens_the_notice() -> None:
    """The same days are enough where the body follows no calendar, and too few where a holiday lies among them."""
    begins, received = "2026-02-09T10:00:00-06:00", "2026-01-30T09:00:00-06:00"  # 2 February is a holiday
    for calendar, enough in ((None, True), ("mx-federal", False)):
        sitting = strict(holiday_calendar=calendar, notice_business_days=5)
        sitting.story.given(sitting.convened(begins_at=begins)).given(delivered(sitting, received))
        sitting.story.at(begins).given(sitting.roll(), sitting.quorum())
        outcome = sitting.story.when(sitting.opened())
        outcome.accepted() if enough else outcome.refused("notice-short")


def test_a_member_acknowledges_in_his_own_voice() -> None:
    """His own word is a receipt; the first of several counts, whoever tells of it."""
    sitting = strict()
    others = [each for each in ADDRESSEES if each != "obrero-1"]
    sitting.story.given(sitting.convened()).given(delivered(sitting, IN_TIME, *others))
    sitting.story.given(acknowledged(sitting, "obrero-1", IN_TIME), delivered(sitting, LATE, "obrero-1", "obrero-3"))
    assert {str(day) for day in proof(sitting).received_on.values()} == {"2026-01-20"}
    ready(sitting).story.when(sitting.opened()).accepted()


def test_receipts_out_of_time_or_place_are_refused() -> None:
    """Before the sending, in the future, twice, by who holds no such seat, of another convocation, too late told."""
    sitting = strict()
    story = sitting.story
    act = ConvocationDelivered(
        **sitting.place,
        convocation="ab" * 32,
        receipts=(Receipt(seat="obrero-1", designation=1, received_at=NOON, channel="portal"),),
    )
    story.when(say(act)).refused("session-unknown")
    story.given(sitting.convened())
    story.when(delivered(sitting, NOON, convocation="ab" * 32)).refused("convocation-superseded")
    story.when(delivered(sitting, SENT, at=NOON)).refused("received-before-sent")
    story.when(delivered(sitting, IN_TIME, at=NOON)).refused("received-in-future")
    story.when(delivered(sitting, NOON, "obrero-1", "obrero-1")).refused("seat-twice")
    story.when(delivered(sitting, NOON, "nadie")).refused("seat-unknown")
    story.when(acknowledged(sitting, "obrero-1", IN_TIME, at=NOON)).refused("received-in-future")
    story.when(delivered(sitting, SENT, at=SENT)).refused("back-dated")
    story.given(delivered(sitting, IN_TIME))
    story.when(acknowledged(sitting, "obrero-1", NOON, at=NOON)).refused("back-dated")
    ready(sitting).story.given(waived(sitting, *VOTING), sitting.opened())
    story.when(delivered(sitting, BEGINS, "obrero-1")).refused("session-phase")


# -- a breach is waived or blocks ------------------------------------------------------------------------------


def test_a_short_notice_is_waived_by_all_present() -> None:
    """S3: eleven of twelve are there and agree; it is told, never hidden."""
    sitting = strict()
    sitting.story.given(sitting.convened()).given(delivered(sitting, LATE))
    here = VOTING[:11]
    ready(sitting, *here).story.given(waived(sitting, *here))
    sitting.story.when(sitting.opened()).accepted()
    assert [code for code, _ in sitting.story.world.remarks] == ["notice-waived"]


def test_a_waiver_is_of_all_present_and_of_nobody_else() -> None:
    """Neither of some of those present, nor of who is absent; who comes later has not waived."""
    sitting = strict()
    sitting.story.given(sitting.convened()).given(delivered(sitting, LATE))
    here = VOTING[:8]
    story = ready(sitting, *here).story
    story.when(waived(sitting, *here[:7])).refused("waiver-incomplete", seat=here[7])
    story.when(waived(sitting, *here, "patronal-4")).refused("not-present", seat="patronal-4")
    story.given(waived(sitting, *here), sitting.roll(["patronal-4"]))
    story.when(sitting.opened()).refused("notice-short")
    story.given(waived(sitting, *here, "patronal-4")).when(sitting.opened()).accepted()


def test_a_waiver_of_another_defect_waives_no_notice() -> None:
    """Missing documents are another matter."""
    sitting = strict()
    sitting.story.given(sitting.convened()).given(delivered(sitting, LATE))
    ready(sitting).story.given(waived(sitting, *VOTING, defect="documents"))
    sitting.story.when(sitting.opened()).refused("notice-short")


def test_where_the_rules_block_nobody_waives_the_notice() -> None:
    """BLOCK: the waiver itself is refused, and one of documents is not."""
    sitting = strict(notice_breach="BLOCK")
    sitting.story.given(sitting.convened()).given(delivered(sitting, LATE))
    story = ready(sitting).story
    story.when(waived(sitting, *VOTING)).refused("notice-not-waivable")
    story.given(waived(sitting, *VOTING, defect="other")).when(sitting.opened()).refused("notice-short")


# -- rectified convocations ------------------------------------------------------------------------------------


def test_a_rectified_convocation_begins_notice_anew() -> None:
    """It moves hour and agenda, keeps the earlier statement by its hash, and receipts of the earlier count no more."""
    sitting = strict()
    sitting.story.given(sitting.convened(2)).given(delivered(sitting))
    earlier = sitting.state.convocation
    begins = "2026-01-30T12:00:00-06:00"
    sitting.story.given(say(rectified(sitting, 3, begins_at=begins), at=LATE))
    state = sitting.state
    assert (str(state.day), sorted(state.items), state.phase) == ("2026-01-30", [1, 2, 3], "convened")
    assert state.convocation == state.statement != earlier
    sitting.story.when(delivered(sitting, LATE, convocation=earlier)).refused("convocation-superseded")
    again = sitting.story.at(begins).given(sitting.roll(), sitting.quorum())
    again.when(sitting.opened()).refused("notice-short", seat="estado-1")
    again.given(waived(sitting, *VOTING)).when(sitting.opened()).accepted()


def test_receipts_of_the_rectified_convocation_count() -> None:
    """Delivered again in time, the session opens without a waiver."""
    sitting = strict()
    sitting.story.given(sitting.convened()).given(delivered(sitting, NOON))
    sitting.story.given(say(rectified(sitting), at="2026-01-15T09:00:00-06:00")).given(delivered(sitting))
    assert proof(sitting).convocation == sitting.state.convocation
    assert set(proof(sitting).received_on) == set(ADDRESSEES)
    ready(sitting).story.when(sitting.opened()).accepted()


def test_unfit_rectifications_are_refused() -> None:
    """Of another convocation, into the past or another year, with items dropped or out of order, once somebody came."""
    sitting = strict()
    story = sitting.story.given(sitting.convened())
    story.when(rectified(sitting, rectifies="ab" * 32)).refused("convocation-superseded")
    story.when(rectified(sitting, begins_at="2026-01-13T10:00:00-06:00")).refused("back-dated")
    story.when(rectified(sitting, begins_at="2027-01-13T10:00:00-06:00")).refused("session-year")
    story.when(rectified(sitting, 2)).refused("item-dropped", item=3)
    gap = (AgendaEntry(item=2, item_kind="decision"),)
    story.when(rectified(sitting, items=gap)).refused("item-gap")
    story.at(BEGINS).given(sitting.roll(VOTING[:3]))
    story.when(rectified(sitting)).refused("already-attended")
    story.given(sitting.roll(VOTING[3:]), sitting.quorum())
    story.when(rectified(sitting)).refused("session-phase")


# -- second call -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins_at", "days"),
    [("2026-02-04T10:00:00-06:00", 4), ("2026-02-19T10:00:00-06:00", 15), ("2026-02-20T10:00:00-06:00", 16)],
)
def test_a_second_call_is_held_inside_the_window(begins_at: str, days: int) -> None:
    """R5: five to fifteen business days later, 2 February being none; a rectification does not lead out of it."""
    sitting = strict()
    story = sitting.story.given(sitting.convened())
    story.at(BEGINS).given(QuorumNotReached(**sitting.place, present=0, base=12, required=7))
    call = story.when(sitting.convened(call=2, begins_at=begins_at))
    if days == 15:
        call.accepted()
        moved = rectified(sitting, begins_at="2026-02-20T10:00:00-06:00")
        story.when(moved).refused("outside-window", days=16)
        story.when(rectified(sitting, begins_at=NEXT)).accepted()
    else:
        call.refused("outside-window", days=days, at_least=5, at_most=15)


def test_the_aggregate_takes_only_its_own_acts() -> None:
    """An act of another kind is a programming error."""
    story = Story()
    with pytest.raises(TypeError, match="BodyRegistered"):
        delivery.check(None, story.when(BodyRegistered(body="hcd", body_kind="council")).signed, story.world)
