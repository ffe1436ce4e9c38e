"""Books with what is in them: folios, loans, fixity checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.books import BOOKS, CHECKS, FOLIOS, LOANS
from projections.queries.base import API, Kind, Texts, plain, rows_where

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader


def _whole(cursor: Reader, row: Row, found: Object) -> Object:
    """Tell a book's folios in order, its loans and its checks."""
    folios = rows_where(cursor, FOLIOS, "book", row["id"], ["first_folio"])
    texts = Texts(cursor, (each["entry_index"] for each in folios))
    found["contents_list"] = [_folios(each, texts) for each in folios]
    found["loans"] = [_own(each) for each in rows_where(cursor, LOANS, "book", row["id"], ["loan"])]
    found["checks"] = [_own(each) for each in rows_where(cursor, CHECKS, "book", row["id"], ["fixity"])]
    return found


BOOK = Kind(
    "book",
    "books",
    BOOKS,
    whole=_whole,
    adds=("contents_list", "loans", "checks"),
)


def folios_of(cursor: Reader, stream: str) -> Object | None:
    """Return where an object (its stream) is bound: book, first and last folio; None where it is in no book."""
    rows = rows_where(cursor, FOLIOS, "object", stream)
    if not rows:
        return None
    row = rows[0]
    place: Object = {"book": row["book"], "first_folio": row["first_folio"], "last_folio": row["last_folio"]}
    return place | {"index": row["entry_index"], "links": {"book": f"{API}/books/{row['book']}"}}


def _folios(row: Row, texts: Texts) -> Object:
    """One range of folios; `cancelled` where they are spoiled and hold nothing."""
    index = row["entry_index"]
    shown = {name: texts.show(index, name) for name in sorted(row["sealed"])}
    return _own(row) | {"cancelled": row["object"] is None, "texts": shown, "links": {"act": f"{API}/acts/{index}"}}


def _own(row: Row) -> Object:
    hidden = {"book", "sealed"}
    return {name: plain(value) for name, value in row.items() if name not in hidden and value is not None}
