"""Agreements: only by an approved vote, numbered without gaps, whatever two sessions do at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.acts.agreement import AgreementAdopted, AgreementImported, IdentifierCorrected, IdentifierQuarantined
from ledger.acts.body import BodyRegistered, BodyRulesAdopted, SeatsDefined
from ledger.acts.session import AgendaEntry, SessionImported
from ledger.acts.trust import PersonRegistered, SeriesOpened
from ledger.acts.vote import Marks, VoteImported
from ledger.domain import agreement, quarantine
from ledger.domain.agreement import AgreementState
from ledger.domain.quarantine import QuarantineState
from ledger.domain.states import SessionState, VoteState
from ledger.errors import RuleViolation
from ledger.ids import ZERO_HASH
from tests.kit.council import DAY, SECRETARY, Sitting, designated, founded, rules, seats
from tests.kit.story import Said, Story, say

if TYPE_CHECKING:
    from ledger.acts.base import Act

SOURCE: dict[str, Any] = {"source_sha256": "0" * 64, "row": 1}


def adopted(sitting: Sitting, number: int, vote: int = 1, ordinal: int = 1, **changes: Any) -> Said:
    """Return the adoption of an agreement by a vote of the sitting, with the vote in its basis."""
    day, month, year = DAY[8:], DAY[5:7], DAY[2:4]
    data: dict[str, Any] = {
        "body": "hcd",
        "year": sitting.year,
        "number": number,
        "vote": f"vote/{sitting.path}/{vote}",
        "ordinal": ordinal,
        "identifier": f"ACDO.AS2.HCD.{day}{month}{year}/{number}.P.DIR",
        "resolutions": 1,
    }
    return say(AgreementAdopted(**(data | changes)), office=SECRETARY)


def hold(sitting: Sitting, vote: int = 1, favor: int = 12, contra: int = 0, item: int = 1) -> Sitting:
    """Take one roll call of the sitting and declare what follows."""
    if sitting.state.current_item != item:
        sitting.story.given(sitting.taken_up(item))
    story = sitting.story.given(sitting.vote_opened(vote))
    story.given(sitting.roll_call(favor, contra, vote=vote))
    story.given(sitting.declared(favor, contra, 0, "approved" if favor > contra else "rejected", vote=vote))
    return sitting


def voted(favor: int = 12, contra: int = 0) -> Sitting:
    """Return a sitting with one declared vote on item 1; the council numbers as ACDO…HCD does."""
    numbered = rules(numbering={"scheme": "ACDO", "body_code": "HCD"})
    return hold(Sitting(founded(numbered)).at_item(), 1, favor, contra)


def enacted(story: Story, number: int) -> AgreementState:
    """Return an agreement of 2026 as it stands."""
    state = story.state(f"agreement/hcd/2026/{number}")
    assert isinstance(state, AgreementState)
    return state


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


@settings(max_examples=60, deadline=None)
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


# -- imports ---------------------------------------------------------------------------------------------------


def old() -> Story:
    """Return a story with an imported session of 2011 and its approved vote of two seats."""
    story = Story("2020-01-01T09:00:00-06:00").given(
        BodyRegistered(body="hcd", body_kind="council"),
        BodyRulesAdopted(body="hcd", profile="IMSS_HCT", rules=rules(), valid_from="2000-01-01"),
        SeatsDefined(body="hcd", seats=seats(), valid_from="2000-01-01"),
    )
    for seat in ("estado-1", "obrero-1"):
        story.given(PersonRegistered(person=f"{seat}.1"), designated(seat, begins_at="2010-01-01T00:00:00-06:00"))
    place: dict[str, Any] = {"body": "hcd", "year": 2011, "series": "ord", "session": 1}
    items = (AgendaEntry(item=1, item_kind="decision"),)
    vote = VoteImported(
        **place,
        vote=1,
        item=1,
        held_on="2011-06-01",
        marks=Marks(favor=("estado-1/1", "obrero-1/1")),
        favor=2,
        contra=0,
        abstencion=0,
        result="approved",
        **SOURCE,
    )
    return story.given(SessionImported(**place, held_on="2011-06-01", items=items, **SOURCE), vote)


def legacy(number: int, **changes: Any) -> AgreementImported:
    """Return an imported agreement of 2011."""
    data: dict[str, Any] = {
        "body": "hcd",
        "year": 2011,
        "number": number,
        "adopted_on": "2011-06-01",
        "identifier": f"ACDO.SA2.HCT.010611/{number}.P.DF",
        "provenance": "LEGACY_SCAN",
    }
    return AgreementImported(**SOURCE, **(data | changes))


def test_an_imported_agreement_says_that_it_is_imported() -> None:
    """Its state, and what the source lacks, are never those of one proved at origin."""
    story = old().given(legacy(1, vote="vote/hcd/2011/ord/1/1"))
    state = story.state("agreement/hcd/2011/1")
    assert isinstance(state, AgreementState)
    assert (state.imported, state.ordinal, state.session) == (True, None, "hcd/2011/ord/1")
    assert "agreement-order" in story.world.lacking
    story.given(legacy(2))
    assert "agreement-vote" in story.world.lacking
    second = story.state("agreement/hcd/2011/2")
    assert isinstance(second, AgreementState)
    assert second == replace(
        state,
        last_at=second.last_at,
        version=1,
        index=state.index + 1,
        adopted_index=state.index + 1,
        statement=second.statement,
        number=2,
        identifier="ACDO.SA2.HCT.010611/2.P.DF",
        vote=None,
        session=None,
    )


def test_imports_are_numbered_dated_and_named_like_any_other() -> None:
    """Other years, impossible days and identifiers that say something else are refused."""
    story = old()
    story.when(legacy(1, year=2012)).refused("agreement-year")
    story.when(legacy(1, adopted_on="2011-02-31")).refused("impossible-date")
    story.when(legacy(1, identifier="ACDO.SA2.HCT.020611/1.P.DF")).refused("identifier-mismatch", what="date")
    story.when(legacy(1, identifier="ACDO.SA2.3000419/1.P.DF")).refused("identifier-mismatch", what="unknown-form")
    story.when(legacy(1, identifier="1/2012")).refused("identifier-mismatch", what="year")
    story.when(legacy(1, body="otro")).refused("body-unknown")


def test_a_gap_in_imported_numbers_is_remarked() -> None:
    """What a source did not bring is no reason to refuse what it did (decision 0003)."""
    story = old().given(legacy(2))
    assert story.world.remarks == [("number-gap", {"stream": "agreement/hcd/2011/2", "expected": 1})]


def test_a_gap_that_an_import_leaves_hides_no_agreement_of_a_vote() -> None:
    """A vote's agreements are counted beyond the gap: the second is not taken for the first."""
    sitting = voted()
    story = sitting.story.given(adopted(sitting, 1))
    story.given(legacy(3, year=2026, adopted_on="2026-01-05", identifier="3/2026"))
    story.when(adopted(sitting, 4)).refused("ordinal-gap", expected=2)
    story.when(adopted(sitting, 4, ordinal=2)).accepted()


