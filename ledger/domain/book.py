"""Books of folios: opened, filled from 1 without gap, overlap or reuse, closed, formalised, transferred (L4–L6).

    open → closed → formalised → archived

Whatever uses up a folio stands in the book's own stream, so the next folio is never in doubt. An object is
foliated once: it is bound with its own year, and all books of the body and year, whose volumes have no gaps, are read.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.book import (
    BookClosed,
    BookFormalized,
    BookOpened,
    BookTransferred,
    FolioCancelled,
    FoliosAssigned,
)
from ledger.domain.acta import ActaState
from ledger.domain.body import body_of
from ledger.domain.rules.numbering import check_predecessor
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import parse_written, stream_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ledger.acts.base import Act

LaterAct: TypeAlias = FoliosAssigned | FolioCancelled | BookClosed | BookFormalized | BookTransferred
BookAct: TypeAlias = BookOpened | LaterAct
Phase: TypeAlias = Literal["open", "closed", "formalised", "archived"]
FOLIATED = frozenset({"acta", "errata", "appendix", "agreement"})
"""What is bound into books."""


@dataclass(frozen=True, slots=True)
class BookState(State):
    """A book.

    path: `hcd/2026/1`; folios: how many it has; used: the last folio used, cancelled ones included.
    objects: object's stream → its first and last folio; cancelled: how many folios are spoiled.
    closed_by: the key that closed it; None before.
    """

    path: str
    folios: int
    last_at: datetime
    phase: Phase = "open"
    used: int = 0
    cancelled: int = 0
    objects: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    closed_by: str | None = None


def check(state: BookState | None, signed: Signed, world: World) -> None:
    """Check an act of a book.

    Raises:
        RuleViolation: "book-already-open", "number-gap", "body-unknown", "book-unknown", "back-dated", "book-closed",
            "book-phase", "folio-overlap", "folio-gap", "folio-range", "book-full", "folio-object", "object-unknown",
            "object-of-other-body", "object-of-other-year", "object-not-in-basis", "not-sealed", "object-root",
            "already-foliated", "folio-count", "same-signer".
    """
    act = _narrow(signed.act)
    world.rule("books")
    if isinstance(act, BookOpened):
        if state is not None:
            raise RuleViolation("book-already-open", book=act.stream())
        body_of(world, act.body)
        check_predecessor(world, act.stream())
        return
    if state is None:
        raise RuleViolation("book-unknown", book=act.stream())
    check_not_before(signed, state.last_at)
    match act:
        case FoliosAssigned():
            _check_folios(state, act.first, act.last)
            _check_object(act, signed, world)
        case FolioCancelled():
            _check_folios(state, act.folio, act.folio)
        case BookClosed():
            _check_closed(state, act)
        case BookFormalized():
            _check_formalised(state, act, signed)
        case BookTransferred():
            _check_phase(state, "formalised")
        case _:
            assert_never(act)


def _check_phase(state: BookState, phase: Phase) -> None:
    """L5: a closed book takes nothing more; the steps after the close follow one another."""
    if state.phase == phase:
        return
    if phase == "open":
        raise RuleViolation("book-closed", book=state.path)
    raise RuleViolation("book-phase", book=state.path, phase=state.phase, expected=phase)


def _check_folios(state: BookState, first: int, last: int) -> None:
    """L4: the next folios and no others; a cancelled one counts as used."""
    _check_phase(state, "open")
    following = state.used + 1
    if first < following:
        raise RuleViolation("folio-overlap", first=first, expected=following)
    if first > following:
        raise RuleViolation("folio-gap", first=first, expected=following)
    if last < first:
        raise RuleViolation("folio-range", first=first, last=last)
    if last > state.folios:
        raise RuleViolation("book-full", last=last, folios=state.folios)


def _check_object(act: FoliosAssigned, signed: Signed, world: World) -> None:
    """What is bound cannot change any more, is of this body, is the one that was seen, and is bound once."""
    world.rule("folio-object")
    kind, _, path = act.object.partition("/")
    if kind not in FOLIATED:
        raise RuleViolation("folio-object", stream=act.object)
    body, year, *_ = path.split("/")
    if body != act.body:
        raise RuleViolation("object-of-other-body", stream=act.object)
    if int(year) != act.year:
        raise RuleViolation("object-of-other-year", stream=act.object)
    found = world.state(act.object)
    if found is None:
        raise RuleViolation("object-unknown", stream=act.object)
    if signed.statement.basis.get(act.object) != found.statement:
        raise RuleViolation("object-not-in-basis", stream=act.object)
    root = None
    if isinstance(found, ActaState):
        if found.phase != "sealed":
            raise RuleViolation("not-sealed", stream=act.object)
        root = found.root
    if act.root != root:
        raise RuleViolation("object-root", stream=act.object)
    refuse_if_foliated(act, world)


def refuse_if_foliated(act: FoliosAssigned, world: World) -> None:
    """Refuse an object that some book of the body and year has already.

    Raises:
        RuleViolation: "already-foliated" with the book.
    """
    volume = 1
    while (book := read(world, BookState, stream_name("book", act.body, act.year, volume))) is not None:
        if act.object in book.objects:
            raise RuleViolation("already-foliated", stream=act.object, book=book.path)
        volume += 1


def _check_closed(state: BookState, act: BookClosed) -> None:
    _check_phase(state, "open")
    if (act.last_folio, act.cancelled) != (state.used, state.cancelled):
        raise RuleViolation("folio-count", used=state.used, cancelled=state.cancelled)


def _check_formalised(state: BookState, act: BookFormalized, signed: Signed) -> None:
    """Who closes a book and who signs that it is complete are two people (domain.md §3.0, G3)."""
    _check_phase(state, "closed")
    if act.last_folio != state.used:
        raise RuleViolation("folio-count", used=state.used, cancelled=state.cancelled)
    if signed.statement.signer == state.closed_by:
        raise RuleViolation("same-signer", book=state.path)


def evolve(state: BookState | None, signed: Signed) -> BookState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if isinstance(act, BookOpened):
        return BookState(version, index, statement, path=act.book_path, folios=act.folios, last_at=at)
    if state is None:
        raise RuleViolation("book-unknown", book=act.stream())
    moved = replace(state, version=version, index=index, statement=statement, last_at=at)
    match act:
        case FoliosAssigned():
            return replace(moved, used=act.last, objects={**state.objects, act.object: (act.first, act.last)})
        case FolioCancelled():
            return replace(moved, used=act.folio, cancelled=state.cancelled + 1)
        case BookClosed():
            return replace(moved, phase="closed", closed_by=signed.statement.signer)
        case BookFormalized():
            return replace(moved, phase="formalised")
        case BookTransferred():
            return replace(moved, phase="archived")
        case _:
            assert_never(act)


def _narrow(act: Act) -> BookAct:
    if not isinstance(
        act, BookOpened | FoliosAssigned | FolioCancelled | BookClosed | BookFormalized | BookTransferred
    ):
        raise TypeError(type(act).__name__)
    return act
