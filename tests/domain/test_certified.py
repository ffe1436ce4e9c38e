"""What is certified and how it stood: every kind of object, its state, its folios and its sheets (domain.md §3.9)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.agreement import AgreementImported
from ledger.domain.certified import describe, standing_of
from ledger.domain.transparency_states import VersionState
from ledger.domain.world import View
from ledger.errors import RuleViolation
from ledger.ids import parse_written
from tests.domain.test_book import assigned, cancelled, opened, sealed_sitting, with_book
from tests.domain.test_circulation import corrected, sealed_with_votes
from tests.domain.test_validity import errata, later_session, modified, revoked, suspended
from tests.kit.agreements import FIRST, SECOND, VETO, case, two_agreements
from tests.kit.certified import ACTA, AGREEMENT, VOTE, compiled, named, recorded_story, requested, resolved, seal
from tests.kit.council import DAY

if TYPE_CHECKING:
    from tests.kit.story import Story


LEGACY: dict[str, Any] = {
    "body": "hcd",
    "year": 2021,
    "number": 1,
    "adopted_on": "2021-06-02",
    "identifier": "1/2021",
    "provenance": "LEGACY_SCAN",
    "source_sha256": "a" * 64,
    "row": 1,
}


def asked(story: Story) -> Story:
    """Let somebody ask for a certificate, so that one can be compiled."""
    return story.given(requested(received_on=story.now[:10]), resolved())


# -- the state of each object at issuance ------------------------------------------------------------------------------


def test_certificate_binds_the_state_of_an_agreement() -> None:
    """In force, modified, suspended, revoked: the certificate says which, and by which act."""
    story = asked(two_agreements().story)
    assert named(story, FIRST).marks == ("in-force",)
    story.given(modified(story))
    seen = named(story, FIRST)
    assert (seen.marks, seen.by) == (("in-force", "modified"), (SECOND,))
    for change in ({"marks": ("in-force",)}, {"by": ()}, {"by": (VETO,)}):
        story.when(compiled(named(story, FIRST, **change))).refused("object-standing", stream=FIRST)
    story.given(compiled(seen))
    case(story, "suspended").given(suspended(story))
    held = named(story, FIRST)
    assert (held.marks, held.by) == (("modified", "suspended"), (SECOND, VETO))
    story.given(compiled(held, draft=2))


def test_certificate_of_a_revoked_agreement_names_what_revoked_it() -> None:
    """An agreement without effect is certified as what it is."""
    story = two_agreements().story
    story.given(revoked(story))
    seen = named(asked(story), FIRST)
    assert (seen.marks, seen.by) == (("revoked",), (SECOND,))
    story.given(compiled(seen))


def test_certificate_of_a_corrected_agreement_names_the_vote_that_corrected_it() -> None:
    """A fe de erratas of the agreement's text is told with the later session's vote."""
    story, vote = later_session(two_agreements())
    story.given(errata(story, vote))
    seen = named(story, FIRST)
    assert (seen.marks, seen.by) == (("corrected", "in-force"), (vote,))


def test_certificate_says_that_the_acta_has_errata() -> None:
    """An acta with a fe de erratas carries the mark and the errata's stream; one that hides it is refused."""
    sitting, later = sealed_with_votes()
    story, acta = sitting.story, f"acta/{sitting.path}"
    assert named(story, acta).marks == ("sealed",)
    story.given(corrected(sitting, later))
    seen = named(asked(story), acta)
    assert (seen.marks, seen.by) == (("corrected", "sealed"), (f"errata/{sitting.path}/1",))
    story.when(compiled(named(story, acta, marks=("sealed",), by=()))).refused("object-standing", stream=acta)
    story.given(compiled(seen, named(story, f"errata/{sitting.path}/1")))


def test_a_draft_is_certified_as_a_draft_only() -> None:
    """X1: an unsealed acta only as *proyecto*, a sealed one never as that."""
    story = asked(recorded_story())
    draft = named(story, ACTA)
    assert draft.marks == ("draft",)
    story.when(compiled(draft)).refused("not-sealed", stream=ACTA)
    story.given(compiled(draft, copy_kind="draft"))
    seal(story).when(compiled(named(story, ACTA), copy_kind="draft", draft=2)).refused("not-a-draft", stream=ACTA)


def test_votes_and_designations_say_what_they_are() -> None:
    """A declared vote is declared, a mandate in force is in force at the instant of the certificate."""
    story = recorded_story()
    assert named(story, VOTE).marks == ("declared",)
    mandate = "designation/hcd/obrero-1/1"
    assert named(story, mandate).marks == ("in-force",)
    story.given(AgreementImported(**LEGACY))
    assert named(story, "agreement/hcd/2021/1").marks == ("imported", "in-force")
    story.put(VOTE, replace(story.state(VOTE), phase="imported", imported=True))  # type: ignore[call-arg]
    assert named(story, VOTE).marks == ("imported",)
    other: Any = story.state("designation/hcd/obrero-2/1")
    story.put("designation/hcd/obrero-2/1", replace(other, provisional=True))
    assert named(story, "designation/hcd/obrero-2/1").marks == ("in-force", "provisional")
    before = describe(story.world, mandate, parse_written("2019-01-01T00:00:00-06:00"))
    assert before.marks == ("not-in-force",)


