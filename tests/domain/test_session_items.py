"""What a session does: phases, items one at a time, the close (domain.md §3.3, §3.4)."""

from __future__ import annotations

from ledger.acts.session import (
    InterventionRecorded,
    ItemAdded,
    SessionCancelled,
    SessionRecessed,
    SessionResumed,
)
from ledger.acts.trust import SeriesOpened
from ledger.acts.vote import VoteAnnulled
from ledger.domain.completeness import last_number
from ledger.domain.rules.numbering import SeriesState
from tests.kit.council import (
    BEGINS,
    CHAIR,
    VICE_CHAIR,
    VOTING,
    Sitting,
)

SEVEN, SIX = VOTING[:7], VOTING[:6]


# -- phases, items ---------------------------------------------------------------------------------------------


def test_recess_stops_the_session_and_resuming_goes_on() -> None:
    """In recess nothing is taken up; only a recess is resumed."""
    sitting = Sitting().open()
    story = sitting.story
    story.when(SessionResumed(**sitting.place)).refused("session-phase")
    story.given(SessionRecessed(**sitting.place))
    story.when(sitting.taken_up()).refused("in-recess")
    story.when(SessionRecessed(**sitting.place)).refused("in-recess")
    story.given(SessionResumed(**sitting.place))
    story.when(sitting.taken_up()).accepted()


def test_only_what_has_not_begun_is_cancelled() -> None:
    """An open session closes; it is not cancelled. A cancelled one takes no more acts."""
    sitting = Sitting().open()
    sitting.story.when(SessionCancelled(**sitting.place)).refused("session-phase")
    other = Sitting(sitting.story, series="ext")
    sitting.story.at(BEGINS).given(other.convened(), SessionCancelled(**other.place))
    sitting.story.when(other.roll()).refused("session-phase")


def test_one_item_at_a_time_each_once() -> None:
    """The body takes up a listed item while no other is open, and none twice."""
    sitting = Sitting().open()
    story = sitting.story
    story.when(sitting.taken_up(4)).refused("item-unknown")
    story.given(sitting.taken_up(2))
    story.when(sitting.taken_up(1)).refused("item-open", item=2)
    story.when(sitting.concluded(1, "noted")).refused("item-not-open")
    story.given(sitting.concluded(2, "noted"))
    story.when(sitting.taken_up(2)).refused("item-concluded")
    assert sitting.state.current_item is None


def test_an_item_not_taken_up_may_only_be_put_off() -> None:
    """Deferred, withdrawn, referred: without discussion. Noted or resolved: only what was taken up."""
    sitting = Sitting().open()
    sitting.story.when(sitting.concluded(1, "noted")).refused("item-not-open")
    sitting.story.when(sitting.concluded(1, "deferred")).accepted()
    assert sitting.state.items[1].outcome == "deferred"


def test_resolved_means_voted() -> None:
    """An item ends as resolved only by a declared vote on it; an annulled one is none."""
    sitting = Sitting().at_item()
    sitting.story.when(sitting.concluded(1)).refused("item-not-voted")
    sitting.story.given(sitting.vote_opened())
    sitting.story.when(sitting.concluded(1, "deferred")).refused("vote-pending")


def test_a_vote_on_another_item_resolves_nothing() -> None:
    """The declared vote must be on the item itself."""
    sitting = Sitting().recorded(8)
    story = sitting.story.given(sitting.declared(8, 0, 0, "approved"), sitting.concluded(1))
    story.given(sitting.taken_up(2))
    story.when(sitting.concluded(2)).refused("item-not-voted")


def test_an_annulled_vote_after_a_declared_one_leaves_it_resolved() -> None:
    """What was declared stands, though a further vote on the item was begun and annulled."""
    sitting = Sitting().recorded(8)
    story = sitting.story.given(sitting.declared(8, 0, 0, "approved"), sitting.vote_opened(2))
    story.given(VoteAnnulled(**sitting.place, vote=2))
    story.when(sitting.concluded(1)).accepted()


def test_a_presence_whose_designation_is_gone_is_refused() -> None:
    """No stream ever vanishes; a world in which one did accepts no further attendance."""
    sitting = Sitting().convene()
    sitting.story.given(sitting.roll(["obrero-1"]))
    del sitting.story.world.states["designation/hcd/obrero-1/1"]
    sitting.story.when(sitting.roll(["obrero-3"])).refused("designation-unknown")


def test_items_are_added_after_those_listed() -> None:
    """Nothing already listed is renumbered."""
    sitting = Sitting().open()
    sitting.story.when(ItemAdded(**sitting.place, item=3, item_kind="general")).refused("item-gap", expected=4)
    sitting.story.when(ItemAdded(**sitting.place, item=4, item_kind="general")).accepted()
    assert sitting.state.items[4].kind == "general"


def test_recusal_is_of_a_seat_from_a_pending_item_once() -> None:
    """R14: a conflict is declared for an item that is still to be decided."""
    sitting = Sitting().open()
    story = sitting.story.given(sitting.recused("patronal-1"), sitting.concluded(3, "withdrawn"))
    story.when(sitting.recused("patronal-1")).refused("already-recused")
    story.when(sitting.recused("cfe-1")).refused("seat-unknown")
    story.when(sitting.recused("patronal-1", 3)).refused("item-concluded")
    assert sitting.state.items[1].recused == {"patronal-1"}


