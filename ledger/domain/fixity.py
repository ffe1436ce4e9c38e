"""Fixity checks of a book: all that its folios name was read again (domain.md §1 D3; LGA 46.IV, 49)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ledger.acts.book import FixityFailed, FixityVerified
from ledger.domain.book import BookState
from ledger.domain.rules.numbering import check_predecessor
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import stream_name

if TYPE_CHECKING:
    from ledger.acts.base import Act

FixityAct: TypeAlias = FixityVerified | FixityFailed


@dataclass(frozen=True, slots=True)
class FixityState(State):
    """A check: how many objects were read, and which are not what was foliated."""

    objects: int
    failures: tuple[str, ...]


def check(state: FixityState | None, signed: Signed, world: World) -> None:
    """Check a fixity check: the next of a book that exists, of all its objects, failures among them.

    Raises:
        RuleViolation: "already-checked", "book-unknown", "number-gap", "fixity-incomplete", "object-repeated",
            "object-not-in-book".
    """
    act = _narrow(signed.act)
    world.rule("fixity")
    if state is not None:
        raise RuleViolation("already-checked", stream=act.stream())
    stream = stream_name("book", act.book_path)
    book = read(world, BookState, stream)
    if book is None:
        raise RuleViolation("book-unknown", book=stream)
    check_predecessor(world, act.stream())
    if act.objects != len(book.objects):
        raise RuleViolation("fixity-incomplete", objects=act.objects, expected=len(book.objects))
    failures = _failures(act)
    if len(set(failures)) != len(failures):
        raise RuleViolation("object-repeated")
    for failure in failures:
        if failure not in book.objects:
            raise RuleViolation("object-not-in-book", stream=failure)


def evolve(_state: FixityState | None, signed: Signed) -> FixityState:
    """Return the state after the act."""
    act = _narrow(signed.act)
    return FixityState(*signed.heading(), objects=act.objects, failures=_failures(act))


def _failures(act: FixityAct) -> tuple[str, ...]:
    return act.failures if isinstance(act, FixityFailed) else ()


def _narrow(act: Act) -> FixityAct:
    if not isinstance(act, FixityVerified | FixityFailed):
        raise TypeError(type(act).__name__)
    return act
