"""Asuntos with the dictámenes on them and the items under which they were listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.asuntos import ASUNTOS, DICTAMENS
from projections.queries.base import API, Kind, rows_where

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader


def _whole(cursor: Reader, row: Row, found: Object) -> Object:
    """Tell the way to an asunto's dictámenes and its item."""
    opined = rows_where(cursor, DICTAMENS, "asunto", f"asunto/{row['id']}", ["created_index"])
    found["dictamens"] = [
        {"id": f"{API}/dictamens/{each['id']}", "committee": each["body"], "sense": each["sense"]} for each in opined
    ]
    return found


ASUNTO = Kind(
    "asunto",
    "asuntos",
    ASUNTOS,
    day="oficio_on",
    links={"session": "sessions/{session}"},
    whole=_whole,
    adds=("dictamens",),
)
DICTAMEN = Kind(
    "dictamen",
    "dictamens",
    DICTAMENS,
    links={"asunto": "asuntos/{asunto.path}", "session": "sessions/{session}", "vote": "votes/{vote.path}"},
)
