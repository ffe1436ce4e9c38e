"""Custody of books in the Acervo Histórico: where they lie, to whom they are lent (domain.md §1 D3; LGA 46)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.book import ArchiveItemLoaned, ArchiveItemReturned, ArchiveLocationSet
from ledger.domain.book import BookState
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import legal_day, parse_written, stream_name

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.acts.base import Act

CustodyAct: TypeAlias = ArchiveLocationSet | ArchiveItemLoaned | ArchiveItemReturned


@dataclass(frozen=True, slots=True)
class CustodyState(State):
    """A book's custody.

    loans: how many loans there were; out: number of the one that is not back, None while the book is there.
    """

    last_at: datetime
    loans: int = 0
    out: int | None = None


def check(state: CustodyState | None, signed: Signed, world: World) -> None:
    """Check an act of a book's custody; the book is in the archive.

    Raises:
        RuleViolation: "book-unknown", "book-phase", "back-dated", "loan-gap", "book-on-loan", "impossible-date",
            "deadline-past", "loan-unknown".
    """
    act = _narrow(signed.act)
    world.rule("custody")
    stream = stream_name("book", act.book_path)
    book = read(world, BookState, stream)
    if book is None:
        raise RuleViolation("book-unknown", book=stream)
    if book.phase != "archived":
        raise RuleViolation("book-phase", book=book.path, phase=book.phase, expected="archived")
    check_not_before(signed, book.last_at if state is None else state.last_at)
    loans, out = (0, None) if state is None else (state.loans, state.out)
    match act:
        case ArchiveLocationSet():
            if out is not None:
                raise RuleViolation("book-on-loan", loan=out)
        case ArchiveItemLoaned():
            if out is not None:
                raise RuleViolation("book-on-loan", loan=out)
            if act.loan != loans + 1:
                raise RuleViolation("loan-gap", loan=act.loan, expected=loans + 1)
            if calendar_day(act.due_on) < legal_day(signed.statement.occurred_at):
                raise RuleViolation("deadline-past", due_at=act.due_on)
        case ArchiveItemReturned():
            if act.loan != out:
                raise RuleViolation("loan-unknown", loan=act.loan)
        case _:
            assert_never(act)


def evolve(state: CustodyState | None, signed: Signed) -> CustodyState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    before = CustodyState(version, index, statement, last_at=at) if state is None else state
    moved = replace(before, version=version, index=index, statement=statement, last_at=at)
    match act:
        case ArchiveLocationSet():
            return moved
        case ArchiveItemLoaned():
            return replace(moved, loans=act.loan, out=act.loan)
        case ArchiveItemReturned():
            return replace(moved, out=None)
        case _:
            assert_never(act)


def _narrow(act: Act) -> CustodyAct:
    if not isinstance(act, ArchiveLocationSet | ArchiveItemLoaned | ArchiveItemReturned):
        raise TypeError(type(act).__name__)
    return act
