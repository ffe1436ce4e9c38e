"""Certificates: over sealed objects only, by exact hash, never made to look un-issued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from ledger.acts.acta import ActaDrafted, ActaSealed, ActaSigned
from ledger.acts.agreement import AgreementAdopted
from ledger.acts.body import BodyRegistered
from ledger.acts.certification import (
    CertificationIssued,
    CertificationRevoked,
    CertificationSuperseded,
    CertifiedObject,
)
from ledger.acts.designation import LeaveGranted
from ledger.acts.trust import SeriesOpened
from ledger.domain import certification
from ledger.domain.certification import CertificationState
from ledger.errors import RuleViolation
from ledger.ids import ZERO_HASH
from tests.kit.council import DAY, SECRETARY, Sitting, founded, rules
from tests.kit.story import Said, Story, say

if TYPE_CHECKING:
    from ledger.domain.world import State

ROOT = "1" * 64
ACTA, AGREEMENT, VOTE = "acta/hcd/2026/ord/1", "agreement/hcd/2026/1", "vote/hcd/2026/ord/1/1"


@pytest.fixture
def story() -> Story:
    """A story up to a sealed acta, with one agreement and the vote that made it."""
    sitting = Sitting(founded(rules(numbering={"scheme": "YEARLY"}))).recorded(12)
    told = sitting.story.given(sitting.declared(12, 0, 0, "approved"))
    adopted = AgreementAdopted(
        body="hcd", year=2026, number=1, vote=VOTE, ordinal=1, identifier="1/2026", resolutions=1
    )
    told.given(adopted, sitting.concluded(), sitting.closed(1, 1))
    told.given(ActaDrafted(**sitting.place, draft=1, blocks=9, root=ROOT))
    told.given(*(ActaSigned(**sitting.place, seat=seat, root=ROOT) for seat in ("secretaria", "estado-1")))
    return told


def seal(story: Story) -> Story:
    """Seal the acta."""
    place = Sitting(story).place
    return story.given(ActaSealed(**place, root=ROOT, signatures=("secretaria", "estado-1")))


def named(story: Story, stream: str, **changes: Any) -> CertifiedObject:
    """Return an object exactly as its stream stands."""
    state: State = story.state(stream)
    data: dict[str, Any] = {"stream": stream, "index": state.index, "statement": state.statement}
    if stream.startswith("acta/"):
        data["root"] = ROOT
    return CertifiedObject(**(data | changes))


def issued(number: int, *objects: CertifiedObject, **changes: Any) -> Said:
    """Return the issue of a certificate by the secretary."""
    data: dict[str, Any] = {"body": "hcd", "year": 2026, "number": number, "objects": objects}
    return say(CertificationIssued(**(data | changes)), office=SECRETARY)


Reason = Literal["error", "wrong-folio", "object-annulled", "authority-order"]


def revoked(number: int, reason: Reason = "wrong-folio") -> Said:
    """Return the revocation of a certificate."""
    return say(CertificationRevoked(body="hcd", year=2026, number=number, reason=reason), office=SECRETARY)


def superseded(number: int, by: int) -> Said:
    """Return that a later certificate takes the place of one."""
    act = CertificationSuperseded(body="hcd", year=2026, number=number, by_year=2026, by_number=by)
    return say(act, office=SECRETARY)


def state_of(story: Story, number: int) -> CertificationState:
    """Return a certificate as it stands."""
    state = story.state(f"certification/hcd/2026/{number}")
    assert isinstance(state, CertificationState)
    return state


# -- X1, X2 ----------------------------------------------------------------------------------------------------


def test_a_certificate_names_sealed_objects_of_every_kind(story: Story) -> None:
    """A sealed acta, an agreement, a declared vote and a designation can be certified together."""
    seal(story)
    designation = "designation/hcd/obrero-1/1"
    story.given(issued(1, *(named(story, stream) for stream in (ACTA, AGREEMENT, VOTE, designation))))
    state = state_of(story, 1)
    assert (state.phase, state.by, state.reason) == ("issued", None, None)
    assert state.streams == {ACTA, AGREEMENT, VOTE, designation}
    assert state.issued_index == state.index


def test_certification_of_unsealed_refused(story: Story) -> None:
    """A drafted acta, though signed, and a vote that was not declared are refused (X1)."""
    story.when(issued(1, named(story, ACTA))).refused("not-sealed", stream=ACTA)
    open_vote = Sitting(founded()).voting().story
    open_vote.when(issued(1, named(open_vote, VOTE))).refused("not-declared", stream=VOTE)
    story.given(issued(1, named(story, AGREEMENT)))


def test_a_certificate_binds_exact_hashes(story: Story) -> None:
    """Another statement, index or root than the object's own is refused (X2; T11)."""
    seal(story)
    moved: tuple[dict[str, Any], ...] = ({"statement": ZERO_HASH}, {"index": 1})
    for change in moved:
        story.when(issued(1, named(story, ACTA, **change))).refused("object-moved", stream=ACTA)
    story.when(issued(1, named(story, ACTA, root="2" * 64))).refused("object-root", stream=ACTA)
    story.when(issued(1, named(story, ACTA, root=None))).refused("object-root", stream=ACTA)
    story.when(issued(1, named(story, AGREEMENT, root=ROOT))).refused("object-root", stream=AGREEMENT)


