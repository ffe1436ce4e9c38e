"""Oversight requirements: a legal term on the calendar of holidays, bundles, answer, findings, closing (LFRCF 9)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.body import BodyRegistered, BodyRulesAdopted
from ledger.acts.calendar import Holiday, HolidaysAdopted
from ledger.acts.certification import CertificationRevoked
from ledger.acts.oversight import (
    AuditFindingClarified,
    AuditFindingLinked,
    EvidenceBundleExported,
    OversightRequirementAnswered,
    OversightRequirementClosed,
    OversightRequirementReceived,
)
from ledger.domain import requirement
from ledger.domain.requirement import RequirementState
from ledger.errors import RuleViolation
from tests.kit.certified import AGREEMENT, issued, named, recorded_story
from tests.kit.council import SECRETARY, rules
from tests.kit.story import Said, Story, say

if TYPE_CHECKING:
    from ledger.acts.base import Act

PLACE: dict[str, Any] = {"body": "hcd", "year": 2026, "number": 1}
TODAY = "2026-09-14T12:00:00-06:00"
CERTIFICATE = "certification/hcd/2026/1"


@pytest.fixture
def story() -> Story:
    """A council with an agreement, its calendar with the 16th of September, on the day of the requirement."""
    told = recorded_story()
    days = tuple(Holiday(day=day, ground="statutory", norm="LFT 74") for day in ("2026-02-02", "2026-09-16"))
    year: dict[str, Any] = {"covers_from": "2026-01-01", "covers_until": "2026-12-31"}
    adopted = HolidaysAdopted(calendar="mx-federal", edition=1, days=days, **year)
    followed = rules(numbering={"scheme": "YEARLY"}, certification="direct", holiday_calendar="mx-federal")
    later = BodyRulesAdopted(body="hcd", profile="IMSS_HCT", rules=followed, valid_from="2026-02-01")
    return told.at("2026-01-30T10:00:00-06:00").given(adopted, later).at(TODAY)


def by_secretary(act: Act, **around: Any) -> Said:
    """Return an act of the secretary."""
    return say(act, office=SECRETARY, **around)


def received(number: int = 1, **changes: Any) -> Said:
    """Return the Auditoría's requirement of ten business days."""
    data: dict[str, Any] = PLACE | {
        "number": number,
        "authority": "asf",
        "reference": "RQ-2026-014",
        "asks": ("certificates", "negative", "bundle"),
        "from_on": "2025-11-01",
        "to_on": "2026-09-14",
        "received_on": "2026-09-14",
        "business_days": 10,
        "due_on": "2026-09-29",
    }
    return by_secretary(OversightRequirementReceived(**(data | changes)))


def exported(story: Story, bundle: int = 1, **changes: Any) -> Said:
    """Return the export of a bundle of all that stands."""
    data: dict[str, Any] = {
        "bundle": bundle,
        "manifest_sha256": "a" * 64,
        "tree_size": story.size,
        "root": "b" * 64,
        "first_index": 0,
        "last_index": story.size - 1,
    }
    return by_secretary(EvidenceBundleExported(**PLACE, **(data | changes)))


def answered(sealed: bool = False, basis: dict[str, str] | None = None, **changes: Any) -> Said:
    """Return the answer; with its text where `sealed`."""
    data: dict[str, Any] = PLACE | {"oficio": "SG/881/2026", "answered_on": "2026-09-14"} | changes
    return by_secretary(
        OversightRequirementAnswered(**data), sealed={"answer": "d" * 43} if sealed else {}, basis=basis or {}
    )


def linked(finding: int = 1, *acts: int) -> Said:
    """Return a finding about acts."""
    return by_secretary(AuditFindingLinked(**PLACE, finding=finding, reference="2026-0-1", acts=acts or (1,)))


def clarified(finding: int = 1) -> Said:
    """Return that a finding was clarified."""
    return by_secretary(AuditFindingClarified(**PLACE, finding=finding, outcome="clarified"))


def closed(on: str = "2026-09-14") -> Said:
    """Return the closing."""
    return by_secretary(OversightRequirementClosed(**PLACE, closed_on=on, oficio="ASF/12/2026"))


def state_of(story: Story) -> RequirementState:
    """Return the requirement as it stands."""
    state = story.state("requirement/hcd/2026/1")
    assert isinstance(state, RequirementState)
    return state


def test_the_demo_years_requirement_is_due_after_the_holiday(story: Story) -> None:
    """Received on 14 September, ten business days, the 16th is none: due on the 29th (domain.md §7.3)."""
    story.when(received(due_on="2026-09-28")).refused("due-date", expected="2026-09-29")
    story.given(received())
    assert state_of(story).due_on.isoformat() == "2026-09-29"
    assert story.world.rules["legal-term"]


