"""Who presides and who attests can always be told (B4), and how many members a body has by its law (R11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger import profiles
from ledger.acts.body import BodyRegistered, BodyRulesAdopted, Rules, Seat, SeatsDefined, SeatsSuppressed
from ledger.acts.convocation import ConvocationRectified
from ledger.acts.designation import DesignationEnded
from ledger.acts.session import SessionOpened
from ledger.domain.rules.soundness import check_rules_sound
from ledger.errors import RuleViolation
from tests.kit.council import BEGINS, SECRETARY, VICE_CHAIR, Sitting, founded, rules
from tests.kit.story import Story, say

if TYPE_CHECKING:
    from ledger.acts.body import Role

BEFORE = "2026-01-20"


def suppressed(*seats: str, valid_to: str = BEFORE) -> SeatsSuppressed:
    """Return the end of seats of the council."""
    return SeatsSuppressed(body="hcd", seats=seats, valid_to=valid_to)


def ended(seat: str, at: str = f"{BEFORE}T00:00:00-06:00") -> DesignationEnded:
    """Return the death of who holds a seat."""
    return DesignationEnded(body="hcd", seat=seat, number=1, ended_at=at, cause="deceased")


# -- B4 --------------------------------------------------------------------------------------------------------


def test_b4_a_session_without_a_chair_seat_is_refused() -> None:
    """Without chair and vice-chair on the session's day nobody could preside: it is not convened."""
    sitting = Sitting(founded().given(suppressed("estado-1", "estado-2")))
    sitting.story.when(sitting.convened()).refused("no-chair-seat", body="hcd", day="2026-01-28")
    stands_in = Sitting(founded().given(suppressed("estado-1")))
    stands_in.story.when(stands_in.convened()).accepted()


def test_b4_a_session_without_a_secretary_seat_is_refused() -> None:
    """Without a secretary's seat nobody could attest; a prosecretary's is one."""
    story = founded().given(suppressed("secretaria"))
    sitting = Sitting(story)
    story.when(sitting.convened()).refused("no-secretary-seat", body="hcd")
    deputy = Seat(seat="prosecretaria", sector="ninguno", role="prosecretary", voting=False)
    story.given(SeatsDefined(body="hcd", seats=(deputy,), valid_from=BEFORE)).when(sitting.convened()).accepted()


def test_b4_the_substitution_order_is_the_profiles() -> None:
    """Where only the chair presides, a vice-chair's seat is none that does, and its holder conducts nothing."""
    story = founded(rules(presiding=("chair",))).given(suppressed("estado-1"))
    story.when(Sitting(story).convened()).refused("no-chair-seat")
    held = Sitting(founded(rules(presiding=("chair",)))).convene()
    held.story.given(held.roll(), held.quorum())
    held.story.when(held.opened(VICE_CHAIR)).refused("not-presiding", seat="estado-2")
    held.story.when(held.opened()).accepted()
    assert profiles.load("IMSS_HCT").presiding == ("chair",)


def test_b4_a_rectified_convocation_moves_to_no_day_without_a_chair() -> None:
    """The seats are those of the new day: what could be convened for one day cannot be moved to any other."""
    sitting = Sitting(founded().given(suppressed("estado-1", "estado-2", valid_to="2026-02-01"))).convene()
    state = sitting.state
    act = ConvocationRectified(
        **sitting.place,
        rectifies=state.convocation,
        begins_at="2026-02-04T10:00:00-06:00",
        modality="mixta",
        items=sitting.convened().items,
    )
    sitting.story.at("2026-01-15T10:00:00-06:00").when(say(act, at=BEGINS)).refused("no-chair-seat", day="2026-02-04")


@pytest.mark.parametrize(
    ("vacant", "code"), [(("estado-1", "estado-2"), "chair-vacant"), (("secretaria",), "secretary-vacant")]
)
def test_b4_a_session_opens_only_while_both_offices_are_held(vacant: tuple[str, ...], code: str) -> None:
    """The seats are there and nobody holds them at that hour: the session waits for who does."""
    sitting = Sitting().convene()
    sitting.story.given(sitting.roll([f"obrero-{n}" for n in (1, 2, 3, 4)] + [f"patronal-{n}" for n in (1, 2, 3, 4)]))
    sitting.story.given(sitting.quorum(8), *(ended(seat) for seat in vacant))
    opening = say(SessionOpened(**sitting.place), office=SECRETARY)
    sitting.story.when(opening).refused(code, body="hcd")


def test_a_substitution_order_names_each_role_once() -> None:
    """An order in which somebody stands in for himself is none."""
    with pytest.raises(RuleViolation) as refusal:
        check_rules_sound(rules(presiding=("chair", "chair")))
    assert (refusal.value.code, refusal.value.params["what"]) == ("rules-unsound", "presiding")


# -- R11 -------------------------------------------------------------------------------------------------------


def board(members: int, **changes: Any) -> Story:
    """Return a governing board with so many members, a chair among them, and its secretary."""
    made = Rules.model_validate(profiles.load("LFEP_BOARD").model_dump() | changes)
    roles: list[tuple[str, Role]] = [(f"vocal-{n}", "member" if n > 1 else "chair") for n in range(1, members + 1)]
    seats = [Seat(seat=seat, sector="federal", role=role, voting=True) for seat, role in roles]
    seats.append(Seat(seat="secretaria", sector="ninguno", role="secretary", voting=False))
    return Story("2026-01-05T09:00:00-06:00").given(
        BodyRegistered(body="hcd", body_kind="board"),
        BodyRulesAdopted(body="hcd", profile="LFEP_BOARD", rules=made, valid_from="2020-01-01"),
        SeatsDefined(body="hcd", seats=tuple(seats), valid_from="2020-01-01"),
    )


@pytest.mark.parametrize(("members", "told"), [(4, True), (5, False), (15, False), (16, True)])
def test_r11_a_board_has_five_to_fifteen_members_or_it_is_told(members: int, told: bool) -> None:
    """LFEP 18: fewer than five and more than fifteen are remarked when the board is convened, and refuse nothing."""
    story = board(members, holiday_calendar=None)
    story.when(Sitting(story).convened(begins_at="2026-01-28T10:00:00-06:00")).accepted()
    assert ("body-size" in [code for code, _ in story.world.remarks]) == told


def test_r11_bodies_of_article_5_are_exempt() -> None:
    """The council's own law says how many sit in it (LFEP 5, LSS 263): its profile sets no size."""
    assert profiles.load("IMSS_HCT").size is None
    assert profiles.load("IMSS_AG").size is None


def test_a_size_from_more_to_less_is_unsound() -> None:
    """Rules under which no number of members would do are refused when they are adopted."""
    with pytest.raises(RuleViolation) as refusal:
        check_rules_sound(rules(size={"at_least": 9, "at_most": 5}))
    assert (refusal.value.code, refusal.value.params["what"]) == ("rules-unsound", "size")
