"""Books: folios from 1 without gap, overlap or reuse; closing, formalising, transfer, custody and fixity."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from ledger.acts.body import BodyRegistered
from ledger.acts.book import (
    ArchiveItemLoaned,
    ArchiveItemReturned,
    ArchiveLocationSet,
    BookClosed,
    BookFormalized,
    BookOpened,
    BookTransferred,
    FixityFailed,
    FixityVerified,
    FolioCancelled,
    FoliosAssigned,
)
from ledger.crypto import disclosure
from ledger.domain import book, custody, fixity
from ledger.domain.book import BookState
from ledger.domain.custody import CustodyState
from ledger.domain.fixity import FixityState
from ledger.errors import RuleViolation
from ledger.ids import ZERO_HASH
from tests.domain.test_acta import ROOT, SECRETARYS, drafted, held, sealed, signed
from tests.domain.test_circulation import appended
from tests.kit.council import CHAIR, SECRETARY, Sitting
from tests.kit.story import Said, Story, say

BOOK: dict[str, Any] = {"body": "hcd", "year": 2026, "volume": 1}
CUSTODIAN = "designation/archivo/custodio/1"
CLERK, OTHER_CLERK = "a" * 64, "b" * 64


def opened(volume: int = 1, folios: int = 20, **changes: Any) -> Said:
    """Return the opening of a volume."""
    return say(BookOpened(**(BOOK | {"volume": volume} | changes), contents="actas", folios=folios), office=SECRETARY)


def assigned(story: Story, stream: str, first: int, last: int, **changes: Any) -> Said:
    """Return the assignment of folios to an object as it stands."""
    basis = {stream: story.world.states[stream].statement} if stream in story.world.states else {}
    root = changes.pop("root", ROOT if stream.startswith("acta/") else None)
    act = FoliosAssigned(**(BOOK | changes), first=first, last=last, object=stream, root=root)
    return say(act, office=SECRETARY, basis=basis)


def cancelled(folio: int) -> Said:
    """Return the cancellation of a folio."""
    return say(FolioCancelled(**BOOK, folio=folio), office=SECRETARY)


def closed(last_folio: int, spoiled: int = 0) -> Said:
    """Return the close of the book, signed by the clerk's key."""
    return say(BookClosed(**BOOK, last_folio=last_folio, cancelled=spoiled), office=SECRETARY, signer=CLERK)


def formalised(last_folio: int, signer: str = OTHER_CLERK) -> Said:
    """Return the formalisation by another key."""
    return say(BookFormalized(**BOOK, last_folio=last_folio), office=CHAIR, signer=signer)


def transferred() -> Said:
    """Return the transfer, which the custodian signs."""
    return say(BookTransferred(**BOOK, location="AH-03/12"), office=CUSTODIAN)


def sealed_sitting() -> Sitting:
    """Return a sitting with an appendix whose acta is sealed."""
    sitting = held()
    sitting.story.given(appended(sitting), drafted(sitting), signed(sitting, SECRETARYS), signed(sitting, "estado-1"))
    sitting.story.given(sealed(sitting, SECRETARYS, "estado-1"))
    return sitting


def with_book() -> tuple[Story, str, str]:
    """Return a story with an open book, and the streams of an acta and of its appendix."""
    sitting = sealed_sitting()
    return sitting.story.given(opened()), f"acta/{sitting.path}", f"appendix/{sitting.path}/1"


def archived() -> tuple[Story, str]:
    """Return a story with a book of one acta in the archive, and the acta's stream."""
    story, acta, _ = with_book()
    return story.given(assigned(story, acta, 1, 4), closed(4), formalised(4), transferred()), acta


def state_of(story: Story) -> BookState:
    """Return the book as it stands."""
    state = story.state("book/hcd/2026/1")
    assert isinstance(state, BookState)
    return state


# -- folios ------------------------------------------------------------------------------------------------------------


def test_volumes_are_opened_without_gaps() -> None:
    """A book is opened once, of a body that exists, its volume the next of the year."""
    story = held().story
    story.when(opened(2)).refused("number-gap")
    story.when(opened(body="nadie")).refused("body-unknown")
    story.given(opened()).when(opened()).refused("book-already-open")
    story.given(opened(2))
    story.when(assigned(story, "acta/hcd/2026/ord/1", 1, 2, volume=3)).refused("book-unknown")