# -- folios and sheets -------------------------------------------------------------------------------------------------


def test_folios_of_what_is_bound_are_certified_as_they_are() -> None:
    """A bound acta carries its book and folios, its sheets are theirs; other folios or counts are refused."""
    story, acta, appendix = with_book()
    asked(story)
    assert named(story, acta).folios is None
    story.given(assigned(story, acta, 1, 4), cancelled(5), assigned(story, appendix, 6, 8))
    seen, attached = named(story, acta), named(story, appendix)
    assert seen.folios is not None
    assert (seen.folios.book, seen.folios.first, seen.folios.last) == ("book/hcd/2026/1", 1, 4)
    story.when(compiled(seen.model_copy(update={"folios": None}), sheets=4)).refused("object-folios", stream=acta)
    story.when(compiled(seen, sheets=3)).refused("sheets-mismatch", expected=4)
    story.when(compiled(seen, sheets=5)).refused("sheets-mismatch", expected=4)
    story.given(compiled(seen, attached))


def test_a_folio_range_is_certified() -> None:
    """Folios of a book, cancelled ones among them, as far as they are used; the same book twice with other folios."""
    story, acta, _ = with_book()
    asked(story).given(assigned(story, acta, 1, 4), cancelled(5))
    book = "book/hcd/2026/1"
    some = named(story, book, (2, 5))
    assert some.marks == ("bound",)
    story.when(compiled(named(story, book, (2, 6)))).refused("folio-range", last=6)
    story.when(compiled(named(story, book, (4, 2)), sheets=0)).refused("folio-range", first=4)
    story.when(compiled(some.model_copy(update={"folios": None}))).refused("object-folios")
    story.when(compiled(some, some)).refused("object-repeated")
    story.given(compiled(some, named(story, book, (1, 1))))
    whole = named(story, book)
    assert whole.folios is not None
    assert whole.folios.last == 5


def test_an_appendix_counts_its_own_sheets_once_its_acta_is_sealed() -> None:
    """Bound or not, an appendix has the sheets that it was attached with; before the sealing it is not certified."""
    story = asked(sealed_sitting().story.given(opened()))
    attached = named(story, "appendix/hcd/2026/ord/1/1")
    assert attached.marks == ("attached",)
    state: Any = story.state(attached.stream)
    story.when(compiled(attached, sheets=state.sheets + 1)).refused("sheets-mismatch", expected=state.sheets)
    story.given(compiled(attached, sheets=state.sheets))
    acta: Any = story.state("acta/hcd/2026/ord/1")
    story.put("acta/hcd/2026/ord/1", replace(acta, phase="drafted"))
    story.when(compiled(attached, sheets=state.sheets, draft=2)).refused("not-sealed", stream=attached.stream)


# -- public versions ---------------------------------------------------------------------------------------------------


def test_transparency_request_gets_a_certified_public_version() -> None:
    """X5: an approved version of the body's own is certified as one, naming what it derives from; no other."""
    story = recorded_story().given(requested(petitioner="transparency"), resolved())
    stream = "version/40/1"
    story.put(stream, VersionState(1, 45, "a" * 64, 40, ACTA, (), phase="approved"))
    seen = named(story, stream)
    assert (seen.marks, seen.by) == (("approved",), (ACTA,))
    story.given(compiled(seen, copy_kind="public-version", sheets=3))
    story.given(requested(2), resolved(number=2))
    story.when(compiled(seen, number=2)).refused("not-a-public-version", stream=stream)
    story.put(stream, VersionState(1, 45, "a" * 64, 40, ACTA, ()))
    early = named(story, stream)
    assert early.marks == ("draft",)
    story.when(compiled(early, copy_kind="public-version", draft=2)).refused("version-not-approved", stream=stream)
    story.put(stream, VersionState(1, 45, "a" * 64, 40, "acta/otro/2026/ord/1", (), phase="approved"))
    foreign = compiled(named(story, stream), copy_kind="public-version", draft=2)
    story.when(foreign).refused("object-of-other-body", stream=stream)


# -- whoever composes --------------------------------------------------------------------------------------------------


def test_a_certificate_is_composed_out_of_states_alone() -> None:
    """A view over states describes what a rule would check, and takes no notes."""
    story = recorded_story()
    view = View(story.world.states.get)
    at = parse_written(f"{DAY}T12:00:00-06:00")
    assert describe(view, AGREEMENT, at) == describe(story.world, AGREEMENT, at)
    assert (view.begun(AGREEMENT), view.begun("agreement/hcd/2026/9"), view.origin) == (True, False, "")
    view.rule("x")
    view.lacks("x")
    view.remark("x")
    view.until(at)
    with pytest.raises(RuleViolation, match="not-certifiable"):
        describe(view, "ledger", at)
    with pytest.raises(TypeError):
        standing_of("body/hcd", story.state("body/hcd"), at, view)