def test_oversight_deadline_outside_ten_to_fifteen_business_days_refused(story: Story) -> None:
    """LFRCF 9 gives the Auditoría ten to fifteen; another authority's own law sets what it sets."""
    story.when(received(business_days=9, due_on="2026-09-28")).refused("legal-term", least=10, most=15)
    story.when(received(business_days=16, due_on="2026-10-07")).refused("legal-term")
    story.given(received(business_days=15, due_on="2026-10-06"))
    story.given(received(2, authority="oic", business_days=3, due_on="2026-09-18"))


def test_requirements_are_numbered_in_the_year_of_their_receipt(story: Story) -> None:
    """Each once, without gaps, not received tomorrow, of a body with rules; its scope is sound."""
    story.when(received(2)).refused("number-gap")
    story.when(received(received_on="2026-09-15", due_on="2026-09-30")).refused("received-later")
    story.when(received(received_on="2025-12-01", due_on="2025-12-15")).refused("requirement-year")
    story.when(received(asks=("bundle", "bundle"))).refused("scope-repeated")
    story.when(received(from_on="2026-09-15")).refused("dates-out-of-order")
    story.given(received()).when(received()).refused("already-required")
    attempt = story.when(received(2))
    void = replace(attempt.signed, statement=attempt.signed.statement._replace(version=2))
    with pytest.raises(RuleViolation, match="number-used"):
        requirement.check(None, void, story.world)


def test_a_bundle_is_about_acts_that_its_checkpoint_covers(story: Story) -> None:
    """Bundles are numbered; range and checkpoint lie within what stands; the export is itself an act (§3.18)."""
    story.when(exported(story)).refused("requirement-unknown")
    story.given(received()).when(exported(story, 2)).refused("bundle-gap")
    for change in ({"first_index": 5, "last_index": 4}, {"last_index": story.size}, {"tree_size": story.size + 1}):
        story.when(exported(story, **change)).refused("bundle-range")
    story.given(exported(story), exported(story, 2, grants=3))
    assert state_of(story).bundles == 2


def test_an_answer_rests_on_certificates_in_force_and_bundles(story: Story) -> None:
    """Unknown bundles and certificates, revoked ones, and an answer with nothing in it are refused."""
    story.given(received(), exported(story), issued(1, named(story, AGREEMENT)), issued(2, named(story, AGREEMENT)))
    story.when(answered()).refused("answer-empty")
    story.when(answered(bundles=(2,))).refused("bundle-unknown")
    for unknown in ("certification/hcd/2026/9", AGREEMENT):
        story.when(answered(certificates=(unknown,))).refused("certification-unknown")
    story.when(answered(certificates=(CERTIFICATE,))).refused("certification-not-in-basis")
    other = replace(story.state(CERTIFICATE), body="otro")  # type: ignore[call-arg]
    foreign = "certification/otro/2026/1"
    story.put(foreign, other)
    basis = {foreign: other.statement}
    story.when(answered(certificates=(foreign,), basis=basis)).refused("object-of-other-body")
    story.given(by_secretary(CertificationRevoked(body="hcd", year=2026, number=2, reason="error")))
    second = "certification/hcd/2026/2"
    basis = {second: story.state(second).statement}
    story.when(answered(certificates=(second,), basis=basis)).refused("certification-not-in-force")
    for day in ("2026-09-13", "2026-09-15"):
        story.when(answered(bundles=(1,), answered_on=day)).refused("answered-before")
    basis = {CERTIFICATE: story.state(CERTIFICATE).statement}
    story.given(answered(certificates=(CERTIFICATE,), bundles=(1,), basis=basis))
    story.when(answered(sealed=True)).refused("already-answered")


def test_findings_are_linked_clarified_and_closed(story: Story) -> None:
    """A finding names acts that are there; the requirement closes once it is answered and no finding is open."""
    story.given(received())
    story.when(closed()).refused("not-answered")
    story.given(answered(sealed=True)).when(linked(2)).refused("finding-gap")
    story.when(linked(1, story.size)).refused("finding-of-later-act")
    story.given(linked(1, 1, 4)).when(closed()).refused("finding-open", finding=1)
    story.when(clarified(2)).refused("finding-unknown")
    story.given(clarified()).when(clarified()).refused("finding-settled")
    for day in ("2026-09-13", "2026-09-15"):
        story.when(closed(day)).refused("closed-before")
    story.given(closed()).when(linked(2)).refused("requirement-closed")
    assert (state_of(story).phase, state_of(story).findings) == ("closed", {1: "clarified"})


def test_nothing_of_a_requirement_is_back_dated(story: Story) -> None:
    """Each act occurs after the one before it (G8)."""
    story.given(received())
    story.when(replace(exported(story), at="2026-09-14T11:00:00-06:00")).refused("back-dated")


def test_what_no_rule_admits_is_a_programming_error(story: Story) -> None:
    """Foreign acts, and a first act that is none."""
    foreign = story.signed(BodyRegistered(body="x", body_kind="board"))
    with pytest.raises(TypeError):
        requirement.check(None, foreign, story.world)
    with pytest.raises(RuleViolation):
        requirement.evolve(None, story.signed(closed()))