def test_folio_gap_and_overlap_are_refused() -> None:
    """L4: folios are the next ones from 1 on; none is skipped, none used twice, none beyond the last sheet."""
    story, acta, annex = with_book()
    story.when(assigned(story, acta, 2, 5)).refused("folio-gap", expected=1)
    story.when(assigned(story, acta, 1, 21)).refused("book-full", folios=20)
    story.given(assigned(story, acta, 1, 4))
    story.when(assigned(story, annex, 4, 6)).refused("folio-overlap", expected=5)
    story.when(assigned(story, annex, 6, 7)).refused("folio-gap", expected=5)
    story.when(assigned(story, annex, 5, 4)).refused("folio-range")
    story.given(assigned(story, annex, 5, 16))
    assert state_of(story).objects == {acta: (1, 4), annex: (5, 16)}


def test_l6_digital_image_hash_is_bound_to_its_folios() -> None:
    """L6: the image's hash is in the sealed value that the assignment commits to, and no folio is assigned anew."""
    story, acta, _ = with_book()
    (field,) = FoliosAssigned.sealed_fields
    image: dict[str, Any] = {"name": "f.pdf", "media_type": "application/pdf", "size": 9, "sha256": "ab" * 32}
    assert TypeAdapter(field.schema).validate_python(image).sha256 == "ab" * 32
    with pytest.raises(ValidationError, match="sha256"):
        TypeAdapter(field.schema).validate_python({key: image[key] for key in ("name", "media_type", "size")})
    bound = disclosure.digest(disclosure.make("image", image, bytes(16)))
    assert bound != disclosure.digest(disclosure.make("image", image | {"sha256": "cd" * 32}, bytes(16)))
    story.given(replace(assigned(story, acta, 1, 4), sealed={"image": bound}))
    again = replace(assigned(story, acta, 1, 4), sealed={"image": "0" * 64})
    story.when(again).refused("folio-overlap", expected=5)


def test_a_cancelled_folio_is_counted_and_never_reused() -> None:
    """L4: a spoiled folio is used up; the next object begins after it, and the close counts it."""
    story, acta, _ = with_book()
    story.when(cancelled(2)).refused("folio-gap", expected=1)
    story.given(cancelled(1)).when(assigned(story, acta, 1, 4)).refused("folio-overlap", expected=2)
    story.when(cancelled(1)).refused("folio-overlap")
    story.given(assigned(story, acta, 2, 5), cancelled(6))
    story.when(closed(5, 2)).refused("folio-count", used=6, cancelled=2)
    story.when(closed(6, 1)).refused("folio-count")
    story.given(closed(6, 2))
    assert (state_of(story).used, state_of(story).cancelled, state_of(story).phase) == (6, 2, "closed")


def test_only_what_cannot_change_is_bound_and_once() -> None:
    """An acta is sealed and seen as it stands, of this body and year, and in no other volume."""
    sitting = held()
    sitting.story.given(drafted(sitting), opened())
    acta, story = f"acta/{sitting.path}", sitting.story
    story.when(assigned(story, acta, 1, 2)).refused("not-sealed")
    story.when(assigned(story, "acta/hcd/2026/ord/9", 1, 2)).refused("object-unknown")
    story.when(assigned(story, "acta/otro/2026/ord/1", 1, 2)).refused("object-of-other-body")
    story.when(assigned(story, "acta/hcd/2025/ord/1", 1, 2)).refused("object-of-other-year")
    story.when(assigned(story, f"session/{sitting.path}", 1, 2)).refused("folio-object")
    story, acta, annex = with_book()
    unseen = FoliosAssigned(**BOOK, first=1, last=2, object=acta, root=ROOT)
    story.when(say(unseen, basis={acta: ZERO_HASH})).refused("object-not-in-basis")
    story.when(assigned(story, acta, 1, 2, root=None)).refused("object-root")
    story.when(assigned(story, annex, 1, 2, root=ROOT)).refused("object-root")
    story.given(assigned(story, acta, 1, 2), opened(2))
    story.when(assigned(story, acta, 3, 4)).refused("already-foliated", book="hcd/2026/1")
    story.when(assigned(story, acta, 1, 2, volume=2)).refused("already-foliated", book="hcd/2026/1")


def test_a_closed_book_refuses_everything() -> None:
    """L5: no folio, no cancellation, no second close after the razón de cierre; and nothing back-dated before it."""
    story, acta, annex = with_book()
    story.given(assigned(story, acta, 1, 4), closed(4))
    story.when(assigned(story, annex, 5, 6)).refused("book-closed")
    story.when(cancelled(5)).refused("book-closed")
    story.when(closed(4)).refused("book-closed")
    early = say(BookFormalized(**BOOK, last_folio=4), at="2026-01-28T09:00:00-06:00", signer=OTHER_CLERK)
    story.when(early).refused("back-dated")


