"""The orden del día: approved, added to, amended, concluded; what is voted (domain.md §3.4 I1–I4)."""

from __future__ import annotations

from typing import Any

from ledger.acts.agreement import AgreementAdopted
from ledger.acts.body import BodyRegistered
from ledger.acts.session import AgendaApproved, AgendaEntry, ItemAdded, ItemAmended, ItemConcluded
from ledger.acts.vote import VotedText
from tests.kit.council import CHAIR, SECRETARY, VOTING, Sitting, founded, rules
from tests.kit.story import Said, say

ONE, TWO, THREE = (name * 43 for name in "abc")


def added(sitting: Sitting, item: int = 4) -> ItemAdded:
    """Return an item proposed in the session."""
    return ItemAdded(**sitting.place, item=item, item_kind="general")


def approved(sitting: Sitting, *items: int, vote: int | None = None) -> Said:
    """Return the approval of the orden del día."""
    return say(AgendaApproved(**sitting.place, items=items, vote=vote), office=CHAIR)


def voted(sitting: Sitting, vote: int = 1, favor: int = 12, contra: int = 0, **opened: Any) -> None:
    """Hold a vote of twelve by roll call."""
    result: Any = "approved" if favor > 6 else "rejected"
    sitting.story.given(sitting.vote_opened(vote, **opened))
    sitting.story.given(sitting.roll_call(favor, contra, vote=vote))
    sitting.story.given(sitting.declared(favor, contra, 0, result, vote=vote))


# -- I1, I2 ----------------------------------------------------------------------------------------------------


def test_an_added_item_is_taken_up_only_if_approved() -> None:
    """I1: proposed in the session, approved by a vote on the orden del día, then taken up."""
    sitting = Sitting().open()
    story = sitting.story.given(added(sitting))
    story.when(sitting.taken_up(4)).refused("item-not-approved", item=4)
    story.when(approved(sitting, 1, 2, 3, 4)).refused("agenda-not-voted", item=4)
    story.given(sitting.taken_up(1))
    story.when(approved(sitting, 1, 2, 3, 4, vote=1)).refused("vote-not-approved")
    voted(sitting, favor=5, contra=7, motion_kind="procedural")
    story.when(approved(sitting, 1, 2, 3, 4, vote=1)).refused("vote-not-approved")
    voted(sitting, 2, motion_kind="procedural")
    story.given(approved(sitting, 2, 1, 4, 3, vote=2), sitting.concluded(1))
    story.when(sitting.taken_up(4)).accepted()


def test_an_added_item_is_not_voted_beside_another_before_it_is_approved() -> None:
    """I1 holds for a vote of several items too."""
    sitting = Sitting().at_item()
    sitting.story.given(added(sitting))
    sitting.story.when(sitting.vote_opened(also_items=(4,))).refused("item-not-approved", item=4)


def test_the_approved_agenda_is_of_all_pending_items() -> None:
    """Nothing is left out silently, nothing is there twice; what was convened needs no vote to be approved."""
    sitting = Sitting().open()
    for items in ((1, 2), (1, 2, 3, 3), (1, 2, 4)):
        sitting.story.when(approved(sitting, *items)).refused("agenda-differs")
    sitting.story.given(sitting.concluded(3, "withdrawn")).when(approved(sitting, 2, 1)).accepted()


def test_no_agenda_is_approved_without_quorum() -> None:
    """The orden del día is the body's."""
    sitting = Sitting().open(VOTING[:7])
    sitting.story.given(sitting.roll([], "estado-4"))
    sitting.story.when(approved(sitting, 1, 2, 3)).refused("no-quorum")


def test_nothing_is_added_to_an_extraordinary_session() -> None:
    """I2: where the profile says so, only what was convened is dealt with."""
    sitting = Sitting(series="ext").open(session_kind="extraordinary")
    sitting.story.when(added(sitting)).refused("agenda-closed", session_kind="extraordinary")
    free = Sitting(founded(rules(closed_agenda=())), series="ext").open(session_kind="extraordinary")
    free.story.when(added(free)).accepted()


# -- I3 --------------------------------------------------------------------------------------------------------


def adopted(sitting: Sitting, *digests: str, number: int = 1, ordinal: int = 1) -> Said:
    """Return an agreement whose resolutivos are sealed under these digests."""
    act = AgreementAdopted(
        body="hcd",
        year=2026,
        number=number,
        vote=f"vote/{sitting.path}/1",
        ordinal=ordinal,
        identifier=f"ACDO.AS2.HCT.280126/{number}.P.DIR",
        resolutions=len(digests),
    )
    sealed = {f"resolution/{n}": digest for n, digest in enumerate(digests, 1)}
    return say(act, office=SECRETARY, sealed=sealed)


def test_text_voted_is_the_text_of_the_agreement() -> None:
    """I3: each agreement of the vote is sealed under the digests named at its opening, all of them, in their order."""
    sitting = Sitting().at_item()
    voted(sitting, texts=(VotedText(resolutions=(ONE, TWO)), VotedText(resolutions=(THREE,))))
    story = sitting.story
    for digests in ((ONE, THREE), (TWO, ONE), (ONE,), (ONE, TWO, THREE)):
        story.when(adopted(sitting, *digests)).refused("text-not-voted", ordinal=1)
    story.given(adopted(sitting, ONE, TWO))
    story.when(adopted(sitting, ONE, number=2, ordinal=2)).refused("text-not-voted", ordinal=2)
    story.given(adopted(sitting, THREE, number=2, ordinal=2))
    story.when(adopted(sitting, THREE, number=3, ordinal=3)).refused("text-not-voted", ordinal=3)


