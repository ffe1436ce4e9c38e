"""What members say beside a vote, and what of it a vote's own page tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.positions import CONFLICTS, DISSENTS, OBJECTIONS
from projections.queries.base import API, Kind, rows_where

if TYPE_CHECKING:
    from projections.queries.base import Object, Reader

_LINKS = {"vote": "votes/{vote}", "session": "sessions/{session}"}
OBJECTION = Kind("objection", "objections", OBJECTIONS, links=_LINKS)
DISSENT = Kind("dissent", "dissents", DISSENTS, links=_LINKS)
CONFLICT = Kind("conflict", "conflicts", CONFLICTS, day="discovered_on", links=_LINKS)


def beside(cursor: Reader, vote: str) -> Object:
    """Return what a vote's own page tells of objections, dissents and conflicts: who, and where it stands."""
    told: Object = {}
    for name, kind, told_of in (
        ("objections", OBJECTION, "status"),
        ("dissents", DISSENT, "form"),
        ("conflicts", CONFLICT, "discovered_on"),
    ):
        rows = rows_where(cursor, kind.table, "vote", vote, ["created_index"])
        told[name] = [
            {"seat": row["seat"], told_of: str(row[told_of]), "voice": row["voice"], "id": f"{API}/{name}/{row['id']}"}
            for row in rows
        ]
    return told
