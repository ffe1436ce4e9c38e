"""Persons with their keys, and authorities that certify keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.authorities import AUTHORITIES
from projections.people import KEYS, PERSONS
from projections.queries.base import Kind, below

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader


def _whole(cursor: Reader, row: Row, found: Object) -> Object:
    """Tell the keys that were enrolled for a person."""
    return found | {"keys": below(cursor, KEY, "person", row["id"], ["created_index", "id"])}


KEY = Kind("key", "keys", KEYS)
AUTHORITY = Kind("certificate-authority", "certificate-authorities", AUTHORITIES)
PERSON = Kind(
    "person",
    "persons",
    PERSONS,
    links={"designations": "designations?person={id}"},
    whole=_whole,
    adds=("keys",),
)