def test_an_import_keeps_the_scheme_of_its_time() -> None:
    """Yearly and cumulative numbers of before are taken; a body code is compared where the rules have one."""
    story = old()
    story.when(legacy(1, identifier="167717")).accepted()
    story.when(legacy(2, identifier="167 718".replace(" ", "."))).refused("identifier-mismatch", what="canonical")
    story.given(legacy(2, identifier="2/2011"))
    other = legacy(3, identifier="ACDO.SA2.ZZZ.010611/3.P.DF")
    story.when(other).refused("identifier-mismatch", what="body")
    codeless = rules(numbering={"scheme": "YEARLY"})
    story.given(BodyRulesAdopted(body="hcd", profile="x", rules=codeless, valid_from="2011-01-01"), other)
    assert "identifier-body" in story.world.lacking


def test_an_imported_vote_makes_no_new_agreement_and_a_new_vote_no_imported_one() -> None:
    """What is imported and what is signed at origin never mix in one agreement."""
    story = old()
    act = AgreementAdopted(
        body="hcd",
        year=2011,
        number=1,
        vote="vote/hcd/2011/ord/1/1",
        ordinal=1,
        identifier="ACDO.SA2.HCT.010611/1.P.DF",
        resolutions=1,
    )
    story.when(act).refused("vote-not-approved", phase="imported")
    sitting = voted()
    mixed = legacy(
        1,
        year=2026,
        adopted_on=DAY,
        identifier="ACDO.AS2.HCD.280126/1.P.DIR",
        vote=f"vote/{sitting.path}/1",
    )
    sitting.story.when(mixed).refused("session-not-imported")


