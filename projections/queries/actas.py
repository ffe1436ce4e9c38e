"""Actas: who signed, and what of them is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.actas import ACTAS, SIGNATURES
from projections.queries.base import API, Kind, Listing, find_row, rows_where, show, texts_of
from projections.queries.books import folios_of
from projections.queries.circulations import life_of

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader, Window

ACTA = Kind("acta", "actas", ACTAS)
SIGNATURE = Kind("signature", "actas", SIGNATURES)  # addressed below their acta

_BLOCKS = """
SELECT n, t.published_index, t.erased_index, t.disclosure, t.value
FROM generate_series(%(first)s::int, least(%(first)s::int + %(limit)s::int, %(blocks)s::int)) AS n
LEFT JOIN registry.published_texts t ON t.entry_index = %(index)s AND t.name = 'block/' || n
ORDER BY n"""


def acta(cursor: Reader, key: str) -> Object | None:
    """Return a session's acta with each seat's last word on it, None where there is none.

    A signature or refusal `holds` when it was given on the draft as it stands. `circulation`, `appendices`, `erratas`
    and `bound` (book and folios) tell the rest of its life.
    """
    row = find_row(cursor, ACTA, key)
    if row is None:
        return None
    found = show(ACTA, row, texts_of(cursor, [row]))
    found["words"] = _words(cursor, row, rows_where(cursor, SIGNATURES, "acta", key, ["created_index"]))
    found |= life_of(cursor, key)
    bound = folios_of(cursor, f"acta/{key}")
    if bound is not None:
        found["bound"] = bound
    found["links"] |= {"blocks": f"{API}/actas/{key}/blocks", "session": f"{API}/sessions/{key}"}
    return found


def word(cursor: Reader, key: str, seat: str) -> Object | None:
    """Return a seat's last word on an acta, None where there is none."""
    row = find_row(cursor, ACTA, key)
    words = rows_where(cursor, SIGNATURES, "id", f"{key}/{seat}")
    return None if row is None or not words else _words(cursor, row, words)[0]


def _words(cursor: Reader, row: Row, words: list[Row]) -> list[Object]:
    texts = texts_of(cursor, words)
    return [
        show(SIGNATURE, said, texts, f"actas/{row['id']}/signatures/{said['seat']}")
        | {"holds": said["acta_statement"] == row["draft_statement"]}
        for said in words
    ]


def blocks(cursor: Reader, key: str, window: Window) -> Listing | None:
    """Return the acta's blocks in reading order: those that an act opened with their text, the others counted only.

    An open block comes with its disclosure, which anybody checks against the acta's root. None where there is no acta.
    """
    row = find_row(cursor, ACTA, key)
    if row is None:
        return None
    first = 1 if window.after is None else window.after[0] + 1
    asked = {"first": first, "limit": window.limit, "blocks": row["blocks"], "index": row["draft_index"]}
    found = cursor.execute(_BLOCKS, asked).fetchall() if first <= row["blocks"] else []
    shown: list[Object] = []
    for number, published, erased, disclosure, value in found[: window.limit]:
        block: Object = {"block": number, "published": published is not None}
        if erased is not None:
            block["erased_index"] = erased
        if disclosure is not None:
            block |= {"published_index": published, "value": value, "disclosure": disclosure}
        shown.append(block)
    return Listing(shown, (first + window.limit - 1, "") if len(found) > window.limit else None)
