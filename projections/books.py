"""Books with their folios, their custody and their fixity checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from projections.base import Registry, Table, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

BOOKS = object_table(
    "books",
    "body",
    "year",
    "volume",
    "contents",
    "folios",
    "phase",
    "used",
    "cancelled",
    "closed_index",
    "location",
    "on_loan",
    "last_check",
    "last_check_index",
)
FOLIOS = Table(
    "book_folios",
    ("book", "first_folio", "last_folio", "object", "root", "sealed", "entry_index"),
    ("book", "first_folio"),
    frozenset({"sealed"}),
    fixed=frozenset({"object"}),
    born="entry_index",
)
LOANS = Table(
    "book_loans", ("book", "loan", "due_on", "lent_index", "returned_index"), ("book", "loan"), born="lent_index"
)
CHECKS = Table(
    "book_checks",
    ("book", "fixity", "outcome", "objects", "failures", "office", "entry_index"),
    ("book", "fixity"),
    frozenset({"failures"}),
    born="entry_index",
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a book, of its custody or of its fixity."""
    act = signed.act
    match act:
        case BookOpened():
            _open(page, signed, act)
        case FoliosAssigned() | FolioCancelled():
            _use(page, signed, act)
        case BookClosed():
            touch(page.edit(BOOKS, act.book_path), signed).update(phase="closed", closed_index=signed.index)
        case BookFormalized():
            touch(page.edit(BOOKS, act.book_path), signed).update(phase="formalised")
        case BookTransferred():
            touch(page.edit(BOOKS, act.book_path), signed).update(phase="archived", location=act.location)
        case ArchiveLocationSet() | ArchiveItemLoaned() | ArchiveItemReturned():
            _keep(page, signed, act)
        case FixityVerified() | FixityFailed():
            _check(page, signed, act)
        case _:
            pass


def _open(page: Page, signed: Signed, act: BookOpened) -> None:
    place = {"body": act.body, "year": act.year, "volume": act.volume, "contents": act.contents, "folios": act.folios}
    empty: Row = dict.fromkeys(("closed_index", "location", "on_loan", "last_check", "last_check_index"))
    counts = {"phase": "open", "used": 0, "cancelled": 0}
    page.put(BOOKS, {"id": act.book_path, **heading(signed), **place, **counts, **empty})


def _use(page: Page, signed: Signed, act: FoliosAssigned | FolioCancelled) -> None:
    """Folios are used up by an object, or by being spoiled; their sealed texts are theirs and not the book's."""
    row = page.edit(BOOKS, act.book_path)
    kept = row["sealed"]
    touch(row, signed).update(sealed=kept)
    first, last = (act.first, act.last) if isinstance(act, FoliosAssigned) else (act.folio, act.folio)
    row.update(used=last, cancelled=row["cancelled"] + isinstance(act, FolioCancelled))
    page.put(
        FOLIOS,
        {
            "book": act.book_path,
            "first_folio": first,
            "last_folio": last,
            "object": act.object if isinstance(act, FoliosAssigned) else None,
            "root": act.root if isinstance(act, FoliosAssigned) else None,
            "sealed": dict.fromkeys(sorted(signed.statement.sealed), signed.index),
            "entry_index": signed.index,
        },
    )


def _keep(page: Page, signed: Signed, act: ArchiveLocationSet | ArchiveItemLoaned | ArchiveItemReturned) -> None:
    row = touch(page.edit(BOOKS, act.book_path), signed)
    match act:
        case ArchiveLocationSet():
            row["location"] = act.location
        case ArchiveItemLoaned():
            row["on_loan"] = act.loan
            loan = {"book": act.book_path, "loan": act.loan, "due_on": act.due_on}
            page.put(LOANS, {**loan, "lent_index": signed.index, "returned_index": None})
        case ArchiveItemReturned():
            row["on_loan"] = None
            page.edit(LOANS, act.book_path, act.loan)["returned_index"] = signed.index


def _check(page: Page, signed: Signed, act: FixityVerified | FixityFailed) -> None:
    outcome = "verified" if isinstance(act, FixityVerified) else "failed"
    touch(page.edit(BOOKS, act.book_path), signed).update(last_check=outcome, last_check_index=signed.index)
    page.put(
        CHECKS,
        {
            "book": act.book_path,
            "fixity": act.fixity,
            "outcome": outcome,
            "objects": act.objects,
            "failures": list(act.failures) if isinstance(act, FixityFailed) else [],
            "office": signed.statement.office,
            "entry_index": signed.index,
        },
    )


REGISTRY = Registry("books", (BOOKS, FOLIOS, LOANS, CHECKS), {"book": BOOKS, "custody": BOOKS, "fixity": None}, handle)