def test_whoever_is_present_has_voice() -> None:
    """V2: guest and comisario speak; who is not there does not."""
    sitting = Sitting().open([*SEVEN, "invitada"])
    spoke = InterventionRecorded(**sitting.place, item=1, seat="invitada")
    sitting.story.when(spoke).accepted()
    sitting.story.when(spoke.model_copy(update={"seat": "vigilancia"})).refused("not-present")
    sitting.story.when(spoke.model_copy(update={"item": 8})).refused("item-unknown")


def test_an_absent_chair_conducts_nothing() -> None:
    """Who opens or closes as chair must be there; the vice-chair who is there may in his place."""
    sitting = Sitting().convene()
    sitting.story.given(sitting.roll(VOTING[1:]), sitting.quorum(11))
    sitting.story.when(sitting.opened(CHAIR)).refused("not-present")
    sitting.story.when(sitting.opened(VICE_CHAIR)).accepted()


def test_a_recused_chair_conducts_nothing_of_the_item() -> None:
    """Recused chair, acting chair: item 1 is opened by another than the chair who excused himself from it."""
    sitting = Sitting().open()
    sitting.story.given(sitting.recused("estado-1"))
    sitting.story.when(sitting.taken_up(1, CHAIR)).refused("recused")
    sitting.story.when(sitting.taken_up(2, CHAIR)).accepted()
    sitting.story.given(sitting.concluded(2, "noted"))
    sitting.story.when(sitting.taken_up(1, VICE_CHAIR)).accepted()


# -- close -----------------------------------------------------------------------------------------------------


def voted(votes: int = 1) -> Sitting:
    """Return a session with so many approved votes on item 1, which is over."""
    sitting = Sitting().at_item()
    for vote in range(1, votes + 1):
        sitting.story.given(sitting.vote_opened(vote))
        sitting.story.given(sitting.roll_call(12, vote=vote), sitting.declared(12, 0, 0, "approved", vote=vote))
    sitting.story.given(sitting.concluded(1))
    return sitting


def test_the_close_says_how_many_votes_there_were() -> None:
    """One more or one less than there were is refused."""
    sitting = voted(2)
    for votes in (0, 1, 3):
        sitting.story.when(sitting.closed(votes)).refused("vote-count", real=2)
    sitting.story.when(sitting.closed(2)).accepted()
    assert (sitting.state.phase, sitting.state.votes) == ("closed", 2)
    sitting.story.when(sitting.taken_up(2)).refused("session-phase")


def test_no_close_with_an_open_item_or_vote() -> None:
    """Nothing is left in debate or in voting."""
    sitting = Sitting().voting()
    sitting.story.when(sitting.closed(1)).refused("item-open")
    state = sitting.story.state(f"session/{sitting.path}")
    sitting.story.assume(sitting.concluded(1))
    assert sitting.state.version == state.version + 1
    sitting.story.when(sitting.closed(1)).refused("vote-pending")


def _agreement(sitting: Sitting, number: int, vote: str) -> None:
    """Place an agreement of the body, as adopted by a vote."""

    class Adopted(SeriesState):
        __slots__ = ("vote",)

    adopted = Adopted(1, sitting.story.size, f"{number:064x}", "hcd", "agreement", number)
    object.__setattr__(adopted, "vote", vote)
    sitting.story.put(f"agreement/hcd/2026/{number}", adopted)


def test_the_close_names_its_agreements_and_all_of_them() -> None:
    """None of another session, none that does not exist, none left out; another session's may lie between."""
    sitting = voted()
    story, own = sitting.story, f"vote/{sitting.path}/1"
    for number, vote in ((1, own), (2, "vote/hcd/2026/ext/1/1"), (3, own)):
        _agreement(sitting, number, vote)
    story.when(sitting.closed(1, 1, 2, 3)).refused("agreement-foreign", agreement=2)
    story.when(sitting.closed(1, 1, 3, 4)).refused("agreement-foreign", agreement=4)
    for wrong in ((), (1,), (3,)):
        story.when(sitting.closed(1, *wrong)).refused("agreement-omitted")
    for disordered in ((3, 1), (1, 1, 3)):
        story.when(sitting.closed(1, *disordered)).refused("agreements-repeat")
    story.when(sitting.closed(1, 1, 3)).accepted()
    assert sitting.state.agreements == (1, 3)


def test_agreements_of_earlier_sessions_are_not_looked_for() -> None:
    """The search for omitted agreements ends at the opening, and begins at the series' declared first number."""
    sitting = Sitting()
    sitting.story.given(SeriesOpened(body="hcd", series="agreement.2026", first=30))
    for number in (30, 31):
        _agreement(sitting, number, f"vote/{sitting.path}/1")
    sitting.open()
    sitting.story.when(sitting.closed(0)).accepted()


def test_the_last_number_is_found_by_few_questions() -> None:
    """For every length the search finds it, asking about twice the logarithm."""
    for length in range(70):
        asked: list[int] = []

        def exists(number: int, length: int = length, asked: list[int] = asked) -> bool:
            asked.append(number)
            return number <= length

        assert last_number(exists) == length
        assert len(asked) <= 14
