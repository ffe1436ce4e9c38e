"""Agreements after their adoption: modified, revoked, corrected, suspended, reinstated, annulled (A3, A6, A7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ledger.acts.agreement import AgreementAdopted, AgreementImported
from ledger.acts.body import BodyRegistered
from ledger.acts.followup import ProgressReported
from ledger.acts.trust import PersonRegistered
from ledger.acts.validity import (
    AgreementAnnulled,
    AgreementErrataIssued,
    AgreementModified,
    AgreementReinstated,
    AgreementRevoked,
    AgreementSuspended,
)
from ledger.domain import agreement as aggregate
from ledger.domain.states import SessionState
from ledger.errors import RuleViolation
from ledger.ids import ZERO_HASH
from tests.kit.agreements import (
    FIRST,
    OF_FIRST,
    SECOND,
    VETO,
    adopted,
    agreement,
    assigned,
    case,
    of_superior,
    resting,
    two_agreements,
    vote,
)
from tests.kit.council import DAY, SECRETARY, Sitting
from tests.kit.story import Said, Story, say

DATED: dict[str, Any] = {"by_resolution": 1, "effective_on": "2026-02-01"}


def modified(story: Story, by: str = SECOND, **changes: Any) -> Said:
    """Return the modification of the first agreement's second resolutivo."""
    data: dict[str, Any] = OF_FIRST | DATED | {"by": by, "resolutions": (2,)} | changes
    return resting(story, AgreementModified(**data), by)


def revoked(story: Story, by: str = SECOND, **changes: Any) -> Said:
    """Return the revocation of the first agreement."""
    data: dict[str, Any] = OF_FIRST | DATED | {"by": by, "effect": "revoked"} | changes
    return resting(story, AgreementRevoked(**data), by)


def suspended(story: Story, stream: str = VETO) -> Said:
    """Return the suspension of the first agreement by a case."""
    return resting(story, AgreementSuspended(**OF_FIRST, case=stream, cause="veto"), stream)


# -- relations ---------------------------------------------------------------------------------------------------------


def test_a_later_agreement_modifies_resolutivos() -> None:
    """A3: the text stays, the modified ordinals are told, and the agreement is still in force."""
    story = two_agreements().story
    story.given(modified(story))
    state = agreement(story)
    assert (state.modified, state.validity, state.identifier) == (frozenset({2}), "in-force", "1/2026")
    story.given(modified(story, resolutions=(1, 3)))
    assert agreement(story).modified == {1, 2, 3}


def test_a_modification_names_what_exists() -> None:
    """Resolutivos are within the agreement's, named once; the modifying agreement and resolutivo exist; days too."""
    story = two_agreements().story
    story.when(modified(story, resolutions=(4,))).refused("resolution-unknown", resolution=4)
    story.when(modified(story, resolutions=(1, 1))).refused("resolution-repeated")
    story.when(modified(story, by_resolution=9)).refused("resolution-unknown", resolution=9)
    story.when(modified(story, effective_on="2026-02-30")).refused("impossible-date")
    unknown = AgreementModified(**OF_FIRST, **DATED, by="agreement/hcd/2026/9", resolutions=(1,))
    story.when(unknown, basis={unknown.by: ZERO_HASH}).refused("agreement-unknown")
    story.when(replace(modified(story), basis={})).refused("agreement-not-in-basis")
    session = "session/hcd/2026/ord/1"
    story.when(modified(story, by=session)).refused("agreement-unknown", agreement=session)
    missing = OF_FIRST | {"number": 7}
    story.when(modified(story, **missing)).refused("agreement-unknown")


def test_relations_have_no_cycle() -> None:
    """A7: an agreement is modified only by one adopted after it, so no chain of relations comes back."""
    story = two_agreements().story
    backwards = AgreementModified(**(OF_FIRST | {"number": 2}), **DATED, by=FIRST, resolutions=(1,))
    story.when(resting(story, backwards, FIRST)).refused("relation-not-later")
    story.when(modified(story, by=FIRST)).refused("relation-not-later")


def test_only_the_same_or_a_superior_body_modifies() -> None:
    """A3: the assembly above may revoke, a body beside may not."""
    story = of_superior(two_agreements().story)
    above = "agreement/agd/2026/1"
    story.given(BodyRegistered(body="otro", body_kind="board"))
    story.put("agreement/otro/2026/1", replace(agreement(story, above), body="otro"))
    story.when(revoked(story, "agreement/otro/2026/1")).refused("not-superior", other="otro")
    downwards = AgreementRevoked(body="agd", year=2026, number=1, **DATED, by=FIRST, effect="revoked")
    story.put(FIRST, replace(agreement(story), adopted_index=story.size))
    story.when(resting(story, downwards, FIRST)).refused("not-superior", other="hcd")
    story.when(revoked(story, above)).refused("relation-not-later")
    story.put(FIRST, replace(agreement(story), adopted_index=1))
    story.given(revoked(story, above, effect="superseded"))
    assert agreement(story).validity == "superseded"


