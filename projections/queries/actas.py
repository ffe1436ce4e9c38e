"""Actas: who signed, and what of them is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.actas import ACTAS, SIGNATURES
from projections.queries.base import API, Kind, Listing, find_row, rows_where, show, texts_of
from projections.queries.books import folios_of
from projections.queries.circulations import life_of
from projections.texts import TEXTS

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader, Window

ACTA = Kind("acta", "actas", ACTAS)
SIGNATURE = Kind("signature", "actas", SIGNATURES)  # addressed below their acta
_SHUT: Row = dict.fromkeys(TEXTS.columns)


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
    last = min(first + window.limit - 1, row["blocks"])
    opened = {text["name"]: text for text in rows_where(cursor, TEXTS, "entry_index", row["draft_index"])}
    shown: list[Object] = []
    for number in range(first, last + 1):
        text = opened.get(f"block/{number}", _SHUT)
        block: Object = {"block": number, "published": text["published_index"] is not None}
        if text["erased_index"] is not None:
            block["erased_index"] = text["erased_index"]
        if text["disclosure"] is not None:
            block |= {name: text[name] for name in ("published_index", "value", "disclosure")}
        shown.append(block)
    return Listing(shown, (last, "") if last < row["blocks"] else None)
