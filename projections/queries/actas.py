"""Actas: who signed, and what of them is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.actas import ACTAS, SIGNATURES
from projections.queries.base import Kind, Listing, below, find_row, rows_where, shown
from projections.queries.books import folios_of
from projections.queries.circulations import life_of
from projections.texts import TEXTS

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader, Window

_SHUT: Row = dict.fromkeys(TEXTS.columns)


def _whole(cursor: Reader, row: Row, found: Object) -> Object:
    """Tell each seat's last word on an acta and its life: `circulation`, `appendices`, `erratas`, `bound` (folios)."""
    found["words"] = below(cursor, SIGNATURE, "acta", row["id"], ["created_index"])
    found |= life_of(cursor, row["id"])
    bound = folios_of(cursor, row["stream"])
    return found if bound is None else found | {"bound": bound}


def _words(cursor: Reader, rows: list[Row]) -> list[Object]:
    """Tell seats' words; a signature or refusal `holds` when it was given on the draft as it stands."""
    actas = rows_where(cursor, ACTAS, "id", sorted({row["acta"] for row in rows})) if rows else []
    drafts = {row["id"]: row["draft_statement"] for row in actas}
    told = shown(cursor, SIGNATURE, rows)
    return [one | {"holds": row["acta_statement"] == drafts[row["acta"]]} for row, one in zip(rows, told, strict=True)]


ACTA = Kind(
    "acta",
    "actas",
    ACTAS,
    links={"blocks": "actas/{id}/blocks", "session": "sessions/{id}"},
    whole=_whole,
    adds=("words", "circulation", "appendices", "erratas", "bound"),
)
SIGNATURE = Kind(
    "signature",
    "actas",
    SIGNATURES,
    address="actas/{acta}/signatures/{seat}",
    tell=_words,
    adds=("holds",),
)


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
