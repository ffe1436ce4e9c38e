"""Requests for certification: who asks, admitted or not, compiled by one person, reviewed by another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import pytest

from ledger.acts.body import BodyRegistered
from ledger.acts.certification import MAX_OBJECTS
from ledger.acts.designation import DesignationEnded
from ledger.acts.petition import CertificationRequestResolved, Petitioner
from ledger.domain import request
from ledger.domain.request import RequestState
from ledger.domain.world import State
from ledger.errors import RuleViolation, UntrustedInputError
from tests.kit.certified import (
    ACTA,
    AGREEMENT,
    REQUEST,
    VOTE,
    compiled,
    issued,
    named,
    negative,
    recorded_story,
    requested,
    resolved,
    reviewed,
)
from tests.kit.council import SECRETARY

if TYPE_CHECKING:
    from tests.kit.story import Story


@pytest.fixture
def story() -> Story:
    """A story up to a signed acta, of a body that certifies on request only."""
    return recorded_story("reviewed")


def state_of(story: Story, number: int = 1) -> RequestState:
    """Return a request as it stands."""
    state = story.state(f"request/hcd/2026/{number}")
    assert isinstance(state, RequestState)
    return state


@pytest.mark.parametrize("petitioner", get_args(Petitioner))
def test_every_kind_of_petitioner_may_ask(story: Story, petitioner: Petitioner) -> None:
    """The nine kinds of petitioners are received, admitted, and kept apart by kind; who they are is sealed."""
    story.given(requested(petitioner=petitioner, objects=(AGREEMENT,), legal_basis="LFPA 15-A"), resolved())
    assert (state_of(story).petitioner, state_of(story).phase) == (petitioner, "admitted")


def test_requests_are_numbered_without_gaps_in_the_year_of_their_receipt(story: Story) -> None:
    """Each number once, none skipped, none received tomorrow, of a body that is there."""
    story.when(requested(2)).refused("number-gap")
    story.when(requested(received_on="2026-01-29")).refused("received-later")
    story.when(requested(received_on="2025-12-31")).refused("request-year")
    story.when(requested(received_on="2026-02-30")).refused("impossible-date")
    story.when(requested(due_on="2026-01-27")).refused("dates-out-of-order")
    story.given(requested(due_on="2026-02-11")).when(requested()).refused("already-requested")
    story.given(requested(2))
    attempt = story.when(requested(3))
    void = replace(attempt.signed, statement=attempt.signed.statement._replace(version=2))
    with pytest.raises(RuleViolation, match="number-used"):
        request.check(None, void, story.world)


def test_a_request_names_the_matter_that_it_belongs_to(story: Story) -> None:
    """The matter exists, is a requirement or a request of access, and stands in the basis."""
    matter = "requirement/hcd/2026/1"
    story.when(requested(matter=matter)).refused("matter-unknown")
    story.when(requested(matter=AGREEMENT)).refused("matter-unknown")
    story.put(matter, State(1, 9, "a" * 64))
    story.when(requested(matter=matter, basis={})).refused("matter-not-in-basis")
    story.given(requested(matter=matter, basis={matter: "a" * 64}))


def test_rejected_and_denied_are_different_ends(story: Story) -> None:
    """What was not admitted is rejected, what was admitted is denied; nothing follows either, and both say why."""
    story.when(resolved()).refused("request-unknown")
    story.given(requested(), requested(2))
    story.when(resolved("denied")).refused("request-phase")
    story.given(resolved("rejected"))
    story.when(resolved()).refused("request-ended", phase="rejected")
    story.given(resolved("admitted", 2))
    story.when(resolved("rejected", 2)).refused("request-phase")
    story.given(resolved("denied", 2))
    story.when(compiled(named(story, AGREEMENT), number=2)).refused("request-ended", phase="denied")
    for outcome in ("rejected", "denied"):
        act = CertificationRequestResolved(body="hcd", year=2026, number=1, outcome=outcome)
        with pytest.raises(UntrustedInputError):
            act.check_sealed_names(())
        act.check_sealed_names({"reason"})


def test_certification_reviewed_by_who_compiled_it_refused(story: Story) -> None:
    """G3: another person compares it with the originals, whatever office the compiler acts in."""
    story.given(requested(), resolved(), compiled(named(story, AGREEMENT)))
    story.when(reviewed(office=SECRETARY)).refused("same-person")
    story.given(reviewed())
    assert state_of(story).phase == "reviewed"


def test_what_was_returned_is_compiled_again(story: Story) -> None:
    """Drafts are numbered; a review is of the last draft; what was reviewed may be compiled anew for a re-issue."""
    one = named(story, AGREEMENT)
    story.given(requested()).when(compiled(one)).refused("request-phase")
    story.given(resolved()).when(reviewed()).refused("request-phase")
    story.when(compiled(one, draft=2)).refused("draft-gap")
    story.given(compiled(one)).when(reviewed(2)).refused("request-phase")
    story.given(reviewed(outcome="returned"))
    assert state_of(story).phase == "returned"
    story.when(reviewed()).refused("request-phase")
    story.given(compiled(one, draft=2), reviewed(2), compiled(one, draft=3), reviewed(3))
    assert state_of(story).draft == 3


def test_what_is_compiled_is_checked_as_what_is_issued(story: Story) -> None:
    """An unsealed acta, an empty certificate and a moved object are refused at the compilation already (X1, X2)."""
    story.given(requested(), resolved())
    story.when(compiled(named(story, ACTA))).refused("not-sealed")
    story.when(compiled()).refused("certification-empty")
    story.when(compiled(named(story, AGREEMENT, index=1))).refused("object-moved")
    story.given(compiled(named(story, AGREEMENT), named(story, VOTE), negatives=(negative(story),)))


def test_what_moved_after_the_review_is_compiled_again(story: Story) -> None:
    """A designation that ended between review and issue is not certified as it was."""
    mandate = "designation/hcd/obrero-1/1"
    seen = named(story, mandate)
    story.given(requested(), resolved(), compiled(seen), reviewed())
    story.given(DesignationEnded(body="hcd", seat="obrero-1", number=1, ended_at=story.now, cause="resigned"))
    basis = {REQUEST: story.state(REQUEST).statement}
    story.when(issued(1, seen, request=REQUEST, basis=basis)).refused("object-moved")
    now = named(story, mandate)
    assert now.marks == ("not-in-force",)
    story.given(compiled(now, draft=2), reviewed(2))
    story.given(issued(1, now, request=REQUEST, basis={REQUEST: story.state(REQUEST).statement}))


def test_transparency_request_gets_a_public_version_only(story: Story) -> None:
    """X5: for who asks by transparency neither a copy nor an original is compiled."""
    story.given(requested(petitioner="transparency"), resolved())
    one = named(story, AGREEMENT)
    story.when(compiled(one)).refused("public-version-required")
    story.when(compiled(one, copy_kind="public-version")).refused("not-a-public-version")
    story.given(compiled(negatives=(negative(story),)))


def test_nothing_of_a_request_is_back_dated(story: Story) -> None:
    """Each act occurs after the one before it (G8)."""
    story.given(requested())
    story.when(replace(resolved(), at="2026-01-28T09:00:00-06:00")).refused("back-dated")


def test_what_no_rule_admits_is_a_programming_error(story: Story) -> None:
    """Foreign acts, and a first act that is none; a request names at most as many objects as a certificate."""
    foreign = story.signed(BodyRegistered(body="x", body_kind="board"))
    with pytest.raises(TypeError):
        request.check(None, foreign, story.world)
    with pytest.raises(RuleViolation):
        request.evolve(None, story.signed(resolved()))
    with pytest.raises(ValueError, match="objects"):
        requested(objects=(AGREEMENT,) * (MAX_OBJECTS + 1))
