"""Agreements: only by an approved vote, numbered without gaps, whatever two sessions do at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.acts.body import BodyRegistered
from ledger.acts.trust import SeriesOpened
from ledger.domain import agreement, quarantine
from ledger.domain.states import SessionState, VoteState
from ledger.errors import RuleViolation
from ledger.ids import ZERO_HASH
from tests.kit.adopting import adopted, enacted, hold, voted
from tests.kit.council import DAY, Sitting, founded, rules

if TYPE_CHECKING:
    from ledger.acts.base import Act


# -- A1: only by a declared, approved vote ---------------------------------------------------------------------


def test_an_approved_vote_makes_an_agreement() -> None:
    """The agreement knows its vote, its session, its place and that it was not imported."""
    sitting = voted()
    story = sitting.story.given(adopted(sitting, 1))
    state = enacted(story, 1)
    assert (state.vote, state.session, state.ordinal) == (f"vote/{sitting.path}/1", sitting.path, 1)
    assert (state.identifier, state.imported, state.adopted_index) == (
        "ACDO.AS2.HCD.280126/1.P.DIR",
        False,
        state.index,
    )


def test_agreement_without_vote_impossible() -> None:
    """No vote, one not declared, one not approved, one not in the basis: none makes an agreement (A1)."""
    sitting = voted(favor=5, contra=7)
    story = sitting.story
    story.when(adopted(sitting, 1)).refused("vote-not-approved")
    story.given(sitting.vote_opened(2))
    story.when(adopted(sitting, 1, vote=2)).refused("vote-not-approved", phase="open")
    story.when(replace(adopted(sitting, 1, vote=3), basis={f"vote/{sitting.path}/3": ZERO_HASH})).refused(
        "vote-unknown"
    )
    story.when(replace(adopted(sitting, 1), basis={})).refused("vote-not-in-basis")
    session = f"session/{sitting.path}"
    not_a_vote = adopted(sitting, 1).act.model_copy(update={"vote": session})
    story.when(not_a_vote, basis={session: ZERO_HASH}).refused("vote-unknown")


def test_a_vote_of_another_body_or_year_makes_no_agreement_here() -> None:
    """An agreement is of the body and year of the session that voted."""
    sitting = voted()
    story = sitting.story.given(BodyRegistered(body="otro", body_kind="board"))
    story.when(adopted(sitting, 1, body="otro")).refused("vote-of-other-body")
    story.when(adopted(sitting, 1, year=2025)).refused("agreement-year")


def test_an_agreement_is_adopted_while_the_session_is_open() -> None:
    """In recess or after the close nothing is adopted: the close names all agreements."""
    sitting = voted()
    story = sitting.story.given(sitting.concluded(), sitting.closed(1))
    story.when(adopted(sitting, 1)).refused("session-not-open")


def test_an_agreement_is_not_older_than_its_vote() -> None:
    """What is said to have occurred before the declaration is back-dated (G8)."""
    sitting = voted()
    sitting.story.when(replace(adopted(sitting, 1), at=f"{DAY}T09:00:00-06:00")).refused("back-dated")


def test_an_agreement_stands_as_adopted() -> None:
    """A3: nothing is adopted twice under one number."""
    sitting = voted()
    sitting.story.given(adopted(sitting, 1)).when(adopted(sitting, 1)).refused("already-adopted")


# -- A2: numbers -----------------------------------------------------------------------------------------------


def test_number_gap_impossible_under_2_concurrent_sessions_of_the_same_body() -> None:
    """Two sessions at once share one series; each number is used once, none is skipped, no vote counts twice."""
    first, second = two_sessions()
    story = first.story
    story.when(adopted(second, 2)).refused("number-gap")
    story.given(adopted(first, 1), adopted(second, 2), adopted(first, 3, ordinal=2), adopted(second, 4, ordinal=2))
    story.when(adopted(first, 6, ordinal=3)).refused("number-gap")
    story.when(adopted(first, 5)).refused("ordinal-gap", expected=3)
    story.when(adopted(second, 5, ordinal=2)).refused("ordinal-gap", expected=3)
    assert [enacted(story, n).session for n in range(1, 5)] == [first.path, second.path] * 2


def test_year_rollover_resets_sequence() -> None:
    """The first agreement of a year is number 1, whatever the last of the year before was."""
    sitting = voted()
    story = sitting.story.given(adopted(sitting, 1), adopted(sitting, 2, ordinal=2))
    story.given(sitting.concluded(), sitting.closed(1, 1, 2))
    later = Sitting(story, year=2027)
    story.at("2027-01-13T09:00:00-06:00")
    later.convene(begins_at="2027-01-27T10:00:00-06:00")
    story.given(later.roll(), later.quorum(), later.opened())
    hold(later)
    story.when(adopted(later, 3, identifier="ACDO.AS2.HCD.270127/3.P.DIR")).refused("number-gap", expected=2)
    story.given(adopted(later, 1, identifier="ACDO.AS2.HCD.270127/1.P.DIR"))


def test_a_series_may_go_on_from_paper() -> None:
    """SeriesOpened says the first number; the one before it need not exist."""
    sitting = voted()
    story = sitting.story.given(SeriesOpened(body="hcd", series="agreement.2026", first=40))
    story.when(adopted(sitting, 1)).refused("number-gap", expected=40)
    story.given(adopted(sitting, 40), adopted(sitting, 41, ordinal=2))
    story.when(adopted(sitting, 42, ordinal=2)).refused("ordinal-gap", expected=3)


def test_the_agreements_of_one_vote_are_counted() -> None:
    """En bloc: ordinals 1, 2, 3 without gap or repetition."""
    sitting = voted()
    story = sitting.story
    story.when(adopted(sitting, 1, ordinal=2)).refused("ordinal-gap", expected=1)
    story.given(adopted(sitting, 1), adopted(sitting, 2, ordinal=2))
    story.when(adopted(sitting, 3, ordinal=2)).refused("ordinal-gap", expected=3)
    story.when(adopted(sitting, 3, ordinal=4)).refused("ordinal-gap", expected=3)
    story.given(adopted(sitting, 3, ordinal=3))


def test_agreements_follow_the_order_of_their_votes() -> None:
    """Votes taken one after the other make agreements in that order; an earlier one is not slipped in later."""
    sitting = voted()
    story = sitting.story.given(sitting.concluded())
    hold(sitting, 2, item=2)
    story.given(adopted(sitting, 1), adopted(sitting, 2, vote=2))
    story.when(adopted(sitting, 3)).refused("agreement-out-of-order", after=f"vote/{sitting.path}/2")
    story.when(adopted(sitting, 3, vote=2)).refused("ordinal-gap", expected=2)


def two_sessions() -> tuple[Sitting, Sitting]:
    """Return two sessions of the council that sit at the same time, each with two approved votes."""
    first = voted()
    story = first.story.given(first.concluded())
    second = Sitting(story, series="ext")
    story.given(second.convened(begins_at=f"{DAY}T11:00:00-06:00"), second.roll(), second.quorum(), second.opened())
    hold(first, 2, item=2)
    hold(second)
    story.given(second.concluded())
    hold(second, 2, item=2)
    return first, second


@settings(max_examples=60)
@given(
    tries=st.lists(st.tuples(st.integers(0, 1), st.integers(1, 2), st.integers(1, 3), st.integers(0, 1)), max_size=14)
)
def test_whatever_two_sessions_try_no_vote_is_used_twice(tries: list[tuple[int, int, int, int]]) -> None:
    """Any interleaving of adoptions is judged as by a naive model that remembers every one of them."""
    sittings = two_sessions()
    story = sittings[0].story
    made: list[tuple[int, int]] = []
    for which, vote, ordinal, skipped in tries:
        number = len(made) + 1 + skipped
        attempt = story.when(adopted(sittings[which], number, vote, ordinal))
        in_order = all(other <= vote for session, other in made if session == which)
        if not skipped and in_order and ordinal == made.count((which, vote)) + 1:
            attempt.accepted()
            made.append((which, vote))
        else:
            with pytest.raises(RuleViolation):
                attempt.check()


def test_only_agreements_since_the_vote_are_read() -> None:
    """What was adopted before a vote was declared cannot be its own; the check does not walk the whole year."""
    sitting = voted()
    story = sitting.story.given(*(adopted(sitting, n, ordinal=n) for n in range(1, 9)), sitting.concluded())
    hold(sitting, 2, item=2)
    story.world.reads.clear()
    story.when(adopted(sitting, 9, vote=2)).check()
    assert {name for name in story.world.reads if name.startswith("agreement/")} == {"agreement/hcd/2026/8"}


@pytest.mark.parametrize(
    ("identifier", "what"),
    [
        ("ACDO.AS2.HCD.290126/1.P.DIR", "date"),
        ("ACDO.AS2.HCT.280126/1.P.DIR", "body"),
        ("ACDO.AS2.HCD.280126/2.P.DIR", "number"),
        ("1/2026", "form"),
        ("ACDO.AS2.HCD.2800126/1.P.DIR", "date-digits"),
    ],
)
def test_the_identifier_says_body_day_and_number(identifier: str, what: str) -> None:
    """An identifier in another scheme, or of another body, day or number, is refused, naming what differs."""
    sitting = voted()
    sitting.story.when(adopted(sitting, 1, identifier=identifier)).refused("identifier-mismatch", what=what)


def test_a_yearly_scheme_numbers_so() -> None:
    """A body without a code prints number and year."""
    sitting = hold(Sitting(founded(rules(numbering={"scheme": "YEARLY"}))).at_item())
    sitting.story.when(adopted(sitting, 1)).refused("identifier-mismatch", what="form")
    sitting.story.given(adopted(sitting, 1, identifier="1/2026"))


@pytest.mark.parametrize("module", [agreement, quarantine])
def test_acts_of_other_streams_are_a_programming_error(module: Any) -> None:
    """An aggregate takes only its own acts."""
    story = founded()
    other: Act = BodyRegistered(body="x", body_kind="board")
    signed = story.signed(other)
    with pytest.raises(TypeError):
        module.check(None, signed, story.world)
    with pytest.raises(TypeError):
        module.evolve(None, signed)


def test_a_session_or_vote_state_is_what_the_rules_read() -> None:
    """The kit's states are those of the domain, so that no test proves rules about another shape."""
    sitting = voted()
    assert isinstance(sitting.state, SessionState)
    assert isinstance(sitting.vote_state(), VoteState)
