"""Persons with their keys, and designations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.people import DESIGNATIONS, KEYS, PERSONS
from projections.queries.base import API, Kind, find, rows_where, show, texts_of

if TYPE_CHECKING:
    from projections.queries.base import Object, Reader

PERSON = Kind("person", "persons", PERSONS)
KEY = Kind("key", "keys", KEYS)
DESIGNATION = Kind("designation", "designations", DESIGNATIONS, hidden=frozenset({"begins", "ends"}))


def person(cursor: Reader, key: str) -> Object | None:
    """Return a person with the keys enrolled for him, None where there is none."""
    found = find(cursor, PERSON, key)
    if found is not None:
        rows = rows_where(cursor, KEYS, "person", key, ["created_index", "id"])
        texts = texts_of(cursor, rows)
        found["keys"] = [show(KEY, row, texts) for row in rows]
        found["links"]["designations"] = f"{API}/designations?person={key}"
    return found


def designation(cursor: Reader, key: str) -> Object | None:
    """Return a designation `body/seat/number`, None where there is none."""
    return find(cursor, DESIGNATION, key)