def test_revoked_agreement_cannot_be_modified() -> None:
    """A7: what is without effect takes no further act, and modifies nothing itself."""
    story = two_agreements().story
    story.given(revoked(story))
    story.when(modified(story)).refused("agreement-without-effect", validity="revoked")
    story.when(revoked(story)).refused("agreement-without-effect")
    story.put(SECOND, replace(agreement(story, SECOND), validity="annulled"))
    story.put(FIRST, replace(agreement(story), validity="in-force"))
    story.when(modified(story)).refused("agreement-without-effect", agreement=SECOND)
    story.put(SECOND, replace(agreement(story, SECOND), validity="suspended"))
    story.when(modified(story)).refused("agreement-suspended", agreement=SECOND)


def test_a_legacy_agreement_is_left_without_effect() -> None:
    """What was imported has no count of resolutivos; a later agreement revokes it all the same."""
    story = two_agreements().story
    legacy = AgreementImported(
        body="hcd",
        year=2021,
        number=1,
        adopted_on="2021-06-02",
        identifier="1/2021",
        provenance="LEGACY_SCAN",
        source_sha256=ZERO_HASH,
        row=1,
    )
    old: dict[str, Any] = {"body": "hcd", "year": 2021, "number": 1}
    story.given(legacy, modified(story, FIRST, **old, resolutions=(40,)), revoked(story, FIRST, **old))
    state = agreement(story, "agreement/hcd/2021/1")
    assert (state.validity, state.imported, state.adopted_on.year) == ("revoked", True, 2021)


def test_nothing_after_adoption_is_back_dated() -> None:
    """G8: what becomes of an agreement did not occur before it was adopted."""
    story = two_agreements().story
    story.when(replace(modified(story), at=f"{DAY}T09:00:00-06:00")).refused("back-dated")


# -- errata ------------------------------------------------------------------------------------------------------------


def errata(story: Story, vote_stream: str, **changes: Any) -> Said:
    """Return a fe de erratas of the first agreement."""
    data: dict[str, Any] = OF_FIRST | {"vote": vote_stream, "corrects": "unit"} | changes
    return resting(story, AgreementErrataIssued(**data), *([vote_stream] if vote_stream in story.world.states else []))


def later_session(sitting: Sitting) -> tuple[Story, str]:
    """Return the story with a second session of the council and the stream of its approved vote."""
    story = sitting.story.given(sitting.concluded(), sitting.closed(1, 1, 2))
    later = Sitting(story, number=2)
    story.at("2026-02-11T09:00:00-06:00")
    later.convene(begins_at="2026-02-25T10:00:00-06:00")
    story.given(later.roll(), later.quorum(), later.opened(), later.taken_up())
    vote(later)
    return story, f"vote/{later.path}/1"


def test_fe_de_erratas_links_both_ways() -> None:
    """The errata names the later session's vote and stands in the agreement's stream; nothing adopted changes."""
    story, approved = later_session(two_agreements())
    before = agreement(story)
    story.given(errata(story, approved), errata(story, approved, corrects="resolution", resolution=2))
    after = agreement(story)
    assert after.version == before.version + 2
    assert after.corrected_by == {approved}
    kept: dict[str, Any] = {"index": before.index, "statement": before.statement, "last_at": before.last_at}
    assert replace(after, version=1, corrected_by=frozenset(), **kept) == before


@pytest.mark.parametrize("corrects", ["tally", "result", "identifier", "amount"])
def test_errata_that_flips_a_result_is_refused(corrects: str) -> None:
    """A3: what changes outcome, number or money is a modification and never a slip."""
    story, approved = later_session(two_agreements())
    story.when(errata(story, approved, corrects=corrects)).refused("errata-changes-outcome", corrects=corrects)


def test_an_errata_needs_a_later_session() -> None:
    """A3: the session that adopted the agreement cannot correct it, nor a vote not approved or not in the basis."""
    sitting = two_agreements()
    story = sitting.story
    own = f"vote/{sitting.path}/1"
    story.when(errata(story, own)).refused("errata-not-later")
    story.when(replace(errata(story, own), basis={})).refused("vote-not-in-basis")
    story.when(replace(errata(story, "vote/x/2026/ord/1/1"), basis={"vote/x/2026/ord/1/1": ZERO_HASH})).refused(
        "vote-unknown"
    )
    session = f"session/{sitting.path}"
    story.when(errata(story, session)).refused("vote-unknown")
    vote(sitting, 2, 4, 8)
    story.when(errata(story, f"vote/{sitting.path}/2")).refused("vote-not-approved")
    story.given(sitting.vote_opened(3))
    story.when(errata(story, f"vote/{sitting.path}/3")).refused("vote-not-approved", phase="open")


def test_an_errata_of_an_earlier_vote_or_a_body_beside_is_refused() -> None:
    """The vote was declared after the adoption, by the same body or one above."""
    story, approved = later_session(two_agreements())
    story.put(FIRST, replace(agreement(story), adopted_index=story.size))
    story.when(errata(story, approved)).refused("errata-not-later")
    story.put(FIRST, replace(agreement(story), body="agd", adopted_index=1))
    story.given(BodyRegistered(body="agd", body_kind="assembly"))
    story.when(errata(story, approved)).refused("not-superior")


