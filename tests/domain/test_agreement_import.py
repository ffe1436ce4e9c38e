"""Agreements out of other sources and old books, and identifiers that no grammar admits (domain.md §3.6 A1, §4.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ledger.acts.agreement import AgreementAdopted, AgreementImported, IdentifierCorrected, IdentifierQuarantined
from ledger.acts.body import BodyRegistered, BodyRulesAdopted, SeatsDefined
from ledger.acts.session import AgendaEntry, SessionImported
from ledger.acts.trust import PersonRegistered
from ledger.acts.vote import Marks, VoteImported
from ledger.domain import quarantine
from ledger.domain.agreement import AgreementState
from ledger.domain.quarantine import QuarantineState
from ledger.errors import RuleViolation
from tests.kit.adopting import SOURCE, adopted, hold, voted
from tests.kit.council import DAY, Sitting, designated, founded, rules, seats
from tests.kit.story import Story

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