def test_a_book_is_formalised_by_another_and_then_transferred() -> None:
    """The steps follow one another; who closed the book does not also sign that it is complete (G3)."""
    story, acta, _ = with_book()
    story.given(assigned(story, acta, 1, 4)).when(formalised(4)).refused("book-phase", expected="closed")
    story.given(closed(4)).when(transferred()).refused("book-phase", expected="formalised")
    story.when(formalised(5)).refused("folio-count")
    story.when(formalised(4, signer=CLERK)).refused("same-signer")
    story.given(formalised(4), transferred()).when(transferred()).refused("book-phase", phase="archived")


# -- custody and fixity ------------------------------------------------------------------------------------------------


def lent(number: int = 1, due_on: str = "2026-03-01") -> Said:
    """Return a loan."""
    return say(ArchiveItemLoaned(**BOOK, loan=number, due_on=due_on), office=CUSTODIAN)


def returned(number: int = 1) -> Said:
    """Return the return of a loan."""
    return say(ArchiveItemReturned(**BOOK, loan=number), office=CUSTODIAN)


def test_an_archived_book_is_lent_once_at_a_time() -> None:
    """Only what lies in the archive is lent, moved or returned; a loan ends before the next begins."""
    story, acta, _ = with_book()
    story.when(say(ArchiveLocationSet(**(BOOK | {"volume": 9}), location="X"))).refused("book-unknown")
    story.when(lent()).refused("book-phase", expected="archived")
    story.given(assigned(story, acta, 1, 4), closed(4), formalised(4), transferred())
    story.when(returned()).refused("loan-unknown")
    story.when(lent(2)).refused("loan-gap", expected=1)
    story.when(lent(due_on="2026-01-27")).refused("deadline-past")
    story.when(lent(due_on="2026-02-31")).refused("impossible-date")
    story.given(lent()).when(lent(2)).refused("book-on-loan", loan=1)
    moved = say(ArchiveLocationSet(**BOOK, location="AH-04/01"), office=CUSTODIAN)
    story.when(moved).refused("book-on-loan")
    story.when(returned(2)).refused("loan-unknown")
    story.given(returned(), moved, lent(2))
    state = story.state("custody/hcd/2026/1")
    assert isinstance(state, CustodyState)
    assert (state.loans, state.out) == (2, 2)


def test_custody_goes_on_from_the_transfer() -> None:
    """Nothing is lent before the archive had it."""
    story, _ = archived()
    early = say(ArchiveItemLoaned(**BOOK, loan=1, due_on="2026-03-01"), at="2026-01-28T09:00:00-06:00")
    story.when(early).refused("back-dated")


def test_fixity_speaks_of_every_object_of_the_book() -> None:
    """A check is the next of its book and reads all of its objects; failures are among them, each once."""
    story, acta = archived()
    service = "key/" + "c" * 64
    story.when(say(FixityVerified(**BOOK, fixity=2, objects=1), office=service)).refused("number-gap")
    story.when(say(FixityVerified(**BOOK, fixity=1, objects=0), office=service)).refused("fixity-incomplete")
    absent = FixityVerified(**(BOOK | {"volume": 9}), fixity=1, objects=0)
    story.when(say(absent, office=service)).refused("book-unknown")
    story.given(say(FixityVerified(**BOOK, fixity=1, objects=1), office=service))
    story.when(say(FixityVerified(**BOOK, fixity=1, objects=1), office=service)).refused("already-checked")
    place: dict[str, Any] = BOOK | {"fixity": 2, "objects": 1}
    story.when(FixityFailed(**place, failures=("acta/hcd/2026/ord/9",))).refused("object-not-in-book")
    story.when(FixityFailed(**place, failures=(acta, acta))).refused("object-repeated")
    story.given(say(FixityFailed(**place, failures=(acta,)), office=service))
    state = story.state("fixity/hcd/2026/1/2")
    assert isinstance(state, FixityState)
    assert (state.objects, state.failures) == (1, (acta,))


def test_what_is_not_theirs_is_a_programming_error() -> None:
    """An aggregate never judges another's act, and a book does not go on from nothing."""
    story = Story()
    alien = story.signed(BodyRegistered(body="x", body_kind="council"))
    for module in (book, custody, fixity):
        with pytest.raises(TypeError):
            module.evolve(None, alien)
    with pytest.raises(RuleViolation, match="book-unknown"):
        book.evolve(None, story.signed(cancelled(1)))