def test_a_certificate_prepared_before_its_object_moved_is_refused(story: Story) -> None:
    """What the secretary saw must still be the last of its stream when he signs."""
    stream = "designation/hcd/obrero-1/1"
    seen = named(story, stream)
    begins = f"{DAY}T23:00:00-06:00"
    story.given(LeaveGranted(body="hcd", seat="obrero-1", number=1, begins_at=begins))
    story.when(issued(1, seen)).refused("object-moved", stream=stream)


def test_only_the_bodys_own_objects_are_certified_each_once(story: Story) -> None:
    """Objects of another body, unknown ones, other kinds and repetitions are refused."""
    seal(story).given(BodyRegistered(body="otro", body_kind="board"))
    acta = named(story, ACTA)
    story.when(issued(1, acta, acta)).refused("object-repeated")
    story.when(issued(1, acta, body="otro")).refused("object-of-other-body", stream=ACTA)
    unknown = acta.model_copy(update={"stream": "agreement/hcd/2026/9"})
    story.when(issued(1, unknown)).refused("object-unknown")
    for stream in ("body/hcd", "session/hcd/2026/ord/1", "signature/hcd/2026/ord/1/estado-1", "ledger"):
        foreign = acta.model_copy(update={"stream": stream})
        story.when(issued(1, foreign)).refused("not-certifiable", stream=stream)


# -- numbers ---------------------------------------------------------------------------------------------------


def test_certificates_are_numbered_without_gaps_in_their_year(story: Story) -> None:
    """Each number once, none skipped, in the year in which it is issued; a series may go on from paper."""
    one = named(story, AGREEMENT)
    story.when(issued(2, one)).refused("number-gap")
    story.when(issued(1, one, year=2025)).refused("certification-year")
    story.given(issued(1, one))
    story.when(issued(1, one)).refused("already-issued")
    story.given(issued(2, one)).at("2027-01-04T10:00:00-06:00")
    story.when(issued(3, one)).refused("certification-year")
    story.given(issued(1, one, year=2027))
    story.at("2028-01-04T10:00:00-06:00").given(SeriesOpened(body="hcd", series="certification.2028", first=7))
    story.when(issued(1, one, year=2028)).refused("number-gap", expected=7)
    story.given(issued(7, one, year=2028))


# -- X3: what becomes of it ------------------------------------------------------------------------------------


def test_a_revoked_certificate_stays_issued_in_the_past(story: Story) -> None:
    """Revocation keeps objects and place of issue; nothing follows it (X3)."""
    story.when(revoked(1)).refused("certification-unknown")
    story.given(issued(1, named(story, AGREEMENT)))
    before = state_of(story, 1)
    story.given(revoked(1))
    after = state_of(story, 1)
    assert (after.phase, after.reason) == ("revoked", "wrong-folio")
    assert (after.objects, after.issued_index) == (before.objects, before.issued_index)
    story.when(revoked(1)).refused("certification-revoked")
    story.given(issued(2, named(story, AGREEMENT))).when(superseded(1, 2)).refused("certification-revoked")


def test_a_later_certificate_takes_the_place_of_an_earlier(story: Story) -> None:
    """The successor exists, is later, in force, and speaks of one of the same objects."""
    story.given(issued(1, named(story, AGREEMENT)), issued(2, named(story, VOTE)))
    story.when(superseded(1, 3)).refused("successor-unknown")
    story.when(superseded(1, 1)).refused("successor-not-later")
    story.when(superseded(1, 2)).refused("successor-unrelated")
    story.given(issued(3, named(story, AGREEMENT), named(story, VOTE)))
    story.when(superseded(3, 1)).refused("successor-not-later")
    story.given(superseded(1, 3))
    assert (state_of(story, 1).phase, state_of(story, 1).by) == ("superseded", (2026, 3))
    story.when(superseded(1, 3)).refused("certification-superseded")
    story.given(revoked(3)).when(superseded(2, 3)).refused("successor-not-in-force")


def test_a_superseded_certificate_may_still_be_revoked(story: Story) -> None:
    """Both hold then, and both are kept (format.md §11: all verdicts that hold are listed)."""
    story.given(issued(1, named(story, AGREEMENT)), issued(2, named(story, AGREEMENT)), superseded(1, 2))
    story.given(revoked(1, "error"))
    assert (state_of(story, 1).phase, state_of(story, 1).by, state_of(story, 1).reason) == (
        "revoked",
        (2026, 2),
        "error",
    )


# -- shape -----------------------------------------------------------------------------------------------------


def test_what_no_rule_admits_is_a_programming_error(story: Story) -> None:
    """Foreign acts, a stream of a kind with a state of another, a first act that is none."""
    foreign = story.signed(BodyRegistered(body="x", body_kind="board"))
    with pytest.raises(TypeError):
        certification.check(None, foreign, story.world)
    with pytest.raises(TypeError):
        certification.evolve(None, foreign)
    with pytest.raises(RuleViolation):
        certification.evolve(None, story.signed(revoked(1)))
    certified = named(story, AGREEMENT)
    story.put(AGREEMENT, story.state("body/hcd"))
    with pytest.raises(TypeError):
        story.when(issued(1, certified)).check()
