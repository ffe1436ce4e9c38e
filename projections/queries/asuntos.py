"""Asuntos with the dictámenes on them and the items under which they were listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.asuntos import ASUNTOS, DICTAMENS
from projections.queries.base import API, Kind, find, listing, rows_where

if TYPE_CHECKING:
    from projections.queries.base import Filters, Listing, Object, Reader, Window

ASUNTO = Kind("asunto", "asuntos", ASUNTOS, day="oficio_on")
DICTAMEN = Kind("dictamen", "dictamens", DICTAMENS)


def asunto(cursor: Reader, key: str) -> Object | None:
    """Return an asunto `body/year/number` with the way to its dictámenes and its item, None where there is none."""
    found = find(cursor, ASUNTO, key)
    if found is None:
        return None
    opined = rows_where(cursor, DICTAMENS, "asunto", f"asunto/{key}", ["created_index"])
    found["dictamens"] = [
        {"id": f"{API}/dictamens/{row['id']}", "committee": row["body"], "sense": row["sense"]} for row in opined
    ]
    if "session" in found:
        found["links"]["session"] = f"{API}/sessions/{found['session']}"
    return found


def dictamen(cursor: Reader, key: str) -> Object | None:
    """Return a dictamen `body/year/number` with the way to its asunto, meeting and vote, None where there is none."""
    found = find(cursor, DICTAMEN, key)
    return None if found is None else _linked(found)


def dictamens(cursor: Reader, filters: Filters, window: Window) -> Listing:
    """Return a part of the list of dictámenes."""
    found = listing(cursor, DICTAMEN, filters, window)
    for each in found.data:
        _linked(each)
    return found


def _linked(found: Object) -> Object:
    found["links"] |= {
        "asunto": f"{API}/asuntos/{found['asunto'].partition('/')[2]}",
        "session": f"{API}/sessions/{found['session']}",
        "vote": f"{API}/votes/{found['vote'].partition('/')[2]}",
    }
    return found