def test_a_source_that_dates_an_agreement_off_its_session_is_remarked() -> None:
    """Discrepancies of imports are remarks, not refusals."""
    story = old().given(
        legacy(1, adopted_on="2011-06-02", identifier="1/2011", vote="vote/hcd/2011/ord/1/1"),
    )
    assert ("agreement-date", {"agreement": "agreement/hcd/2011/1", "session_day": "2011-06-01"}) in story.world.remarks


# -- quarantine ------------------------------------------------------------------------------------------------


def quarantined(number: int = 1) -> IdentifierQuarantined:
    """Return an identifier put aside."""
    return IdentifierQuarantined(body="hcd", number=number, reason="date-digits")


def corrected(identifier: str, number: int = 1) -> IdentifierCorrected:
    """Return what it should read."""
    return IdentifierCorrected(body="hcd", number=number, identifier=identifier)


def test_import_of_7_digit_date_quarantined() -> None:
    """A printed identifier that no grammar admits is put aside with its reason and resolved by an act; both stay."""
    story = founded()
    sick = "ACDO.AS2.HCD.3000419/150.P.DIR"
    refused = legacy(1, year=2019, adopted_on="2019-04-30", identifier=sick)
    story.when(refused).refused("identifier-mismatch", what="date-digits")
    early = corrected("ACDO.AS2.HCD.300419/150.P.DIR")
    story.when(early).refused("quarantine-unknown")
    with pytest.raises(RuleViolation):
        quarantine.evolve(None, story.signed(early))
    story.given(quarantined())
    story.when(corrected(sick)).refused("identifier-malformed")
    story.when(corrected("'150/2019".replace("'", "ACDO"))).refused("identifier-malformed")
    story.given(corrected("ACDO.AS2.HCD.300419/150.P.DIR"))
    story.when(corrected("ACDO.AS2.HCD.300419/150.P.DIR")).refused("correction-unchanged")
    story.given(corrected("150/2019"))
    state = story.state("quarantine/hcd/1")
    assert isinstance(state, QuarantineState)
    assert (state.reason, state.identifier) == ("date-digits", "150/2019")
    assert state.corrections == ("ACDO.AS2.HCD.300419/150.P.DIR", "150/2019")


def test_an_agreement_is_numbered_by_the_template_of_its_body() -> None:
    """The identifier reads as the body's own scheme says: item, session and year here."""
    numbering = {"scheme": "TEMPLATE", "template": "{item}.{session}.{year}"}
    sitting = hold(Sitting(founded(rules(numbering=numbering))).at_item())
    sitting.story.when(adopted(sitting, 1, identifier="1/2026")).refused("identifier-mismatch", what="template")
    sitting.story.when(adopted(sitting, 1, identifier="1.1.2026")).accepted()


def test_quarantine_is_numbered_without_gaps() -> None:
    """Nothing that was put aside can vanish."""
    story = founded()
    story.when(quarantined(2)).refused("number-gap")
    story.when(IdentifierQuarantined(body="otro", number=1, reason="x")).refused("body-unknown")
    story.given(quarantined(1)).when(quarantined(1)).refused("already-quarantined")
    state = story.given(quarantined(2)).state("quarantine/hcd/2")
    assert isinstance(state, QuarantineState)
    assert state.identifier is None


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