def test_text_is_named_before_the_vote_where_the_rules_ask_for_it() -> None:
    """A profile may want every text committed before it is voted; without it any text may follow an approved vote."""
    for asked, code in ((True, "text-not-voted"), (False, None)):
        sitting = Sitting(founded(rules(text_before_vote=asked))).at_item()
        voted(sitting)
        attempt = sitting.story.when(adopted(sitting, ONE))
        attempt.refused(code) if code else attempt.accepted()


def test_a_text_is_amended_in_debate_and_not_while_it_is_voted() -> None:
    """ItemAmended: of the item that is taken up, before its vote or after it."""
    sitting = Sitting().at_item()
    story, amended = sitting.story, ItemAmended(**sitting.place, item=1)
    story.when(ItemAmended(**sitting.place, item=2)).refused("item-not-open")
    story.given(amended, sitting.vote_opened())
    story.when(amended).refused("vote-pending")


# -- I4, and how items end -------------------------------------------------------------------------------------


def test_information_is_noted_and_not_voted() -> None:
    """I4: an item of information ends with "se toma nota"; some bodies vote it, so that it bears a number."""
    items = (AgendaEntry(item=1, item_kind="information"),)
    sitting = Sitting().open(items=items)
    story = sitting.story.given(sitting.taken_up())
    story.when(sitting.vote_opened()).refused("item-of-information")
    story.when(sitting.concluded(1, "noted")).accepted()
    numbering = Sitting(founded(rules(information_voted=True))).open(items=items)
    numbering.story.given(numbering.taken_up()).when(numbering.vote_opened()).accepted()


def test_an_item_is_referred_to_a_known_committee() -> None:
    """REFERRED(committee): the body named exists, and only a referral names one."""
    sitting = Sitting().at_item()
    story = sitting.story.given(BodyRegistered(body="cpd", body_kind="committee", parent="hcd"))
    of_item: dict[str, Any] = sitting.place | {"item": 1}

    def ended(**how: Any) -> Said:
        return say(ItemConcluded(**of_item, **how), office=SECRETARY)

    story.when(ended(outcome="referred", committee="nadie")).refused("body-unknown")
    story.when(ended(outcome="deferred", committee="cpd")).refused("committee-unexpected")
    story.when(ended(outcome="referred", committee="cpd")).accepted()
    assert sitting.state.items[1].outcome == "referred"


# -- linked votes ----------------------------------------------------------------------------------------------


def test_a_text_is_voted_in_general_and_then_in_particular() -> None:
    """What is voted in particular was approved in general before, on the same item."""
    sitting = Sitting().at_item()
    story = sitting.story
    story.when(sitting.vote_opened(scope="particular", of_general=1)).refused("general-not-approved")
    voted(sitting, 1, 5, 7, scope="general")
    story.when(sitting.vote_opened(2, scope="particular", of_general=1)).refused("general-not-approved")
    voted(sitting, 2)
    story.when(sitting.vote_opened(3, scope="particular", of_general=2)).refused("general-not-approved")
    voted(sitting, 3, scope="general")
    story.when(sitting.vote_opened(4, scope="particular")).refused("general-not-approved")
    story.when(sitting.vote_opened(4, scope="general", of_general=3)).refused("general-not-approved")
    voted(sitting, 4, scope="particular", of_general=3)
    story.given(sitting.concluded(1), sitting.taken_up(2))
    story.when(sitting.vote_opened(5, scope="particular", of_general=3)).refused("general-not-approved")


def resolved_by(sitting: Sitting, item: int, vote: int) -> Said:
    """Return the end of an item by a vote of several."""
    return say(ItemConcluded(**sitting.place, item=item, outcome="resolved", vote=vote), office=SECRETARY)


def test_a_vote_over_several_items_resolves_each() -> None:
    """One vote on three items; each ends as resolved by it, though the others were not taken up."""
    sitting = Sitting().at_item()
    story = sitting.story
    story.when(sitting.vote_opened(also_items=(1, 2))).refused("item-twice")
    story.when(sitting.vote_opened(also_items=(7,))).refused("item-unknown")
    voted(sitting, also_items=(3,))
    story.given(sitting.concluded(1))
    story.when(resolved_by(sitting, 2, 1)).refused("item-not-voted")
    story.when(resolved_by(sitting, 3, 2)).refused("item-not-voted")
    story.given(resolved_by(sitting, 3, 1))
    assert {n: item.outcome for n, item in sitting.state.items.items()} == {1: "resolved", 2: None, 3: "resolved"}


def test_whoever_is_recused_from_one_item_votes_on_none_of_several() -> None:
    """Who may not take part in one of the items is not eligible for a vote that decides them all."""
    sitting = Sitting().at_item()
    sitting.story.given(sitting.recused("obrero-1", 2))
    sitting.story.when(sitting.vote_opened(also_items=(2,))).refused("recused", seat="obrero-1")
    able = tuple(h for h in sitting.vote_data(1, "roll-call")["eligible"] if h.seat != "obrero-1")
    sitting.story.when(sitting.vote_opened(also_items=(2,), eligible=able)).accepted()
    assert sitting.vote_state().items == (1, 2)
