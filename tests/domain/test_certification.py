"""Certificates: over sealed objects only, by exact hash, never made to look un-issued."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pytest

from ledger.acts.body import BodyRegistered
from ledger.acts.certification import (
    CertificationDelivered,
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
from tests.kit.certified import (
    ACTA,
    AGREEMENT,
    REQUEST,
    ROOT,
    VOTE,
    compiled,
    issued,
    named,
    recorded_story,
    requested,
    resolved,
    reviewed,
    seal,
)
from tests.kit.council import DAY, SECRETARY, Sitting, founded, rules
from tests.kit.story import Said, Story, say


@pytest.fixture
def story() -> Story:
    """A story up to a signed acta, of a body whose secretary certifies directly."""
    return recorded_story()


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
    open_vote = Sitting(founded(rules(certification="direct"))).voting().story
    state = open_vote.state(VOTE)
    undeclared = CertifiedObject(stream=VOTE, index=state.index, statement=state.statement, marks=("declared",))
    open_vote.when(issued(1, undeclared)).refused("not-declared", stream=VOTE)
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


# -- requests (G3), delivery -------------------------------------------------------------------------------------


def delivered(number: int, day: str = DAY) -> Said:
    """Return that a certificate was handed over at the counter."""
    act = CertificationDelivered(body="hcd", year=2026, number=number, delivered_on=day, channel="counter")
    return say(act, office=SECRETARY)


def test_certification_without_request_refused_where_the_profile_wants_review() -> None:
    """By the rules of IMSS_HCT nobody certifies alone; by others the secretary may."""
    story = recorded_story("reviewed")
    story.when(issued(1, named(story, AGREEMENT))).refused("request-required", body="hcd")
    direct = recorded_story()
    direct.given(issued(1, named(direct, AGREEMENT)))


def test_a_certificate_says_exactly_what_was_reviewed() -> None:
    """Of an unknown, foreign or unreviewed request, or with other content, none is issued; then it is."""
    story = recorded_story("reviewed")
    one = named(story, AGREEMENT)
    story.when(issued(1, one, request=REQUEST)).refused("request-unknown")
    story.when(issued(1, one, request=AGREEMENT)).refused("request-unknown")
    story.given(requested(), resolved(), compiled(one))
    basis = {REQUEST: story.state(REQUEST).statement}
    story.when(issued(1, one, request=REQUEST, basis=basis)).refused("request-not-reviewed", phase="compiled")
    story.given(reviewed())
    story.when(issued(1, one, request=REQUEST, basis=basis)).refused("request-not-in-basis")
    basis = {REQUEST: story.state(REQUEST).statement}
    other = named(story, VOTE)
    story.when(issued(1, other, request=REQUEST, basis=basis)).refused("content-not-reviewed")
    story.when(issued(1, one, copy_kind="original", request=REQUEST, basis=basis)).refused("content-not-reviewed")
    foreign = issued(1, one, body="otro", request=REQUEST, basis=basis)
    story.when(foreign).refused("request-of-other-body")
    story.given(issued(1, one, request=REQUEST, basis=basis))
    assert state_of(story, 1).phase == "issued"


def test_a_certificate_is_delivered_once_after_its_issue(story: Story) -> None:
    """Not before it is issued, not dated before its issue or after today, and not twice."""
    story.when(delivered(1)).refused("certification-unknown")
    story.given(issued(1, named(story, AGREEMENT)))
    for day in ("2026-01-27", "2026-01-29"):
        story.when(delivered(1, day)).refused("delivered-before")
    story.given(delivered(1))
    assert str(state_of(story, 1).delivered_on) == DAY
    story.when(delivered(1)).refused("already-delivered")
    story.given(revoked(1)).when(delivered(1)).refused("certification-revoked")


def test_a_void_certificate_uses_its_number_up(story: Story) -> None:
    """Where a void act stands in the stream, the number is not issued again."""
    attempt = story.when(issued(1, named(story, AGREEMENT)))
    void = replace(attempt.signed, statement=attempt.signed.statement._replace(version=2))
    with pytest.raises(RuleViolation, match="number-used"):
        certification.check(None, void, story.world)


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
    story.put(AGREEMENT, story.state("session/hcd/2026/ord/1"))
    state = story.state(AGREEMENT)
    foreign_state = certified.model_copy(update={"index": state.index, "statement": state.statement})
    with pytest.raises(TypeError):
        story.when(issued(1, foreign_state)).check()