def test_an_errata_of_a_resolutivo_says_which() -> None:
    """An ordinal is given for a resolutivo and for nothing else, and exists."""
    story, approved = later_session(two_agreements())
    story.when(errata(story, approved, corrects="resolution")).refused("resolution-unknown")
    story.when(errata(story, approved, resolution=1)).refused("resolution-unknown")
    story.when(errata(story, approved, corrects="resolution", resolution=4)).refused("resolution-unknown")


# -- suspension --------------------------------------------------------------------------------------------------------


def test_a_case_suspends_reinstates_and_annuls() -> None:
    """A6: a veto suspends; overturned it reinstates; confirmed it annuls for good."""
    story = case(two_agreements().story, "suspended")
    story.given(suspended(story))
    assert agreement(story).validity == "suspended"
    case(story, "reinstated").given(resting(story, AgreementReinstated(**OF_FIRST, case=VETO), VETO))
    assert (agreement(story).validity, agreement(story).cases) == ("in-force", frozenset())
    case(story, "suspended").given(suspended(story))
    case(story, "annulled").given(resting(story, AgreementAnnulled(**OF_FIRST, case=VETO), VETO))
    assert agreement(story).validity == "annulled"
    story.when(suspended(story)).refused("agreement-without-effect")


def test_two_cases_suspend_until_both_are_decided() -> None:
    """A veto and a court at once: the agreement applies again when neither suspends it."""
    court = "veto/hcd/2026/2"
    story = case(case(two_agreements().story, "suspended"), "suspended", stream=court)
    story.given(suspended(story), suspended(story, court))
    case(story, "reinstated").given(resting(story, AgreementReinstated(**OF_FIRST, case=VETO), VETO))
    assert agreement(story).validity == "suspended"
    case(story, "reinstated", stream=court)
    story.given(resting(story, AgreementReinstated(**OF_FIRST, case=court), court))
    assert agreement(story).validity == "in-force"


def test_suspension_rests_on_its_case() -> None:
    """The case stands in the basis, is about this agreement, and says what is registered."""
    story = two_agreements().story
    reinstated = AgreementReinstated(**OF_FIRST, case=VETO)
    story.when(suspended(case(story, "none"))).refused("case-decides-otherwise", effect="none")
    story.when(replace(suspended(story), basis={})).refused("case-not-in-basis")
    case(story, "suspended", agreement=SECOND)
    story.when(suspended(story)).refused("case-of-other-agreement")
    story.when(suspended(story, SECOND)).refused("case-unknown")
    case(story, "suspended")
    story.when(resting(story, reinstated, VETO)).refused("not-suspended")
    story.given(suspended(story))
    story.when(suspended(story)).refused("already-suspended")
    story.when(resting(story, reinstated, VETO)).refused("case-decides-otherwise", effect="suspended")


def test_suspended_agreement_accepts_no_fulfilment() -> None:
    """A6: nothing of its follow-up moves while it is suspended, and moves again after."""
    story = case(assigned(two_agreements().story), "suspended")
    story.given(suspended(story))
    report = say(ProgressReported(**OF_FIRST, resolution=1, unit="dir"), office=SECRETARY)
    story.when(report).refused("agreement-suspended")
    case(story, "reinstated").given(resting(story, AgreementReinstated(**OF_FIRST, case=VETO), VETO))
    story.given(report)


# -- the aggregate -----------------------------------------------------------------------------------------------------


def test_later_acts_do_not_hide_an_agreement_from_its_session() -> None:
    """The close still counts an agreement whose stream moved, and an old one touched today is not the session's."""
    sitting = two_agreements()
    story = sitting.story
    story.given(modified(story), sitting.concluded())
    story.when(sitting.closed(1, 1)).refused("agreement-omitted", agreement=2)
    story.given(sitting.closed(1, 1, 2))
    assert isinstance(story.state(f"session/{sitting.path}"), SessionState)


def test_the_aggregate_takes_its_own_acts() -> None:
    """Nothing evolves out of an empty stream but an adoption, and no other act stands in the stream."""
    sitting = two_agreements()
    story = sitting.story
    with pytest.raises(RuleViolation):
        aggregate.evolve(None, story.when(modified(story)).signed)
    with pytest.raises(TypeError):
        aggregate.evolve(None, story.when(PersonRegistered(person="x")).signed)
    assert isinstance(adopted(sitting, 3).act, AgreementAdopted)


@pytest.mark.parametrize("kind", ["agreement", "directive", "action", "opinion"])
def test_a_directive_is_followed_like_an_agreement(kind: Any) -> None:
    """M1, M10: a directriz (or acción, or opinión) is a kind of agreement: same series, same follow-up."""
    sitting = two_agreements()
    third = adopted(sitting, 3, ordinal=3)
    sitting.story.given(replace(third, act=third.act.model_copy(update={"agreement_kind": kind})))
    assert agreement(sitting.story, "agreement/hcd/2026/3").agreement_kind == kind
    sitting.story.given(adopted(sitting, 4, ordinal=4))
    sitting.story.given(modified(sitting.story, "agreement/hcd/2026/3"))
