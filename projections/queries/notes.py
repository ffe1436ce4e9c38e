"""Notes beside imported rolls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.notes import NOTES
from projections.queries.base import API, Kind, rows_where

if TYPE_CHECKING:
    from projections.queries.base import Object, Reader

NOTE = Kind("note", "notes", NOTES, links={"session": "sessions/{session}", "vote": "votes/{vote}"})


def notes_of(cursor: Reader, vote: str) -> list[Object]:
    """Return what a vote's own page tells of its notes: where each stands, and whom it corrects."""
    return [
        {"id": f"{API}/notes/{row['id']}", "corrections": row["corrections"], "unread": row["unread"]}
        for row in rows_where(cursor, NOTES, "vote", vote, ["number"])
    ]
