"""What members say beside a vote, and what of it a vote's own page tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.positions import CONFLICTS, DISSENTS, OBJECTIONS
from projections.queries.base import API, Kind, Listing, find, listing, rows_where

if TYPE_CHECKING:
    from projections.queries.base import Filters, Object, Reader, Window

OBJECTION = Kind("objection", "objections", OBJECTIONS)
DISSENT = Kind("dissent", "dissents", DISSENTS)
CONFLICT = Kind("conflict", "conflicts", CONFLICTS, day="discovered_on")


def position(cursor: Reader, kind: Kind, key: str) -> Object | None:
    """Return what a member said beside a vote, `<vote path>/<seat>`, None where there is nothing."""
    found = find(cursor, kind, key)
    return None if found is None else _linked(found)


def positions(cursor: Reader, kind: Kind, filters: Filters, window: Window) -> Listing:
    """Return a part of the list of such positions."""
    found = listing(cursor, kind, filters, window)
    return Listing([_linked(each) for each in found.data], found.following)


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


def _linked(found: Object) -> Object:
    found["links"] |= {"vote": f"{API}/votes/{found['vote']}", "session": f"{API}/sessions/{found['session']}"}
    return found
